import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTeam, type Team } from './_test-team.ts'
import { chunksAfter, chunkWriter, dropChunks } from './chunks.ts'
import { summaryStream } from './summary-stream.ts'

let t: Team
beforeAll(async () => {
  t = await startTeam()
}, 60_000)
afterAll(() => t.stopTeam())

it('reads the summary out of JSON in any pieces, escapes and all', () => {
  const json = JSON.stringify({
    next_agent: null,
    summary: 'A "hall"\nfor 20 € — ü',
    artifacts: [{ summary: 'not this' }],
  })
  for (const size of [1, 3, 7, 1000]) {
    const read = summaryStream()
    let text = ''
    for (let at = 0; at < json.length; at += size) text += read(json.slice(at, at + size))
    expect(text).toBe('A "hall"\nfor 20 € — ü')
  }
  expect(summaryStream()('{"summary":"\\u00e9t')).toBe('ét')
})

it('keeps pieces for the sockets under the id of their message, starts anew after a restart, and drops them with it', async () => {
  const writer = chunkWriter(t.kernel, 'session-abc', 'budget-analyst', 'msg_1')
  writer.onDelta({ kind: 'text', text: '{"summary":"Set the bud' })
  await writer.end()
  writer.onDelta({ kind: 'restart' })
  writer.onDelta({ kind: 'text', text: '{"summary":"The budget' })
  await writer.end()
  const pieces = await chunksAfter(t.kernel.db, 'session-abc', 0)
  expect(pieces.map(({ body }) => body)).toMatchObject([
    {
      message_id: 'msg_1',
      content: 'Set the bud',
      final: false,
      agent_name: 'Budget Analyst Agent',
      state: 'responding',
    },
    { message_id: 'msg_1', content: 'The budget', restart: true },
  ])
  expect(await chunksAfter(t.kernel.db, 'session-abc', pieces[0]!.n)).toHaveLength(1)
  await t.kernel.db.transaction((tx) => dropChunks(tx, 'session-abc'))
  expect(await chunksAfter(t.kernel.db, 'session-abc', 0)).toEqual([])
})

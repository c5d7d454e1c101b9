// Agents that answer twice, late, never, or with garbage: a clear outcome each, and nothing half-written.
import type http from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { finished, submit } from '../_agents.ts'
import { type TestServer, testServer, until } from '../_server.ts'
import { below as callBelow, GOOD, type Job, rawAgent } from './_raw-agent.ts'

let server: TestServer
const open: (() => Promise<unknown>)[] = []
beforeAll(async () => {
  server = await testServer({ env: { MAX_REASSIGNMENTS: '2' } })
}, 120_000)
afterAll(async () => {
  for (const close of open) await close()
  await server[Symbol.asyncDispose]()
})

const agent = (reply?: (response: http.ServerResponse) => void) => rawAgent(server, reply)
const below = (work: Job, at: string, body: unknown, method = 'POST') => callBelow(server, work, at, body, method)
const rowsOf = async (id: string) =>
  (
    await server.kernel.db.query(
      'select attempt, status, output, error from tasks.subtask_results where task_id = $1 order by attempt',
      [id],
    )
  ).rows
const warnings = async (id: string): Promise<string[]> =>
  (await server.call('GET', `/logs?task_id=${id}&log_level=WARN`)).body.logs.map((log: any) => log.message)
const job = () => submit(server, 'Write a haiku about the sea')

describe('an agent', { timeout: 60_000 }, () => {
  it('that answers twice: the equal answer is the first again, another one counts nothing', async () => {
    const one = await agent()
    const id = await job()
    const work = await one.next(1)
    const first = await below(work, 'result', GOOD)
    expect(first.body).toMatchObject({ accepted: true, outcome: 'stored', subtask_status: 'completed' })
    expect((await below(work, 'result', GOOD)).body).toEqual(first.body)
    const other = await below(work, 'result', { ...GOOD, output: { ...GOOD.output, data: { n: 2 } } })
    expect(other.body).toMatchObject({ accepted: false, outcome: 'duplicate' })
    expect((await finished(server, id)).task.result.data).toEqual({ n: 1 })
    expect(await rowsOf(id)).toHaveLength(1)
    await until(async () => (await warnings(id)).length > 0)
    for (const call of ['progress', 'checkpoint', 'logs'])
      expect(
        (await below(work, call, call === 'checkpoint' ? { state: {} } : call === 'logs' ? { entries: [] } : {})).body,
      ).toMatchObject({
        code: 'ATTEMPT_OVER',
        reason: 'finished',
      })
    await one.close()
  })

  it('that forgets its work and answers late: the newer attempt counts, the late answer leaves no row', async () => {
    const one = await agent()
    const id = await job()
    const lost = await one.next(1)
    await until(async () => (await server.call('GET', `/tasks/${id}`)).body.task.subtasks[0].status === 'running')
    await below(lost, 'checkpoint', { state: { line: 2 } })
    for (let beats = 0; one.jobs.length < 2 && beats < 40; beats++) {
      await one.beat() // twice in a row without the attempt: it counts as lost
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    const again = await one.next(2)
    expect(again.attempt).toBe(2)
    expect((again as any).task_context.checkpoint).toEqual({ line: 2 })
    const late = await below(lost, 'result', GOOD)
    expect(late.body).toMatchObject({ accepted: false, outcome: 'superseded' })
    expect((await below(lost, 'progress', { percent: 50 })).body).toMatchObject({
      code: 'ATTEMPT_OVER',
      reason: 'superseded',
    })
    await below(again, 'result', GOOD)
    await finished(server, id)
    expect((await rowsOf(id)).map(({ attempt, status }: any) => [attempt, status])).toEqual([[2, 'completed']])
    await one.close()
  })

  it('that never answers and is lost too often: AGENT_LOST, and a person may retry', async () => {
    const one = await agent()
    const id = await job()
    for (let beats = 0; beats < 300; beats++) {
      await one.beat()
      if ((await server.call('GET', `/tasks/${id}`)).body.task.status === 'failed') break
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    const { task } = await finished(server, id)
    expect(task.error).toMatch(/failed: AGENT_LOST: /)
    expect(task.subtasks[0].attempts).toBe(3)
    expect((await server.call('POST', `/tasks/${id}/retry`)).status).toBe(200)
    await server.call('POST', `/tasks/${id}/cancel`)
    await one.close()
  })

  it.each<[string, unknown]>([
    ['nothing', {}],
    ['a list', []],
    ['a completed result without output', { status: 'completed', execution_time: 1 }],
    ['an output without summary', { status: 'completed', output: { success: true, data: {} }, execution_time: 1 }],
    [
      'data that is no object',
      { status: 'completed', output: { success: true, data: 'x', summary: 'x' }, execution_time: 1 },
    ],
    ['a failure without error', { status: 'failed', execution_time: 1 }],
    ['no time', { ...GOOD, execution_time: 0 }],
    ['text that nothing can store', { ...GOOD, output: { ...GOOD.output, data: { text: 'a\0b' } } }],
    ['a failure that nothing can store', { status: 'failed', error: 'INTERNAL: a\0b', execution_time: 1 }],
    ['an unknown status', { ...GOOD, status: 'maybe' }],
  ])('that reports %s may correct it; the third time the subtask fails', async (_what, garbage) => {
    const one = await agent()
    const id = await job()
    const work = await one.next(1)
    for (let time = 1; time <= 2; time++) {
      const refused = await below(work, 'result', garbage)
      expect(refused.status).toBe(400)
      expect(refused.body).toMatchObject({ code: 'VALIDATION_ERROR', detail: expect.any(String) })
      expect(await rowsOf(id)).toEqual([])
    }
    await below(work, 'result', garbage)
    const { task, subtask_results } = await finished(server, id)
    expect(task.error).toContain('INTERNAL: agent sent an unusable result')
    expect(subtask_results).toHaveLength(1)
    await one.close()
  })

  it('that reports text no JSON parser takes, or with a wrong token, is refused', async () => {
    const one = await agent()
    const id = await job()
    const work = await one.next(1)
    const raw = await fetch(`${work.callback_url}/result`, {
      method: 'POST',
      headers: { authorization: `Bearer ${work.callback_token}`, 'content-type': 'application/json' },
      body: '{"status": "comple',
    })
    expect(raw.status).toBe(400)
    for (const token of ['', 'ct_wrong', work.callback_token.slice(0, -1)])
      expect((await below({ ...work, callback_token: token }, 'result', GOOD)).status).toBe(401)
    expect(await rowsOf(id)).toEqual([])
    expect((await below(work, 'result', { status: 'failed', error: 'it broke', execution_time: 1 })).status).toBe(200)
    const { task } = await finished(server, id)
    expect(task.error).toContain('failed: INTERNAL: it broke')
    await one.close()
  })

  it.each<[string, (response: http.ServerResponse) => void]>([
    ['hangs up', (response) => response.destroy()],
    ['answers 500', (response) => response.writeHead(500).end('<h1>no</h1>')],
    ['redirects elsewhere', (response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end()],
  ])('that %s on /execute loses nothing: the work waits for another', async (_what, reply) => {
    const bad = await agent(reply)
    const id = await job()
    await bad.next(1)
    // Back in the queue under the next attempt number; the pause before it is tried again is not waited for.
    await until(async () => {
      const back = `update kernel.assignments set not_before = null where subject = $1 and status = 'ready' and attempt = 2 returning 1`
      return (await server.kernel.db.query(back, [id])).rowCount
    })
    await bad.close()
    const good = await agent()
    const work = await good.next(1)
    await below(work, 'result', GOOD)
    const { task } = await finished(server, id)
    expect(task.status).toBe('completed')
    expect(await rowsOf(id)).toHaveLength(1)
    await good.close()
  })

  it('that could not be reached three times is left alone until it beats again', async () => {
    const one = await agent((response) => response.destroy())
    const mine = (set: string) => server.kernel.db.query(`update kernel.agents set ${set} where id = $1`, [one.id])
    const blocked = async () =>
      (
        await server.kernel.db.query(`select blocked_until = 'infinity' as there from kernel.agents where id = $1`, [
          one.id,
        ])
      ).rows[0]!['there']
    await mine('errors = 2')
    const id = await job()
    await until(blocked)
    await one.beat()
    expect(await blocked()).not.toBe(true)
    expect((await server.call('GET', `/tasks/${id}`)).body.task.subtasks[0]).toMatchObject({
      status: 'queued',
      attempts: 0,
    })
    await server.call('POST', `/tasks/${id}/cancel`)
    await one.close()
  })

  it('that refuses the request as unusable fails the subtask with INVALID_INPUT', async () => {
    const one = await agent((response) => response.writeHead(400).end('{"detail":"I cannot read this"}'))
    const id = await job()
    expect((await finished(server, id)).task.error).toMatch(/failed: INVALID_INPUT: .*I cannot read this/)
    await one.close()
  })

  it('reaches only what is its own: files, names and sizes', async () => {
    const one = await agent()
    const id = await job()
    const work = await one.next(1)
    expect((await below(work, 'files/context%2Ftask.json', undefined, 'GET')).body).toMatchObject({
      subtask_id: work.subtask.id,
      description: work.subtask.description,
    })
    expect((await below(work, 'files', undefined, 'GET')).body.files).toContainEqual({
      path: 'context/task.json',
      size: expect.any(Number),
    })
    for (const at of [
      'files/..%2F..%2Fetc%2Fpasswd',
      'files/%2Fetc%2Fpasswd',
      'files/context%2Ftask.json',
      'files/output%2F..%2F..%2Fx',
    ])
      expect((await below(work, at, { x: 1 }, 'PUT')).body).toMatchObject({ code: 'PATH_NOT_ALLOWED' })
    expect((await below(work, 'state/key', { value: 'x'.repeat(1_100_000) }, 'PUT')).status).toBe(413)
    expect((await below(work, 'tools/no_such_tool', { arguments: {}, call_id: 'c1' })).body).toMatchObject({
      code: 'TOOL_NOT_FOUND',
    })
    const written = await below(work, 'tools/database_query', {
      arguments: { query: 'DELETE FROM tasks.tasks' },
      call_id: 'c2',
    })
    expect(written.body).toMatchObject({
      isError: true,
      content: [{ text: expect.stringMatching(/^SQL_NOT_ALLOWED: (?!SQL)/) }],
    })
    const stored = await below(work, 'tools/store_rows', {
      arguments: { table: 'x; drop table tasks', rows: [{ a: 1 }] },
      call_id: 'c3',
    })
    expect(stored.body.content[0].text).toMatch(/^INVALID_INPUT: (?!INVALID_INPUT)/)
    await below(work, 'result', GOOD)
    await finished(server, id)
    await one.close()
  })
})

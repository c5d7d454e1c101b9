import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import WebSocket from 'ws'
import { loadConfig } from '../../src/kernel/config/load-config.ts'
import { createModelGateway } from '../../src/kernel/models/gateway.ts'
import { createLogger } from '../../src/kernel/telemetry/logger.ts'
import { agentNamed } from '../../src/planning/agents/agents.ts'
import { follow, startRunOf, startTeam, type Team } from '../../src/planning/runs/_test-team.ts'
import { loadBoard } from '../../src/planning/store/load-board.ts'
import { type Asked, type FakeLlm, type Reply, startFakeLlm } from '../_fake-llm.ts'

let llm: FakeLlm
let t: Team
beforeAll(async () => {
  llm = await startFakeLlm()
  const { models: settings } = loadConfig({
    LLM_PROVIDER: 'openai_compatible',
    LLM_API_KEY: 'k-test-key',
    LLM_BASE_URL: llm.urls.openai,
    LLM_MODEL: 'planner-model',
  })
  const log = createLogger({ level: 'error', write: () => undefined })
  t = await startTeam({ parts: { models: createModelGateway({ settings, log, sleep: async () => undefined }) } })
}, 60_000)
afterAll(async () => {
  await t.stopTeam()
  await llm.close()
})

const TALKS = {
  title: 'Written by a model',
  date_range_start: '2027-11-15T18:00:00Z',
  date_range_end: '2027-11-15T21:00:00Z',
  audience_size: 20,
  event_type: 'meetup',
  objectives: 'Short talks',
  constraints: 'Budget $500; place downtown',
}
const blockOf = (text: string, name: string) =>
  JSON.parse(new RegExp(`<data (\\w+) name="${name}">\\n([\\s\\S]*?)\\n</data \\1>`).exec(text)![2]!)

/** A capable model: it looks something up with its first tool, then writes what the turn owes. */
async function capable(asked: Asked): Promise<Reply> {
  if (asked.tools.length > 0 && asked.toolResults.length === 0 && asked.tools.includes('web_search'))
    return { toolCalls: [{ name: 'web_search', input: { query: 'catering downtown' } }] }
  if (asked.tools.length > 0) return { text: 'Found what is needed.' }
  const turn = blockOf(asked.text, 'turn')
  const event = blockOf(asked.text, 'event')
  const board = await loadBoard(t.kernel.db, event.id, new Date())
  const output = (await agentNamed(turn.agent).craft(
    { ...turn, board, found: blockOf(asked.text, 'found') },
    undefined as never,
  )) as any
  return { text: JSON.stringify({ ...output, summary: `As a model I say: ${output.summary}`.slice(0, 900) }) }
}

it('plans S-01 with a model: it reasons, uses tools, its words stream to the socket, and the numbers hold', async () => {
  llm.reply = capable
  const { id, session } = await startRunOf(t, TALKS, { instruction_level: 'Beginner' })
  await t.app.listen({ host: '127.0.0.1', port: 0 })
  const heard: any[] = []
  const socket = new WebSocket(
    `ws://127.0.0.1:${(t.app.server.address() as AddressInfo).port}/ws/agents/sessions/${session}`,
  )
  socket.on('message', (data) => heard.push(JSON.parse(String(data))))
  const end = await follow(t, session)
  expect(end).toMatchObject({
    status: 'completed',
    errors: [],
    partial: false,
    engine: 'model',
    lifecycle_state: 'Confirm',
  })
  expect((await t.call('GET', `/api/event-briefs/${id}/budget-baseline`)).body.total_budget).toBe(500)
  expect((await t.call('GET', `/api/event-briefs/${id}/cost-model`)).body.variance_percent).toBeLessThanOrEqual(5)
  const shortlist = (await t.call('GET', `/api/event-briefs/${id}/venue-shortlist`)).body
  expect(shortlist.length).toBeGreaterThanOrEqual(3)
  const { messages } = (await t.call('GET', `/api/agents/sessions/${session}/messages?limit=200`)).body
  const agents = messages.filter(({ metadata }: any) => metadata.engine)
  expect(
    agents.every(({ metadata, content }: any) => metadata.engine === 'model' && content.startsWith('As a model')),
  ).toBe(true)
  expect(llm.seen.some(({ tools }) => tools.includes('venue_search'))).toBe(true)
  expect(llm.seen.filter(({ tools }) => tools.length > 0).flatMap(({ tools }) => tools)).not.toContain(
    'delete_everything',
  )
  socket.close()
  const said = heard.filter(({ type, final, role }) => type === 'agent_message' && final && role === 'agent')
  expect(said.every(({ state, agent_name }) => state === 'responding' && agent_name)).toBe(true)
}, 120_000)

it('malformed answers: repaired once, then the rules engine fills in, and both are said', async () => {
  let wrong = 0
  llm.reply = async (asked) => {
    if (asked.tools.length === 0 && blockOf(asked.text, 'turn').task === 'plan') {
      wrong += 1
      return { text: 'I would rather write prose.' }
    }
    return capable(asked)
  }
  const { id, session } = await startRunOf(
    t,
    { ...TALKS, title: 'Written in prose' },
    { instruction_level: 'Beginner' },
  )
  expect(await follow(t, session)).toMatchObject({ status: 'completed', partial: false })
  expect(wrong).toBe(2)
  const decisions = (await t.call('GET', `/api/event-briefs/${id}/decisions`)).body
  expect(decisions.filter(({ decision_type }: any) => decision_type === 'fallback')).toHaveLength(1)
  const { messages } = (await t.call('GET', `/api/agents/sessions/${session}/messages?limit=200`)).body
  expect(
    messages.some(({ role, content }: any) => role === 'system' && content.startsWith('Made without the model')),
  ).toBe(true)
}, 120_000)

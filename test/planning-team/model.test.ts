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
import { BUILD, failing, MEETUP, PEOPLE, S01, S02, S03, SUMMIT } from './_acceptance.ts'

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

const messagesOf = async (session: string): Promise<any[]> =>
  (await t.call('GET', `/api/agents/sessions/${session}/messages?limit=200`)).body.messages
const planOf = async (session: string) => (await t.call('GET', `/api/agents/sessions/${session}/plan`)).body
const decisionsOf = async (id: string, type: string): Promise<any[]> =>
  (await t.call('GET', `/api/event-briefs/${id}/decisions?decision_type=${type}`)).body
const toldOf = async (session: string): Promise<any[]> =>
  (
    await t.kernel.db.query('select data from kernel.events where stream = $1 order by seq', [`session:${session}`])
  ).rows.map(({ data }) => data)

it('plans S-01 with a model: it reasons, uses tools, its words stream to the socket, and every number of the table holds', async () => {
  llm.reply = capable
  const { id, session } = await startRunOf(t, MEETUP, { instruction_level: 'Beginner' })
  await t.app.listen({ host: '127.0.0.1', port: 0 })
  const heard: any[] = []
  const socket = new WebSocket(
    `ws://127.0.0.1:${(t.app.server.address() as AddressInfo).port}/ws/agents/sessions/${session}`,
  )
  socket.on('message', (data) => heard.push(JSON.parse(String(data))))
  expect(await follow(t, session)).toMatchObject({ engine: 'model', without_model: [] })
  expect(await failing(t, S01, { id, session })).toEqual([])
  const agents = (await messagesOf(session)).filter(({ metadata }: any) => metadata.engine)
  expect(
    agents.every(({ metadata, content }: any) => metadata.engine === 'model' && content.startsWith('As a model')),
  ).toBe(true)
  expect(llm.seen.some(({ tools }) => tools.includes('venue_search'))).toBe(true)
  expect((await planOf(session)).sections['Executive summary']).toContain('Written by the team with a model')
  socket.close()
  const said = heard.filter(({ type, final, role }) => type === 'agent_message' && final && role === 'agent')
  expect(said.every(({ state, agent_name }) => state === 'responding' && agent_name)).toBe(true)
}, 120_000)

it('tells a model what each turn owes: the work, the shape of every artifact, and the rules it is stored under', () => {
  const asked = llm.seen.find(({ text, tools }) => tools.length === 0 && blockOf(text, 'turn').task === 'operations')!
  const told = JSON.stringify(asked.body)
  for (const type of ['LogisticsPlan', 'ResourceRoster', 'Schedule', 'ContingencyPlan'])
    expect(told).toContain(`Body of ${type}: {`)
  for (const field of ['workflows', 'severity_threshold', 'trigger_key', 'availability', 'location'])
    expect(told).toContain(field)
  expect(told).toContain('Sessions lie within the hours of the event')
})

/** Spoils single answers of a capable model, by task and by how often that task was asked. */
const spoiled =
  (faults: Readonly<Record<string, (time: number, answer: any) => Reply | undefined>>) =>
  async (asked: Asked): Promise<Reply> => {
    const good = await capable(asked)
    if (asked.tools.length > 0) return good
    const { task } = blockOf(asked.text, 'turn')
    times.set(task, (times.get(task) ?? 0) + 1)
    return faults[task]?.(times.get(task)!, JSON.parse(good.text!)) ?? good
  }
const times = new Map<string, number>()
const written = (answer: any): Reply => ({ text: JSON.stringify(answer) })

it('plans S-02 past prose, a refusal, broken rules and too little: repaired once each, else the rules engine fills in, all of it said, every number the same', async () => {
  llm.reply = spoiled({
    plan: (time) => (time === 1 ? { text: 'I would rather write prose.' } : undefined),
    venues: () => ({ text: 'I cannot help with that.', finish: 'refused' }),
    baseline: (time, answer) => {
      if (time > 1) return undefined
      answer.artifacts[0].body.category_allocations[0].allocated += 500 // no longer sums to the total
      return written(answer)
    },
    operations: (_time, answer) => {
      const schedule = answer.artifacts.find(({ type }: any) => type === 'Schedule')
      schedule.body.sessions = schedule.body.sessions.slice(0, 3)
      return written(answer)
    },
  })
  const { id, session } = await startRunOf(t, SUMMIT, { instruction_level: 'Intermediate', target_phase: 'Confirm' })
  const end = await follow(t, session, { approve: true })
  expect(
    await failing(
      t,
      S02.filter(([what]) => !what.startsWith('traces')),
      { id, session },
    ),
  ).toEqual([])
  expect(Object.fromEntries(times)).toMatchObject({ plan: 2, venues: 1, baseline: 2, operations: 2 })
  expect(end).toMatchObject({
    engine: 'model',
    without_model: [
      { agent_name: 'Venue Researcher Agent', task: 'venues' },
      { agent_name: 'Logistics Coordinator Agent', task: 'operations' },
    ],
  })
  const repaired = (await toldOf(session)).filter(({ code }) => code === 'OUTPUT_INVALID').map(({ message }) => message)
  expect(repaired).toEqual([
    expect.stringMatching(/Event Planner Agent .* repaired it: the answer was not in the form asked for/),
    expect.stringMatching(/Budget Analyst Agent .* repaired it: BudgetBaseline: /),
    expect.stringMatching(
      /Logistics Coordinator Agent gave two answers .* filled in: Schedule: 3 of at least 12 sessions$/,
    ),
  ])
  expect((await decisionsOf(id, 'fallback')).map(({ description }) => description).toSorted()).toEqual([
    'The rules engine filled in for the model in "operations"',
    'The rules engine filled in for the model in "venues"',
  ])
  const without = (await messagesOf(session)).filter(({ content }) => content.startsWith('Made without the model'))
  expect(without.map(({ content }) => content.slice(0, 90))).toEqual([
    expect.stringContaining('Venue Researcher'),
    expect.stringContaining('Logistics Coordinator'),
  ])
  expect((await planOf(session)).sections['Executive summary']).toContain(
    'Made without the model, by the rules of the planning team: Venue Researcher (venues), Logistics Coordinator (operations). The model wrote the rest.',
  )
}, 120_000)

it('hands back where an agent asks for it: once, through the hub, and what hangs on it is done again', async () => {
  times.clear()
  llm.reply = spoiled({
    costs: (_time, answer) => written({ ...answer, next_agent: 'venue' }),
    operations: (_time, answer) => written({ ...answer, next_agent: 'catering' }),
  })
  const { id, session } = await startRunOf(t, { ...MEETUP, title: 'Handed back' }, { instruction_level: 'Beginner' })
  expect(await follow(t, session)).toMatchObject({ status: 'completed', errors: [], partial: false, without_model: [] })
  const said = (await messagesOf(session)).map(({ content }) => content)
  expect(said.filter((text) => / hands back to /.test(text)).map((text) => text.split(':')[0])).toEqual([
    'Budget Analyst Agent hands back to Venue Researcher Agent',
    'Logistics Coordinator Agent hands back to Catering Coordinator Agent',
  ])
  expect(Object.fromEntries(times)).toMatchObject({
    venues: 2,
    costs: 2,
    operations: 1,
    proposal: 2,
    'catering-only': 1,
  })
  for (const [path, version] of [
    ['venue-scorecard', 2],
    ['cost-model', 2],
    ['logistics-plan', 2],
    ['schedule', 1],
  ] as const)
    expect((await t.call('GET', `/api/event-briefs/${id}/${path}`)).body).toMatchObject({ version })
}, 120_000)

it('a model that is away all the time: the plan comes from the rules engine alone and says so', async () => {
  llm.reply = () => ({ text: '' })
  const { session } = await startRunOf(t, { ...MEETUP, title: 'Nobody there' }, { instruction_level: 'Beginner' })
  expect(await follow(t, session)).toMatchObject({ status: 'completed', errors: [], partial: false, engine: 'rules' })
  expect((await planOf(session)).sections['Executive summary']).toContain('Made without a model')
}, 120_000)

it.runIf(process.env['CHAOS_LONG'])(
  'plans S-03 with a model: every number of the table holds',
  async () => {
    llm.reply = capable
    const made = await t.call('POST', '/api/event-briefs', BUILD)
    const id = made.body.id
    await t.call('POST', `/api/event-briefs/${id}/stakeholder-map`, { stakeholders: PEOPLE })
    const started = await t.call('POST', '/api/agents/orchestrate', {
      event_brief_id: id,
      instruction_level: 'Advanced',
      target_phase: 'Execute',
    })
    const session = started.body.session_id
    expect(await follow(t, session, { approve: true })).toMatchObject({ engine: 'model', without_model: [] })
    expect(await failing(t, S03, { id, session })).toEqual([])
  },
  240_000,
)

import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type TestServer, until } from '../_server.ts'
import { agentStub, completed } from './_agent-stub.ts'
import {
  arc,
  auto,
  bodyB,
  create,
  decide,
  endAll,
  ended,
  get,
  moviesServer,
  pending,
  reached,
  registerStoryAgent,
  tasks,
} from './_movies.ts'

/** Edge cases of contract 8.6 that need no outside service, and agents that misbehave. */
vi.setConfig({ testTimeout: 120_000 })
let server: TestServer
beforeAll(async () => {
  server = await moviesServer({ env: { AGENT_TIMEOUT_SECONDS: '3', HEALTH_CHECK_INTERVAL_SECONDS: '1' } })
})
afterAll(() => server[Symbol.asyncDispose]())
beforeEach(async () => {
  await endAll(server)
  const { agents } = (await server.call('GET', '/api/v1/agents?limit=200')).body
  for (const agent of agents.filter((a: any) => a.transport !== 'builtin'))
    await until(async () => (await server.call('DELETE', `/api/v1/agents/${agent.agent_id}`)).status !== 409)
})

const call = (method: string, path: string, body?: unknown) => server.call(method, `/api/v1${path}`, body)
const register = (id: string, url: string, more?: Record<string, unknown>) => registerStoryAgent(server, id, url, more)
const arcTask = async (id: string) => (await tasks(server, id)).find((t) => t.task_type === 'story_arc')
const film = () => create(server, bodyB({ custom_parameters: auto }))

test('an agent that does not answer in time is stopped, tried again and passed over; what it says later changes nothing', async () => {
  const late = { ...arc, setup: 'This came too late.' }
  const stub = await agentStub(() => ({ ...completed(late), delayMs: 4500 }))
  await register('late-01', stub.url)
  const made = await film()
  await ended(server, made.workflow_id)
  expect(await arcTask(made.workflow_id)).toMatchObject({ status: 'completed', agent_id: 'story_architect' })
  expect(stub.requests.length).toBeGreaterThanOrEqual(3)
  await new Promise((resolve) => setTimeout(resolve, 2000))
  const { body } = await call('GET', `/workflows/${made.workflow_id}/artifacts/story_arc`)
  expect([body.version, body.content.setup === late.setup]).toEqual([1, false])
  await stub.close()
})

test('work that is answered with 202 is followed until it is done, and its result is taken once', async () => {
  let asked = 0
  const stub = await agentStub(({ method }) => {
    if (method === 'POST') return { status: 202, body: { execution_id: 'e1' } }
    asked++
    return completed(arc)
  })
  await register('slow-01', stub.url)
  const made = await film()
  await ended(server, made.workflow_id)
  expect((await arcTask(made.workflow_id)).agent_id).toBe('slow-01')
  expect(stub.requests.map((r) => `${r.method} ${r.path}`)).toContain('GET /executions/e1')
  const { body } = await call('GET', `/workflows/${made.workflow_id}/artifacts/story_arc`)
  expect([body.version, asked]).toEqual([1, 1])
  await call('DELETE', '/agents/slow-01')
  await stub.close()
})

test('an agent over MCP is initialised once and asked by the operation of the contract', async () => {
  const methods: string[] = []
  const stub = await agentStub(({ body }) => {
    methods.push(body.method === 'tools/call' ? `tools/call ${body.params.name}` : body.method)
    if (body.id === undefined) return { status: 202 }
    const result =
      body.method === 'initialize'
        ? { protocolVersion: '2025-06-18', capabilities: {}, serverInfo: { name: 's', version: '1' } }
        : { content: [{ type: 'text', text: JSON.stringify({ status: 'completed', output_data: arc, warnings: [] }) }] }
    return { body: { jsonrpc: '2.0', id: body.id, result } }
  })
  await register('mcp-01', stub.url, { transport: 'mcp' })
  const made = await film()
  await ended(server, made.workflow_id)
  expect((await arcTask(made.workflow_id)).agent_id).toBe('mcp-01')
  expect(methods.filter((m) => m === 'initialize')).toHaveLength(1)
  expect(methods).toContain('tools/call draft_story_arc')
  await call('DELETE', '/agents/mcp-01')
  await stub.close()
})

test('more than five errors in a row put an agent offline; only a reset brings it back', async () => {
  const stub = await agentStub(() => ({ status: 500 }))
  await register('breaks-01', stub.url)
  const ids = [(await film()).workflow_id, (await film()).workflow_id]
  for (const id of ids) await ended(server, id)
  expect((await call('GET', '/agents/breaks-01')).body).toMatchObject({ status: 'offline', success_rate: 0 })
  await call('POST', '/agents/breaks-01/heartbeat')
  expect((await call('GET', '/agents/breaks-01')).body.status).toBe('offline')
  expect((await call('POST', '/agents/breaks-01/reset')).body.status).toBe('available')
  expect((await call('GET', '/agents/breaks-01')).body).toMatchObject({ status: 'available', error_count: 0 })
  await call('DELETE', '/agents/breaks-01')
  await stub.close()
})

test('when the last remote agent leaves, the built-in one goes on', async () => {
  const stub = await agentStub(() => completed(arc))
  await register('leaves-01', stub.url)
  expect((await call('DELETE', '/agents/leaves-01')).status).toBe(200)
  const made = await film()
  await ended(server, made.workflow_id)
  expect((await arcTask(made.workflow_id)).agent_id).toBe('story_architect')
  await stub.close()
})

test('a project never has more tasks at work than it allows, and still gets done', async () => {
  const { body } = await call('POST', '/projects', { title: 'Narrow', budget_constraints: { max_concurrent_tasks: 1 } })
  const made = await create(server, bodyB({ project_id: body.project_id, custom_parameters: auto }))
  let most = 0
  await until(async () => {
    const now = (await tasks(server, made.workflow_id)).filter((t) => t.status === 'running').length
    most = Math.max(most, now)
    return (await get(server, made.workflow_id)).status === 'completed'
  })
  expect(most).toBeLessThanOrEqual(1)
})

test('a decision past its deadline: hold still takes an answer, default_choice answers itself and then refuses', async () => {
  const expire = (id: string) =>
    server.kernel.db.query(
      `update kernel.decisions set deadline = now() - interval '1 minute' where status = 'open' and data->>'workflow_id' = $1`,
      [id],
    )
  const held = await create(server, bodyB())
  await pending(server, held.workflow_id, 'story_approval_001')
  await expire(held.workflow_id)
  await until(async () => {
    const { events } = (await call('GET', `/workflows/${held.workflow_id}/events`)).body
    return events.some((e: any) => e.data.error_type === 'DECISION_OVERDUE')
  })
  expect((await decide(server, held.workflow_id, 'story_approval_001', 'approved')).status).toBe(200)

  const alone = await create(server, bodyB({ custom_parameters: { on_decision_timeout: 'default_choice' } }))
  await pending(server, alone.workflow_id, 'story_approval_001')
  await expire(alone.workflow_id)
  await reached(server, alone.workflow_id, (w) => w.completed_states.includes('concept_development'))
  const { decisions } = (await call('GET', `/workflows/${alone.workflow_id}/decisions`)).body
  expect(decisions[0]).toMatchObject({ choice: 'approved', automatic: true })
  const refused = await decide(server, alone.workflow_id, 'story_approval_001', 'rejected')
  expect([refused.status, refused.body.code]).toEqual([409, 'NO_PENDING_DECISION'])
})

test('a decision of another workflow is unknown here, and both stay as they were', async () => {
  const [one, two] = [await create(server, bodyB()), await create(server, bodyB())]
  for (const w of [one, two]) await pending(server, w.workflow_id, 'story_approval_001')
  await decide(server, two.workflow_id, 'story_approval_001', 'revise')
  await pending(server, two.workflow_id, 'story_approval_002')
  const wrong = await decide(server, one.workflow_id, 'story_approval_002', 'approved')
  expect([wrong.status, wrong.body.code]).toEqual([404, 'DECISION_NOT_FOUND'])
  expect((await get(server, one.workflow_id)).pending_decision.decision_id).toBe('story_approval_001')
  expect((await get(server, two.workflow_id)).pending_decision.decision_id).toBe('story_approval_002')
})

test('a change of priority reorders what waits at once', async () => {
  const served: string[] = []
  let release: () => void = () => undefined
  const gate = new Promise<void>((resolve) => (release = resolve))
  const stub = await agentStub(async ({ body }) => {
    served.push(body.workflow_id)
    if (served.length === 1) await gate
    return completed(arc)
  })
  await register('one-01', stub.url, { max_concurrent_tasks: 1 })
  const first = await film()
  await until(() => served.length === 1)
  const [a, b] = [await film(), await film()]
  const ready = async (id: string) =>
    (await tasks(server, id)).some((t) => t.task_type === 'concept_brief' && t.status === 'completed')
  await until(async () => (await ready(a.workflow_id)) && (await ready(b.workflow_id)))
  expect((await call('PUT', `/workflows/${b.workflow_id}`, { priority: 10 })).status).toBe(200)
  release()
  for (const w of [first, a, b]) await ended(server, w.workflow_id)
  expect(served.filter((id) => id !== first.workflow_id)[0]).toBe(b.workflow_id)
  await call('DELETE', '/agents/one-01')
  await stub.close()
})

test('an agent that answers no JSON is asked once to mend it, then the built-in one does it', async () => {
  const stub = await agentStub(() => ({ body: 'this is prose' }))
  await register('prose-01', stub.url)
  const made = await film()
  await ended(server, made.workflow_id)
  expect((await arcTask(made.workflow_id)).agent_id).toBe('story_architect')
  expect(stub.requests.length).toBeLessThanOrEqual(4)
  await call('DELETE', '/agents/prose-01')
  await stub.close()
})

test('a failed workflow is no obstacle to another, but may not be started beside it', async () => {
  const project_id = crypto.randomUUID()
  const body = bodyB({ project_id, custom_parameters: { ...auto, draft_agents: 'never' } })
  const failed = await create(server, body)
  await ended(server, failed.workflow_id, 'failed')
  const other = await create(server, bodyB({ project_id }))
  const refused = await call('POST', `/workflows/${failed.workflow_id}/start`)
  expect([refused.status, refused.body.code]).toEqual([409, 'WORKFLOW_EXISTS'])
  await call('POST', `/workflows/${other.workflow_id}/cancel`)
  expect((await call('POST', `/workflows/${failed.workflow_id}/cancel`)).status).toBe(200)
})

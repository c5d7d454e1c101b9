import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TestServer } from '../_server.ts'
import { agentStub, completed } from './_agent-stub.ts'
import { auto, bodyB, create, decide, ended, moviesServer, pending } from './_movies.ts'
import { listen } from './_socket.ts'

let server: TestServer
beforeAll(async () => {
  server = await moviesServer()
})
afterAll(async () => {
  const stopped = listen(`${server.url}/ws/agents`)
  await stopped.next()
  await server[Symbol.asyncDispose]()
  // The last promise of the file: a server that stops says so.
  expect(await stopped.closed).toBe(1001)
})

const follow = (id: string, since?: number) =>
  listen(`${server.url}/ws/workflows/${id}${since === undefined ? '' : `?since=${since}`}`)
const isEnd = (m: any) => m.type === 'workflow.status_changed' && m.data.to === 'completed'

test('a snapshot comes first, then every event in order and without gaps', async () => {
  const made = await create(server, bodyB({ custom_parameters: auto }))
  const socket = follow(made.workflow_id)
  const first = await socket.next()
  expect(first.type).toBe('workflow.snapshot')
  expect(first.data.workflow_id).toBe(made.workflow_id)
  await socket.next(isEnd)
  const sequences = socket.messages.slice(1).map((m) => m.sequence)
  expect(sequences).toEqual(sequences.map((_, i) => first.sequence + 1 + i))
  for (const m of socket.messages) {
    expect(m).toMatchObject({ workflow_id: made.workflow_id, correlation_id: expect.any(String) })
    expect(m.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  }
  const types = new Set(socket.messages.map((m) => m.type))
  for (const type of [
    'workflow.state_changed',
    'workflow.decision_resolved',
    'task.started',
    'task.completed',
    'deliverable.ready',
  ])
    expect(types).toContain(type)
  socket.close()
})

test('since=0 replays everything, since=N what came after N, and replay and store agree', async () => {
  const made = await create(server, bodyB({ custom_parameters: auto }))
  await ended(server, made.workflow_id)
  const { events, last_sequence } = (
    await server.call('GET', `/api/v1/workflows/${made.workflow_id}/events?limit=1000`)
  ).body
  const all = follow(made.workflow_id, 0)
  await all.next((m) => m.sequence === last_sequence && m.type !== 'workflow.snapshot')
  expect(all.messages.slice(1)).toEqual(events)
  const some = follow(made.workflow_id, last_sequence - 3)
  await some.next((m) => m.sequence === last_sequence && m.type !== 'workflow.snapshot')
  expect(some.messages.slice(1).map((m) => m.sequence)).toEqual([last_sequence - 2, last_sequence - 1, last_sequence])
  for (const socket of [all, some]) socket.close()
})

test('a client that was cut off hears with since exactly what it missed', async () => {
  const made = await create(server, bodyB())
  const before = follow(made.workflow_id, 0)
  const asked = await before.next((m) => m.type === 'workflow.decision_required')
  before.close()
  await before.closed
  await pending(server, made.workflow_id, 'story_approval_001')
  await decide(server, made.workflow_id, 'story_approval_001', 'approved')
  await pending(server, made.workflow_id, 'final_approval_001')
  const after = follow(made.workflow_id, asked.sequence)
  await after.next((m) => m.type === 'workflow.decision_required' && m.data.decision_id === 'final_approval_001')
  const sequences = after.messages.slice(1).map((m) => m.sequence)
  expect(sequences).toEqual(sequences.map((_, i) => asked.sequence + 1 + i))
  expect(after.messages.some((m) => m.type === 'workflow.decision_resolved')).toBe(true)
  after.close()
})

test('a ping is answered; other words are ignored', async () => {
  const made = await create(server, bodyB())
  const socket = follow(made.workflow_id)
  await socket.next()
  socket.send({ type: 'hello' })
  socket.send({ type: 'ping' })
  await socket.next((m) => m.type === 'pong')
  socket.close()
})

test('the agents socket tells of registration, status, health and removal', async () => {
  const stub = await agentStub(() => completed({}))
  const socket = listen(`${server.url}/ws/agents`)
  const snapshot = await socket.next()
  expect(snapshot.type).toBe('agents.snapshot')
  expect(snapshot.data.agents.length).toBeGreaterThanOrEqual(55)
  await server.call('POST', '/api/v1/agents', {
    agent_id: 'seen-01',
    agent_type: 'story',
    capabilities: ['plot_polish'],
    endpoint_url: stub.url,
  })
  const mine = (type: string) => (m: any) => m.type === type && m.data.agent_id === 'seen-01'
  await socket.next(mine('agent.registered'))
  await server.call('PUT', '/api/v1/agents/seen-01', { status: 'maintenance' })
  const changed = await socket.next(mine('agent.status_changed'))
  expect(changed.data).toMatchObject({ from: 'available', to: 'maintenance' })
  expect(changed.agent_id).toBe('seen-01')
  await stub.close()
  await server.call('GET', '/api/v1/agents/seen-01/health')
  await socket.next(mine('agent.health_changed'))
  await server.call('DELETE', '/api/v1/agents/seen-01')
  await socket.next(mine('agent.deregistered'))
  socket.close()
})

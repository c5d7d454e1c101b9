import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import WebSocket from 'ws'
import { approveAll, follow, startRunOf, startTeam, type Team } from '../../src/planning/runs/_test-team.ts'
import { startUpkeep } from '../../src/planning/upkeep.ts'
import { until } from '../_server.ts'

let t: Team
let base: string
let stopUpkeep: () => Promise<void>
beforeAll(async () => {
  t = await startTeam()
  stopUpkeep = await startUpkeep(t.kernel)
  await t.app.listen({ host: '127.0.0.1', port: 0 })
  base = `ws://127.0.0.1:${(t.app.server.address() as AddressInfo).port}`
}, 60_000)
afterAll(async () => {
  await stopUpkeep()
  await t.stopTeam()
})

const TALKS = {
  title: 'Heard talks',
  date_range_start: '2027-11-15T18:00:00Z',
  date_range_end: '2027-11-15T21:00:00Z',
  audience_size: 20,
  event_type: 'meetup',
  objectives: 'Short talks',
  constraints: 'Budget $500; place downtown',
}
function listen(path: string) {
  const heard: any[] = []
  const socket = new WebSocket(`${base}${path}`)
  socket.on('message', (data) => heard.push(JSON.parse(String(data))))
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  const opened = new Promise<void>((resolve) => socket.on('open', () => resolve()))
  return { heard, socket, closed, opened, say: (body: object) => socket.send(JSON.stringify(body)) }
}

it('tells escalations of approvals, incidents and contingencies on the socket of the event, without a gap', async () => {
  const { id, session } = await startRunOf(
    t,
    { ...TALKS, audience_size: 60, constraints: 'Budget $9000; downtown' },
    { instruction_level: 'Intermediate', target_phase: 'Execute' },
  )
  const one = listen(`/ws/agents/sessions/${session}`)
  await one.opened
  one.say({ type: 'resume', last_seq: 0 })
  const waiting = await follow(t, session, { until: ({ waiting_on }) => waiting_on !== null })
  await t.call('POST', `/api/approvals/${waiting.waiting_on.id}/test-timeout`, { timeout_minutes: 0.001 })
  const escalated = await until(() => one.heard.find(({ type }) => type === 'approval_escalated'))
  expect(escalated).toMatchObject({
    approval_id: waiting.waiting_on.id,
    escalation_level: 1,
    state: 'waiting_approval',
    agent_name: 'Event Planner Agent',
  })
  await approveAll(t, id)
  const beforeContracts = await follow(t, session, {
    until: ({ lifecycle_state, waiting_on }) => lifecycle_state === 'Confirm' && waiting_on !== null,
  })
  expect(beforeContracts.waiting_on.kind).toBe('approval')
  const incident = await t.call('POST', `/api/event-briefs/${id}/incidents`, {
    title: 'AV vendor is away',
    kind: 'vendor_cancellation',
    severity: 'high',
    description: 'Called at nine',
  })
  expect(incident.status).toBe(201)
  await t.call('PATCH', `/api/event-briefs/${id}/incidents/${incident.body.id}`, {
    status: 'resolved',
    resolution: 'Second quote took over',
  })
  const resolved = await until(() => one.heard.find(({ type }) => type === 'contingency_resolved'))
  expect(resolved).toMatchObject({ incident_id: incident.body.id, scenario: 'Vendor cancellation' })
  expect(one.heard.some(({ type }) => type === 'incident_reported')).toBe(true)
  expect(one.heard.find(({ type }) => type === 'contingency_triggered').execution_id).toMatch(/^cpx-/)
  await follow(t, session, { approve: true })
  expect(await one.closed).toBe(1000)
  const numbered = one.heard
    .filter(({ type }) => !['session_snapshot', 'heartbeat'].includes(type))
    .map(({ seq }) => seq)
  expect(numbered.slice(numbered.lastIndexOf(1))).toEqual(Array.from({ length: numbered.at(-1) }, (_, i) => i + 1))
  for (const status of one.heard.filter(({ type }) => type === 'agent_status'))
    expect(status).toMatchObject({
      status: expect.any(String),
      errors: [],
      artifacts_generated: expect.any(Array),
      message: expect.any(String),
    })
}, 120_000)

it('tells each change of an agent on its own socket, first what it does now', async () => {
  expect(await listen('/ws/agents/nobody/status').closed).toBe(4404)
  const { session } = await startRunOf(t, { ...TALKS, title: 'Watched talks' }, { instruction_level: 'Beginner' })
  const two = listen(`/ws/agents/venue-researcher/status?session_id=${session}`)
  await follow(t, session)
  await until(() => two.heard.find(({ progress_percentage }) => progress_percentage === 100))
  expect(two.heard[0]).toMatchObject({ type: 'agent_status', agent_name: 'Venue Researcher Agent' })
  expect(two.heard.map(({ state }) => state)).toContain('idle')
  two.socket.close()
}, 60_000)

it('answers ping, bad messages and answers sent through the socket; resumes where it was', async () => {
  const { session } = await startRunOf(
    t,
    { ...TALKS, title: 'Chosen talks' },
    { instruction_level: 'Beginner', interaction_mode: 'interactive' },
  )
  const one = listen(`/ws/agents/sessions/${session}`)
  await one.opened
  one.say({ type: 'ping' })
  one.say({ type: 'sing' })
  one.socket.send('no json')
  await until(() => one.heard.filter(({ code }) => code === 'BAD_MESSAGE').length === 2)
  expect(one.heard.some(({ type }) => type === 'heartbeat')).toBe(true)
  const asked: string[] = []
  for (const answer of ['2', 'balanced', 'light']) {
    const question = await until(() =>
      one.heard.find(({ type, question_id }) => type === 'question_asked' && !asked.includes(question_id)),
    )
    expect(question.options.length).toBeGreaterThanOrEqual(2)
    expect(
      (await follow(t, session, { until: ({ waiting_on }) => waiting_on?.id === question.question_id })).waiting_on
        .kind,
    ).toBe('question')
    asked.push(question.question_id)
    one.say({ type: 'answer', question_id: question.question_id, answer })
  }
  await follow(t, session)
  expect(await one.closed).toBe(1000)
  const plan = (await t.call('GET', `/api/agents/sessions/${session}`)).body
  const card = (await t.call('GET', `/api/event-briefs/${plan.event_brief_id}/venue-scorecard`)).body
  expect(card.candidate_scores.find(({ venue_id }: any) => venue_id === card.selected_venue_id).rank).toBe(2)
  const base2 = (await t.call('GET', `/api/event-briefs/${plan.event_brief_id}/budget-baseline`)).body
  expect(base2.category_allocations.find(({ category }: any) => category === 'Venue').percentage).toBe(0.55)
  const last = one.heard.at(-1).seq
  const late = listen(`/ws/agents/sessions/${session}`)
  await late.opened
  late.say({ type: 'resume', last_seq: last - 3 })
  await late.closed
  expect(late.heard.filter(({ type }) => type !== 'session_snapshot').map(({ seq }) => seq)).toEqual([
    last - 2,
    last - 1,
    last,
  ])
}, 90_000)

it('pauses between turns, keeps what is said meanwhile, and goes on', async () => {
  const { session } = await startRunOf(t, { ...TALKS, title: 'Held talks' }, { instruction_level: 'Beginner' })
  const held = await t.call('POST', `/api/agents/sessions/${session}/pause`)
  expect(held).toMatchObject({ status: 200, body: { paused: true, status: expect.any(String) } })
  const before = (await t.call('GET', `/api/agents/sessions/${session}`)).body.artifacts_generated.length
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  const still = (await t.call('GET', `/api/agents/sessions/${session}`)).body
  expect(still).toMatchObject({ status: 'in_progress', paused: true, engine: 'rules' })
  expect(still.artifacts_generated.length - before).toBeLessThan(40)
  expect((await t.call('POST', `/api/agents/sessions/${session}/resume`)).body.paused).toBe(false)
  expect(await follow(t, session)).toMatchObject({ status: 'completed', errors: [] })
  expect((await t.call('POST', `/api/agents/sessions/${session}/pause`)).body.error).toBe('SESSION_NOT_RUNNING')
}, 60_000)

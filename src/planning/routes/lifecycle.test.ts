import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestApp, testApp } from '../../../test/_app.ts'
import { planningModule } from '../index.ts'
import { snapshotRunning } from '../upkeep.ts'
import { move, newEvent, STEPS, walkTo } from './_scenario.ts'

let t: TestApp
beforeAll(async () => {
  t = await testApp([planningModule])
})
afterAll(() => t[Symbol.asyncDispose]())

const WALK: [from: string, to: string, gate: string, messages: string[]][] = [
  ['Initiate', 'Plan', 'initiation', ['Requirements not found']],
  ['Plan', 'Research', 'timeline', ['Timeline not found', 'TaskRegister not found']],
  [
    'Research',
    'Budget',
    'venue_scorecard',
    ['VenueCriteria not found', 'VenueShortlist has 0 of 3 required venues', 'VenueScorecard not found'],
  ],
  [
    'Budget',
    'Logistics',
    'budget_decision',
    ['BudgetBaseline not found', 'CostModel not found', 'BudgetDecision not found'],
  ],
  [
    'Logistics',
    'Confirm',
    'logistics_plan',
    ['LogisticsPlan not found', 'Schedule not found', 'ResourceRoster not found', 'ContingencyPlan not found'],
  ],
  ['Confirm', 'Execute', 'confirmation', ['Human approval missing: venue selection']],
]

it('walks all states by hand, each gate shut until its artifacts are there', async () => {
  const event = await newEvent(t)
  for (const [from, to, gate, messages] of WALK) {
    const shut = await move(t, event, to)
    expect(shut.status, `${from}: ${JSON.stringify(shut.body)}`).toBe(409)
    expect(shut.body.error).toBe('PRECONDITIONS_NOT_MET')
    expect(shut.body.message).toBe(`Quality gate failed: ${messages[0]}`)
    for (const message of messages) expect(shut.body.failed_gates).toContain(`${gate}: ${message}`)
    await STEPS[from]!(t, event)
    const open = await move(t, event, to)
    expect(open.status, `${from}: ${JSON.stringify(open.body.failed_gates)}`).toBe(200)
    expect(open.body.lifecycle_state).toBe(to)
  }
  const runbook = await t.call('GET', event.url('runbook'))
  expect(runbook.body).toMatchObject({ version: 1, contingencies: [{ scenario: 'Power cut' }] })
  const early = await t.call('POST', event.url('postmortem'), {
    lessons: [{ topic: 'a', finding: 'b', recommendation: 'c' }],
    action_items: [{ title: 'a', owner: 'ada', due_date: '2026-01-01' }],
  })
  expect([early.status, early.body.error]).toEqual([409, 'PRECONDITIONS_NOT_MET'])
  const incident = (
    await t.call('POST', event.url('incidents'), { title: 'Dark', severity: 'high', kind: 'power_cut' })
  ).body
  const blocked = await move(t, event, 'Postmortem', { outcome: 'completed' })
  expect(blocked.body.failed_gates).toContain(`execution: Open incidents: ${incident.id}`)
  await t.call('PATCH', event.url(`incidents/${incident.id}`), { status: 'resolved', resolution: 'Generator on' })
  const executions = await t.call('GET', event.url('contingency-plan/executions'))
  expect(executions.body).toMatchObject([{ status: 'resolved', incident_id: incident.id }])
  const feedback = await t.call('POST', event.url('feedback'), { respondent_role: 'Guest', rating: 4 })
  expect(feedback.status).toBe(201)
  const done = await move(t, event, 'Postmortem', { outcome: 'completed' })
  expect([done.status, done.body.outcome]).toEqual([200, 'completed'])
  const draft = await t.call('GET', event.url('postmortem'))
  expect(draft.body).toMatchObject({ closed_at: null, lessons: [] })
  const locked = await t.call('POST', event.url('requirements'), {
    functional_requirements: [],
    nonfunctional_requirements: [],
    must_haves: ['x'],
  })
  expect([locked.status, locked.body.error]).toEqual([409, 'LIFECYCLE_LOCKED'])
  const empty = await t.call('POST', event.url('postmortem'), { lessons: [], action_items: [], summary: '' })
  expect(empty.status).toBe(400)
  const closed = await t.call('POST', event.url('postmortem'), {
    lessons: [{ topic: 'Power', finding: 'Weak', recommendation: 'Generator' }],
    action_items: [{ title: 'Buy one', owner: 'ada', due_date: '2026-01-01' }],
  })
  expect(closed.status).toBe(201)
  expect((await t.call('GET', event.url(''))).body.closed_at).not.toBeNull()
  const metrics = await t.call('GET', `/api/metrics/event-briefs/${event.id}`)
  expect(metrics.body.history.length).toBeGreaterThan(0)
  expect(metrics.body.planner.stakeholder_satisfaction).toBe(80)
  const { rows } = await t.kernel.db.query(
    'select type, count(*)::int as n from kernel.events where stream = $1 group by type',
    [`brief:${event.id}`],
  )
  const counted = Object.fromEntries(rows.map(({ type, n }) => [type, n]))
  expect(counted).toMatchObject({ 'event.created': 1, 'lifecycle.transition': 7, 'event.closed': 1 })
})

it('alerts a breached figure in Execute once, with a task for its agent', async () => {
  const event = await newEvent(t, { title: 'Breach' })
  await walkTo(t, event, 'Execute')
  await t.kernel.db.query('delete from planning.metric_snapshots where event_brief_id = $1', [event.id])
  await event.post('feedback', { respondent_role: 'Guest', rating: 1 })
  await snapshotRunning(t.kernel)
  const title = 'Bring stakeholder_satisfaction back within its threshold'
  const made = () =>
    t.call('GET', event.url('tasks')).then(({ body }) => body.filter((task: any) => task.title === title))
  expect(await made()).toMatchObject([{ owner: 'event-planner' }])
  await t.kernel.db.query('delete from planning.metric_snapshots where event_brief_id = $1', [event.id])
  await snapshotRunning(t.kernel)
  expect(await made()).toHaveLength(1)
})

it('refuses to skip, to go back and to stay', async () => {
  const event = await newEvent(t)
  for (const target of ['Budget', 'Initiate', 'Postmortem']) {
    const { status, body } = await move(t, event, target)
    expect([status, body.error]).toEqual([409, 'INVALID_TRANSITION'])
    expect(body.message).toBe(`Invalid transition from Initiate to ${target}`)
    expect(body.failed_gates).toEqual([`lifecycle: Invalid transition from Initiate to ${target}`])
  }
  expect((await move(t, event, 'Nowhere')).status).toBe(400)
  expect(
    (await t.call('POST', '/api/event-briefs/evt-20250101-none/transition', { target_state: 'Plan' })).body,
  ).toMatchObject({
    error: 'NOT_FOUND',
    message: 'EventBrief evt-20250101-none not found',
  })
})

it('lets one of two parallel transitions through', async () => {
  const event = await newEvent(t)
  await STEPS['Initiate']!(t, event)
  const answers = await Promise.all([move(t, event, 'Plan'), move(t, event, 'Plan')])
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  expect(answers.find(({ status }) => status === 409)!.body.error).toBe('INVALID_TRANSITION')
})

it('asks for a new budget decision when the budget moves far', async () => {
  const event = await newEvent(t, { title: 'Moved budget' })
  await walkTo(t, event, 'Logistics')
  const small = await t.call('POST', event.url('cost-model'), {
    line_items: [{ category: 'Venue', item: 'Hall', quantity: 1, unit_cost: 490, total: 490 }],
  })
  expect(small.status).toBe(201)
  expect((await t.call('GET', event.url('budget-decision'))).body.status).toBe('approved')
  await event.post('cost-model', {
    line_items: [{ category: 'Venue', item: 'Hall', quantity: 1, unit_cost: 490, total: 490 }],
    variance_rules: { require_approval_threshold: 5 },
  })
  await event.post('cost-model', {
    line_items: [{ category: 'Venue', item: 'Hall', quantity: 1, unit_cost: 499, total: 499 }],
    variance_rules: { require_approval_threshold: 5 },
  })
  const decision = (await t.call('GET', event.url('budget-decision'))).body
  expect(decision.status).toBe('superseded')
  const pending = (await t.call('GET', `/api/approvals/pending?event_brief_id=${event.id}`)).body
  const request = pending.find((one: any) => one.approval_type === 'change_request')
  expect(request.details.amount).toBe(20)
  const next = await event.post('budget-decision', { approved_total: 499, change_log_ids: [request.artifact_id] })
  expect(next.version).toBe(2)
  expect((await t.call('GET', `/api/approvals/${request.approval_id}`)).body.status).toBe('superseded')
  const late = await t.call('POST', `/api/approvals/${request.approval_id}`, { decision: 'approved' })
  expect([late.status, late.body.error]).toEqual([409, 'APPROVAL_ALREADY_DECIDED'])
  const again = (await t.call('GET', `/api/approvals/pending?event_brief_id=${event.id}`)).body
  const fresh = again.find((one: any) => one.approval_type === 'budget_decision')
  await t.call('POST', `/api/approvals/${fresh.approval_id}`, { decision: 'approved' })
  const change = (await t.call('GET', `/api/artifacts/ChangeLog/${request.artifact_id}`)).body
  expect(change.approvals).toMatchObject([{ status: 'approved', approver: 'ada' }])
})

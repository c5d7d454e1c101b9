import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestApp, testApp } from '../../../test/_app.ts'
import { systemCtx } from '../../kernel/context.ts'
import { delegateDecision } from '../../kernel/decisions/delegate-decision.ts'
import { findDecision } from '../../kernel/decisions/store.ts'
import { planningModule } from '../index.ts'
import { sweepApprovals } from '../verbs/approvals.ts'
import { CONTRACT, move, newEvent, STEPS, TIMELINE, walkTo } from './_scenario.ts'

let t: TestApp
let now = Date.parse('2025-10-01T09:00:00Z')
beforeAll(async () => {
  t = await testApp([planningModule], { clock: { now: () => now } })
})
afterAll(() => t[Symbol.asyncDispose]())

const inject = (body: object) => t.call('POST', '/api/test/inject-failure', body)

it('moves a cancelled venue to the best other one and asks for its approval', async () => {
  const event = await newEvent(t, { title: 'Lost venue' })
  await walkTo(t, event, 'Logistics')
  await STEPS['Logistics']!(t, event)
  const [task] = (await t.call('GET', event.url('tasks'))).body
  await event.post('contingency-plan', {
    scenarios: [
      {
        scenario: 'Venue cancellation',
        trigger: 'The venue cancels',
        response: 'Backup',
        owner: 'ada',
        task_ids: [task.id],
      },
    ],
  })
  const card = (await t.call('GET', event.url('venue-scorecard'))).body
  const answer = await inject({
    event_brief_id: event.id,
    failure_type: 'venue_cancellation',
    venue_id: card.selected_venue_id,
  })
  expect(answer.status, JSON.stringify(answer.body)).toBe(202)
  expect(answer.body.incident_id).toMatch(/^inc-/)
  const after = (await t.call('GET', event.url('venue-scorecard'))).body
  expect(after.version).toBe(2)
  const venues = (await t.call('GET', event.url('venue-shortlist'))).body
  expect(venues.map((one: any) => one.status)).toEqual(['cancelled', 'selected', 'active'])
  expect((await t.call('GET', event.url('contingency-plan/executions'))).body).toMatchObject([
    { trigger_key: 'venue_cancellation', status: 'resolved', resolution_time: 0 },
  ])
  expect((await t.call('GET', event.url('risks?status=occurred'))).body).toHaveLength(1)
  const decisions = (await t.call('GET', event.url('decisions?decision_type=venue_selection'))).body
  expect(decisions[0].rationale).toContain('total 0.85')
  expect(decisions[0].rationale).toContain('total 0.9')
  expect((await t.call('GET', event.url('decisions?decision_type=escalation'))).body).toHaveLength(1)
  expect((await t.call('GET', event.url('changes?change_type=venue_change'))).body[0].approvals).toMatchObject([
    { status: 'pending' },
  ])
  const pending = (await t.call('GET', `/api/approvals/pending?event_brief_id=${event.id}`)).body
  expect(pending.map((one: any) => one.approval_type)).toEqual(['venue_selection'])
  expect(pending[0].details.selected_venue_id).toBe(venues[1].id)
  const metrics = (await t.call('GET', `/api/metrics/event-briefs/${event.id}/logistics`)).body
  expect(metrics).toMatchObject({ incident_resolution_time: 0, contingency_plan_effectiveness: 100 })
})

it('asks the organizer when no venue is left', async () => {
  const event = await newEvent(t, { title: 'No venue left' })
  await walkTo(t, event, 'Budget')
  for (const venue of (await t.call('GET', event.url('venue-shortlist'))).body.reverse())
    await inject({ event_brief_id: event.id, failure_type: 'venue_cancellation', venue_id: venue.id })
  const incidents = (await t.call('GET', event.url('incidents'))).body
  expect(incidents.map((one: any) => one.status)).toEqual(['resolved', 'resolved', 'responding'])
  const { rows } = await t.kernel.db.query(
    "select title from kernel.decisions where scope = $1 and type = 'venue_replacement'",
    [event.id],
  )
  expect(rows).toHaveLength(1)
})

it('cancels a vendor with options for what now', async () => {
  const event = await newEvent(t, { title: 'Lost vendor' })
  await walkTo(t, event, 'Logistics')
  const contract = await event.post('vendor-contracts', CONTRACT)
  const answer = await inject({
    event_brief_id: event.id,
    failure_type: 'vendor_cancellation',
    vendor_contract_id: contract.id,
  })
  expect(answer.status).toBe(202)
  expect((await t.call('GET', event.url('vendor-contracts'))).body[0].status).toBe('cancelled')
  expect((await t.call('GET', `/api/approvals/${contract.approval_id}`)).body.status).toBe('superseded')
  const [logged] = (await t.call('GET', event.url('decisions?decision_type=escalation'))).body
  expect(logged.alternatives_considered).toHaveLength(3)
})

it('escalates a slipped deadline and adds its risk', async () => {
  const event = await newEvent(t, { title: 'Late' })
  await walkTo(t, event, 'Plan')
  await STEPS['Plan']!(t, event)
  const [task] = (await t.call('GET', event.url('tasks'))).body
  const [scope, venue] = TIMELINE.milestones
  await event.post('timeline', {
    ...TIMELINE,
    milestones: [scope, { ...venue, dependencies: ['Scope approved', task.id] }],
  })
  expect((await move(t, event, 'Research')).status).toBe(200)
  const answer = await inject({
    event_brief_id: event.id,
    failure_type: 'deadline_slip',
    task_id: task.id,
    delay_days: 20,
  })
  expect(answer.status, JSON.stringify(answer.body)).toBe(202)
  expect((await t.call('GET', `/api/metrics/event-briefs/${event.id}/planner`)).body.timeline_slippage).toBeGreaterThan(
    10,
  )
  expect((await t.call('GET', event.url('risks'))).body).toMatchObject([{ rating: 12 }])
})

it('refuses unknown targets and missing fields', async () => {
  const event = await newEvent(t, { title: 'Targets' })
  expect((await inject({ event_brief_id: 'evt-20250101-none', failure_type: 'agent_error' })).status).toBe(404)
  expect((await inject({ event_brief_id: event.id, failure_type: 'venue_cancellation', venue_id: 'x' })).status).toBe(
    404,
  )
  expect((await inject({ event_brief_id: event.id, failure_type: 'venue_cancellation' })).status).toBe(400)
  expect((await inject({ event_brief_id: event.id, failure_type: 'fire' })).status).toBe(400)
})

it('passes an unanswered approval on to the backup, and never decides it', async () => {
  const event = await newEvent(t, {
    title: 'Slow approver',
    stakeholders: [
      { name: 'Owen', role: 'Owner', email: 'owen@example.org', decision_rights: ['Venue Approval'] },
      { name: 'Rana', role: 'Finance', email: 'rana@example.org', decision_rights: ['Budget Approval'] },
    ],
  })
  await walkTo(t, event, 'Budget')
  await event.post('budget-baseline', {
    total_budget: 500,
    category_allocations: [{ category: 'Venue', allocated: 500, percentage: 1 }],
  })
  await event.post('cost-model', {
    line_items: [{ category: 'Venue', item: 'Hall', quantity: 1, unit_cost: 500, total: 500 }],
  })
  await event.post('budget-decision', { approved_total: 500 })
  const pending = (await t.call('GET', `/api/approvals/pending?event_brief_id=${event.id}`)).body
  const approval = pending.find((one: any) => one.approval_type === 'budget_decision')
  const url = `/api/approvals/${approval.approval_id}`
  expect((await t.call('GET', url)).body).toMatchObject({
    assigned_to: 'rana@example.org',
    escalation_path: ['rana@example.org', 'owen@example.org'],
  })
  const question = () => findDecision(t.kernel.db, approval.approval_id)
  const dueTogether = async () =>
    expect(Date.parse((await question())!.deadline!)).toBe(Date.parse((await t.call('GET', url)).body.due_at))
  await dueTogether()
  await delegateDecision(systemCtx(t.kernel), approval.approval_id, { users: ['ben'], roles: [] })
  expect((await t.call('GET', url)).body.assigned_to).toBe('ben')
  await t.call('POST', `${url}/test-timeout`, { timeout_minutes: 0.02 })
  await dueTogether()
  now += 2_000
  await sweepApprovals(t.kernel)
  expect((await t.call('GET', url)).body).toMatchObject({
    escalation_level: 1,
    assigned_to: 'owen@example.org',
    status: 'pending',
  })
  // In the inbox as well: due anew, escalated, and no longer for the one alone it was handed to.
  const moved = (await question())!
  await dueTogether()
  expect(moved).toMatchObject({ escalation_step: 1, escalated_at: expect.any(String) })
  expect(moved.users.toSorted()).toEqual(['ben', 'owen@example.org', 'rana@example.org'])
  expect(moved.roles.toSorted()).toEqual(['Approver', 'Finance'])
  const [logged] = (await t.call('GET', event.url('decisions?decision_type=approval_timeout'))).body
  expect(logged.rationale).toContain('rana@example.org → owen@example.org')
  expect((await move(t, event, 'Logistics')).status).toBe(409)
  now += 800 * 60_000
  await sweepApprovals(t.kernel)
  expect((await t.call('GET', url)).body).toMatchObject({ escalation_level: 1, reminded_at: expect.any(String) })
  expect((await t.call('POST', url, { decision: 'approved' })).status).toBe(200)
  expect((await move(t, event, 'Logistics')).status).toBe(200)
})

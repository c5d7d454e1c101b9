import fs from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { approveAll, follow, startRunOf, startTeam, type Team } from './_test-team.ts'

let t: Team
beforeAll(async () => {
  t = await startTeam()
}, 60_000)
afterAll(() => t.stopTeam())

const get = async (id: string, path: string) => (await t.call('GET', `/api/event-briefs/${id}${path}`)).body
const MEETUP = {
  title: 'Developer Meetup Q4 2025',
  date_range_start: '2025-11-15T18:00:00Z',
  date_range_end: '2025-11-15T21:00:00Z',
  audience_size: 20,
  event_type: 'meetup',
  objectives: 'Bring developers of the region together for short AI talks and conversation',
  constraints: 'Budget $500; place downtown; step-free access',
}
const SUMMIT = {
  title: 'AI Summit 2025',
  date_range_start: '2025-06-01T09:00:00Z',
  date_range_end: '2025-06-03T17:00:00Z',
  audience_size: 200,
  event_type: 'conference',
  objectives: 'Three days of keynotes and workshops on AI in companies',
  constraints: 'Budget $50k; in the city center; parallel tracks; AV equipment on site',
}

describe('S-01, a small meetup at Beginner', () => {
  it('reaches Confirm by itself, waits for one approval, and goes into Execute after it', async () => {
    const { id, session } = await startRunOf(t, MEETUP, { instruction_level: 'Beginner', target_phase: 'Confirm' })
    const end = await follow(t, session)
    expect(end).toMatchObject({ status: 'completed', errors: [], partial: false, lifecycle_state: 'Confirm' })
    expect(end.artifacts_generated.length).toBeGreaterThanOrEqual(10)
    expect(end.artifacts_generated[0].artifact_type).toBe('Requirements')
    expect(await get(id, '/timeline')).toMatchObject({
      has_milestones: true,
      has_dependencies: true,
      has_critical_path: true,
      has_orphan_tasks: false,
    })
    expect((await get(id, '/tasks')).length).toBeGreaterThanOrEqual(5)
    expect((await get(id, '/venue-leads')).length).toBeGreaterThanOrEqual(5)
    const shortlist = await get(id, '/venue-shortlist')
    expect(shortlist.length).toBeGreaterThanOrEqual(3)
    for (const venue of shortlist) expect(venue.cost_estimate <= 300 && venue.capacity >= 20).toBe(true)
    const card = await get(id, '/venue-scorecard')
    expect(card).toMatchObject({ weights_sum_valid: true, rationale_captured: true })
    expect((await get(id, '/budget-baseline')).total_budget).toBe(500)
    const cost = await get(id, '/cost-model')
    expect(new Set(cost.line_items.map((line: any) => line.category)).size).toBe(3)
    expect(cost.variance_percent).toBeLessThanOrEqual(5)
    const plan = await get(id, '/logistics-plan')
    expect(plan.workflows.length).toBeGreaterThanOrEqual(3)
    expect(plan).toMatchObject({
      workflows_linked_to_tasks: true,
      contingency_triggers_defined: true,
      owners_assigned: true,
    })
    const schedule = await get(id, '/schedule')
    expect(schedule.sessions).toHaveLength(3)
    expect(schedule.has_resource_conflicts).toBe(false)
    expect((await get(id, '/resource-roster')).resources.map((one: any) => one.name)).toEqual(
      expect.arrayContaining(['AV set A', 'Tables', 'Chairs']),
    )
    const early = await t.call('POST', `/api/event-briefs/${id}/transition`, { target_state: 'Execute' })
    expect(early.status).toBe(409)
    expect(early.body.failed_gates).toEqual(
      expect.arrayContaining([
        'confirmation: Human approval missing: BudgetDecision',
        'confirmation: Human approval missing: venue selection',
      ]),
    )
    expect(await approveAll(t, id)).toBe(1)
    expect((await t.call('POST', `/api/event-briefs/${id}/transition`, { target_state: 'Execute' })).status).toBe(200)
    expect((await get(id, '/runbook')).contingencies.length).toBeGreaterThan(0)
    const metrics = await t.call('GET', `/api/metrics/event-briefs/${id}/venue`)
    expect(metrics.body.budget_fit).toBeGreaterThanOrEqual(95)
    const text = (await t.call('GET', `/api/agents/sessions/${session}/plan`)).body
    expect(Object.keys(text.sections)).toHaveLength(8)
    expect(fs.readdirSync(t.calendars)).toContain('developer_meetup_q4_2025.ics')
  }, 60_000)
})

describe('a decision while the session writes', () => {
  it('waits for the run before it takes the event, as the session does: neither locks the other out', async () => {
    const { id, session } = await startRunOf(
      t,
      { ...MEETUP, title: 'Decided meanwhile', audience_size: 60, constraints: 'Budget $9000' },
      { instruction_level: 'Intermediate' },
    )
    const waiting = await follow(t, session, { until: (body) => body.waiting_on !== null })
    const sql = (text: string, values: unknown[] = []) => t.kernel.db.query(text, values)
    let decided: ReturnType<typeof approveAll> | undefined
    await t.kernel.db.transaction(async (step) => {
      await step.query('select 1 from kernel.runs where id = $1 for share', [waiting.run_id]) // as each step of a run does first
      decided = approveAll(t, id)
      const blocked = `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`
      while ((await sql(blocked)).rows.length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
      await step.query('select 1 from planning.event_briefs where id = $1 for update nowait', [id])
    })
    expect(await decided).toBe(2)
    expect(await follow(t, session, { approve: true })).toMatchObject({ status: 'completed', errors: [] })
  }, 60_000)
})

describe('S-02, a conference at Intermediate', () => {
  it('waits for the budget, negotiates contracts, and meets every metric', async () => {
    const { id, session } = await startRunOf(t, SUMMIT, { instruction_level: 'Intermediate', target_phase: 'Confirm' })
    const waiting = await follow(t, session, { until: (body) => body.waiting_on !== null })
    expect(waiting).toMatchObject({
      status: 'in_progress',
      waiting_on: { kind: 'approval' },
      lifecycle_state: 'Budget',
    })
    const end = await follow(t, session, { approve: true })
    expect(end).toMatchObject({ status: 'completed', errors: [], lifecycle_state: 'Confirm' })
    const tasks = await get(id, '/tasks')
    expect(tasks.length).toBeGreaterThanOrEqual(12)
    for (const task of tasks) expect(task.slack).toBeTypeOf('number')
    expect((await get(id, '/timeline')).critical_path.length).toBeGreaterThanOrEqual(4)
    expect((await get(id, '/risks')).length).toBeGreaterThanOrEqual(6)
    const contracts = await get(id, '/vendor-contracts')
    expect(contracts.length).toBeGreaterThanOrEqual(3)
    expect(contracts.every((one: any) => one.status === 'approved')).toBe(true)
    expect((await get(id, '/contingency-plan')).scenarios.map((one: any) => one.trigger_key)).toContain(
      'vendor_cancellation',
    )
    const schedule = await get(id, '/schedule')
    expect(schedule.sessions.length).toBeGreaterThanOrEqual(12)
    const decisions = await get(id, '/decisions')
    expect(
      decisions.filter((one: any) => one.decision_type === 'conflict' && one.alternatives_considered.length > 1),
    ).toHaveLength(1)
    const changes = await get(id, '/changes')
    expect(changes.some((one: any) => one.change_type === 'budget_adjustment')).toBe(true)
    for (const group of ['planner', 'venue', 'budget', 'logistics']) {
      const { body } = await t.call('GET', `/api/metrics/event-briefs/${id}/${group}`)
      expect({ group, ...body.passed }).not.toContain(false)
      expect(body.all_passed).toBe(true)
    }
    expect(
      (await t.call('GET', `/api/metrics/event-briefs/${id}/budget`)).body.savings_identified,
    ).toBeGreaterThanOrEqual(10)
  }, 120_000)
})

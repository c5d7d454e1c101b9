import fs from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failing, MEETUP, S01, S02, SUMMIT } from '../../../test/planning-team/_acceptance.ts'
import { approveAll, follow, startRunOf, startTeam, type Team } from './_test-team.ts'

let t: Team
beforeAll(async () => {
  t = await startTeam()
}, 60_000)
afterAll(() => t.stopTeam())

const get = async (id: string, path: string) => (await t.call('GET', `/api/event-briefs/${id}${path}`)).body
describe('S-01, a small meetup at Beginner', () => {
  it('reaches Confirm by itself with every number of the table, waits for one approval, and is carried out and closed after it', async () => {
    const made = await t.call('POST', '/api/event-briefs', MEETUP)
    const today = new Date().toISOString().slice(0, 10).replaceAll('-', '')
    expect(made).toMatchObject({ status: 201, body: { lifecycle_state: 'Initiate', version: 1 } })
    const id = made.body.id
    expect(id).toBe(`evt-${today}-developer-meetup-q4-2025`)
    const started = await t.call('POST', '/api/agents/orchestrate', {
      event_brief_id: id,
      instruction_level: 'Beginner',
      target_phase: 'Confirm',
    })
    const session = started.body.session_id
    expect(started).toMatchObject({ status: 202, body: { status: 'in_progress' } })
    expect(started.body.websocket_url).toMatch(new RegExp(`^ws://.+/ws/agents/sessions/${session}$`))
    await follow(t, session)
    expect(await failing(t, S01, { id, session })).toEqual([])
    const seen = await t.kernel.db.query(
      `select distinct data ->> 'current_agent' as name from kernel.events where stream = $1`,
      [`session:${session}`],
    )
    expect(seen.rows.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['Venue Researcher Agent', 'Budget Analyst Agent', 'Logistics Coordinator Agent']),
    )
    const early = await t.call('POST', `/api/event-briefs/${id}/transition`, { target_state: 'Execute' })
    expect(early.status).toBe(409)
    expect(early.body.failed_gates).toEqual(
      expect.arrayContaining([
        'confirmation: Human approval missing: BudgetDecision',
        'confirmation: Human approval missing: venue selection',
      ]),
    )
    const pending = (await t.call('GET', '/api/approvals/pending')).body.filter((one: any) => one.event_brief_id === id)
    expect(pending).toMatchObject([{ approval_type: 'budget_decision', covers: [{ artifact_type: 'VenueScorecard' }] }])
    const decided = await t.call('POST', `/api/approvals/${pending[0].approval_id}`, {
      decision: 'approved',
      comments: 'Looks right',
    })
    expect(decided).toMatchObject({ status: 200, body: { status: 'approved' } })
    const [human] = await get(id, '/decisions?decision_type=budget_approval')
    expect(human).toMatchObject({ rationale: 'Looks right', approvals: [{ status: 'approved' }] })
    const moved = await t.call('POST', `/api/event-briefs/${id}/transition`, { target_state: 'Execute' })
    expect(moved).toMatchObject({ status: 200, body: { lifecycle_state: 'Execute' } })
    expect((await get(id, '/runbook')).contingencies.length).toBeGreaterThan(0)
    expect(fs.readdirSync(t.calendars)).toContain('developer_meetup_q4_2025.ics')
    const change = await t.call('POST', `/api/event-briefs/${id}/changes`, {
      change_type: 'schedule_change',
      description: 'Doors open ten minutes later',
      impact: 'Registration is shorter',
      impacted_artifacts: [{ artifact_type: 'Schedule', artifact_id: (await get(id, '/schedule')).id, version: 1 }],
    })
    expect(change.status).toBe(201)
    const ended = await t.call('POST', `/api/event-briefs/${id}/transition`, {
      target_state: 'Postmortem',
      outcome: 'completed',
    })
    expect(ended).toMatchObject({ status: 200, body: { lifecycle_state: 'Postmortem' } })
    const closed = await t.call('POST', `/api/event-briefs/${id}/postmortem`, {
      summary: 'Good talks, too few chairs at the back',
      lessons: [{ topic: 'Room', finding: 'Chairs ran out', recommendation: 'Order one in ten more' }],
      action_items: [{ title: 'Order more chairs', owner: 'logistics-coordinator', due_date: '2025-12-01' }],
    })
    expect(closed.status).toBe(201)
    expect((await get(id, '')).closed_at).toBeTruthy()
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
  it('waits for the budget, negotiates contracts, and meets every number of the table', async () => {
    const { id, session } = await startRunOf(t, SUMMIT, { instruction_level: 'Intermediate', target_phase: 'Confirm' })
    const waiting = await follow(t, session, { until: (body) => body.waiting_on !== null })
    expect(waiting).toMatchObject({
      status: 'in_progress',
      waiting_on: { kind: 'approval' },
      lifecycle_state: 'Budget',
    })
    await follow(t, session, { approve: true })
    expect(await failing(t, S02, { id, session })).toEqual([])
  }, 120_000)
})

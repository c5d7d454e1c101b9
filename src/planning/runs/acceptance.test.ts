import fs from 'node:fs'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { BUILD, failing, PEOPLE, S03 } from '../../../test/planning-team/_acceptance.ts'
import { sweepApprovals } from '../verbs/approvals.ts'
import { approveAll, follow, startRunOf, startTeam, type Team } from './_test-team.ts'

let t: Team
beforeAll(async () => {
  t = await startTeam({ clock: { now: () => Date.now() } })
}, 60_000)
afterAll(() => t.stopTeam())

const get = async (id: string, url: string) => (await t.call('GET', `/api/event-briefs/${id}${url}`)).body
const messagesOf = async (session: string) =>
  (await t.call('GET', `/api/agents/sessions/${session}/messages?limit=200`)).body.messages as any[]
const SMALL = {
  title: 'Evening talks',
  date_range_start: '2025-11-15T18:00:00Z',
  date_range_end: '2025-11-15T21:00:00Z',
  audience_size: 20,
  event_type: 'meetup',
  objectives: 'Short talks',
  constraints: 'Budget $500; place downtown',
}
/** The approval timeout of S-03: it goes to the backup, and the way stays shut until a person decides. */
async function nobodyAnswers(id: string, approval: string): Promise<void> {
  const first = (await t.call('GET', `/api/approvals/${approval}`)).body
  expect(first.assigned_to).toBe('olga@example.org')
  const asked = await t.call('POST', `/api/approvals/${approval}/test-timeout`, { timeout_minutes: 0.001 })
  expect(asked.status).toBe(202)
  await new Promise((resolve) => setTimeout(resolve, 100))
  await sweepApprovals(t.kernel)
  const late = (await t.call('GET', `/api/approvals/${approval}`)).body
  expect(late).toMatchObject({ status: 'pending', escalation_level: 1, assigned_to: 'fin@example.org' })
  const [timeout] = await get(id, '/decisions?decision_type=approval_timeout')
  expect(timeout.rationale).toContain('olga@example.org → fin@example.org')
  const shut = await t.call('POST', `/api/event-briefs/${id}/transition`, { target_state: 'Logistics' })
  expect(shut).toMatchObject({ status: 409, body: { error: 'PRECONDITIONS_NOT_MET' } })
}

describe('S-03, a large event at Advanced', () => {
  it('goes up to Execute with every number of the table, past an approval nobody answers, and stands a cancelled venue', async () => {
    const made = await t.call('POST', '/api/event-briefs', BUILD)
    const id = made.body.id
    expect((await t.call('POST', `/api/event-briefs/${id}/stakeholder-map`, { stakeholders: PEOPLE })).status).toBe(201)
    const started = await t.call('POST', '/api/agents/orchestrate', {
      event_brief_id: id,
      instruction_level: 'Advanced',
      target_phase: 'Execute',
    })
    const session = started.body.session_id
    const waiting = await follow(t, session, { until: ({ waiting_on }) => waiting_on !== null })
    await nobodyAnswers(id, waiting.waiting_on.id)
    await follow(t, session, { approve: true })
    expect(await failing(t, S03, { id, session })).toEqual([])
    const before = await get(id, '/venue-scorecard')
    const old = before.selected_venue_id
    const cost = (await get(id, '/budget-decision')).version
    const names = new Map((await get(id, '/venue-shortlist')).map((one: any) => [one.id, one]))
    const injected = await t.call('POST', '/api/test/inject-failure', {
      event_brief_id: id,
      failure_type: 'venue_cancellation',
      venue_id: old,
    })
    expect(injected.status).toBe(202)
    const chosen: any = names.get((await get(id, '/venue-scorecard')).selected_venue_id)
    expect(chosen.id).not.toBe(old)
    expect((await get(id, '/risks')).filter((one: any) => one.status === 'occurred')).toMatchObject([
      { description: expect.stringMatching(/venue/i) },
    ])
    const executions = await get(id, '/contingency-plan/executions')
    expect(executions).toMatchObject([{ trigger_key: 'venue_cancellation', status: 'resolved' }])
    expect(executions[0].resolution_time).toBeLessThanOrEqual(15)
    const decisions = await get(id, '/decisions?limit=500')
    const totals = before.candidate_scores.filter((one: any) => [old, chosen.id].includes(one.venue_id))
    const moved = decisions.find(
      (one: any) => one.decision_type === 'venue_selection' && one.rationale.includes(chosen.venue_name),
    )
    for (const { total } of totals) expect(moved.rationale).toContain(String(total))
    expect(moved.alternatives_considered.length).toBeGreaterThan(0)
    expect(decisions.some((one: any) => one.decision_type === 'escalation')).toBe(true)
    const [change] = await get(id, '/changes?change_type=venue_change')
    expect(change.approvals.length).toBeGreaterThan(0)
    const impact = Math.abs(chosen.cost_estimate - (names.get(old) as any).cost_estimate)
    if (impact > 1_000) {
      expect((await get(id, '/budget-decision')).version).toBeGreaterThan(cost)
      const pending = (await t.call('GET', `/api/approvals/pending?event_brief_id=${id}`)).body
      expect(pending.map((one: any) => one.approval_type)).toEqual(
        expect.arrayContaining(['budget_decision', 'venue_selection']),
      )
    }
    const logistics = (await t.call('GET', `/api/metrics/event-briefs/${id}/logistics`)).body
    expect(logistics.incident_resolution_time).toBeLessThanOrEqual(15)
    expect(logistics.contingency_plan_effectiveness).toBe(100)
  }, 120_000)
})

describe('further runs', () => {
  it('A-1: plans the winter party from one sentence without a question', async () => {
    const started = await t.call('POST', '/api/agents/intake', {
      request:
        'Company winter party, 50 guests, Seattle, 6 December 2025, $5,000 in total; we need a venue, food for all diets and a look at the weather',
    })
    expect(started.status).toBe(201)
    expect(started.body.event_brief).toMatchObject({
      event_type: 'gala',
      audience_size: 50,
      lifecycle_state: 'Initiate',
    })
    expect(started.body.extracted).toMatchObject({ place: 'Seattle', budget_total: 5000 })
    const end = await follow(t, started.body.session_id)
    expect(end).toMatchObject({ status: 'completed', partial: false, errors: [] })
    expect(end.agents).toHaveLength(5)
    const plan = await get(started.body.event_brief.id, '/logistics-plan')
    expect(plan.catering.dietary_accommodations).toEqual(expect.arrayContaining(['vegetarian', 'vegan', 'gluten-free']))
    expect((await get(started.body.event_brief.id, '/budget-baseline')).total_budget).toBe(5000)
    expect(fs.readFileSync(path.join(t.calendars, 'company_winter_party.ics'), 'utf8')).toContain(
      'SUMMARY:Company winter party',
    )
    expect((await messagesOf(started.body.session_id)).some((one) => one.metadata.question_id)).toBe(false)
    const text = (await t.call('GET', `/api/agents/sessions/${started.body.session_id}/plan`)).body
    expect(text.sections['Invitation text for attendees']).toContain('Company winter party')
  }, 60_000)

  it('A-2: asks one question as the venue agent and goes on with the answer', async () => {
    const started = await t.call('POST', '/api/agents/intake', {
      request: 'Help me find a venue for a party, around 50 people',
      interaction_mode: 'collaborative',
    })
    const session = started.body.session_id
    const waiting = await follow(t, session, { until: (body) => body.waiting_on !== null })
    expect(waiting.waiting_on.kind).toBe('question')
    const question = waiting.waiting_on.id
    const answered = await t.call('POST', `/api/agents/sessions/${session}/questions/${question}/answer`, {
      answer: 'Portland',
    })
    expect(answered).toMatchObject({ status: 200, body: { status: 'answered', workflow_resumed: true } })
    expect(
      (await t.call('POST', `/api/agents/sessions/${session}/questions/${question}/answer`, { answer: 'x' })).body
        .error,
    ).toBe('QUESTION_ALREADY_ANSWERED')
    const end = await follow(t, session)
    expect(end).toMatchObject({ status: 'completed', errors: [] })
    expect((await get(started.body.event_brief.id, '')).constraints).toContain('Portland')
    expect((await get(started.body.event_brief.id, '/venue-criteria')).location_preferences).toContain('Portland')
    expect((await messagesOf(session)).filter((one) => one.role === 'agent' && one.metadata.question_id)).toHaveLength(
      1,
    )
  }, 60_000)

  it('A-3: works again only on what a larger budget touches', async () => {
    const { id, session } = await startRunOf(t, { ...SMALL, title: 'Larger talks' }, { instruction_level: 'Beginner' })
    await follow(t, session)
    const before = await get(id, '/artifacts')
    await t.call('PATCH', `/api/event-briefs/${id}`, { constraints: 'Budget $800; place downtown' })
    const again = await t.call('POST', '/api/agents/orchestrate', {
      event_brief_id: id,
      instruction_level: 'Beginner',
      target_phase: 'Execute',
    })
    const end = await follow(t, again.body.session_id, { approve: true })
    expect(end).toMatchObject({ status: 'completed', lifecycle_state: 'Execute' })
    expect((await get(id, '/budget-baseline')).total_budget).toBe(800)
    const after = new Map((await get(id, '/artifacts')).map((one: any) => [one.artifact_id, one]))
    const moved = before
      .filter((one: any) => (after.get(one.artifact_id) as any).version !== one.version)
      .map((one: any) => one.artifact_type)
    expect(new Set(moved)).toEqual(
      new Set([
        'EventBrief',
        'BudgetBaseline',
        'CostModel',
        'BudgetDecision',
        'VenueCriteria',
        'VenueScorecard',
        'LogisticsPlan',
      ]),
    )
  }, 60_000)

  it('A-6: completes without the caterer, names the gap, and fills it on retry', async () => {
    const made = await t.call('POST', '/api/event-briefs', { ...SMALL, title: 'Talks without food' })
    await t.call('POST', '/api/test/inject-failure', {
      event_brief_id: made.body.id,
      failure_type: 'agent_error',
      agent_name: 'catering-coordinator',
    })
    const started = await t.call('POST', '/api/agents/orchestrate', {
      event_brief_id: made.body.id,
      instruction_level: 'Beginner',
    })
    const end = await follow(t, started.body.session_id)
    expect(end).toMatchObject({ status: 'completed', partial: true })
    expect((await t.call('GET', `/api/agents/sessions/${end.session_id}/plan`)).body.sections.Catering).toContain(
      'missing',
    )
    expect((await t.call('POST', `/api/agents/sessions/${end.session_id}/retry`)).status).toBe(202)
    const filled = await follow(t, end.session_id)
    expect(filled).toMatchObject({ status: 'completed', partial: false, errors: [] })
    expect((await t.call('GET', `/api/agents/sessions/${end.session_id}/plan`)).body.sections.Catering).toContain(
      'per person',
    )
  }, 60_000)

  it('A-5: keeps sessions at once apart', async () => {
    const runs = await Promise.all(
      Array.from({ length: process.env['CHAOS_LONG'] ? 10 : 4 }, (_, i) =>
        startRunOf(t, { ...SMALL, title: `Beside ${i}` }, { instruction_level: 'Beginner' }),
      ),
    )
    const ends = await Promise.all(runs.map(({ session }) => follow(t, session)))
    expect(ends.every(({ status }) => status === 'completed')).toBe(true)
    for (const [i, end] of ends.entries())
      for (const { artifact_id } of end.artifacts_generated) expect(artifact_id).toContain(runs[i]!.id)
  }, 60_000)

  it('refuses a second session, a target behind, and cancels a waiting one with its work kept', async () => {
    const { id, session } = await startRunOf(
      t,
      { ...SMALL, title: 'Stopped talks', audience_size: 60 },
      { instruction_level: 'Intermediate' },
    )
    expect(
      (await t.call('POST', '/api/agents/orchestrate', { event_brief_id: id, instruction_level: 'Beginner' })).body
        .error,
    ).toBe('SESSION_ALREADY_RUNNING')
    await follow(t, session, { until: (body) => body.waiting_on !== null })
    expect((await t.call('GET', `/api/agents/sessions/${session}/plan`)).body.error).toBe('PLAN_NOT_READY')
    expect(
      (await t.call('POST', `/api/agents/sessions/${session}/messages`, { content: 'Keep it short' })).status,
    ).toBe(202)
    expect((await t.call('POST', `/api/agents/sessions/${session}/cancel`)).body.status).toBe('cancelled')
    expect((await t.call('POST', `/api/agents/sessions/${session}/cancel`)).body.error).toBe('SESSION_NOT_RUNNING')
    expect(
      (
        await t.call('POST', '/api/agents/orchestrate', {
          event_brief_id: id,
          instruction_level: 'Intermediate',
          target_phase: 'Plan',
        })
      ).body.error,
    ).toBe('TARGET_PHASE_NOT_AHEAD')
    expect(await approveAll(t, id)).toBeGreaterThan(0)
    const again = await t.call('POST', '/api/agents/orchestrate', {
      event_brief_id: id,
      instruction_level: 'Intermediate',
    })
    expect(await follow(t, again.body.session_id, { approve: true })).toMatchObject({ status: 'completed', errors: [] })
  }, 90_000)

  it('tells the session over its socket, gapless from 1, and resumes', async () => {
    const { session } = await startRunOf(t, { ...SMALL, title: 'Heard talks' }, { instruction_level: 'Beginner' })
    await t.app.listen({ host: '127.0.0.1', port: 0 })
    const { port } = t.app.server.address() as AddressInfo
    const heard: any[] = []
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws/agents/sessions/${session}`)
    socket.on('message', (data) => heard.push(JSON.parse(String(data))))
    socket.on('open', () => socket.send(JSON.stringify({ type: 'resume', last_seq: 0 })))
    const code = await new Promise((resolve) => socket.on('close', resolve))
    expect(code).toBe(1000)
    expect(heard[0].type).toBe('session_snapshot')
    const numbered = heard.filter(({ type }) => !['session_snapshot', 'heartbeat'].includes(type)).map(({ seq }) => seq)
    expect(numbered.slice(-numbered.at(-1))).toEqual(Array.from({ length: numbered.at(-1) }, (_, i) => i + 1))
    const types = new Set(heard.map(({ type }) => type))
    for (const type of [
      'agent_status',
      'agent_message',
      'tool_call',
      'tool_result',
      'handoff',
      'artifact_generated',
      'lifecycle_transition',
      'approval_requested',
      'session_completed',
    ])
      expect(types).toContain(type)
    const unknown = new WebSocket(`ws://127.0.0.1:${port}/ws/agents/sessions/session-nope`)
    expect(await new Promise((resolve) => unknown.on('close', resolve))).toBe(4404)
  }, 60_000)
})

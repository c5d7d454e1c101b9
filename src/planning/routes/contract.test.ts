import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApp, testActor, testApp } from '../../../test/_app.ts'
import { DEFINITIONS } from '../artifacts/definitions.ts'
import { planningModule } from '../index.ts'
import {
  BASELINE,
  BRIEF,
  CONTRACT,
  COST,
  CRITERIA,
  fullEvent,
  newEvent,
  SCHEDULE,
  TASK,
  TIMELINE,
  venue,
  type Walk,
} from './_scenario.ts'

let t: TestApp
/** An event with every artifact, in Logistics. */
let full: Walk
const NOBODY = 'evt-20250101-nobody'

beforeAll(async () => {
  t = await testApp([planningModule])
  full = await fullEvent(t)
})
afterAll(() => t[Symbol.asyncDispose]())

const code = ({ status, body }: { status: number; body: any }) => `${status} ${body?.error ?? ''}`.trim()

describe('every artifact endpoint', () => {
  const artifacts = DEFINITIONS.filter(({ type, path }) => path && type !== 'AgentTrace')
  it.each(artifacts.map((definition) => [definition.type, definition] as const))(
    '%s is read, listed, versioned and refused',
    async (type, definition) => {
      const read = await t.call('GET', full.url(definition.path))
      expect(read.status).toBe(200)
      const one = Array.isArray(read.body) ? read.body[0] : read.body
      const parsed = definition.stored.safeParse(one)
      expect(parsed.error?.issues ?? []).toEqual([])
      expect(one.id).toMatch(definition.idPattern)
      expect(one.correlation_id).toBeTruthy()
      const generic = await t.call('GET', `/api/artifacts/${type}/${one.id}`)
      expect(generic.body.id).toBe(one.id)
      const versions = await t.call('GET', `/api/artifacts/${type}/${one.id}/versions`)
      expect(versions.body.at(-1)).toMatchObject({ version: 1 })
      expect((await t.call('GET', `/api/artifacts/${type}/${one.id}/versions/1`)).status).toBe(200)
      expect(code(await t.call('GET', `/api/artifacts/${type}/${one.id}/versions/99`))).toBe('404 NOT_FOUND')
      expect(code(await t.call('GET', `/api/artifacts/${type}/nothing`))).toBe('404 NOT_FOUND')
      expect(code(await t.call('GET', `/api/event-briefs/${NOBODY}/${definition.path}`))).toBe('404 NOT_FOUND')
      expect(code(await t.call('POST', full.url(definition.path), {}))).toBe('400 VALIDATION_ERROR')
      const before = t.actor
      t.actor = testActor(['Viewer'])
      expect(code(await t.call('POST', full.url(definition.path), {}))).toBe('403 FORBIDDEN')
      t.actor = testActor(['Organizer'], 'stranger')
      expect(code(await t.call('GET', full.url(definition.path)))).toBe('403 FORBIDDEN')
      t.actor = null
      expect(code(await t.call('GET', full.url(definition.path)))).toBe('401 UNAUTHORIZED')
      t.actor = before
    },
  )
  it('lists all of an event and the catalogue of 24', async () => {
    const listed = (await t.call('GET', full.url('artifacts'))).body
    expect(new Set(listed.map((one: any) => one.artifact_type)).size).toBeGreaterThanOrEqual(23)
    const schemas = (await t.call('GET', '/api/artifacts/schemas')).body
    expect(schemas).toHaveLength(24)
    expect(schemas.filter((one: any) => one.storage === 'document')).toHaveLength(4)
    expect(schemas[0]).toMatchObject({ schema_version: '1.0.0', compatibility: 'backward' })
  })
})

describe('events', () => {
  it('get ids of the day and title, counted when taken', async () => {
    const a = await newEvent(t, { title: '!!!' })
    const b = await newEvent(t, { title: '???' })
    expect(a.id).toMatch(/^evt-\d{8}-event$/)
    expect(b.id).toBe(`${a.id}-2`)
  })
  it('are filtered, searched and paged', async () => {
    await newEvent(t, { title: 'Zanzibar gala', event_type: 'gala' })
    const found = await t.call('GET', '/api/event-briefs?q=zanzibar&event_type=gala&lifecycle_state=Initiate')
    expect(found.body).toMatchObject({ total: 1, limit: 50, offset: 0 })
    expect((await t.call('GET', '/api/event-briefs?limit=1')).body.data).toHaveLength(1)
    for (const bad of ['limit=0', 'limit=101', 'offset=-1', 'event_type=x', 'lifecycle_state=x'])
      expect(code(await t.call('GET', `/api/event-briefs?${bad}`))).toBe('400 VALIDATION_ERROR')
  })
  it('change by version, with a log entry', async () => {
    const event = await newEvent(t)
    expect(code(await t.call('PATCH', event.url(''), {}))).toBe('400 VALIDATION_ERROR')
    for (const field of ['event_type', 'id', 'lifecycle_state', 'version', 'created_at'])
      expect(code(await t.call('PATCH', event.url(''), { [field]: 'x' }))).toBe('400 IMMUTABLE_FIELD')
    expect(code(await t.call('PATCH', event.url(''), { date_range_end: BRIEF.date_range_start }))).toBe(
      '400 VALIDATION_ERROR',
    )
    expect(code(await t.call('PATCH', event.url(''), { title: 'New' }, { 'if-match': '7' }))).toBe(
      '409 VERSION_CONFLICT',
    )
    const patched = await t.call('PATCH', event.url(''), { title: 'New' }, { 'if-match': '"1"' })
    expect(patched.body).toMatchObject({ version: 2, title: 'New' })
    expect((await t.call('GET', event.url('changes'))).body[0]).toMatchObject({ previous_version: 1, new_version: 2 })
  })
  it('repeat a create with the same key once', async () => {
    const headers = { 'idempotency-key': 'once-1' }
    const a = await t.call('POST', '/api/event-briefs', { ...BRIEF, title: 'Once' }, headers)
    const b = await t.call('POST', '/api/event-briefs', { ...BRIEF, title: 'Once' }, headers)
    expect(b.body).toEqual(a.body)
    const other = await t.call('POST', '/api/event-briefs', { ...BRIEF, title: 'Twice' }, headers)
    expect(code(other)).toBe('409 IDEMPOTENCY_KEY_REUSED')
  })
  it('take parallel writes one after the other', async () => {
    const event = await newEvent(t, {
      title: 'Busy',
      stakeholders: [{ name: 'Ada L', role: 'Sponsor', email: 'ada@example.org' }],
    })
    await event.post('timeline', TIMELINE)
    const made = await Promise.all(
      Array.from({ length: 8 }, (_, n) => event.post('tasks', { ...TASK, title: `T${n}` })),
    )
    expect(new Set(made.map(({ id }) => id)).size).toBe(8)
    const patches = await Promise.all(
      [1, 2, 3].map((n) => t.call('PATCH', event.url(''), { title: `Name ${n}` }, { 'if-match': '1' })),
    )
    expect(patches.map(({ status }) => status).sort()).toEqual([200, 409, 409])
  })
  it('go with everything but their logs, which auditors still find', async () => {
    const event = await newEvent(t, { title: 'Gone' })
    await event.post('decisions', { description: 'd', rationale: 'r' })
    expect((await t.call('DELETE', event.url(''))).status).toBe(204)
    expect(code(await t.call('DELETE', event.url('')))).toBe('404 NOT_FOUND')
    const query = `/api/audit?event_brief_id=${event.id}`
    expect((await t.call('GET', query)).body.total).toBe(0)
    expect((await t.call('GET', `${query}&include_deleted=true`)).body.data[0]).toMatchObject({ kind: 'decision' })
    t.actor = testActor(['Organizer'])
    expect(code(await t.call('GET', query))).toBe('403 FORBIDDEN')
    t.actor = testActor(['Admin'])
    const lines = await t.call('GET', `${query}&include_deleted=true&format=jsonl`)
    expect(JSON.parse(String(lines.body).trim())).toMatchObject({ event_brief_id: event.id })
  })
})

describe('tasks', () => {
  it('stay final, keep no circle, and warn when started early', async () => {
    const event = await newEvent(t)
    await event.post('timeline', TIMELINE)
    const a = await event.post('tasks', TASK)
    const b = await event.post('tasks', { ...TASK, dependencies: [a.id] })
    const patch = (id: string, body: object) => t.call('PATCH', event.url(`tasks/${id}`), body)
    const circle = await patch(a.id, { dependencies: [b.id] })
    expect(code(circle)).toBe('400 CIRCULAR_DEPENDENCY')
    expect(circle.body.details.cycle).toHaveLength(2)
    expect((await patch(b.id, { status: 'In Progress' })).body.dependency_warning).toBe(true)
    const done = await patch(a.id, { status: 'Completed' })
    expect(done.body.completed_at).toBeTruthy()
    const back = await patch(a.id, { status: 'In Progress' })
    expect(code(back)).toBe('409 INVALID_TRANSITION')
    expect(back.body.details).toEqual({ current: 'Completed', target: 'In Progress' })
    expect(back.body.failed_gates).toBeUndefined()
    expect((await patch(a.id, { title: 'Still editable' })).body.title).toBe('Still editable')
    expect(code(await patch('task-none', { title: 'x' }))).toBe('404 NOT_FOUND')
    expect(code(await patch(a.id, { slack: 1 }))).toBe('400 IMMUTABLE_FIELD')
    expect((await t.call('GET', event.url('tasks?status=Completed'))).body).toHaveLength(1)
    expect(code(await t.call('GET', event.url('tasks?status=x')))).toBe('400 VALIDATION_ERROR')
    const timeline = (await t.call('GET', event.url('timeline'))).body
    expect(timeline).toMatchObject({
      version: 1,
      has_dependencies: true,
      has_critical_path: true,
      has_orphan_tasks: false,
    })
    expect(timeline.critical_path).toEqual(['milestone-1', 'milestone-2'])
  })
})

describe('venues', () => {
  it('outside the criteria need a reason, which is recorded', async () => {
    const event = await newEvent(t)
    await event.post('venue-criteria', CRITERIA)
    const entry = await event.post(
      'venue-shortlist',
      venue('Dear', { cost_estimate: 400, exception_rationale: 'The only one' }),
    )
    expect(entry).toMatchObject({ budget_fit: false, capacity_fit: true })
    expect((await t.call('GET', event.url('decisions?decision_type=budget_mismatch'))).body).toHaveLength(1)
    const card = await event.post('venue-scorecard', {
      criteria_weights: [{ criterion: 'Cost', weight: 1 }],
      candidate_scores: [{ venue_id: entry.id, scores: { Cost: 0.4 }, total: 0.9 }],
    })
    expect(card).toMatchObject({ all_candidates_scored: true, rationale_captured: false })
    expect(card.candidate_scores[0]).toMatchObject({ total: 0.4, rank: 1 })
    expect(card.warnings).toHaveLength(1)
    await event.post('venue-shortlist', venue('Late'))
    expect((await t.call('GET', event.url('venue-scorecard'))).body).toMatchObject({
      version: 1,
      all_candidates_scored: false,
    })
    const answer = await t.call('POST', event.url('venue-scorecard'), {
      criteria_weights: [{ criterion: 'Cost', weight: 1 }],
      candidate_scores: [{ venue_id: entry.id, scores: { Cost: 0.4 } }],
      selected_venue_id: entry.id,
    })
    expect(code(answer)).toBe('400 RATIONALE_REQUIRED')
  })
})

describe('schedules', () => {
  it('may touch, and notice when the roster shrinks', async () => {
    const event = await newEvent(t)
    await event.post('logistics-plan', {
      workflows: [{ workflow: 'W', steps: ['s'] }],
      resources: [{ type: 'Equipment', name: 'Chairs', quantity: 2 }],
    })
    const session = (title: string, location: string) => ({
      ...SCHEDULE.sessions[0],
      title,
      location,
      resources: ['res-001'],
    })
    const over = await t.call('POST', event.url('schedule'), {
      sessions: ['A', 'B', 'C'].map((one) => session(one, one)),
    })
    expect(code(over)).toBe('400 RESOURCE_CONFLICT')
    expect(over.body.details.conflicts[0]).toMatchObject({ kind: 'resource', key: 'res-001' })
    await event.post('schedule', { sessions: ['A', 'B'].map((one) => session(one, one)) })
    await event.post('resource-roster', {
      resources: [{ id: 'res-001', type: 'Equipment', name: 'Chairs', quantity: 1 }],
    })
    expect((await t.call('GET', event.url('schedule'))).body).toMatchObject({
      version: 1,
      has_resource_conflicts: true,
    })
  })
})

describe('contracts and roles', () => {
  it('hide their terms from viewers', async () => {
    t.actor = testActor(['Viewer'], 'vera')
    const [contract] = (await t.call('GET', full.url('vendor-contracts'))).body
    expect(contract).toMatchObject({ terms: null, sla: null, cancellation_policy: null, redacted: true })
    expect(code(await t.call('GET', full.url('budget-decision')))).toBe('403 FORBIDDEN')
    const approvals = await t.call('GET', `/api/approvals?event_brief_id=${full.id}&approval_type=vendor_contract`)
    expect(approvals.body.data[0].details).toEqual({ redacted: true })
    const all = (await t.call('GET', full.url('export.json'))).body
    expect(all.artifacts.BudgetDecision).toBeUndefined()
    expect(JSON.stringify(all)).not.toContain('60 minutes')
    t.actor = testActor(['Finance'], 'fay')
    expect((await t.call('GET', full.url('vendor-contracts'))).body[0].terms.total_cost).toBe(140)
    t.actor = testActor(['Admin'])
  })
  it('go back to approval when terms change, and end for good', async () => {
    const event = await newEvent(t)
    await event.post('budget-baseline', BASELINE)
    const contract = await event.post('vendor-contracts', { ...CONTRACT, cancellation_policy: '7 days notice, 50 %' })
    expect(contract).toMatchObject({ status: 'pending_approval', id: `vct-${event.id}-good-food` })
    await t.call('POST', `/api/approvals/${contract.approval_id}`, { decision: 'approved' })
    const url = event.url(`vendor-contracts/${contract.id}`)
    expect((await t.call('GET', event.url('vendor-contracts'))).body[0].status).toBe('approved')
    const same = await t.call('PATCH', url, { sla: [{ metric: 'Response', target: '1 h' }] })
    expect(same.body.status).toBe('pending_approval')
    expect(same.body.approval_id).not.toBe(contract.approval_id)
    expect((await t.call('PATCH', url, { status: 'cancelled' })).body.status).toBe('cancelled')
    expect(code(await t.call('PATCH', url, { vendor_name: 'X' }))).toBe('409 INVALID_TRANSITION')
    const next = await event.post('vendor-contracts', CONTRACT)
    expect(next.id).toBe(`vct-${event.id}-good-food-2`)
  })
})

describe('approvals', () => {
  it('are for those with the right, once', async () => {
    const event = await newEvent(t)
    await event.post('budget-baseline', BASELINE)
    await event.post('cost-model', COST)
    const decision = await event.post('budget-decision', { approved_total: 479 })
    expect(decision).toMatchObject({ status: 'pending_approval', approvals: [], over_budget: false })
    expect(decision.change_log_ids).toHaveLength(1)
    const [approval] = (await t.call('GET', `/api/approvals/pending?event_brief_id=${event.id}`)).body
    const url = `/api/approvals/${approval.approval_id}`
    expect(approval.details).toMatchObject({ approved_total: 479, variance_percent: 4.2 })
    t.actor = testActor(['Organizer'])
    expect(code(await t.call('POST', url, { decision: 'approved' }))).toBe('403 FORBIDDEN')
    t.actor = testActor(['Approver'], 'no-right')
    expect(code(await t.call('POST', url, { decision: 'approved' }))).toBe('403 FORBIDDEN')
    expect((await t.call('GET', '/api/approvals/pending')).body).toEqual([])
    t.actor = testActor(['Finance'], 'fay')
    expect(code(await t.call('POST', url, { decision: 'maybe' }))).toBe('400 VALIDATION_ERROR')
    expect(code(await t.call('POST', url, { decision: 'approved', comments: 'x'.repeat(5001) }))).toBe(
      '400 VALIDATION_ERROR',
    )
    expect(code(await t.call('POST', '/api/approvals/apr-none', { decision: 'approved' }))).toBe('404 NOT_FOUND')
    const yes = await t.call('POST', url, { decision: 'approved', comments: 'fine' })
    expect(yes.body).toMatchObject({ approval_id: approval.approval_id, status: 'approved' })
    expect(code(await t.call('POST', url, { decision: 'rejected' }))).toBe('409 APPROVAL_ALREADY_DECIDED')
    t.actor = testActor(['Admin'])
    const stored = (await t.call('GET', event.url('budget-decision'))).body
    expect(stored).toMatchObject({
      status: 'approved',
      version: 1,
      approvals: [{ approver: 'fay', kind: 'human', version: 1 }],
    })
    const [logged] = (await t.call('GET', event.url('decisions?decision_type=budget_approval'))).body
    expect(logged.approvals).toMatchObject([{ approver: 'fay', status: 'approved' }])
    const history = await t.call('GET', `/api/approvals?event_brief_id=${event.id}&status=approved`)
    expect(history.body).toMatchObject({ total: 1, data: [{ decided_by: 'fay', comments: 'fine' }] })
  })
  it('answer 202 with the new deadline in tests', async () => {
    const event = await newEvent(t)
    const change = await event.post('changes', {
      change_type: 'scope_change',
      description: 'More',
      impact: 'Cost',
      impacted_artifacts: [{ artifact_type: 'EventBrief', artifact_id: event.id }],
      requires_approval: true,
    })
    expect(change.approvals).toMatchObject([{ status: 'pending' }])
    const [approval] = (await t.call('GET', `/api/approvals/pending?event_brief_id=${event.id}`)).body
    const moved = await t.call('POST', `/api/approvals/${approval.approval_id}/test-timeout`, { timeout_minutes: 5 })
    expect([moved.status, moved.body.escalation_path]).toEqual([202, ['ada@example.org']])
    expect(
      code(await t.call('POST', `/api/approvals/${approval.approval_id}/test-timeout`, { timeout_minutes: 0 })),
    ).toBe('400 VALIDATION_ERROR')
  })
})

describe('the rest', () => {
  it.each(['planner', 'venue', 'budget', 'logistics'])('%s metrics carry thresholds and verdicts', async (name) => {
    const { status, body } = await t.call('GET', `/api/metrics/event-briefs/${full.id}/${name}`)
    expect(status).toBe(200)
    expect(Object.keys(body.thresholds)).toEqual(Object.keys(body.passed))
    expect(code(await t.call('GET', `/api/metrics/event-briefs/${NOBODY}/${name}`))).toBe('404 NOT_FOUND')
  })
  it('exports a calendar, tables and everything', async () => {
    const ics = await t.call('GET', full.url('calendar.ics'))
    expect([ics.status, ics.headers['content-type']]).toEqual([200, 'text/calendar; charset=utf-8'])
    expect(String(ics.body)).toContain('SUMMARY:Registration')
    expect(String((await t.call('GET', full.url('export/tasks'))).body)).toContain('Book the venue')
    expect((await t.call('GET', full.url('export.json'))).body.artifacts.TaskRegister).toHaveLength(2)
    expect((await t.call('GET', full.url('export/none'))).status).toBe(400)
    expect((await t.call('GET', `/api/event-briefs/${NOBODY}/calendar.ics`)).status).toBe(404)
  })
  it('answers reads and refuses writes in read-only mode', async () => {
    await using quiet = await testApp([planningModule], {
      env: { READ_ONLY_MODE: 'true', ENABLE_TEST_ENDPOINTS: 'false' },
    })
    expect((await quiet.call('GET', '/api/event-briefs')).body.total).toBe(0)
    expect(code(await quiet.call('POST', '/api/event-briefs', BRIEF))).toBe('503 READ_ONLY_MODE')
  })
  it('has no test endpoints when they are off, and refuses them in production', async () => {
    await using quiet = await testApp([planningModule], { env: { ENABLE_TEST_ENDPOINTS: 'false' } })
    const body = { event_brief_id: NOBODY, failure_type: 'agent_error' }
    expect(code(await quiet.call('POST', '/api/test/inject-failure', body))).toBe('404 NOT_FOUND')
    const env = { ENABLE_TEST_ENDPOINTS: 'true', ENVIRONMENT: 'production' }
    await expect(testApp([planningModule], { env })).rejects.toThrow('refused')
  })
  it('refuses bodies of another type and of more than a mebibyte', async () => {
    const xml = await t.call('POST', '/api/event-briefs', '<a/>', { 'content-type': 'application/xml' })
    expect(code(xml)).toBe('415 UNSUPPORTED_MEDIA_TYPE')
    const big = await t.call('POST', '/api/event-briefs', { ...BRIEF, objectives: 'x'.repeat(1_100_000) })
    expect(code(big)).toBe('413 PAYLOAD_TOO_LARGE')
  })
  it('lets nobody decide an own request when duties are separate', async () => {
    await using strict = await testApp([planningModule], { env: { REQUIRE_SEPARATION_OF_DUTIES: 'true' } })
    const event = await newEvent(strict)
    await event.post('budget-baseline', BASELINE)
    const { approval_id } = await event.post('vendor-contracts', CONTRACT)
    const decide = () => strict.call('POST', `/api/approvals/${approval_id}`, { decision: 'approved' })
    expect(code(await decide())).toBe('403 FORBIDDEN')
    strict.actor = testActor(['Admin'], 'bob')
    expect((await decide()).status).toBe(200)
  })
  it('names the caller', async () => {
    expect((await t.call('GET', '/api/me')).body).toMatchObject({ user_id: 'ada', roles: ['Admin'], auth_mode: 'dev' })
  })
  it('keeps both logs from every change in the database', async () => {
    for (const table of ['changelogs', 'decisions']) {
      await expect(t.kernel.db.query(`update planning.${table} set body = '{}'`)).rejects.toThrow('append-only')
      await expect(t.kernel.db.query(`delete from planning.${table}`)).rejects.toThrow('append-only')
    }
  })
  it('starts a scenario by hand for an incident no scenario matched', async () => {
    const event = await newEvent(t)
    await event.post('timeline', TIMELINE)
    const task = await event.post('tasks', TASK)
    await event.post('logistics-plan', {
      workflows: [{ workflow: 'W', steps: ['s'] }],
      contingency_scenarios: [
        { scenario: 'Fire', trigger: 'Smoke', response: 'Leave', owner: 'ada', task_ids: [task.id] },
      ],
    })
    const incident = await event.post('incidents', { title: 'Flood', severity: 'critical', kind: 'flood' })
    const patch = (body: object) => t.call('PATCH', event.url(`incidents/${incident.id}`), body)
    expect((await patch({ status: 'resolved' })).body.status).toBe('resolved')
    expect(code(await patch({ status: 'responding' }))).toBe('409 INVALID_TRANSITION')
    expect(code(await patch({ trigger_key: 'none' }))).toBe('400 UNKNOWN_REFERENCE')
    expect((await patch({ trigger_key: 'fire' })).status).toBe(200)
    expect(code(await patch({ trigger_key: 'fire' }))).toBe('409 INVALID_TRANSITION')
    expect((await t.call('GET', event.url('contingency-plan/executions'))).body).toMatchObject([{ status: 'resolved' }])
    expect(code(await t.call('PATCH', event.url('incidents/inc-none'), { status: 'resolved' }))).toBe('404 NOT_FOUND')
  })
})

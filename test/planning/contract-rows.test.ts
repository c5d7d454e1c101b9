import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { planningModule } from '../../src/planning/index.ts'
import {
  BASELINE,
  BRIEF,
  CONTRACT,
  COST,
  CRITERIA,
  fullEvent,
  newEvent,
  REQUIREMENTS,
  ROSTER,
  SCHEDULE,
  TASK,
  TIMELINE,
  venue,
  type Walk,
  walkTo,
} from '../../src/planning/routes/_scenario.ts'
import { type TestApp, testActor, testApp } from '../_app.ts'

// Section 2.1, row by row: success status and body against the declared schema, 401 without a caller, 403 without the scope, 404 for
// an unknown event or record. Refusals by content are in src/planning/routes.
type Ids = {
  id: string
  ran: string
  task: string
  risk: string
  venue: string
  contract: string
  plan: string
  incident: string
  approval: string
  gone: string
}
type Row = [
  no: number,
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  ok: number,
  body?: (ids: Ids) => unknown,
]

const E = '/api/event-briefs/{id}'
const RAN = '/api/event-briefs/{ran}'
const STAKEHOLDERS = {
  stakeholders: [{ name: 'Ada', role: 'Owner', email: 'ada@example.org', decision_rights: ['budget_decision'] }],
}
const RISK = { description: 'Snow', probability: 'low', impact: 'low', owner: 'Ada' }
const LEAD = { venue_name: 'Row lead', source: 'directory' }
const scorecard = ({ venue: id }: Ids) => ({
  criteria_weights: [{ criterion: 'Cost', weight: 1 }],
  candidate_scores: [{ venue_id: id, scores: { Cost: 0.9 } }],
  selected_venue_id: id,
  selection_rationale: 'Total 0.9',
})
const workflow = ({ task }: Ids) => ({
  workflows: [{ workflow: 'Doors', steps: ['Open'], owner: 'Ada', task_ids: [task] }],
})
const scenario = ({ task }: Ids) => ({
  scenarios: [{ scenario: 'Fire', trigger: 'Smoke', response: 'Leave', owner: 'Ada', task_ids: [task] }],
})

const ROWS: readonly Row[] = [
  [1, 'POST', '/api/event-briefs', 201, () => BRIEF],
  [2, 'GET', '/api/event-briefs', 200],
  [3, 'GET', E, 200],
  [4, 'PATCH', E, 200, () => ({ assumptions: ['Coffee is there'] })],
  [5, 'DELETE', '/api/event-briefs/{gone}', 204],
  [6, 'POST', `${RAN}/transition`, 200, () => ({ target_state: 'Postmortem', outcome: 'completed' })],
  [7, 'GET', `${E}/gates`, 200],
  [8, 'POST', `${E}/requirements`, 201, () => REQUIREMENTS],
  [9, 'GET', `${E}/requirements`, 200],
  [10, 'POST', `${E}/stakeholder-map`, 201, () => STAKEHOLDERS],
  [11, 'GET', `${E}/stakeholder-map`, 200],
  [12, 'POST', `${E}/timeline`, 201, () => TIMELINE],
  [13, 'GET', `${E}/timeline`, 200],
  [14, 'POST', `${E}/tasks`, 201, () => TASK],
  [15, 'GET', `${E}/tasks?status=Not%20Started&owner=venue-researcher`, 200],
  [16, 'PATCH', `${E}/tasks/{task}`, 200, () => ({ status: 'In Progress' })],
  [17, 'POST', `${E}/risks`, 201, () => RISK],
  [18, 'GET', `${E}/risks?min_rating=1`, 200],
  [19, 'PATCH', `${E}/risks/{risk}`, 200, () => ({ status: 'accepted' })],
  [
    20,
    'POST',
    `${E}/communications-plan`,
    201,
    () => ({
      communications: [{ audience: 'Owner', channel: 'e-mail', cadence: 'weekly', message: 'Status', owner: 'Ada' }],
    }),
  ],
  [21, 'GET', `${E}/communications-plan`, 200],
  [22, 'POST', `${E}/venue-criteria`, 201, () => CRITERIA],
  [23, 'GET', `${E}/venue-criteria`, 200],
  [24, 'POST', `${E}/venue-leads`, 201, () => LEAD],
  [25, 'GET', `${E}/venue-leads`, 200],
  [26, 'POST', `${E}/venue-shortlist`, 201, () => venue('Row venue')],
  [27, 'GET', `${E}/venue-shortlist`, 200],
  [28, 'POST', `${E}/venue-scorecard`, 201, scorecard],
  [29, 'GET', `${E}/venue-scorecard`, 200],
  [
    30,
    'POST',
    `${E}/venue-availability`,
    201,
    ({ venue: shortlist_id }) => ({
      shortlist_id,
      dates: [{ start: BRIEF.date_range_start, end: BRIEF.date_range_end, available: true }],
    }),
  ],
  [31, 'GET', `${E}/venue-availability`, 200],
  [32, 'POST', `${E}/venue-negotiation-notes`, 201, ({ venue: shortlist_id }) => ({ shortlist_id, terms: 'Net 30' })],
  [33, 'GET', `${E}/venue-negotiation-notes`, 200],
  [34, 'POST', `${E}/budget-baseline`, 201, () => BASELINE],
  [35, 'GET', `${E}/budget-baseline`, 200],
  [36, 'POST', `${E}/cost-model`, 201, () => COST],
  [37, 'GET', `${E}/cost-model`, 200],
  [38, 'POST', `${E}/budget-decision`, 201, () => ({ approved_total: 480 })],
  [39, 'GET', `${E}/budget-decision`, 200],
  [40, 'POST', `${E}/vendor-contracts`, 201, () => ({ ...CONTRACT, vendor_name: 'Row vendor', service_type: 'venue' })],
  [41, 'GET', `${E}/vendor-contracts`, 200],
  [42, 'PATCH', `${E}/vendor-contracts/{contract}`, 200, () => ({ exception_rationale: 'None needed' })],
  [43, 'POST', `${E}/logistics-plan`, 201, workflow],
  [44, 'GET', `${E}/logistics-plan`, 200],
  [45, 'POST', `${E}/schedule`, 201, () => SCHEDULE],
  [46, 'GET', `${E}/schedule`, 200],
  [47, 'POST', `${E}/resource-roster`, 201, () => ROSTER],
  [48, 'GET', `${E}/resource-roster`, 200],
  [49, 'POST', `${E}/contingency-plan`, 201, scenario],
  [50, 'GET', `${E}/contingency-plan`, 200],
  [51, 'GET', `${E}/contingency-plan/executions`, 200],
  [52, 'POST', `${E}/incidents`, 201, () => ({ title: 'Fire', severity: 'high', kind: 'fire' })],
  [53, 'GET', `${E}/incidents`, 200],
  [54, 'PATCH', `${E}/incidents/{incident}`, 200, () => ({ status: 'responding' })],
  [55, 'GET', `${RAN}/runbook`, 200],
  [56, 'POST', `${RAN}/feedback`, 201, () => ({ respondent_role: 'guest', rating: 5 })],
  [
    57,
    'POST',
    `${RAN}/postmortem`,
    201,
    () => ({
      lessons: [{ topic: 'Sound', finding: 'Too low', recommendation: 'Test it' }],
      action_items: [{ title: 'Buy', owner: 'Ada', due_date: '2026-01-31' }],
    }),
  ],
  [58, 'GET', `${RAN}/postmortem`, 200],
  [59, 'GET', `${E}/decisions?format=page`, 200],
  [60, 'POST', `${E}/decisions`, 201, () => ({ description: 'Go', rationale: '3 of 3 agree' })],
  [61, 'GET', `${E}/changes?limit=1`, 200],
  [
    62,
    'POST',
    `${E}/changes`,
    201,
    ({ id }) => ({
      change_type: 'scope_change',
      description: 'More talks',
      impact: 'Longer',
      impacted_artifacts: [{ artifact_type: 'EventBrief', artifact_id: id }],
    }),
  ],
  [63, 'GET', `${E}/traces`, 200],
  [64, 'GET', `${E}/artifacts`, 200],
  [65, 'GET', '/api/artifacts/schemas', 200],
  [66, 'GET', '/api/artifacts/LogisticsPlan/{plan}', 200],
  [67, 'GET', '/api/artifacts/LogisticsPlan/{plan}/versions', 200],
  [68, 'GET', '/api/artifacts/LogisticsPlan/{plan}/versions/1', 200],
  [71, 'GET', '/api/agents', 200],
  [72, 'GET', '/api/agents/event-planner/status', 200],
  [73, 'GET', '/api/agents/sessions', 200],
  [81, 'GET', '/api/approvals/pending', 200],
  [82, 'GET', '/api/approvals?status=pending', 200],
  [83, 'GET', '/api/approvals/{approval}', 200],
  [85, 'POST', '/api/approvals/{approval}/test-timeout', 202, () => ({ timeout_minutes: 5 })],
  [84, 'POST', '/api/approvals/{approval}', 200, () => ({ decision: 'approved' })],
  [86, 'GET', '/api/metrics/event-briefs/{id}/planner', 200],
  [87, 'GET', '/api/metrics/event-briefs/{id}/venue', 200],
  [88, 'GET', '/api/metrics/event-briefs/{id}/budget', 200],
  [89, 'GET', '/api/metrics/event-briefs/{id}/logistics', 200],
  [90, 'GET', '/api/metrics/event-briefs/{id}', 200],
  [91, 'GET', '/api/audit?kind=decision', 200],
  [92, 'GET', '/api/me', 200],
  [93, 'POST', '/api/test/inject-failure', 202, ({ id }) => ({ event_brief_id: id, failure_type: 'agent_error' })],
]
/** Rows that need a planning run; their success is tested with the runs. */
const RUNS: readonly Row[] = [
  [
    69,
    'POST',
    '/api/agents/orchestrate',
    404,
    () => ({ event_brief_id: 'evt-20250101-none', instruction_level: 'Beginner' }),
  ],
  [70, 'POST', '/api/agents/intake', 400, () => ({ request: ' ' })],
  [74, 'GET', '/api/agents/sessions/session-none', 404],
  [75, 'POST', '/api/agents/sessions/session-none/cancel', 404],
  [76, 'POST', '/api/agents/sessions/session-none/retry', 404],
  [77, 'GET', '/api/agents/sessions/session-none/messages', 404],
  [78, 'POST', '/api/agents/sessions/session-none/messages', 404, () => ({ content: 'Hi' })],
  [79, 'POST', '/api/agents/sessions/session-none/questions/q-1/answer', 404, () => ({ answer: 'Yes' })],
  [80, 'GET', '/api/agents/sessions/session-none/plan', 404],
]

let t: TestApp
let ids: Ids
let full: Walk
beforeAll(async () => {
  t = await testApp([planningModule])
  full = await fullEvent(t)
  const ran = await newEvent(t, { title: 'Ran' })
  await walkTo(t, ran, 'Execute')
  const gone = await newEvent(t, { title: 'Gone' })
  const first = async (path: string) => (await t.call('GET', full.url(path))).body[0].id as string
  const incident = await full.post('incidents', { title: 'Leak', severity: 'low', kind: 'water' })
  const asked = await newEvent(t, { title: 'Asked' })
  await asked.post('budget-baseline', BASELINE)
  const { approval_id } = await asked.post('vendor-contracts', CONTRACT)
  ids = {
    id: full.id,
    ran: ran.id,
    task: await first('tasks'),
    risk: await first('risks'),
    venue: await first('venue-shortlist'),
    contract: await first('vendor-contracts'),
    plan: `lp-${full.id}`,
    incident: incident.id,
    approval: approval_id,
    gone: gone.id,
  }
}, 60_000)
afterAll(() => t[Symbol.asyncDispose]())

const fill = (path: string, values: Record<string, string>) =>
  path.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? 'none')
const code = ({ status, body }: { status: number; body: any }) => `${status} ${body?.error ?? ''}`.trim()
/** The declared route a filled path belongs to. */
function routeOf(method: string, url: string) {
  const at = url.split('?')[0]!.split('/')
  const fits = t.registry
    .map(({ def }) => def)
    .filter((route) => {
      const parts = route.url.split('/')
      return (
        route.method === method &&
        parts.length === at.length &&
        parts.every((part: string, i: number) => part.startsWith(':') || part === at[i])
      )
    })
  return fits.sort((a, b) => a.url.split(':').length - b.url.split(':').length)[0]
}
const title = (rows: readonly Row[]) =>
  rows.map(([no, method, path, ok, body]) => [`${no} ${method} ${path}`, method, path, ok, body] as const)

it('has every row of the contract, each once', () => {
  const numbers = [...ROWS, ...RUNS].map(([no]) => no).sort((a, b) => a - b)
  // 94 to 97 are the platform's and tested with it
  expect(numbers).toEqual(Array.from({ length: 93 }, (_, i) => i + 1))
})

describe('every row', () => {
  it.each(title([...ROWS, ...RUNS]))(
    '%s is refused without a caller, and without the scope when it writes',
    async (_name, method, path, _ok, body) => {
      const url = fill(path, ids)
      const own = t.actor
      t.actor = null
      expect(code(await t.call(method, url, body?.(ids)))).toBe('401 UNAUTHORIZED')
      t.actor = testActor(['Viewer'], 'vera')
      if (method !== 'GET') expect(code(await t.call(method, url, body?.(ids)))).toBe('403 FORBIDDEN')
      t.actor = own
    },
  )
  it.each(title(ROWS.filter(([, , path]) => /\{/.test(path))))(
    '%s says what it cannot find',
    async (_name, method, path, _ok, body) => {
      for (const event of ['evt-20250101-none', 'not-an-id']) {
        const answer = await t.call(method, fill(path, { id: event, ran: event, gone: event }), body?.(ids))
        expect(code(answer)).toBe('404 NOT_FOUND')
        expect(answer.body).toMatchObject({
          details: { resource: expect.any(String), id: expect.any(String) },
          correlation_id: expect.any(String),
        })
      }
    },
  )
  it.each(title(ROWS))('%s answers as declared', async (_name, method, path, ok, body) => {
    const url = fill(path, ids)
    const answer = await t.call(method, url, body?.(ids), { 'x-correlation-id': 'corr-row' })
    expect(`${answer.status} ${answer.status === ok ? '' : JSON.stringify(answer.body)}`.trim()).toBe(String(ok))
    expect(answer.headers['x-correlation-id']).toBe('corr-row')
    if (ok === 201) expect(answer.headers['location']).toMatch(/^\/api\//)
    if (ok === 204) expect(answer.body).toBe('')
    const declared = routeOf(method, url)?.replies?.[ok]
    expect(routeOf(method, url)).toBeDefined()
    if (declared instanceof z.ZodType) expect(declared.safeParse(answer.body).error?.issues ?? []).toEqual([])
  })
  it.each(title(RUNS))('%s exists and refuses what is not there', async (_name, method, path, refused, body) => {
    expect((await t.call(method, path, body?.(ids))).status).toBe(refused)
  })
})

it('keeps the body of every refusal in the one shape, without stack traces', async () => {
  const refused = [
    await t.call('POST', '/api/event-briefs', { title: '' }),
    await t.call('GET', '/api/event-briefs/evt-20250101-none'),
    await t.call('POST', full.url('transition'), { target_state: 'Plan' }),
  ]
  const Shape = z.strictObject({
    error: z.string().regex(/^[A-Z_]+$/),
    message: z.string().min(5),
    details: z.record(z.string(), z.unknown()).optional(),
    correlation_id: z.string(),
    missing_artifacts: z.array(z.string()).optional(),
    failed_gates: z.array(z.string()).optional(),
    gate_results: z.array(z.unknown()).optional(),
  })
  for (const { body } of refused) {
    expect(Shape.safeParse(body).error?.issues ?? []).toEqual([])
    expect(JSON.stringify(body)).not.toMatch(/\.ts:\d+/)
  }
})

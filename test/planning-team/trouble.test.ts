import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { follow, startRunOf, startTeam, type Team } from '../../src/planning/runs/_test-team.ts'

let t: Team
beforeAll(async () => {
  t = await startTeam()
}, 60_000)
afterAll(() => t.stopTeam())

const TALKS = {
  title: 'Evening talks',
  date_range_start: '2027-11-15T18:00:00Z',
  date_range_end: '2027-11-15T21:00:00Z',
  audience_size: 20,
  event_type: 'meetup',
  objectives: 'Short talks',
  constraints: 'Budget $500; place downtown',
}
const get = async (id: string, url: string) => (await t.call('GET', `/api/event-briefs/${id}${url}`)).body
const heard = async (session: string): Promise<any[]> =>
  (
    await t.kernel.db.query('select data from kernel.events where stream = $1 order by seq', [`session:${session}`])
  ).rows.map(({ data }) => data)
const messagesOf = async (session: string): Promise<any[]> =>
  (await t.call('GET', `/api/agents/sessions/${session}/messages?limit=200`)).body.messages

async function runWith(injection: object, brief: object = {}) {
  const made = await t.call('POST', '/api/event-briefs', { ...TALKS, ...brief })
  const id = made.body.id
  expect((await t.call('POST', '/api/test/inject-failure', { event_brief_id: id, ...injection })).status).toBe(202)
  const started = await t.call('POST', '/api/agents/orchestrate', { event_brief_id: id, instruction_level: 'Beginner' })
  return { id, session: started.body.session_id as string }
}

it('a failing tool: its fallback answers, and the person is told', async () => {
  const { session } = await runWith({ failure_type: 'tool_failure', tool_name: 'venue_search' })
  expect(await follow(t, session)).toMatchObject({ status: 'completed', partial: false, errors: [] })
  const all = await heard(session)
  expect(all.find(({ type, code }) => type === 'error' && code === 'TOOL_FAILED').message).toContain(
    'venue_search failed',
  )
  const call = all.find(({ type, tool_name }) => type === 'tool_result' && tool_name === 'venue_search')
  expect(call.error).toBeTruthy()
  expect(call.result).toContain('offline catalogue')
}, 60_000)

it('an answer that does not fit: named field by field, repaired once, and the session goes on', async () => {
  const { id, session } = await runWith({ failure_type: 'schema_violation', agent_name: 'logistics-coordinator' })
  expect(await follow(t, session)).toMatchObject({ status: 'completed', partial: false })
  const told = (await heard(session)).find(({ type, code }) => type === 'error' && code === 'OUTPUT_INVALID')
  expect(told.message).toMatch(/Logistics Coordinator Agent .* repaired it: .*LogisticsPlan: workflows/)
  const traces = await t.call('GET', `/api/audit?event_brief_id=${id}&action=validate_artifact`)
  expect(traces.status).toBe(200)
  expect((await get(id, '/logistics-plan')).workflows.length).toBeGreaterThanOrEqual(3)
}, 60_000)

it('an agent that takes too long: the others go on, the gap is named, retry fills it', async () => {
  const { session } = await runWith({ failure_type: 'agent_timeout', agent_name: 'logistics-coordinator' })
  const end = await follow(t, session)
  expect(end.partial || end.status === 'failed').toBe(true)
  expect((await heard(session)).some(({ type, code }) => type === 'error' && code === 'AGENT_TIMEOUT')).toBe(true)
  expect((await t.call('POST', `/api/agents/sessions/${session}/retry`)).status).toBe(202)
  expect(await follow(t, session)).toMatchObject({ status: 'completed', partial: false, errors: [] })
}, 60_000)

it('an agent whose input nobody made: blocked with the exact fields and who owes them, and a retry fills both', async () => {
  const { id, session } = await runWith({ failure_type: 'agent_error', agent_name: 'budget-analyst' })
  const end = await follow(t, session)
  expect(end).toMatchObject({ status: 'failed', lifecycle_state: 'Budget' })
  expect(end.errors[0]).toContain('Budget Analyst Agent failed twice in "baseline"')
  expect(end.errors[1]).toBe(
    'Catering Coordinator Agent cannot begin "proposal": BudgetBaseline is missing (total_budget, category_allocations); it comes from the Budget Analyst Agent',
  )
  const blocked = (await heard(session)).filter(({ type, code }) => type === 'error' && code === 'MISSING_INPUT')
  expect(blocked.map(({ agent_name }) => agent_name)).toEqual(['Catering Coordinator Agent', 'Budget Analyst Agent'])
  const [trace] = await get(id, `/traces?session_id=${session}&status=failure&agent_name=catering-coordinator`)
  expect(trace).toMatchObject({ action: 'validate_artifact' })
  expect((await t.call('POST', `/api/agents/sessions/${session}/retry`)).status).toBe(202)
  expect(await follow(t, session)).toMatchObject({ status: 'completed', partial: false, errors: [] })
}, 60_000)

it('the calendar cannot be written: from Intermediate on a person is asked, and "again" tries again', async () => {
  const { id, session } = await startRunOf(
    t,
    { ...TALKS, title: 'No calendar', audience_size: 60, constraints: 'Budget $9000' },
    { instruction_level: 'Intermediate' },
  )
  fs.mkdirSync(path.join(t.calendars, 'no_calendar.ics'))
  const asks = ({ waiting_on }: any) => waiting_on?.kind === 'question'
  const waiting = await follow(t, session, { approve: true, until: asks })
  const question = (await messagesOf(session)).findLast(({ metadata }) => metadata.question_id)
  expect(question.content).toContain('The calendar is unavailable')
  expect(question.metadata.options).toEqual(['Try again', 'Continue without the calendar entry'])
  fs.rmdirSync(path.join(t.calendars, 'no_calendar.ics'))
  await t.call('POST', `/api/agents/sessions/${session}/questions/${waiting.waiting_on.id}/answer`, {
    answer: 'Try again',
  })
  expect(await follow(t, session, { approve: true })).toMatchObject({ status: 'completed', errors: [] })
  expect(fs.readFileSync(path.join(t.calendars, 'no_calendar.ics'), 'utf8')).toContain('SUMMARY:No calendar')
  expect((await get(id, '')).lifecycle_state).toBe('Confirm')
}, 90_000)

it('a brief that contradicts itself: conflict and resolution with reasons; a person is asked where one may be asked', async () => {
  const brief = {
    ...TALKS,
    title: 'Torn',
    constraints: 'Budget $500; place downtown; no alcohol; open bar',
    objectives: 'Short talks for 35 people. Budget $900',
  }
  const { id, session } = await startRunOf(t, brief, { instruction_level: 'Beginner' })
  await follow(t, session)
  const decisions = await get(id, '/decisions')
  const conflicts = decisions.filter(({ decision_type }: any) => decision_type === 'conflict')
  expect(conflicts.map(({ description }: any) => description).toSorted()).toEqual([
    'Budget: 500 and 900',
    'Drinks: without alcohol, and with it',
    'Guests: 20 and 35',
  ])
  for (const { id: of } of conflicts)
    expect(
      decisions.some(
        ({ decision_type, relates_to }: any) => decision_type === 'conflict_resolution' && relates_to === of,
      ),
    ).toBe(true)
  expect((await heard(session)).filter(({ type }) => type === 'conflict_resolved')).toHaveLength(3)
  const asked = await startRunOf(
    t,
    { ...brief, title: 'Torn, asked' },
    { instruction_level: 'Beginner', interaction_mode: 'collaborative' },
  )
  const waiting = await follow(t, asked.session, { until: ({ waiting_on }) => waiting_on !== null })
  await t.call('POST', `/api/agents/sessions/${asked.session}/questions/${waiting.waiting_on.id}/answer`, {
    answer: 'Budget 900',
  })
  expect(await follow(t, asked.session)).toMatchObject({ status: 'completed' })
  expect((await get(asked.id, '/budget-baseline')).total_budget).toBe(900)
}, 90_000)

it('an impossible budget: no venue fits, ways out are ranked, and nothing goes on without a person', async () => {
  const { id, session } = await startRunOf(
    t,
    {
      ...TALKS,
      title: 'Too little',
      audience_size: 200,
      event_type: 'conference',
      constraints: 'Budget $2000; in the city center',
    },
    { instruction_level: 'Intermediate' },
  )
  const waiting = await follow(t, session, { until: ({ waiting_on }) => waiting_on !== null })
  expect(waiting).toMatchObject({ status: 'in_progress', waiting_on: { kind: 'approval' }, lifecycle_state: 'Budget' })
  const decisions = await get(id, '/decisions')
  const mismatch = decisions.find(({ decision_type }: any) => decision_type === 'budget_mismatch')
  expect(mismatch.alternatives_considered.length).toBeGreaterThanOrEqual(3)
  const cost = await get(id, '/cost-model')
  expect(new Set(cost.mitigation_options.map(({ kind }: any) => kind))).toEqual(
    new Set(['negotiation', 'reallocation', 'scope_reduction']),
  )
  expect(decisions.some(({ decision_type }: any) => decision_type === 'mitigation')).toBe(true)
  expect((await get(id, '')).lifecycle_state).toBe('Budget')
}, 60_000)

it('the limit of iterations ends the session with what exists', async () => {
  const { id, session } = await startRunOf(t, { ...TALKS, title: 'Endless' }, { instruction_level: 'Beginner' })
  await t.kernel.db.query(`update planning.sessions set body = body || '{"max_iterations": 3}' where id = $1`, [
    session,
  ])
  const end = await follow(t, session)
  expect(end.status).toBe('failed')
  expect(end.errors).toEqual([expect.stringMatching(/^ITERATION_LIMIT: the session used its 3 turns/)])
  expect((await heard(session)).some(({ type, code }) => type === 'error' && code === 'ITERATION_LIMIT')).toBe(true)
  expect((await get(id, '/requirements')).must_haves.length).toBeGreaterThan(0)
}, 60_000)

it('delivers the same artifacts for the same brief', async () => {
  const strip = (value: any): any =>
    JSON.parse(
      JSON.stringify(value, (key, inner) =>
        ['created_at', 'updated_at', 'correlation_id', 'date'].includes(key) ? undefined : inner,
      ).replaceAll(/evt-\d{8}-same(-2)?/g, 'E'),
    )
  const plans: any[] = []
  for (let i = 0; i < 2; i++) {
    const { id, session } = await startRunOf(t, { ...TALKS, title: 'Same' }, { instruction_level: 'Beginner' })
    await follow(t, session)
    const types = [
      '/requirements',
      '/timeline',
      '/tasks',
      '/risks',
      '/venue-scorecard',
      '/venue-shortlist',
      '/cost-model',
      '/logistics-plan',
      '/schedule',
      '/contingency-plan',
    ]
    plans.push(strip(await Promise.all(types.map((url) => get(id, url)))))
    plans.push(
      (await t.call('GET', `/api/agents/sessions/${session}/plan`)).body.plan.replaceAll(/evt-\d{8}-same(-2)?/g, 'E'),
    )
  }
  expect(plans[2]).toEqual(plans[0])
  expect(plans[3]).toEqual(plans[1])
}, 90_000)

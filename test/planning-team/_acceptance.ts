// The asserted numbers of the three events (contract 7.2 to 7.4) as tables, for the rules engine and for models alike.
import { expect } from 'vitest'
import type { Team } from '../../src/planning/runs/_test-team.ts'

export const MEETUP = {
  title: 'Developer Meetup Q4 2025',
  date_range_start: '2025-11-15T18:00:00Z',
  date_range_end: '2025-11-15T21:00:00Z',
  audience_size: 20,
  event_type: 'meetup',
  objectives: 'Bring developers of the region together for short AI talks and conversation',
  constraints: 'Budget $500; place downtown; step-free access',
}
export const SUMMIT = {
  title: 'AI Summit 2025',
  date_range_start: '2025-06-01T09:00:00Z',
  date_range_end: '2025-06-03T17:00:00Z',
  audience_size: 200,
  event_type: 'conference',
  objectives: 'Three days of keynotes and workshops on AI in companies',
  constraints: 'Budget $50k; in the city center; parallel tracks; AV equipment on site',
}
export const BUILD = {
  title: 'Build 2026',
  date_range_start: '2026-05-20T08:00:00Z',
  date_range_end: '2026-05-22T18:00:00Z',
  audience_size: 800,
  event_type: 'conference',
  objectives: 'International developer conference: keynotes, breakouts, labs, exhibition',
  constraints: 'Budget $500k; several venues; only 6 months to prepare; on-site and streamed',
}
export const PEOPLE = [
  {
    name: 'Olga',
    role: 'Owner',
    email: 'olga@example.org',
    decision_rights: ['budget_decision', 'venue_selection', 'vendor_contract'],
  },
  {
    name: 'Fin',
    role: 'Finance',
    email: 'fin@example.org',
    decision_rights: ['budget_decision'],
    backup_for: 'olga@example.org',
  },
  { name: 'Omar', role: 'Operations', email: 'omar@example.org', decision_rights: [] },
]

/** What a row looks at: everything of one event and of the session that planned it, as HTTP gives it. */
type Look = { t: Team; id: string; session: string; get(path: string): Promise<any>; brief: any; end: any }
type Row = readonly [what: string, holds: (look: Look) => Promise<void> | void]

const atLeast = (list: unknown[], n: number) => expect(list.length).toBeGreaterThanOrEqual(n)
const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0)
const METRICS = {
  planner: ['timeline_slippage', 'risk_coverage', 'stakeholder_satisfaction'],
  venue: ['shortlist_quality_score', 'budget_fit', 'confirmed_holds'],
  budget: ['budget_variance', 'savings_identified', 'risk_reserve_adequacy'],
  logistics: ['on_time_task_rate', 'incident_resolution_time', 'utilization_balance'],
} as const
const LIMITS: Readonly<Record<string, readonly [op: 'lte' | 'gte', value: number]>> = {
  timeline_slippage: ['lte', 10],
  risk_coverage: ['gte', 90],
  stakeholder_satisfaction: ['gte', 80],
  shortlist_quality_score: ['gte', 0.8],
  budget_fit: ['gte', 95],
  confirmed_holds: ['gte', 2],
  budget_variance: ['lte', 5],
  savings_identified: ['gte', 10],
  risk_reserve_adequacy: ['gte', 90],
  on_time_task_rate: ['gte', 95],
  incident_resolution_time: ['lte', 15],
  utilization_balance: ['gte', 80],
}

type Scale = {
  budget: number
  venueMax: number
  leads: number
  shortlist: number
  tasks: number
  milestones: number
  workflows: number
  sessions: number
  tracks: number
  categories: string[]
}

/** Steps 4a to 4h and what stands beside them, at the scale of an event. */
const common = (scale: Scale): Row[] => [
  [
    'session: completed, no errors, 10 artifacts or more, Requirements first',
    ({ end }) => {
      expect(end).toMatchObject({ status: 'completed', errors: [], partial: false, waiting_on: null })
      atLeast(end.artifacts_generated, 10)
      expect(end.artifacts_generated[0].artifact_type).toBe('Requirements')
    },
  ],
  [
    'agents: all five worked',
    ({ end }) =>
      expect(end.agents.map(({ agent_name }: any) => agent_name)).toEqual(
        expect.arrayContaining([
          'event-planner',
          'venue-researcher',
          'budget-analyst',
          'logistics-coordinator',
          'catering-coordinator',
        ]),
      ),
  ],
  [
    `4b timeline: four flags, ${scale.milestones} milestones or more`,
    async ({ get }) => {
      const timeline = await get('/timeline')
      expect(timeline).toMatchObject({
        has_milestones: true,
        has_dependencies: true,
        has_critical_path: true,
        has_orphan_tasks: false,
      })
      atLeast(timeline.milestones, scale.milestones)
      atLeast(timeline.critical_path, 1)
    },
  ],
  [
    `4c tasks: ${scale.tasks} or more, none conflicting`,
    async ({ get }) => {
      const tasks = await get('/tasks')
      atLeast(tasks, scale.tasks)
      for (const task of tasks) {
        expect(task).toMatchObject({ validation_status: 'valid', dependency_warning: false })
        expect(task.end_date > task.start_date).toBe(true)
        for (const before of task.dependencies)
          expect(tasks.find(({ id }: any) => id === before).end_date <= task.start_date).toBe(true)
      }
    },
  ],
  [
    `4d venues: ${scale.leads} leads, ${scale.shortlist} candidates within ${scale.venueMax}, large enough`,
    async ({ get, brief }) => {
      atLeast(await get('/venue-leads'), scale.leads)
      const shortlist = await get('/venue-shortlist')
      atLeast(shortlist, scale.shortlist)
      for (const { cost_estimate, capacity, venue_role } of shortlist) {
        expect(cost_estimate).toBeLessThanOrEqual(scale.venueMax)
        if (['main', 'backup'].includes(venue_role)) expect(capacity).toBeGreaterThanOrEqual(brief.audience_size)
      }
    },
  ],
  [
    '4e scorecard: weights sum to 1, all scored, selected, with a rationale that names the total',
    async ({ get }) => {
      const card = await get('/venue-scorecard')
      expect(Math.abs(sum(card.criteria_weights.map(({ weight }: any) => weight)) - 1)).toBeLessThanOrEqual(0.001)
      expect(card).toMatchObject({ weights_sum_valid: true, all_candidates_scored: true, rationale_captured: true })
      const chosen = card.candidate_scores.find(({ venue_id }: any) => venue_id === card.selected_venue_id)
      expect(card.selection_rationale).toContain(String(chosen.total))
    },
  ],
  [
    `4f budget: total ${scale.budget}, ${scale.categories.join(', ')}; variance within 5 %`,
    async ({ get }) => {
      const base = await get('/budget-baseline')
      expect(base.total_budget).toBe(scale.budget)
      expect(sum(base.category_allocations.map(({ allocated }: any) => allocated))).toBeCloseTo(scale.budget, 2)
      expect(base.category_allocations.map(({ category }: any) => category).toSorted()).toEqual(
        scale.categories.toSorted(),
      )
      const cost = await get('/cost-model')
      expect([...new Set(cost.line_items.map(({ category }: any) => category))].toSorted()).toEqual(
        scale.categories.toSorted(),
      )
      expect(cost.variance_percent).toBeLessThanOrEqual(5)
      expect(cost.within_variance).toBe(true)
      expect(cost.total_cost).toBeCloseTo(sum(cost.line_items.map(({ total }: any) => total)), 2)
    },
  ],
  [
    `4g logistics: ${scale.workflows} workflows or more, all three flags`,
    async ({ get }) => {
      const plan = await get('/logistics-plan')
      atLeast(plan.workflows, scale.workflows)
      expect(plan).toMatchObject({
        workflows_linked_to_tasks: true,
        contingency_triggers_defined: true,
        owners_assigned: true,
      })
    },
  ],
  [
    `4h programme: ${scale.sessions} sessions or more on ${scale.tracks} track(s), inside the event, without conflicts`,
    async ({ get, brief }) => {
      const schedule = await get('/schedule')
      atLeast(schedule.sessions, scale.sessions)
      expect(schedule.has_resource_conflicts).toBe(false)
      const [from, to] = [brief.date_range_start, brief.date_range_end]
      for (const { start, end } of schedule.sessions) {
        expect(start >= from && end <= to).toBe(true)
        expect(start.slice(11) >= from.slice(11) && end.slice(11) <= to.slice(11)).toBe(true)
      }
      atLeast(
        [...new Set(schedule.sessions.map(({ track }: any) => track).filter(Boolean))],
        scale.tracks > 1 ? scale.tracks : 0,
      )
    },
  ],
  [
    '4h roster: AV, tables, chairs',
    async ({ get }) => {
      const names = (await get('/resource-roster')).resources.map(({ name }: any) => name).join('; ')
      expect(names).toMatch(/AV/)
      expect(names).toMatch(/Tables/)
      expect(names).toMatch(/Chairs/)
    },
  ],
  [
    'venue metrics: budget fit of 95 % or more',
    async ({ t, id }) =>
      expect((await t.call('GET', `/api/metrics/event-briefs/${id}/venue`)).body.budget_fit).toBeGreaterThanOrEqual(95),
  ],
  [
    'all artifacts on the list, each readable and valid, rows and documents',
    async ({ t, get }) => {
      const list = await get('/artifacts')
      const stored = new Map(
        (await t.call('GET', '/api/artifacts/schemas')).body.map((one: any) => [one.artifact_type, one.storage]),
      )
      expect(new Set(list.map(({ artifact_type }: any) => stored.get(artifact_type)))).toEqual(
        new Set(['relational', 'document']),
      )
      for (const { artifact_type, artifact_id, validation_status } of list) {
        expect({ artifact_id, validation_status }).toEqual({ artifact_id, validation_status: 'valid' })
        const one = await t.call('GET', `/api/artifacts/${artifact_type}/${artifact_id}`)
        expect({ artifact_id, status: one.status }).toEqual({ artifact_id, status: 200 })
      }
    },
  ],
  [
    'decisions: every rationale of an agent names a number; all alternatives are there',
    async ({ get }) => {
      for (const one of await get('/decisions?limit=500')) {
        if (!one.agent_name || ['endorsement', 'gate_passed', 'human', 'fallback'].includes(one.decision_type)) continue
        expect({ what: one.description, rationale: one.rationale }).toEqual({
          what: one.description,
          rationale: expect.stringMatching(/\d/),
        })
        atLeast(one.alternatives_considered, 1)
      }
    },
  ],
  [
    'traces: every agent and tool call, none failed',
    async ({ get, session }) => {
      const traces = await get(`/traces?session_id=${session}`)
      expect(new Set(traces.map(({ action }: any) => action))).toEqual(
        new Set(['invoke_agent', 'tool_call', 'handoff', 'synthesize', ...traces.map(({ action }: any) => action)]),
      )
      expect(traces.filter(({ status }: any) => status !== 'success')).toEqual([])
    },
  ],
  [
    'plan: the eight sections',
    async ({ t, session }) => {
      const { status, body } = await t.call('GET', `/api/agents/sessions/${session}/plan`)
      expect(status).toBe(200)
      expect(Object.keys(body.sections)).toEqual([
        'Executive summary',
        'Venue',
        'Budget',
        'Catering',
        'Logistics',
        'Risks and contingencies',
        'Next steps',
        'Invitation text for attendees',
      ])
      expect(body.plan).not.toMatch(/undefined|NaN|\[object|null/)
    },
  ],
]

/** S-01 up to the approval. */
export const S01: readonly Row[] = [
  ...common({
    budget: 500,
    venueMax: 300,
    leads: 5,
    shortlist: 3,
    tasks: 5,
    milestones: 3,
    workflows: 3,
    sessions: 3,
    tracks: 1,
    categories: ['Venue', 'Food', 'Materials'],
  }),
  ['4a state: Confirm', async ({ get }) => expect((await get('')).lifecycle_state).toBe('Confirm')],
  ['4e criteria: three or more', async ({ get }) => atLeast((await get('/venue-scorecard')).criteria_weights, 3)],
  [
    'two basic risks, one contingency scenario',
    async ({ get }) => {
      expect((await get('/risks')).map(({ rating }: any) => rating).toSorted()).toEqual([6, 8])
      atLeast((await get('/contingency-plan')).scenarios, 1)
    },
  ],
  [
    'unspent money is a line Reserve in Materials: cost is the budget',
    async ({ get }) => {
      const cost = await get('/cost-model')
      expect(cost.line_items.find(({ item }: any) => item === 'Reserve')).toMatchObject({
        category: 'Materials',
        is_reserve: true,
      })
      expect(cost.total_cost).toBe(500)
    },
  ],
]

const several = (scale: {
  contracts: number
  risks: number
  criteria: number
  exposure: number
  reserve: number
}): Row[] => [
  [
    'critical path: not empty, slack on each task, longest chain 4 or more',
    async ({ get }) => {
      const tasks = await get('/tasks')
      for (const { slack } of tasks) expect(slack).toBeTypeOf('number')
      const byId = new Map<string, any>(tasks.map((task: any) => [task.id, task]))
      const chain = (id: string): number => 1 + Math.max(0, ...(byId.get(id)?.dependencies ?? []).map(chain))
      expect(Math.max(...tasks.map(({ id }: any) => chain(id)))).toBeGreaterThanOrEqual(4)
      const { critical_path, milestones } = await get('/timeline')
      const known = new Set([...byId.keys(), ...milestones.map(({ id }: any) => id)])
      expect(critical_path.every((id: string) => known.has(id))).toBe(true)
    },
  ],
  [
    `risks: ${scale.risks} or more, all rated 8 or more with mitigations`,
    async ({ get }) => {
      const risks = await get('/risks')
      atLeast(risks, scale.risks)
      for (const { rating, mitigation_strategies } of risks) if (rating >= 8) atLeast(mitigation_strategies, 1)
    },
  ],
  [
    'scorecard: five criteria, ranks dense',
    async ({ get }) => {
      const { criteria_weights, candidate_scores } = await get('/venue-scorecard')
      expect(criteria_weights).toHaveLength(scale.criteria)
      const ranks = [...new Set<number>(candidate_scores.map(({ rank }: any) => rank))].toSorted((a, b) => a - b)
      expect(ranks).toEqual(ranks.map((_, index) => index + 1))
      for (const { scores, total } of candidate_scores)
        expect(total).toBeCloseTo(
          sum(criteria_weights.map(({ criterion, weight }: any) => weight * scores[criterion])),
          3,
        )
    },
  ],
  [
    'availability: two records or more, two confirmed holds or more',
    async ({ get, t, id }) => {
      const records = await get('/venue-availability')
      atLeast(records, 2)
      atLeast(
        records.filter(({ hold_status }: any) => hold_status === 'confirmed'),
        2,
      )
      expect(
        (await t.call('GET', `/api/metrics/event-briefs/${id}/venue`)).body.confirmed_holds,
      ).toBeGreaterThanOrEqual(2)
    },
  ],
  [
    'cost model: categories, savings of 10 %, adequacy of 90 %, variance by category',
    async ({ get }) => {
      const cost = await get('/cost-model')
      const categories = new Set(cost.line_items.map(({ category }: any) => category))
      for (const category of ['Venue', 'Catering', 'AV', 'Marketing']) expect(categories).toContain(category)
      expect(cost.savings.percent).toBeGreaterThanOrEqual(10)
      atLeast(cost.savings.actions, 1)
      expect(cost.reserve).toEqual({ amount: scale.reserve, exposure: scale.exposure, adequacy_percent: 100 })
      expect(new Set(cost.category_variances.map(({ category }: any) => category))).toEqual(categories)
    },
  ],
  [
    'collaboration: one decision with alternatives on vendor contracts; budget adjustments in the change log',
    async ({ get }) => {
      const decisions = await get('/decisions?limit=500')
      const talks = decisions.filter(
        ({ decision_type, description, alternatives_considered }: any) =>
          decision_type === 'conflict' && /contract|vendor/i.test(description) && alternatives_considered.length >= 2,
      )
      atLeast(talks, 1)
      const resolved = decisions.find(
        ({ decision_type, relates_to }: any) => decision_type === 'conflict_resolution' && relates_to === talks[0].id,
      )
      expect(resolved.rationale).toMatch(/\d/)
      atLeast(
        (await get('/changes?limit=500')).filter(({ change_type }: any) => change_type === 'budget_adjustment'),
        1,
      )
    },
  ],
  [
    `contracts: ${scale.contracts} or more, approved by a person, each with a measurable level`,
    async ({ get }) => {
      const contracts = await get('/vendor-contracts')
      atLeast(contracts, scale.contracts)
      for (const { status, sla, cancellation_policy } of contracts) {
        expect(status).toBe('approved')
        for (const { target } of sla) expect(target).toMatch(/\d/)
        expect(cancellation_policy.notice_days).toBeGreaterThan(0)
      }
      const human = (await get('/decisions?decision_type=contract_approval&limit=500')).filter(({ approvals }: any) =>
        approvals.some(({ status }: any) => status === 'approved'),
      )
      expect(human.length).toBe(contracts.length)
    },
  ],
  [
    'contingency: scenario vendor_cancellation',
    async ({ get }) =>
      expect((await get('/contingency-plan')).scenarios.map(({ trigger_key }: any) => trigger_key)).toContain(
        'vendor_cancellation',
      ),
  ],
  [
    'metrics: every group passed, each number within its limit',
    async ({ t, id }) => {
      for (const [group, names] of Object.entries(METRICS)) {
        const { body } = await t.call('GET', `/api/metrics/event-briefs/${id}/${group}`)
        for (const name of names) {
          const [op, value] = LIMITS[name]!
          expect({ name, ...body.thresholds[name] }).toMatchObject({ name, op, value })
          expect({ name, passed: body.passed[name] }).toEqual({ name, passed: true })
          expect(op === 'lte' ? body[name] <= value : body[name] >= value).toBe(true)
        }
        expect({ group, all: body.all_passed }).toEqual({ group, all: true })
      }
    },
  ],
  [
    'human approvals of budget, venue and contracts are in the decision log',
    async ({ get }) => {
      const decisions = await get('/decisions?limit=500')
      for (const type of ['budget_approval', 'venue_selection', 'contract_approval'])
        atLeast(
          decisions.filter(
            ({ decision_type, approvals }: any) =>
              decision_type === type && approvals.some(({ status }: any) => status === 'approved'),
          ),
          1,
        )
    },
  ],
]

const FULL = ['Venue', 'Catering', 'AV', 'Marketing', 'Staff', 'Contingency']

export const S02: readonly Row[] = [
  ...common({
    budget: 50_000,
    venueMax: 25_000,
    leads: 8,
    shortlist: 4,
    tasks: 12,
    milestones: 6,
    workflows: 5,
    sessions: 12,
    tracks: 2,
    categories: FULL,
  }),
  ...several({ contracts: 3, risks: 6, criteria: 5, exposure: 3_600, reserve: 6_000 }),
  ['state: Confirm', async ({ get }) => expect((await get('')).lifecycle_state).toBe('Confirm')],
]

export const S03: readonly Row[] = [
  ...common({
    budget: 500_000,
    venueMax: 250_000,
    leads: 8,
    shortlist: 5,
    tasks: 25,
    milestones: 10,
    workflows: 8,
    sessions: 20,
    tracks: 2,
    categories: FULL,
  }),
  ...several({ contracts: 3, risks: 10, criteria: 5, exposure: 60_000, reserve: 60_000 }),
  [
    'state: Execute, with a run-book',
    async ({ get }) => {
      expect((await get('')).lifecycle_state).toBe('Execute')
      const book = await get('/runbook')
      for (const part of ['workflows', 'vendors', 'contingencies', 'checklist', 'roles_and_contacts'])
        atLeast(book[part], 1)
    },
  ],
  [
    'venues: main, breakout, expo and a backup',
    async ({ get }) =>
      expect(new Set((await get('/venue-shortlist')).map(({ venue_role }: any) => venue_role))).toEqual(
        new Set(['main', 'breakout', 'expo', 'backup']),
      ),
  ],
  [
    'negotiation: terms and concessions; the playbook is on the selected venue',
    async ({ get }) => {
      const notes = await get('/venue-negotiation-notes')
      for (const { terms, concessions } of notes) {
        expect(terms.trim()).not.toBe('')
        atLeast(concessions, 1)
      }
      const { selected_venue_id } = await get('/venue-scorecard')
      const { playbook } = notes.find(({ shortlist_id }: any) => shortlist_id === selected_venue_id)
      expect(playbook.target_price).toBeLessThan(playbook.walk_away_price)
      atLeast(playbook.levers, 1)
      const fallback = (await get('/venue-shortlist')).find(({ id }: any) => id === playbook.fallback_venue_id)
      expect(fallback.venue_role).toBe('backup')
    },
  ],
  [
    'budget: a hedge for each risk of 8 or more, three scenarios, a reserve for vendor cancellation',
    async ({ get }) => {
      const cost = await get('/cost-model')
      const high = (await get('/risks')).filter(({ rating }: any) => rating >= 8).map(({ id }: any) => id)
      expect(new Set(cost.hedges.map(({ risk_id }: any) => risk_id))).toEqual(new Set(high))
      expect(cost.scenarios.map(({ name }: any) => name)).toEqual(['base', 'audience -10 %', 'vendor loss'])
      expect(cost.reserve.amount).toBeGreaterThan(0)
      expect(cost.hedges.map(({ covers }: any) => covers).join()).toMatch(/vendor/)
    },
  ],
  [
    'communications: three audiences or more; the budget path has a backup',
    async ({ get }) => {
      const plan = await get('/communications-plan')
      atLeast([...new Set(plan.communications.map(({ audience }: any) => audience))], 3)
      const path = plan.escalation_paths.find(({ approval_type }: any) => approval_type === 'budget_decision')
      expect(path.backups).toContain('fin@example.org')
    },
  ],
  [
    'logistics: streaming and expo; a scenario for every risk of 8 or more; balance of 80 %',
    async ({ get, t, id }) => {
      expect((await get('/logistics-plan')).workflows.map(({ workflow }: any) => workflow)).toEqual(
        expect.arrayContaining(['streaming', 'expo']),
      )
      const covered = new Set((await get('/contingency-plan')).scenarios.flatMap(({ risk_ids }: any) => risk_ids))
      for (const { id: risk, rating } of await get('/risks')) if (rating >= 8) expect(covered).toContain(risk)
      expect(
        (await t.call('GET', `/api/metrics/event-briefs/${id}/logistics`)).body.utilization_balance,
      ).toBeGreaterThanOrEqual(80)
    },
  ],
  [
    'more than one venue in the programme',
    async ({ get }) => atLeast([...new Set((await get('/schedule')).sessions.map(({ location }: any) => location))], 3),
  ],
]

/** The rows that do not hold, each with what was found; empty when all do. */
export async function failing(
  t: Team,
  rows: readonly Row[],
  { id, session }: { id: string; session: string },
): Promise<string[]> {
  const get = async (path: string) => (await t.call('GET', `/api/event-briefs/${id}${path}`)).body
  const look: Look = {
    t,
    id,
    session,
    get,
    brief: await get(''),
    end: (await t.call('GET', `/api/agents/sessions/${session}`)).body,
  }
  const wrong: string[] = []
  for (const [what, holds] of rows)
    try {
      await holds(look)
    } catch (error) {
      wrong.push(`${what} — ${(error as Error).message.slice(0, 600)}`)
    }
  return wrong
}

import type { FormRefs } from '../../../components/schema-form.tsx'
import { type FormSchema, initialValue } from '../../../components/schema-form-rules.ts'
import type * as T from '../types.ts'
import { TEAM } from './agents.ts'

/** What the rest of the event offers to a form. */
export type Known = {
  brief: T.EventBrief
  people: readonly { name: string; role: string; email?: string | null }[]
  tasks: readonly T.PlanTask[]
  milestones: readonly { id: string; name: string; date: string }[]
  venues: readonly T.Venue[]
  leads: readonly { id: string; venue_name: string }[]
  resources: readonly { id: string; name: string }[]
  sessions: readonly { id: string; title: string }[]
  risks: readonly T.Risk[]
  contracts: readonly T.Contract[]
  changes: readonly T.ChangeEntry[]
  baseline: T.BudgetBaseline | null
  costs: T.CostModel | null
  scorecard: T.Scorecard | null
}
export type FormValue = Record<string, any>

const DAY = 86_400_000
const cents = (value: number) => Math.round(value * 100) / 100
const dayOf = (iso: string, shift = 0) =>
  new Date(Date.parse(iso.slice(0, 10)) + shift * DAY).toISOString().slice(0, 10)

/** The choices behind each `x-ref` word of the schemas. */
export function refsOf(known: Known, type = '', value: FormValue = {}): FormRefs {
  const named = <R extends { id: string }>(rows: readonly R[], label: (row: R) => string) =>
    rows.map((row) => ({ value: row.id, label: label(row) }))
  const tasks = named(known.tasks, ({ title }) => title)
  const milestones =
    type === 'Timeline'
      ? (value.milestones ?? []).flatMap(({ id, name }: FormValue) =>
          name ? [{ value: id || name, label: name }] : [],
        )
      : named(known.milestones, ({ name }) => name)
  return {
    owner: [
      ...known.people.map(({ name, role }) => ({ value: name, label: role })),
      ...TEAM.map(({ id, name }) => ({ value: id, label: name })),
    ],
    task: tasks,
    milestone: milestones,
    step: [...milestones, ...tasks],
    venue: named(known.venues, ({ venue_name }) => venue_name),
    lead: named(known.leads, ({ venue_name }) => venue_name),
    resource: named(known.resources, ({ name }) => name),
    session: named(known.sessions, ({ title }) => title),
    risk: named(known.risks, ({ description }) => description),
    contract: named(known.contracts, ({ vendor_name }) => vendor_name),
    change: named(known.changes, ({ description }) => description),
    category: (known.baseline?.category_allocations ?? []).map(({ category }) => ({
      value: category,
      label: category,
    })),
  }
}

const times = ({ date_range_start: start, date_range_end: end }: T.EventBrief) => ({ start, end })
const WEIGHTS: readonly (readonly [string, number])[] = [
  ['Location', 0.3],
  ['Capacity', 0.3],
  ['Cost', 0.4],
]
const SHARES: readonly (readonly [string, number])[] = [
  ['Venue', 0.6],
  ['Food', 0.3],
  ['Materials', 0.1],
]

/** Sensible beginnings of what is written for the first time, so that nobody faces an empty page. */
const STARTS: Record<string, (known: Known) => FormValue> = {
  Timeline: ({ brief }) => ({
    phases: [
      { name: 'Planning', start: dayOf(brief.date_range_start, -28), end: dayOf(brief.date_range_start, -1) },
      { name: 'Event', start: dayOf(brief.date_range_start), end: dayOf(brief.date_range_end) },
    ],
    milestones: [
      { name: 'Scope approved', date: dayOf(brief.date_range_start, -21), dependencies: [] },
      { name: 'Venue confirmed', date: dayOf(brief.date_range_start, -14), dependencies: ['Scope approved'] },
    ],
  }),
  TaskRegister: ({ brief, people }) => ({
    owner: people[0]?.name ?? '',
    start_date: `${dayOf(brief.date_range_start, -21)}T09:00:00Z`,
    end_date: `${dayOf(brief.date_range_start, -20)}T17:00:00Z`,
  }),
  RiskRegister: ({ people }) => ({ owner: people[0]?.name ?? '', probability: 'low', impact: 'medium' }),
  VenueCriteria: ({ brief }) => ({
    min_capacity: brief.audience_size,
    max_capacity: Math.ceil(brief.audience_size * 1.5),
    budget_range_min: 0,
  }),
  VenueShortlist: ({ brief }) => ({ capacity: brief.audience_size, initial_score: 0.8 }),
  VenueScorecard: ({ venues }) => ({
    criteria_weights: WEIGHTS.map(([criterion, weight]) => ({ criterion, weight })),
    candidate_scores: venues
      .filter(({ status }) => status !== 'cancelled')
      .map(({ id }) => ({ venue_id: id, scores: Object.fromEntries(WEIGHTS.map(([name]) => [name, undefined])) })),
  }),
  VenueAvailability: ({ brief }) => ({ dates: [{ ...times(brief), available: true }] }),
  BudgetBaseline: () => ({
    category_allocations: SHARES.map(([category, percentage]) => ({ category, percentage })),
  }),
  CostModel: ({ baseline }) => ({
    line_items: (baseline?.category_allocations ?? []).map(({ category, allocated }) => ({
      category,
      item: category,
      quantity: 1,
      unit_cost: allocated,
      total: allocated,
    })),
  }),
  BudgetDecision: ({ costs }) => (costs ? { approved_total: costs.total_cost } : {}),
  VendorContracts: ({ brief }) => ({
    terms: { start_date: dayOf(brief.date_range_start), end_date: dayOf(brief.date_range_end) },
    cancellation_policy: { notice_days: 14 },
  }),
  LogisticsPlan: ({ people, tasks }) => ({
    workflows: ['Registration', 'Programme', 'Catering'].map((workflow) => ({
      workflow,
      steps: [],
      owner: people[0]?.name ?? '',
      task_ids: tasks[0] ? [tasks[0].id] : [],
    })),
  }),
  Schedule: ({ brief, people }) => ({
    sessions: [
      { title: 'Opening', ...times(brief), location: 'Main room', owner: people[0]?.name ?? null, resources: [] },
    ],
  }),
  ResourceRoster: ({ brief }) => ({
    resources: [{ type: 'Person', name: '', quantity: 1, availability: [times(brief)], assignments: [] }],
  }),
  ContingencyPlan: ({ people, tasks, risks }) => ({
    scenarios: (risks.filter(({ rating }) => rating >= 8).length > 0
      ? risks.filter(({ rating }) => rating >= 8)
      : [{ id: '', description: 'Venue cancellation' }]
    ).map((risk) => ({
      scenario: risk.description,
      owner: people[0]?.name ?? '',
      task_ids: tasks[0] ? [tasks[0].id] : [],
      risk_ids: risk.id ? [risk.id] : [],
      severity_threshold: 'high',
      target_resolution_minutes: 15,
    })),
  }),
  CommunicationsPlan: ({ people }) => ({
    communications: people.map(({ name, role }) => ({
      audience: role,
      channel: 'E-mail',
      cadence: 'weekly',
      owner: name,
    })),
  }),
}

/** Fields that only agents and programs write. */
const HIDDEN: Record<string, readonly string[]> = {
  Timeline: ['critical_path', 'id'],
  Schedule: ['id'],
  ResourceRoster: ['id'],
  RiskRegister: ['rating'],
  VenueLeads: ['citations'],
  LogisticsPlan: ['resources', 'contingency_scenarios', 'weather', 'calendar_name'],
  StakeholderMap: ['contact_info'],
  ChangeLog: ['impacted_artifacts'],
  DecisionLog: ['impacted_artifacts'],
  CostModel: ['scenarios', 'hedges', 'mitigation_options', 'total'],
  VenueScorecard: ['total'],
  BudgetBaseline: ['percentage'],
}

/** The schema without the fields a person need not write, at any depth of its lists. */
export function formSchema(type: string, schema: FormSchema): FormSchema {
  const hidden = HIDDEN[type] ?? []
  const without = (one: FormSchema): FormSchema => ({
    ...one,
    ...(one.required ? { required: one.required.filter((name) => !hidden.includes(name)) } : {}),
    ...(one.properties
      ? {
          properties: Object.fromEntries(
            Object.entries(one.properties)
              .filter(([name]) => !hidden.includes(name))
              .map(([name, field]) => [name, without(field)]),
          ),
        }
      : {}),
    ...(one.items ? { items: without(one.items) } : {}),
  })
  return without(schema)
}

/** What the form starts with: the stored artifact with all its input fields, else a beginning. */
export function startOf(type: string, schema: FormSchema, known: Known, stored: FormValue | null): FormValue {
  if (!stored) return { ...initialValue(formSchema(type, schema)), ...STARTS[type]?.(known) }
  const computed = type === 'Timeline' && !stored.critical_path_supplied ? ['critical_path'] : []
  return Object.fromEntries(
    Object.keys(schema.properties ?? {}).flatMap((name) =>
      name in stored && !computed.includes(name) ? [[name, stored[name]]] : [],
    ),
  )
}

/** Values that follow from others are worked out, never typed. */
export function derive(type: string, value: FormValue, before: FormValue = {}): FormValue {
  if (type === 'CostModel')
    return {
      ...value,
      line_items: (value.line_items ?? []).map((line: FormValue) => ({
        ...line,
        total: cents((line.quantity ?? 0) * (line.unit_cost ?? 0)),
      })),
    }
  if (type === 'BudgetBaseline') return withShares(value, before)
  if (type === 'VenueScorecard') {
    const names: string[] = (value.criteria_weights ?? []).flatMap(({ criterion }: FormValue) => criterion || [])
    return {
      ...value,
      candidate_scores: (value.candidate_scores ?? []).map(({ total: _total, rank: _rank, ...row }: FormValue) => ({
        ...row,
        scores: Object.fromEntries(names.map((name) => [name, row.scores?.[name]])),
      })),
    }
  }
  return value
}

/** Another total scales the amounts by their shares; another amount moves the shares. */
function withShares(value: FormValue, before: FormValue): FormValue {
  const total = Number(value.total_budget) || 0
  const rows: FormValue[] = value.category_allocations ?? []
  if (total <= 0) return value
  const scaled = value.total_budget !== before.total_budget && rows === before.category_allocations
  const amounts = rows.map(({ percentage, allocated }) =>
    scaled ? cents(total * (percentage ?? 0)) : Number(allocated) || 0,
  )
  const last = amounts.length - 1
  if (scaled && last >= 0 && rows.some(({ percentage }) => percentage))
    amounts[last] = cents((amounts[last] ?? 0) + total - amounts.reduce((sum, one) => sum + one, 0))
  return {
    ...value,
    category_allocations: rows.map((row, i) => ({
      ...row,
      allocated: amounts[i],
      percentage: scaled ? row.percentage : Math.round(((amounts[i] ?? 0) / total) * 1e6) / 1e6,
    })),
  }
}

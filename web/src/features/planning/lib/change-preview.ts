import { plural } from '../../../lib/format.ts'
import type { BudgetBaseline, CostModel, EventBrief, LogisticsPlan, Schedule, Timeline, Venue } from '../types.ts'

export type ChangeInput = {
  audience_size: number
  date_range_start: string
  date_range_end: string
  total_budget: number | null
}
export type Derived = {
  id: string
  label: string
  before: string | number | null
  after: string | number | null
  kind: 'money' | 'number' | 'date' | 'text'
  /** Difference in money, when it costs or saves something. */
  cost?: number
  /** What goes wrong with the new value. */
  problem?: string
}
export type Known = {
  brief: EventBrief
  baseline?: BudgetBaseline | null
  costs?: CostModel | null
  logistics?: LogisticsPlan | null
  schedule?: Schedule | null
  timeline?: Timeline | null
  venue?: Venue | undefined
}

const DAY = 86_400_000
const BANDS = [
  { name: 'small', to: 50, level: 'Beginner', lead: 28 },
  { name: 'mid', to: 300, level: 'Intermediate', lead: 120 },
  { name: 'large', to: Number.POSITIVE_INFINITY, level: 'Advanced', lead: 180 },
]
/** The size band of an audience with its suggested level and planning lead in days (contract 1.3). */
export const bandOf = (people: number) => BANDS.find((band) => people <= band.to) ?? BANDS[2]!
const cents = (value: number) => Math.round(value * 100) / 100
const days = (from: string, to: string) => {
  const day = (at: string) => Math.floor(Date.parse(at) / DAY)
  return Math.max(1, day(to) - day(from) + 1)
}
const date = (ms: number) => new Date(ms).toISOString().slice(0, 10)

/** Every derived value that a change of guests, dates or budget would move: old, new, what it costs, what breaks. */
export function changePreview(known: Known, next: ChangeInput): Derived[] {
  const { brief, baseline, costs, logistics, schedule, timeline, venue } = known
  const out: Derived[] = []
  const add = (row: Derived) => {
    if (row.before !== row.after || row.problem) out.push(row)
  }
  const before = { band: bandOf(brief.audience_size), days: days(brief.date_range_start, brief.date_range_end) }
  const after = { band: bandOf(next.audience_size), days: days(next.date_range_start, next.date_range_end) }
  const budget = { before: baseline?.total_budget ?? null, after: next.total_budget ?? baseline?.total_budget ?? null }
  add({ id: 'audience', label: 'Guests', before: brief.audience_size, after: next.audience_size, kind: 'number' })
  add({
    id: 'start',
    label: 'Starts',
    before: date(Date.parse(brief.date_range_start)),
    after: date(Date.parse(next.date_range_start)),
    kind: 'date',
  })
  add({ id: 'days', label: 'Days', before: before.days, after: after.days, kind: 'number' })
  add({ id: 'band', label: 'Size band', before: before.band.name, after: after.band.name, kind: 'text' })
  add({ id: 'level', label: 'Suggested level', before: before.band.level, after: after.band.level, kind: 'text' })
  add({
    id: 'lead',
    label: 'Planning should begin',
    before: date(Date.parse(brief.date_range_start) - before.band.lead * DAY),
    after: date(Date.parse(next.date_range_start) - after.band.lead * DAY),
    kind: 'date',
  })
  const catering = logistics?.catering
  let cateringDelta = 0
  if (catering) {
    const total = cents(catering.cost_per_person * next.audience_size * after.days)
    const old = cents(catering.cost_per_person * brief.audience_size * before.days)
    cateringDelta = cents(total - old)
    add({ id: 'catering', label: 'Catering', before: old, after: total, kind: 'money', cost: cateringDelta })
  }
  let venueDelta = 0
  if (venue) {
    venueDelta = cents((venue.cost_estimate / before.days) * (after.days - before.days))
    add({
      id: 'venue',
      label: `${venue.venue_name}, hire`,
      before: venue.cost_estimate,
      after: cents(venue.cost_estimate + venueDelta),
      kind: 'money',
      cost: venueDelta,
    })
    if (next.audience_size > venue.capacity)
      add({
        id: 'capacity',
        label: `Places in ${venue.venue_name}`,
        before: venue.capacity,
        after: venue.capacity,
        kind: 'number',
        problem: `${plural(next.audience_size - venue.capacity, 'guest')} too many`,
      })
  }
  for (const share of baseline?.category_allocations ?? []) {
    if (budget.after === null || budget.after === budget.before) break
    add({
      id: `alloc-${share.category}`,
      label: `${share.category}, plan`,
      before: share.allocated,
      after: cents(share.percentage * budget.after),
      kind: 'money',
    })
  }
  if (budget.before !== null && budget.after !== null)
    add({
      id: 'budget',
      label: 'Total budget',
      before: budget.before,
      after: budget.after,
      kind: 'money',
      cost: cents(budget.after - budget.before),
    })
  if (costs && budget.after) {
    const total = cents(costs.total_cost + cateringDelta + venueDelta)
    add({ id: 'cost', label: 'Total cost', before: costs.total_cost, after: total, kind: 'money' })
    const variance = cents(((total - budget.after) / budget.after) * 100)
    const limit = costs.variance_rules.max_variance_percent
    const old = budget.before ? cents(((costs.total_cost - budget.before) / budget.before) * 100) : null
    add({
      id: 'variance',
      label: 'Variance, % of budget',
      before: old,
      after: variance,
      kind: 'number',
      ...(Math.abs(variance) > limit ? { problem: `beyond ${limit} %: the budget gate asks for a person` } : {}),
    })
    add({
      id: 'per-guest',
      label: 'Cost per guest',
      before: cents(costs.total_cost / brief.audience_size),
      after: cents(total / next.audience_size),
      kind: 'money',
    })
  }
  const outside = (schedule?.sessions ?? []).filter(
    (s) =>
      Date.parse(s.start) < Date.parse(next.date_range_start) || Date.parse(s.end) > Date.parse(next.date_range_end),
  )
  if (outside.length > 0)
    add({
      id: 'sessions',
      label: 'Sessions outside the dates',
      before: 0,
      after: outside.length,
      kind: 'number',
      problem: outside
        .slice(0, 3)
        .map((s) => s.title)
        .join(', '),
    })
  const late = (timeline?.milestones ?? []).filter(
    (m) => Date.parse(m.date) > Date.parse(next.date_range_end) + 30 * DAY,
  )
  if (late.length > 0)
    add({
      id: 'milestones',
      label: 'Milestones outside the planning window',
      before: 0,
      after: late.length,
      kind: 'number',
      problem: late.map((m) => m.name).join(', '),
    })
  return out
}

import { dateAt, eventDays, firstDay } from '../agents/calendar-days.ts'
import { allocationsFor } from '../agents/shares.ts'
import { criteriaOf } from '../agents/venue-craft.ts'
import type { Board } from '../artifacts/board.ts'
import { money } from '../formulas/round.ts'
import type { EventBriefPatch } from '../schema.ts'

export type DerivedChange = { artifact_type: string; field: string; from: unknown; to: unknown; why: string }

const DAY_MS = 86_400_000
const shifted = (iso: string, days: number) => dateAt(Date.parse(`${iso.slice(0, 10)}T00:00:00Z`) + days * DAY_MS)

/** What a change of guests, dates or budget would move in the artifacts, before anybody approves it. Nothing is written. */
export function previewChange(board: Board, patch: EventBriefPatch, totalBudget?: number): DerivedChange[] {
  const { artifacts } = board
  const changed = { ...board, brief: { ...board.brief, ...patch } as Board['brief'] }
  const level = board.brief.instruction_level ?? 'Beginner'
  const changes: DerivedChange[] = []
  const add = (artifact_type: string, field: string, from: unknown, to: unknown, why: string) => {
    if (JSON.stringify(from) !== JSON.stringify(to)) changes.push({ artifact_type, field, from, to, why })
  }
  const fresh = totalBudget === undefined ? allocationsFor({ board: changed, level }) : { total: totalBudget }
  if (artifacts.BudgetBaseline) {
    add('BudgetBaseline', 'total_budget', artifacts.BudgetBaseline.total_budget, fresh.total, 'the budget in the brief')
    if (fresh.total !== artifacts.BudgetBaseline.total_budget)
      for (const { category, allocated, percentage } of artifacts.BudgetBaseline.category_allocations)
        add('BudgetBaseline', category, allocated, money(fresh.total * percentage), 'its share of the total')
  }
  if (artifacts.VenueCriteria) {
    const criteria = criteriaOf({ board: changed, level })
    const before = criteriaOf({ board, level })
    for (const field of ['min_capacity', 'max_capacity', 'budget_range_max', 'location_preferences'] as const)
      if (JSON.stringify(before[field]) !== JSON.stringify(criteria[field]))
        add('VenueCriteria', field, artifacts.VenueCriteria[field], criteria[field], 'follows from the brief')
    for (const venue of artifacts.VenueShortlist.filter(({ status }) => status !== 'cancelled')) {
      add(
        'VenueShortlist',
        `${venue.venue_name}: capacity_fit`,
        venue.capacity_fit,
        venue.capacity >= criteria.min_capacity,
        'room for all guests',
      )
      add(
        'VenueShortlist',
        `${venue.venue_name}: budget_fit`,
        venue.budget_fit,
        venue.cost_estimate <= criteria.budget_range_max,
        'within the venue budget',
      )
    }
  }
  const catering = artifacts.LogisticsPlan?.catering
  if (catering) {
    const cost = (of: Board) => money(catering.cost_per_person * of.brief.audience_size * eventDays(of.brief).length)
    add('LogisticsPlan', 'catering.total_cost', catering.total_cost ?? cost(board), cost(changed), 'guests × days')
  }
  const days = Math.round((firstDay(changed.brief) - firstDay(board.brief)) / DAY_MS)
  for (const { name, date } of days === 0 ? [] : (artifacts.Timeline?.milestones ?? []))
    add('Timeline', name, date, shifted(date, days), 'moves with the first event day')
  for (const { title, start, end } of artifacts.Schedule?.sessions ?? [])
    if (start < changed.brief.date_range_start || end > changed.brief.date_range_end)
      add('Schedule', title, `${start} – ${end}`, 'outside the new dates', 'sessions lie within the event')
  return changes
}

import { describe, expect, it } from 'vitest'
import type { BudgetBaseline, CostModel, EventBrief, LogisticsPlan, Venue } from '../types.ts'
import { bandOf, changePreview } from './change-preview.ts'

const brief = {
  audience_size: 200,
  date_range_start: '2025-11-14T09:00:00Z',
  date_range_end: '2025-11-15T18:00:00Z',
} as EventBrief
const known = {
  brief,
  baseline: {
    total_budget: 50_000,
    category_allocations: [{ category: 'Venue', allocated: 25_000, percentage: 0.5 }],
  } as BudgetBaseline,
  costs: {
    total_cost: 50_000,
    variance_rules: { max_variance_percent: 5, require_approval_threshold: 1000 },
  } as CostModel,
  logistics: { catering: { cost_per_person: 30, total_cost: 12_000 } } as LogisticsPlan,
  venue: { venue_name: 'Hall', capacity: 220, cost_estimate: 20_000 } as Venue,
}
const same = {
  audience_size: 200,
  date_range_start: brief.date_range_start,
  date_range_end: brief.date_range_end,
  total_budget: null,
}

describe('the preview of a change', () => {
  it('lists nothing when nothing changes', () => {
    expect(changePreview(known, same)).toEqual([])
  })
  it('carries more guests into catering, total, variance and the venue', () => {
    const rows = Object.fromEntries(changePreview(known, { ...same, audience_size: 301 }).map((row) => [row.id, row]))
    expect(rows.catering).toMatchObject({ before: 12_000, after: 18_060, cost: 6060 })
    expect(rows.cost).toMatchObject({ before: 50_000, after: 56_060 })
    expect(rows.variance?.problem).toMatch(/beyond 5 %/)
    expect(rows.capacity?.problem).toBe('81 guests too many')
    expect(rows.level).toMatchObject({ before: 'Intermediate', after: 'Advanced' })
  })
  it('splits another budget by the shares of the plan', () => {
    const rows = changePreview(known, { ...same, total_budget: 60_000 })
    expect(rows.find((row) => row.id === 'alloc-Venue')).toMatchObject({ before: 25_000, after: 30_000 })
  })
  it('knows the size bands at their edges', () => {
    expect([50, 51, 300, 301].map((n) => bandOf(n).level)).toEqual([
      'Beginner',
      'Intermediate',
      'Intermediate',
      'Advanced',
    ])
  })
})

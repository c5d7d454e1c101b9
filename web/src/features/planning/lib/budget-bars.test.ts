import { expect, it } from 'vitest'
import type { BudgetBaseline, CostModel } from '../types.ts'
import { budgetBars } from './budget-bars.ts'

it('sums the lines of each category beside its plan and keeps unplanned categories', () => {
  const baseline = { category_allocations: [{ category: 'Venue', allocated: 100, percentage: 1 }] } as BudgetBaseline
  const costs = {
    line_items: [
      { category: 'Venue', total: 40.1 },
      { category: 'Venue', total: 50.2, actual_total: 60 },
      { category: 'Staff', total: 5 },
    ],
  } as CostModel
  expect(budgetBars(baseline, costs)).toEqual([
    { id: 'Venue', label: 'Venue', plan: 100, committed: 90.3, actual: 60 },
    { id: 'Staff', label: 'Staff', plan: 0, committed: 5, actual: 0 },
  ])
  expect(budgetBars(baseline, null)[0]).toMatchObject({ committed: 0, actual: 0 })
})

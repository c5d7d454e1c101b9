import type { BarItem } from '../../../viewers/bars-layout.ts'
import type { BudgetBaseline, CostModel } from '../types.ts'

/** Plan, committed (the cost lines) and actual of each category, in the order of the plan; categories only in the costs come last. */
export function budgetBars(baseline: BudgetBaseline, costs: CostModel | null): BarItem[] {
  const lines = costs?.line_items ?? []
  const names = [
    ...new Set([...baseline.category_allocations.map((one) => one.category), ...lines.map((line) => line.category)]),
  ]
  const cents = (value: number) => Math.round(value * 100) / 100
  return names.map((name) => {
    const own = lines.filter((line) => line.category === name)
    return {
      id: name,
      label: name,
      plan: baseline.category_allocations.find((one) => one.category === name)?.allocated ?? 0,
      committed: cents(own.reduce((sum, line) => sum + line.total, 0)),
      actual: cents(own.reduce((sum, line) => sum + (line.actual_total ?? 0), 0)),
    }
  })
}

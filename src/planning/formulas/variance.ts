import { money, round, sumMoney } from './round.ts'

export type CostLine = {
  category: string
  quantity: number
  unit_cost: number
  total: number
  list_unit_cost?: number | null | undefined
  actual_total?: number | null | undefined
  is_reserve?: boolean | undefined
}
export type Variance = {
  total_cost: number
  variance_amount: number
  variance_percent: number
  within_variance: boolean
}
export type CategoryVariance = {
  category: string
  allocated: number
  cost: number
  variance_amount: number
  variance_percent: number | null
}

/** |amount| as percent of the base, 4 decimals; a base of 0 counts as 0 % without and 100 % with a difference. */
const percentOf = (amount: number, base: number): number =>
  base === 0 ? (amount === 0 ? 0 : 100) : round((Math.abs(amount) / base) * 100)

/** Cost against budget: contract 6.2. `variance_percent` is unsigned, `variance_amount` is positive when over. */
export function variance(lines: readonly Pick<CostLine, 'total'>[], totalBudget: number, maxPercent = 5): Variance {
  const total_cost = sumMoney(lines.map(({ total }) => total))
  const variance_amount = money(total_cost - totalBudget)
  const variance_percent = percentOf(variance_amount, totalBudget)
  return { total_cost, variance_amount, variance_percent, within_variance: variance_percent <= maxPercent }
}

/** Each category of the baseline, and each that only the lines know, against its allocation; in order of first mention. */
export function categoryVariances(
  lines: readonly Pick<CostLine, 'category' | 'total'>[],
  allocations: readonly { category: string; allocated: number }[],
): CategoryVariance[] {
  const names = [...new Set([...allocations.map(({ category }) => category), ...lines.map(({ category }) => category)])]
  return names.map((category) => {
    const allocated = allocations.find((allocation) => allocation.category === category)?.allocated ?? 0
    const cost = sumMoney(lines.filter((line) => line.category === category).map(({ total }) => total))
    const variance_amount = money(cost - allocated)
    return {
      category,
      allocated,
      cost,
      variance_amount,
      variance_percent: allocated === 0 ? null : percentOf(variance_amount, allocated),
    }
  })
}

/** From Execute on: what was really paid against what was approved; lines without an actual count their planned total. Null without actuals. */
export function actualVariance(
  lines: readonly Pick<CostLine, 'total' | 'actual_total'>[],
  approvedTotal: number,
): number | null {
  if (!lines.some(({ actual_total }) => actual_total != null)) return null
  return percentOf(money(sumMoney(lines.map((line) => line.actual_total ?? line.total)) - approvedTotal), approvedTotal)
}

/** Over budget: cost above the budget by more than a cent, or more approved than budgeted. */
export const isOverBudget = (varianceAmount: number, approvedTotal: number | undefined, totalBudget: number): boolean =>
  varianceAmount > 0.01 || (approvedTotal !== undefined && money(approvedTotal - totalBudget) > 0)

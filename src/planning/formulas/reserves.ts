import type { RiskLevel } from './risk.ts'
import { money, round, sumMoney } from './round.ts'
import type { CostLine } from './variance.ts'

/** Chance of a risk coming true and what it then costs, as a share of the total budget. Constants of contract 6.6. */
export const PROBABILITY_WEIGHT: Readonly<Record<RiskLevel, number>> = {
  very_low: 0.05,
  low: 0.2,
  medium: 0.4,
  high: 0.6,
  very_high: 0.8,
}
export const IMPACT_SHARE: Readonly<Record<RiskLevel, number>> = {
  very_low: 0.01,
  low: 0.02,
  medium: 0.04,
  high: 0.08,
  very_high: 0.16,
}

export type PricedRisk = {
  probability: RiskLevel
  impact: RiskLevel
  status: string
  cost_impact?: number | null | undefined
}

const RESERVE_CATEGORIES = new Set(['contingency', 'reserve'])
const COUNTED = new Set(['open', 'mitigated', 'accepted'])

/** A reserve line: marked so, or of a category that is one. */
export const isReserve = (line: Pick<CostLine, 'category' | 'is_reserve'>): boolean =>
  line.is_reserve ?? RESERVE_CATEGORIES.has(line.category.toLowerCase())

/** Expected monetary value of the risks that may still happen (PMBOK's EMV). */
export const exposure = (risks: readonly PricedRisk[], totalBudget: number): number =>
  money(
    risks
      .filter(({ status }) => COUNTED.has(status))
      .reduce(
        (sum, risk) =>
          sum + PROBABILITY_WEIGHT[risk.probability] * (risk.cost_impact ?? IMPACT_SHARE[risk.impact] * totalBudget),
        0,
      ),
  )

/** Sum of the reserve lines. */
export const reserveOf = (lines: readonly Pick<CostLine, 'category' | 'is_reserve' | 'total'>[]): number =>
  sumMoney(lines.filter(isReserve).map(({ total }) => total))

/** How far the reserve covers the exposure, in percent, at most 100; null without any risk. */
export function reserveAdequacy(reserve: number, exposed: number, riskCount: number): number | null {
  if (riskCount === 0) return null
  return exposed === 0 ? 100 : round(Math.min(100, (reserve / exposed) * 100))
}

import { round } from './round.ts'

export const RISK_LEVELS = ['very_low', 'low', 'medium', 'high', 'very_high'] as const
export type RiskLevel = (typeof RISK_LEVELS)[number]
export type RiskBand = 'low' | 'medium' | 'high' | 'critical'

export const HIGH_RATING = 8
export const BLOCKING_RATING = 15

/** 1 to 5. */
export const levelNumber = (level: RiskLevel): number => RISK_LEVELS.indexOf(level) + 1

/** Probability times impact, 1–25 (risk matrix, contract 6.4). */
export const riskRating = (probability: RiskLevel, impact: RiskLevel): number =>
  levelNumber(probability) * levelNumber(impact)

export function riskBand(rating: number): RiskBand {
  if (rating >= BLOCKING_RATING) return 'critical'
  if (rating >= HIGH_RATING) return 'high'
  return rating >= 5 ? 'medium' : 'low'
}

export type CoveredRisk = {
  id: string
  rating: number
  owner?: string | null
  mitigation_strategies: readonly string[]
}

/**
 * Share of the risks rated 8 or more that have an owner and a mitigation, and at the Advanced level a contingency scenario; 100 when
 * none is rated so high, null without risks.
 */
export function riskCoverage(risks: readonly CoveredRisk[], scenarioRiskIds?: ReadonlySet<string>): number | null {
  if (risks.length === 0) return null
  const high = risks.filter(({ rating }) => rating >= HIGH_RATING)
  if (high.length === 0) return 100
  const covered = high.filter(
    ({ id, owner, mitigation_strategies }) =>
      Boolean(owner?.trim()) && mitigation_strategies.length > 0 && (!scenarioRiskIds || scenarioRiskIds.has(id)),
  )
  return round((covered.length / high.length) * 100)
}

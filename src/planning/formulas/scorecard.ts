import { round } from './round.ts'

export type Weight = { criterion: string; weight: number }
export type Candidate = { venue_id: string; scores: Readonly<Record<string, number>> }
export type Scored<C extends Candidate = Candidate> = C & { total: number | null; rank: number | null }
export type TieBreaker = { cost_estimate?: number }

const SUM_TOLERANCE = 0.001

/** Whether the weights sum to 1 within 0.001. */
export const weightsSumValid = (weights: readonly Weight[]): boolean =>
  round(Math.abs(weights.reduce((sum, { weight }) => sum + weight, 0) - 1), 6) <= SUM_TOLERANCE

/** Weighted sum over all criteria, to 4 decimals; null when a criterion has no score. */
export function totalScore(weights: readonly Weight[], scores: Readonly<Record<string, number>>): number | null {
  if (weights.some(({ criterion }) => scores[criterion] === undefined)) return null
  return round(weights.reduce((sum, { criterion, weight }) => sum + weight * scores[criterion]!, 0))
}

const accessibility = (scores: Readonly<Record<string, number>>): number =>
  Object.entries(scores).find(([name]) => name.toLowerCase() === 'accessibility')?.[1] ?? 0

/**
 * Simple additive weighting. Ranks are dense from 1 by total descending; equal totals by accessibility score, lower cost, id, so
 * no two share a rank. Contract 6.1.
 */
export function scoreCandidates<C extends Candidate>(
  weights: readonly Weight[],
  candidates: readonly C[],
  venues: ReadonlyMap<string, TieBreaker> = new Map(),
): Scored<C>[] {
  const scored = candidates.map((candidate) => ({ ...candidate, total: totalScore(weights, candidate.scores) }))
  const cost = (id: string) => venues.get(id)?.cost_estimate ?? Number.POSITIVE_INFINITY
  const compareCost = (a: number, b: number) => (a === b ? 0 : a - b)
  const ranked = scored
    .filter(({ total }) => total !== null)
    .sort(
      (a, b) =>
        b.total! - a.total! ||
        accessibility(b.scores) - accessibility(a.scores) ||
        compareCost(cost(a.venue_id), cost(b.venue_id)) ||
        (a.venue_id < b.venue_id ? -1 : 1),
    )
  const rank = new Map(ranked.map(({ venue_id }, index) => [venue_id, index + 1]))
  return scored.map((candidate) => ({ ...candidate, rank: rank.get(candidate.venue_id) ?? null }))
}

/** Mean of the three best totals (of all if fewer), 0–1; null without totals. */
export function shortlistQuality(totals: readonly (number | null)[]): number | null {
  const best = totals
    .filter((total) => total !== null)
    .sort((a, b) => b - a)
    .slice(0, 3)
  return best.length === 0 ? null : round(best.reduce((sum, total) => sum + total, 0) / best.length)
}

/** Share of entries, cancelled ones left out, that cost at most the range's upper end, in percent; null without entries. */
export function budgetFit(
  entries: readonly { cost_estimate: number; status?: string }[],
  budgetRangeMax: number,
): number | null {
  const open = entries.filter(({ status }) => status !== 'cancelled')
  if (open.length === 0) return null
  return round((open.filter(({ cost_estimate }) => cost_estimate <= budgetRangeMax).length / open.length) * 100)
}

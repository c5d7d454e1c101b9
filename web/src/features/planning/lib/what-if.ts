import type { Scorecard, Venue } from '../types.ts'

export type Weights = Record<string, number>
export type Ranked = {
  venue: Venue
  total: number
  rank: number
  /** Rank under the saved weights; undefined when it is not scored. */
  savedRank: number | undefined
  parts: { criterion: string; score: number; value: number }[]
}

/** The saved weights of a scorecard by criterion. */
export const weightsOf = (card: Scorecard): Weights =>
  Object.fromEntries(card.criteria_weights.map((one) => [one.criterion, one.weight]))

/** One weight set to `value` (0–1); the others share the rest in their proportions, evenly when all are 0. Sums to 1. */
export function shiftWeight(weights: Weights, criterion: string, value: number): Weights {
  const to = Math.max(0, Math.min(1, value))
  const others = Object.keys(weights).filter((name) => name !== criterion)
  if (others.length === 0) return { [criterion]: 1 }
  const sum = others.reduce((total, name) => total + (weights[name] ?? 0), 0)
  const share = (name: string) => (sum > 0 ? (weights[name] ?? 0) / sum : 1 / others.length)
  return Object.fromEntries(
    Object.keys(weights).map((name) => [name, name === criterion ? to : (1 - to) * share(name)]),
  )
}

/** Candidates by total under the given weights, highest first, ties by lower cost and then id. */
export function rankVenues(card: Scorecard, venues: readonly Venue[], weights: Weights): Ranked[] {
  const byId = new Map(venues.map((venue) => [venue.id, venue]))
  const rows = card.candidate_scores.flatMap((candidate) => {
    const venue = byId.get(candidate.venue_id)
    if (!venue) return []
    const parts = Object.keys(weights).map((criterion) => {
      const score = candidate.scores[criterion] ?? 0
      return { criterion, score, value: score * (weights[criterion] ?? 0) }
    })
    return [{ venue, parts, savedRank: candidate.rank, total: parts.reduce((sum, part) => sum + part.value, 0) }]
  })
  rows.sort(
    (a, b) => b.total - a.total || a.venue.cost_estimate - b.venue.cost_estimate || (a.venue.id < b.venue.id ? -1 : 1),
  )
  return rows.map((row, i) => ({ ...row, rank: i + 1 }))
}

/** Weights to three decimals that still sum to 1, as the service wants them. */
export function roundWeights(weights: Weights): { criterion: string; weight: number }[] {
  const rows = Object.entries(weights).map(([criterion, weight]) => ({
    criterion,
    weight: Math.round(weight * 1000) / 1000,
  }))
  const off = 1 - rows.reduce((sum, row) => sum + row.weight, 0)
  const largest = rows.reduce(
    (best, row) => (row.weight > best.weight ? row : best),
    rows[0] ?? { criterion: '', weight: 0 },
  )
  largest.weight = Math.round((largest.weight + off) * 1000) / 1000
  return rows
}

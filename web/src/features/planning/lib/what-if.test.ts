import { expect, it } from 'vitest'
import type { Scorecard, Venue } from '../types.ts'
import { rankVenues, roundWeights, shiftWeight } from './what-if.ts'

const venue = (id: string, cost: number) => ({ id, venue_name: id, cost_estimate: cost }) as Venue
const card = {
  criteria_weights: [
    { criterion: 'cost', weight: 0.5 },
    { criterion: 'place', weight: 0.5 },
  ],
  candidate_scores: [
    { venue_id: 'a', scores: { cost: 1, place: 0 }, total: 0.5, rank: 2 },
    { venue_id: 'b', scores: { cost: 0.2, place: 1 }, total: 0.6, rank: 1 },
  ],
} as unknown as Scorecard

it('gives what one weight takes to the others in proportion', () => {
  const next = shiftWeight({ cost: 0.5, place: 0.3, food: 0.2 }, 'cost', 0.75)
  expect(next.place).toBeCloseTo(0.15)
  expect(next.food).toBeCloseTo(0.1)
})
it('shares evenly when all other weights are nothing', () => {
  expect(shiftWeight({ cost: 1, place: 0, food: 0 }, 'cost', 0.5)).toEqual({ cost: 0.5, place: 0.25, food: 0.25 })
})
it('ranks again under other weights and remembers the saved rank', () => {
  const ranked = rankVenues(card, [venue('a', 10), venue('b', 20)], { cost: 0.9, place: 0.1 })
  expect(ranked.map((row) => [row.venue.id, row.rank, row.savedRank])).toEqual([
    ['a', 1, 2],
    ['b', 2, 1],
  ])
})
it('breaks ties by the lower cost', () => {
  const tied = rankVenues(card, [venue('a', 30), venue('b', 20)], {
    cost: 0.5555555555555556,
    place: 0.4444444444444444,
  })
  expect(tied[0]?.venue.id).toBe('b')
})
it('rounds to weights that sum to one', () => {
  const sum = roundWeights({ a: 1 / 3, b: 1 / 3, c: 1 / 3 }).reduce((total, row) => total + row.weight, 0)
  expect(sum).toBeCloseTo(1, 10)
})

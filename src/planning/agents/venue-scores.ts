import { round } from '../formulas/round.ts'
import type { InstructionLevel } from '../schema.ts'

type Venue = {
  location: string
  capacity: number
  cost: number
  amenities: readonly string[]
  accessibility: readonly string[]
}
type Wanted = {
  audience: number
  places: readonly string[]
  range_max: number
  amenities: readonly string[]
  accessibility: readonly string[]
}

export const WEIGHTS: Readonly<Record<'Beginner' | 'more', { criterion: string; weight: number }[]>> = {
  Beginner: [
    { criterion: 'Location', weight: 0.3 },
    { criterion: 'Capacity', weight: 0.3 },
    { criterion: 'Cost', weight: 0.4 },
  ],
  more: [
    { criterion: 'Location', weight: 0.25 },
    { criterion: 'Capacity', weight: 0.2 },
    { criterion: 'AV', weight: 0.15 },
    { criterion: 'Cost', weight: 0.25 },
    { criterion: 'Accessibility', weight: 0.15 },
  ],
}
export const weightsOf = (level: InstructionLevel) => (level === 'Beginner' ? WEIGHTS.Beginner : WEIGHTS.more)

const has = (list: readonly string[], wanted: string) => list.some((one) => one.toLowerCase() === wanted.toLowerCase())
const shareMet = (wanted: readonly string[], met: (one: string) => boolean): number =>
  wanted.length === 0 ? 1 : round(wanted.filter(met).length / wanted.length)

const IDEAL = { from: 0.6, to: 0.95 }
const LIMIT = { low: 0.4, high: 1 }

/** 1 while the room is well filled, falling to 0.5 at the limits. */
export function capacityScore(audience: number, capacity: number): number {
  const fill = audience / capacity
  if (fill >= IDEAL.from && fill <= IDEAL.to) return 1
  const [edge, limit] = fill > IDEAL.to ? [IDEAL.to, LIMIT.high] : [IDEAL.from, LIMIT.low]
  return round(Math.max(0.5, 1 - 0.5 * ((fill - edge) / (limit - edge))))
}

/** Scores 0–1 per criterion (contract 4.9). */
export function scoresOf(level: InstructionLevel, venue: Venue, wanted: Wanted): Record<string, number> {
  const all: Record<string, number> = {
    Location: shareMet(wanted.places, (place) => venue.location.toLowerCase().includes(place.toLowerCase())),
    Capacity: capacityScore(wanted.audience, venue.capacity),
    AV: shareMet(wanted.amenities, (one) => has(venue.amenities, one)),
    Cost: round(Math.max(0, 1 - 0.5 * (wanted.range_max === 0 ? 0 : Math.min(2, venue.cost / wanted.range_max)))),
    Accessibility: shareMet(wanted.accessibility, (one) => has(venue.accessibility, one)),
  }
  return Object.fromEntries(weightsOf(level).map(({ criterion }) => [criterion, all[criterion]!]))
}

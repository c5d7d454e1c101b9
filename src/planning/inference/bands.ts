import type { InstructionLevel } from '../schema.ts'

export type Band = 'small' | 'mid' | 'large'
type BandRow = { band: Band; upTo: number; level: InstructionLevel; leadDays: number }

const BANDS: readonly BandRow[] = [
  { band: 'small', upTo: 50, level: 'Beginner', leadDays: 28 },
  { band: 'mid', upTo: 300, level: 'Intermediate', leadDays: 120 },
  { band: 'large', upTo: Number.POSITIVE_INFINITY, level: 'Advanced', leadDays: 180 },
]

/** Size band with its suggested level and planning lead (contract 1.3). */
export const bandOf = (audience: number): BandRow => BANDS.find(({ upTo }) => audience <= upTo)!

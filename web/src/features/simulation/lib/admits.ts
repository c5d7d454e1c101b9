import { LEVELS, type Level } from '../../../components/level-slider.tsx'
import type { SimType } from '../types.ts'

/** What a level shows: itself, everything rarer, and incidents of the machinery always. */
export function admits(level: Level, type: SimType): boolean {
  return type === 'SYSTEM' || LEVELS.indexOf(type) <= LEVELS.indexOf(level)
}

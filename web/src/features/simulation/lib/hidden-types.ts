import { LEVELS, type Level } from '../../../components/level-slider.tsx'
import { SIM_TYPES, type SimType } from '../types.ts'
import { admits } from './admits.ts'

/** Types left out, as the address names them; unknown words are ignored. */
export const hiddenTypes = (text: string | undefined): Set<string> =>
  new Set((text ?? '').split(',').filter((word) => (SIM_TYPES as readonly string[]).includes(word)))

/** Types a question for events names; undefined when all are wanted, an empty list when none is left. */
export function typesShown(level: Level, hide: string | undefined): SimType[] | undefined {
  const hidden = hiddenTypes(hide)
  const shown = SIM_TYPES.filter((type) => admits(level, type) && !hidden.has(type))
  return level === LEVELS.at(-1) && hidden.size === 0 ? undefined : shown
}

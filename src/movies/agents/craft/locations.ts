import { readPlace } from '../../studio/read/place.ts'
import { hashIndex } from './prose.ts'

const TIMES = ['DAWN', 'DAY', 'DUSK', 'NIGHT', 'DAY', 'NIGHT', 'MORNING'] as const
const MOODS: Readonly<Record<(typeof TIMES)[number], string>> = {
  DAWN: 'thin first light from one side',
  MORNING: 'clear morning light, long soft shadows',
  DAY: 'even daylight with open shadows',
  DUSK: 'last orange light against blue',
  NIGHT: 'night with one practical lamp',
}

/** A place that says its own time keeps it: an old pier at dawn is never seen at noon. */
const SAID: readonly (readonly [RegExp, (typeof TIMES)[number]])[] = [
  [/\b(dawn|daybreak|sunrise|first light)\b/i, 'DAWN'],
  [/\bmorning\b/i, 'MORNING'],
  [/\b(dusk|sunset|twilight|nightfall)\b/i, 'DUSK'],
  [/\b(night|midnight|after dark|moonlit|moonlight)\b/i, 'NIGHT'],
  [/\b(noon|midday|afternoon|daylight|by day|at day)\b| - day$/i, 'DAY'],
]

/**
 * Time of day of a scene: the one its place tells (`told`: name and description); else it moves on through the film and ends
 * in another light than it began.
 */
export const timeOfDay = (sceneNumber: number, title: string, told = '') =>
  SAID.find(([rule]) => rule.test(told))?.[1] ??
  TIMES[(sceneNumber - 1 + hashIndex(TIMES.length, title)) % TIMES.length]!

export const lightMood = (sceneNumber: number, title: string, told = '') => MOODS[timeOfDay(sceneNumber, title, told)]

/** `INT. RELAY STATION - NIGHT`. */
export const slugline = (place: string, sceneNumber: number, title: string, description = '') =>
  `${isOutside(place, description) ? 'EXT.' : 'INT.'} ${place.toUpperCase()} - ${timeOfDay(sceneNumber, title, `${place}. ${description}`)}`

/** Under the open sky, as the drawn frames see it too. */
export const isOutside = (place: string, description = '') => !readPlace(place, description).interior

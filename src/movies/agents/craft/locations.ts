import { hashIndex } from './prose.ts'

const OUTSIDE =
  /street|road|forest|field|roof|garden|park|beach|desert|harbou?r|mountain|river|sea|lake|bridge|yard|square|market|valley|hill|coast|pass|plain|orbit|sky/i

const TIMES = ['DAWN', 'DAY', 'DUSK', 'NIGHT', 'DAY', 'NIGHT', 'MORNING'] as const
const MOODS: Readonly<Record<(typeof TIMES)[number], string>> = {
  DAWN: 'thin first light from one side',
  MORNING: 'clear morning light, long soft shadows',
  DAY: 'even daylight with open shadows',
  DUSK: 'last orange light against blue',
  NIGHT: 'night with one practical lamp',
}

/** Time of day of a scene: it moves on through the film and ends in another light than it began. */
export const timeOfDay = (sceneNumber: number, title: string) =>
  TIMES[(sceneNumber - 1 + hashIndex(TIMES.length, title)) % TIMES.length]!

export const lightMood = (sceneNumber: number, title: string) => MOODS[timeOfDay(sceneNumber, title)]

/** `INT. RELAY STATION - NIGHT`. */
export const slugline = (place: string, sceneNumber: number, title: string) =>
  `${OUTSIDE.test(place) ? 'EXT.' : 'INT.'} ${place.toUpperCase()} - ${timeOfDay(sceneNumber, title)}`

export const isOutside = (place: string) => OUTSIDE.test(place)

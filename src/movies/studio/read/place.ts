/**
 * What a location's words say about the place: which kind of backdrop, inside or outside, which time and weather. The
 * screenplay's headings, the storyboard and the ambience all ask here, so that they never disagree.
 */
export const OUTSIDE_KINDS = [
  'lighthouse',
  'harbour',
  'sea',
  'coast',
  'forest',
  'mountain',
  'desert',
  'snowfield',
  'rooftop',
  'platform',
  'street',
  'road',
  'village',
  'castle',
  'ruins',
  'graveyard',
  'garden',
  'field',
  'space',
  'landscape',
] as const
export const INSIDE_KINDS = [
  'lantern_room',
  'control_room',
  'laboratory',
  'spaceship',
  'kitchen',
  'bedroom',
  'bar',
  'corridor',
  'stairs',
  'cave',
  'church',
  'warehouse',
  'library',
  'hospital',
  'classroom',
  'stage',
  'prison',
  'vehicle',
  'office',
  'living_room',
  'room',
] as const
export type OutsideKind = (typeof OUTSIDE_KINDS)[number]
export type InsideKind = (typeof INSIDE_KINDS)[number]
export type PlaceKind = OutsideKind | InsideKind
export type Place = { kind: PlaceKind; interior: boolean }

const wordsOf = (list: string) => new RegExp(`\\b(?:${list.replaceAll(' | ', '|')})`, 'i')

/** First match wins: special places stand before the general ones whose words they share. */
const INSIDE_WORDS: [InsideKind, RegExp][] = [
  ['lantern_room', wordsOf('lantern room | lamp room | light room | gallery of the light')],
  ['corridor', wordsOf('corridor | hallway | passage | hall\\b | lobby | foyer')],
  ['stairs', wordsOf('stair | tower | steps')],
  ['spaceship', wordsOf('spaceship | starship | cockpit | airlock | space station | capsule | flight deck')],
  [
    'control_room',
    wordsOf(
      'control | radio | operator | server | observatory | bridge of | command | signal box | bunker | newsroom | station',
    ),
  ],
  ['laboratory', wordsOf('lab\\b | laborator | workshop | forge | studio of')],
  ['kitchen', wordsOf('kitchen | bakery | galley')],
  ['bedroom', wordsOf('bedroom | dormitor | hotel room | motel | nursery')],
  [
    'bar',
    wordsOf(
      'bar\\b | caf[eé] | restaurant | diner | tavern | pub\\b | inn\\b | saloon | club | shop | store\\b | bistro',
    ),
  ],
  ['cave', wordsOf('cave | tunnel | mine\\b | sewer | catacomb | grotto | crypt | underground')],
  ['church', wordsOf('church | temple | cathedral | chapel | monastery | mosque | shrine | throne')],
  ['warehouse', wordsOf('warehouse | hangar | factory | garage | depot | barn | boathouse | shed | hold\\b')],
  ['library', wordsOf('library | archive | study\\b | bookshop | museum')],
  ['hospital', wordsOf('hospital | ward\\b | clinic | infirmary | morgue')],
  ['classroom', wordsOf('classroom | school | lecture | court\\b | courtroom | auditorium')],
  ['stage', wordsOf('stage | theat(?:er|re) | opera | arena | circus | cinema')],
  ['prison', wordsOf('prison | cell\\b | jail | dungeon | cage')],
  [
    'vehicle',
    wordsOf('car\\b | bus\\b | taxi | train\\b | cabin | carriage | truck | van\\b | submarine | plane | helicopter'),
  ],
  ['office', wordsOf('office | desk | bureau | headquarters | meeting | boardroom | bank')],
  [
    'living_room',
    wordsOf(
      'living | lounge | parlou?r | apartment | flat\\b | house | home | cottage | keeper | attic | cellar | basement',
    ),
  ],
  ['room', wordsOf('room | chamber | interior | inside | indoors')],
]
const OUTSIDE_WORDS: [OutsideKind, RegExp][] = [
  ['lighthouse', wordsOf('lighthouse | beacon')],
  ['harbour', wordsOf('harbou?r | dock | pier | port\\b | quay | jetty | marina | wharf')],
  ['sea', wordsOf('open sea | ocean | at sea | boat | ship\\b | raft | deck | sea\\b | lake')],
  ['coast', wordsOf('coast | beach | shore | cliff | bay\\b | cove | island | dune | reef | headland')],
  ['forest', wordsOf('forest | wood(?:s|land)?\\b | jungle | grove | tree')],
  ['mountain', wordsOf('mountain | peak | summit | canyon | ridge | valley | hill | pass\\b | volcano')],
  ['desert', wordsOf('desert | dune | wasteland | mars | salt flat | badlands')],
  ['snowfield', wordsOf('snow | arctic | antarctic | glacier | ice\\b | tundra | polar')],
  ['rooftop', wordsOf('roof | balcony | terrace')],
  ['platform', wordsOf('platform | railway | train station | bus station | stop\\b | airport | runway')],
  [
    'street',
    wordsOf(
      'street | city | alley | market | square | town | plaza | avenue | downtown | district | crossing | bridge',
    ),
  ],
  ['road', wordsOf('road | highway | lane | track\\b | crossroads | border')],
  ['village', wordsOf('village | hamlet | settlement | camp\\b | farmhouse | cottage | house | yard')],
  ['castle', wordsOf('castle | fortress | palace | tower | citadel | keep\\b | gate\\b')],
  ['ruins', wordsOf('ruin | abandoned | battlefield | remains | rubble')],
  ['graveyard', wordsOf('graveyard | cemetery | grave')],
  ['garden', wordsOf('garden | park\\b | courtyard | orchard | vineyard | campus | playground')],
  ['field', wordsOf('field | meadow | farm | plain | prairie | countryside | river | swamp | marsh')],
  ['space', wordsOf('space | orbit | planet | moon | asteroid | galaxy | void | stars')],
]

const ALWAYS_INSIDE: ReadonlySet<InsideKind> = new Set([
  'lantern_room',
  'spaceship',
  'control_room',
  'corridor',
  'kitchen',
  'bedroom',
])
const INSIDE = /^\s*int\b\.?|\b(?:inside|interior|indoors)\b/i
const OUTSIDE = /^\s*(?:ext\b\.?|est\b\.?)|\b(?:outside|exterior|outdoors|open air)\b/i

const find = <K>(table: [K, RegExp][], text: string): { kind: K; at: number } | undefined => {
  for (const [kind, rule] of table) {
    const match = rule.exec(text)
    if (match) return { kind, at: match.index }
  }
  return undefined
}

/** Reads a location; `hint` is further text (the scene's visual hook, the frame's description) for silent ones. */
export function readPlace(location: string, hint = ''): Place {
  const [saidInside, saidOutside] = [INSIDE.test(location), OUTSIDE.test(location)]
  const inside = find(INSIDE_WORDS, location)
  const outside = find(OUTSIDE_WORDS, location)
  if (saidInside && !saidOutside) return { kind: insideKind(inside?.kind, location), interior: true }
  if (saidOutside && !saidInside) return { kind: outside?.kind ?? 'landscape', interior: false }
  // "Lighthouse lamp room" is a room, "Harbour office" an office: what comes last names the place.
  if (inside && (!outside || inside.at > outside.at || ALWAYS_INSIDE.has(inside.kind)))
    return { kind: insideKind(inside.kind, location), interior: true }
  if (outside) return { kind: outside.kind, interior: false }
  if (hint !== '') return readPlace(hint)
  return { kind: 'room', interior: true }
}

const insideKind = (kind: InsideKind | undefined, location: string): InsideKind => {
  if (/lighthouse|beacon/i.test(location) && (!kind || kind === 'room' || kind === 'stairs'))
    return kind === 'stairs' ? 'stairs' : 'lantern_room'
  return kind ?? 'room'
}

export const TIMES = ['day', 'night', 'dawn', 'dusk'] as const
export type TimeOfDay = (typeof TIMES)[number]
const TIME_WORDS: [TimeOfDay, RegExp][] = [
  ['dawn', wordsOf('dawn | sunrise | daybreak | first light | early morning | morning')],
  [
    'dusk',
    wordsOf('dusk | sunset | twilight | evening | golden hour | last (?:orange )?light | blue hour | magic hour'),
  ],
  [
    'night',
    wordsOf('night | midnight | moonlit | moonlight | after dark | starlight | darkness | dark\\b | noir | candle'),
  ],
  ['day', wordsOf('day\\b | daylight | noon | afternoon | sunlight | sunny | bright')],
]

/** The first text that says a time decides; day when none does. */
export function readTime(...texts: (string | undefined)[]): TimeOfDay {
  for (const text of texts) {
    const found = text ? find(TIME_WORDS, text) : undefined
    if (found) return found.kind
  }
  return 'day'
}

export const WEATHERS = ['clear', 'fog', 'rain', 'storm', 'snow', 'wind'] as const
export type Weather = (typeof WEATHERS)[number]
const WEATHER_WORDS: [Weather, RegExp][] = [
  ['storm', wordsOf('storm | thunder | lightning | gale\\b | tempest | hurricane')],
  ['rain', wordsOf('rain\\b | rainy | raining | rainfall | drizzle | downpour | wet\\b')],
  ['snow', wordsOf('snow\\b | snowy | snowfall | snowing | blizzard | frost\\b')],
  ['fog', wordsOf('fog\\b | foggy | mist\\b | misty | haze\\b | hazy | smoke\\b | smoky | steam\\b')],
  ['wind', wordsOf('wind\\b | windy | breeze | gust')],
]
export function readWeather(...texts: (string | undefined)[]): Weather {
  for (const text of texts) {
    const found = text ? find(WEATHER_WORDS, text) : undefined
    if (found) return found.kind
  }
  return 'clear'
}

const TIME_SUFFIX =
  /\s*[-–—,]\s*(day|night|dawn|dusk|morning|evening|afternoon|noon|midnight|sunset|sunrise|later|continuous)\.?\s*$/i
const PREFIX = /^\s*(?:int\.?\s*\/\s*ext|ext\.?\s*\/\s*int|i\/e|int|ext|est)\b[.\s]*/i

/** The bare name of a location: without INT./EXT. and without the time of day. */
export const placeName = (location: string): string =>
  location.replace(PREFIX, '').replace(TIME_SUFFIX, '').trim() || location.trim()

/** A screenplay heading for a location: `EXT. OLD PIER - NIGHT`. */
export function sceneHeading(location: string, ...hints: (string | undefined)[]): string {
  const both = /^\s*(?:int\.?\s*\/\s*ext|ext\.?\s*\/\s*int|i\/e)\b/i.test(location)
  const place = readPlace(location, hints.filter(Boolean).join('. '))
  const said = TIME_SUFFIX.exec(location)?.[1]
  const time = said ?? readTime(location, ...hints)
  return `${both ? 'INT./EXT' : place.interior ? 'INT' : 'EXT'}. ${placeName(location).toUpperCase()} - ${time.toUpperCase()}`
}

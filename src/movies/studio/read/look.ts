import type { CharacterDesign, CharacterProfile } from '../../schema.ts'
import { colourOf, isHex, lighter, namedColour } from '../draw/colour.ts'
import { hash } from '../draw/random.ts'

/** How a person is drawn: read from the words about them; what the words leave open comes from the name, never from the frame. */
export const HAIR_STYLES = ['short', 'crop', 'long', 'braid', 'bun', 'curls', 'bob', 'ponytail', 'bald'] as const
export const GARMENTS = [
  'coat',
  'jacket',
  'jumper',
  'shirt',
  'dress',
  'robe',
  'suit',
  'uniform',
  'vest',
  'raincoat',
  'overalls',
  'spacesuit',
  'armour',
] as const
export const HATS = ['none', 'cap', 'brim', 'beanie', 'hood', 'helmet', 'crown'] as const
export const KINDS = ['person', 'robot', 'ghost', 'dog', 'cat'] as const
export type Look = {
  name: string
  kind: (typeof KINDS)[number]
  hair: (typeof HAIR_STYLES)[number]
  hairColour: string
  streak: boolean
  skin: string
  garment: (typeof GARMENTS)[number]
  top: string
  bottom: string
  accent: string
  hat: (typeof HATS)[number]
  hatColour: string
  beard: boolean
  glasses: boolean
  scarf: string | null
  bag: boolean
  cane: boolean
  age: 'child' | 'young' | 'adult' | 'old'
  /** 1 is average height and breadth. */
  height: number
  breadth: number
}

const SKINS = ['#f0cfb0', '#e3b48e', '#c98f65', '#a56c46', '#7d4f35', '#5d3a29'] as const
const HAIRS = ['#2a211d', '#4a3325', '#7a5230', '#b0854a', '#8c3f22', '#5c5c60'] as const
const TOPS = ['#3f6f8f', '#a8503c', '#5b7f52', '#c49a3a', '#6c5688', '#8a6a50', '#3d8583', '#b06a84'] as const
const BOTTOMS = ['#3a3f49', '#4a4038', '#2f3a47', '#544a44', '#3b3b3b'] as const

const first = <T>(table: readonly (readonly [RegExp, T])[], text: string): T | undefined =>
  table.find(([rule]) => rule.test(text))?.[1]

const KIND_WORDS: [RegExp, Look['kind']][] = [
  [/\b(robot|android|cyborg|automaton|machine|drone)\b/i, 'robot'],
  [
    /\b(ghost|spirit|hologram|apparition|phantom|spectre|disembodied|artificial intelligence|ship's computer)\b/i,
    'ghost',
  ],
  [/\b(dog|hound|wolf|puppy|fox)\b/i, 'dog'],
  [/\b(cat|kitten|panther)\b/i, 'cat'],
]
const HAIR_WORDS: [RegExp, Look['hair']][] = [
  [/\b(shaved|bald|hairless)\b/i, 'bald'],
  [/\b(braid|plait)/i, 'braid'],
  [/\b(bun|topknot)\b/i, 'bun'],
  [/\b(curl|curls|curly|afro|tangle)/i, 'curls'],
  [/\b(ponytail|pony tail)\b/i, 'ponytail'],
  [/\b(bob|fringe|chin-length)\b/i, 'bob'],
  [/\b(cropped|buzz|soldier)/i, 'crop'],
  [/\b(long|flowing|loose) (?:\w+ )?hair/i, 'long'],
  [/\bshort (?:\w+ )?hair/i, 'short'],
]
const HAIR_COLOURS: [RegExp, string][] = [
  [/\b(?:white|silver|snow)(?:-| )?(?:haired|hair|braid|curls|beard)/i, '#dcdad4'],
  [/\bgr[ae]y(?:ing)?(?:-| )?(?:\w+ )?(?:haired|hair|braid|curls|bun|beard)/i, '#9a9a9a'],
  [/\b(?:red|ginger|auburn|copper)(?:-| )?(?:haired|hair|braid|curls|bun|beard)/i, '#9c4a24'],
  [/\b(?:blond|blonde|fair|golden)\b/i, '#c79f58'],
  [/\b(?:black|dark|raven)(?:-| )?(?:haired|hair|braid|curls|bun|beard)/i, '#1f1b1a'],
  [/\b(?:brown|chestnut)(?:-| )?(?:haired|hair|braid|curls|bun|beard)/i, '#5a3d28'],
]
const GARMENT_WORDS: [RegExp, Look['garment']][] = [
  [/\b(raincoat|oilskin|slicker|anorak|parka)/i, 'raincoat'],
  [/\b(spacesuit|space suit|pressure suit|flight suit)/i, 'spacesuit'],
  [/\b(armou?r|breastplate|chainmail)/i, 'armour'],
  [/\b(uniform|officer|soldier's jacket|guard|captain|police)/i, 'uniform'],
  [/\b(suit|tuxedo|tie\b|blazer)/i, 'suit'],
  [/\b(robe|cloak|cape|gown|cassock|habit of a)/i, 'robe'],
  [/\b(dress|skirt|frock)/i, 'dress'],
  [/\b(overalls|dungarees|boiler suit|coveralls|mechanic)/i, 'overalls'],
  [/\b(vest|waistcoat)/i, 'vest'],
  [/\b(coat|trench|overcoat|lab coat|collar)/i, 'coat'],
  [/\b(jumper|sweater|pullover|knit|hoodie|cardigan)/i, 'jumper'],
  [/\b(jacket|leather)/i, 'jacket'],
  [/\b(shirt|sleeves|blouse|t-shirt)/i, 'shirt'],
]
const HAT_WORDS: [RegExp, Look['hat']][] = [
  [/\b(helmet)/i, 'helmet'],
  [/\b(crown|tiara|diadem)/i, 'crown'],
  [/\b(hood|hooded)\b/i, 'hood'],
  [/\b(beanie|knitted cap|woollen cap|watch cap|knit cap)/i, 'beanie'],
  [/\b(cap|beret|kepi)\b/i, 'cap'],
  [/\b(hat|fedora|stetson|bowler|brim)\b/i, 'brim'],
]
const GARMENT_THING =
  /\b(raincoat|oilskin|coat|jacket|jumper|sweater|suit|dress|robe|cloak|uniform|vest|shirt|hoodie|overalls|cardigan|cape|gown|parka)\b/i

const take = <T>(list: readonly T[], seed: number): T => list[seed % list.length]!

function readAge(text: string): Look['age'] {
  if (/\b(child|boy|girl|kid|ten-year|little (?:sister|brother))\b/i.test(text)) return 'child'
  if (
    /\b(old|elderly|aged|retired|grandmother|grandfather|ancient|seventies|eighties|sixties|sixty|seventy|eighty|white hair|grey hair|veteran)\b/i.test(
      text,
    )
  )
    return 'old'
  return /\b(young|teen|teenage|student|twenties)\b/i.test(text) ? 'young' : 'adult'
}

const BUILDS: [RegExp, { height: number; breadth: number }][] = [
  [/\b(tall|towering|long-limbed|lanky)\b/i, { height: 1.08, breadth: 0.95 }],
  [/\b(broad|heavy-set|stocky|burly|massive|big man|strong)\b/i, { height: 1.02, breadth: 1.22 }],
  [/\b(slight|thin|wiry|slender|frail|slim)\b/i, { height: 0.98, breadth: 0.86 }],
  [/\b(short|small|compact|tiny|petite)\b/i, { height: 0.92, breadth: 1 }],
]

function readOne(profile: CharacterProfile, design: CharacterDesign | undefined, i: number): Look {
  const own = [
    profile.visual_signature,
    design?.appearance,
    design?.clothing,
    (design?.features ?? []).join(', '),
  ].join('. ')
  // Words shared by the whole cast ("practical clothes with patches") stand after the first half; the signature leads.
  const lead = profile.visual_signature.split(';')[0]!
  const all = `${lead}. ${own}. ${profile.motivation}`
  const seed = hash(profile.name.toLowerCase())
  const hexes = (design?.palette ?? []).filter(isHex)
  const age = readAge(`${own}. ${profile.motivation}`)
  const garment =
    first(GARMENT_WORDS, lead) ??
    first(GARMENT_WORDS, own) ??
    take(['jacket', 'jumper', 'coat', 'shirt'] as const, seed + i)
  const hat = first(HAT_WORDS, lead) ?? first(HAT_WORDS, own) ?? 'none'
  const build = first(BUILDS, own) ?? { height: 0.96 + (seed % 9) / 100, breadth: 0.94 + (seed % 13) / 100 }
  const scarf = /\b(scarf|shawl|neckerchief)\b/i.test(all)
    ? (colourOf(all, /\bscarf|shawl|neckerchief\b/i) ?? '#c2392b')
    : null
  const top =
    colourOf(lead, GARMENT_THING) ??
    colourOf(own, GARMENT_THING) ??
    hexes.find((hex) => usable(hex)) ??
    take(TOPS, seed + i)
  return {
    name: profile.name,
    kind: first(KIND_WORDS, `${profile.name}. ${all}`) ?? 'person',
    hair: first(HAIR_WORDS, lead) ?? first(HAIR_WORDS, own) ?? take(HAIR_STYLES.slice(0, 8), seed >>> 3),
    hairColour: first(HAIR_COLOURS, own) ?? (age === 'old' ? '#b9b7b2' : take(HAIRS, seed >>> 5)),
    streak: /\bstreak\b/i.test(own),
    skin: readSkin(own, seed),
    garment,
    top,
    bottom: take(BOTTOMS, seed >>> 7),
    accent: namedColour(lead) ?? lighter(top, 0.35),
    hat,
    hatColour: colourOf(all, /\b(hat|cap|beanie|helmet|hood|crown)\b/i) ?? (hat === 'hood' ? top : '#4a4440'),
    beard: /\b(beard|bearded|moustache|stubble)\b/i.test(own),
    glasses: /\b(glasses|spectacles|goggles|monocle)\b/i.test(own),
    scarf,
    bag: /\b(satchel|bag|backpack|rucksack|tool bag)\b/i.test(own),
    cane: /\b(cane|walking stick|crutch|staff)\b/i.test(own),
    age,
    height: (age === 'child' ? 0.68 : age === 'old' ? 0.97 : 1) * build.height,
    breadth: build.breadth,
  }
}

const usable = (hex: string) => {
  const value = Number.parseInt(hex.slice(1), 16)
  const light = (((value >> 16) & 255) + ((value >> 8) & 255) + (value & 255)) / 765
  return light > 0.16 && light < 0.86
}

function readSkin(text: string, seed: number): string {
  if (/\b(pale|fair-skinned|freckled)\b/i.test(text)) return SKINS[0]
  if (/\b(dark-skinned|dark skin|black woman|black man|ebony)\b/i.test(text)) return SKINS[4]
  if (/\b(brown-skinned|brown skin|olive skin|tanned|wind-burned)\b/i.test(text)) return SKINS[2]
  return take(SKINS, seed >>> 2)
}

const tooClose = (a: Look, b: Look) =>
  a.garment === b.garment && a.hair === b.hair && a.hat === b.hat && a.kind === b.kind

/**
 * Looks of the whole cast, in profile order. The same cast gives the same looks in every frame; two people whose words would
 * draw them alike get different hair and colours.
 */
export function readLooks(cast: CharacterProfile[], designs: CharacterDesign[]): Map<string, Look> {
  const looks: Look[] = []
  cast.forEach((profile, i) => {
    const design = designs.find((d) => d.character.trim().toLowerCase() === profile.name.trim().toLowerCase())
    const look = readOne(profile, design, i)
    for (let turn = 1; looks.some((other) => tooClose(other, look)) && turn < HAIR_STYLES.length; turn++) {
      look.hair = HAIR_STYLES[(HAIR_STYLES.indexOf(look.hair) + turn) % (HAIR_STYLES.length - 1)]!
    }
    if (looks.some((other) => other.top === look.top))
      look.top = TOPS.find((colour) => !looks.some((other) => other.top === colour)) ?? look.top
    looks.push(look)
  })
  return new Map(looks.map((look) => [look.name.toLowerCase(), look]))
}

/** A look for somebody without a profile. */
export const lookOfName = (name: string): Look =>
  readOne(
    { name, role: 'support', motivation: '', visual_signature: '', relationships: [], continuity_notes: [] },
    undefined,
    0,
  )

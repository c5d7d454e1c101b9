import type { CharacterProfile, VoiceProfile } from '../../schema.ts'
import type { AgentInput, Craft } from './craft.ts'
import { clipWords, hashIndex, pick, sentence, slug } from './prose.ts'
import { factsOf, itemsOf, peopleOf, profilesOf, scenesIn } from './story-facts.ts'

/** The character a fan-out task is about. */
const subject = (input: AgentInput): CharacterProfile =>
  (input.input['profile'] as CharacterProfile | undefined) ?? profilesOf(input)[input.task.index ?? 0]!

const place = (input: AgentInput, name: string) => Math.max(0, peopleOf(input).indexOf(name))

const BUILDS = [
  'slight and quick',
  'tall and careful',
  'broad and slow to move',
  'compact and restless',
  'long-limbed and still',
] as const
const FACES = [
  'a narrow face that gives little away',
  'an open face with tired eyes',
  'strong cheekbones and a crooked nose',
  'a round face with a sudden smile',
  'deep-set eyes under heavy brows',
  'a weathered face that looks older in daylight',
] as const

/** How one character looks, built on the signature of the profile and the palette of the film. */
export const characterDesign: Craft = (input) => {
  const f = factsOf(input)
  const c = subject(input)
  const i = place(input, c.name)
  const palette = [...f.motif.palette]
  return {
    character: c.name,
    appearance: sentence(
      `${c.name} is ${BUILDS[i % BUILDS.length]}, with ${FACES[(i + hashIndex(FACES.length, f.title)) % FACES.length]}`,
    ),
    clothing: sentence(`${f.motif.look}; recognised by ${clipWords(c.visual_signature.split(';')[0]!, 20)}`),
    features: c.visual_signature
      .split(/;| and /)
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .slice(0, 4),
    palette: [palette[i % palette.length]!, palette[(i + 2) % palette.length]!, palette.at(-1)!],
  }
}

const TIMBRES = [
  'clear and close',
  'low and dry',
  'bright with an edge',
  'rough at the end of sentences',
  'soft, almost breathy',
  'deep and unhurried',
  'nasal and exact',
  'warm and a little hoarse',
] as const
const ACCENTS = [
  'neutral',
  'coastal, vowels kept open',
  'northern, consonants bitten off',
  'schooled and careful',
  'rural and musical',
] as const
const PACES = ['quick', 'measured', 'slow', 'uneven', 'steady'] as const
const AGES = ['thirties', 'fifties', 'twenties', 'sixties', 'forties'] as const

/** A voice unlike the others: the place in the cast chooses another combination of age, timbre, accent and pace. */
export const voiceProfile: Craft = (input) => {
  const f = factsOf(input)
  const c = subject(input)
  const i = place(input, c.name)
  return {
    character: c.name,
    age: AGES[i % AGES.length]!,
    timbre: TIMBRES[i % TIMBRES.length]!,
    accent: ACCENTS[Math.floor(i / 2) % ACCENTS.length]!,
    pace: PACES[(i + Math.floor(i / 5)) % PACES.length]!,
    emotional_range: [...f.tone.emotions],
    sample_text: `My name is ${c.name}. I know what you have heard about ${f.places[i % f.places.length]!.name}, and half of it is true.`,
  }
}

const ARCHETYPES: Record<CharacterProfile['role'], readonly string[]> = {
  protagonist: ['the reluctant witness', 'the keeper of the promise', 'the one who goes back'],
  antagonist: ['the guardian of the lie', 'the reasonable enemy', 'the mirror'],
  support: [
    'the loyal doubter',
    'the messenger',
    'the helper with a price',
    'the one who remembers',
    'the trickster',
    'the shelter',
  ],
}

export const castList: Craft = (input) => {
  const f = factsOf(input)
  return {
    items: profilesOf(input).map((c, i) => {
      const bank = ARCHETYPES[c.role]
      const archetype = bank[(i + hashIndex(bank.length, f.title)) % bank.length]!
      return {
        character: c.name,
        archetype,
        rationale: `${c.name} is ${c.role === 'support' ? 'a supporting part' : `the ${c.role}`} and reads as ${archetype}: ${clipWords(c.motivation, 25)}`,
      }
    }),
  }
}

const STARTS: Record<CharacterProfile['role'], string> = {
  protagonist: '{name} keeps out of it and calls that patience',
  antagonist: '{name} is certain that silence protects everyone',
  support: '{name} does what is asked and keeps an opinion in reserve',
}
const ENDS: Record<CharacterProfile['role'], string> = {
  protagonist: '{name} speaks first and stays to hear the answer',
  antagonist: '{name} lets go of the silence and is not destroyed by it',
  support: '{name} takes a side without being asked to',
}

/** From start to end through the scenes each one plays in. */
export const characterArcs: Craft = (input) => {
  const f = factsOf(input)
  const scenes = scenesIn(input)
  return {
    items: profilesOf(input).map((c) => {
      const own = scenes.filter((scene) =>
        scene.primary_characters.some((name) => name.toLowerCase() === c.name.toLowerCase()),
      )
      const start = STARTS[c.role].replace('{name}', c.name)
      const end = ENDS[c.role].replace('{name}', c.name)
      return {
        character: c.name,
        start: sentence(`${start} when ${f.title} begins`),
        turning_points: turningPoints(c.name, own, f.theme),
        end: sentence(`${end}; what changes it is ${f.theme}`),
        per_scene: own.map((scene, i) => ({
          scene_number: scene.scene_number,
          change: sentence(
            i === 0
              ? `Enters with this: ${start}`
              : i === own.length - 1
                ? `Leaves with this: ${end}`
                : `At ${scene.location}, gives up one excuse: ${clipWords(scene.goal, 18)}`,
          ),
        })),
      }
    }),
  }
}

function turningPoints(
  name: string,
  own: { scene_number: number; location: string; goal: string }[],
  theme: string,
): string[] {
  if (own.length === 0) return [`${name} hears what happened from somebody else and changes sides because of ${theme}.`]
  const middle = own[Math.floor(own.length / 2)]!
  return [sentence(`Scene ${middle.scene_number}, at ${middle.location}: ${clipWords(middle.goal, 25)}`)]
}

/** Keeps the voices of the project: known ones stay, changed ones get a new version, new ones are added. */
export const voiceLibrary: Craft = (input) => {
  type Entry = { character: string; voice_id: string; version: number; profile: unknown }
  const before = itemsOf<Entry>(input, 'voice_library')
  const now = itemsOf<VoiceProfile>(input, 'voice_profiles').map((profile) => {
    const known = before.find((entry) => entry.character.toLowerCase() === profile.character.toLowerCase())
    const same = known !== undefined && JSON.stringify(known.profile) === JSON.stringify(profile)
    return {
      character: profile.character,
      voice_id: known?.voice_id ?? `voice_${slug(profile.character)}`,
      version: known ? (same ? known.version : known.version + 1) : 1,
      profile,
    }
  })
  const names = new Set(now.map((entry) => entry.character.toLowerCase()))
  return { items: [...now, ...before.filter((entry) => !names.has(entry.character.toLowerCase()))] }
}

const EMPHASIS = [
  'the last word',
  'the name',
  'the verb',
  'the pause before the second half',
  'nothing; keep it flat',
] as const

/** How every line is to be spoken. */
export const voiceDirection: Craft = (input) => {
  const f = factsOf(input)
  const voices = new Map(itemsOf<VoiceProfile>(input, 'voice_profiles').map((v) => [v.character.toLowerCase(), v]))
  const script = itemsOf<{
    scene_number: number
    lines: { line_id: string; character: string; emotion: string; direction: string }[]
  }>(input, 'dialogue_script', 'scenes')
  return {
    items: script.flatMap((scene) =>
      scene.lines.map((line) => ({
        line_id: line.line_id,
        character: line.character,
        emotion: line.emotion,
        pace: String(voices.get(line.character.toLowerCase())?.pace ?? f.tone.pace),
        emphasis: pick(EMPHASIS, line.line_id),
        direction: line.direction,
      })),
    ),
  }
}

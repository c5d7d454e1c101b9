import type { CharacterProfile, Scene } from '../../schema.ts'
import type { AgentInput, Craft } from './craft.ts'
import { isOutside, lightMood } from './locations.ts'
import { capital, clipWords, joinNames, pick, sentence } from './prose.ts'
import { factsOf, itemsOf, profilesOf, scenesIn } from './story-facts.ts'

/** How the film looks: named by the client, filled by genre and tone. */
export const styleGuide: Craft = (input) => {
  const f = factsOf(input)
  const references = Object.entries(input.workflow.style_preferences)
    .filter(([, value]) => typeof value === 'string')
    .map(([key, value]) => ({ title: key.replaceAll('_', ' '), note: String(value) }))
  const rules = input.workflow.custom_parameters['creative_guidelines'] as
    | { must_include?: string[]; must_avoid?: string[] }
    | undefined
  return {
    visual_style: `${capital(f.visual)} images in a ${f.tone.adjective} key`,
    palette: [...f.motif.palette],
    lighting: sentence(capital(f.motif.light)),
    references,
    do: [
      `Keep ${f.motif.texture} close to the camera.`,
      `Let ${f.lead} be found by the light before ${f.rival} is.`,
      `Editing ${f.tone.cut}.`,
      ...(rules?.must_include ?? []),
    ],
    avoid: [
      `Colours outside the palette, except on ${f.motif.object}.`,
      'Camera moves that no person in the scene has caused.',
      ...(rules?.must_avoid ?? []),
    ],
  }
}

/** Scenes of each location, in order of first use. */
function byLocation(scenes: Scene[]): Map<string, Scene[]> {
  const map = new Map<string, Scene[]>()
  for (const scene of scenes) map.set(scene.location, [...(map.get(scene.location) ?? []), scene])
  return map
}

type Design = { name: string; description: string; scenes: number[] }

/** Every location of the scenes; those an earlier episode has designed stay as they are. */
export const environmentDesigns: Craft = (input) => {
  const f = factsOf(input)
  const known = new Map(itemsOf<Design>(input, 'environment_designs').map((d) => [d.name.toLowerCase(), d]))
  const described = new Map(f.places.map((p) => [p.name.toLowerCase(), p.description]))
  const made = [...byLocation(scenesIn(input))].map(([name, scenes]) => {
    const numbers = scenes.map((s) => s.scene_number)
    const before = known.get(name.toLowerCase())
    if (before) return { ...before, scenes: numbers }
    const words = described.get(name.toLowerCase())
    return {
      name,
      description: sentence(
        `${words ? `${sentence(words)} ` : ''}${name} is an ${isOutside(name, words) ? 'exterior' : 'interior'} of ${f.motif.texture}; ${lightMood(numbers[0]!, f.title, `${name}. ${words ?? ''}`)}`,
      ),
      scenes: numbers,
    }
  })
  const names = new Set(made.map((d) => d.name.toLowerCase()))
  return { items: [...made, ...[...known.values()].filter((d) => !names.has(d.name.toLowerCase()))] }
}

const scenesOfCharacter = (input: AgentInput, name: string) =>
  scenesIn(input)
    .filter((scene) => scene.primary_characters.some((c) => c.toLowerCase() === name.toLowerCase()))
    .map((scene) => scene.scene_number)

const perCharacter =
  (describe: (c: CharacterProfile, f: ReturnType<typeof factsOf>, i: number) => string): Craft =>
  (input) => {
    const f = factsOf(input)
    return {
      items: profilesOf(input).map((c, i) => ({
        name: c.name,
        description: sentence(describe(c, f, i)),
        scenes: scenesOfCharacter(input, c.name),
      })),
    }
  }

export const costumeDesigns = perCharacter(
  (c, f, i) =>
    `${c.name} wears ${f.motif.look}, marked by ${clipWords(c.visual_signature.split(';')[0]!, 16)}; the main colour is ${f.motif.palette[i % f.motif.palette.length]}`,
)

const EFFECTS = [
  'skin left as it is, with tiredness added scene by scene',
  'a fine layer of dust that never quite comes off',
  'hands that show the work: dry knuckles, one old scar',
  'an even, cared-for face that loses its order by the end',
  'wind-burned cheeks and cracked lips',
] as const
export const makeupDesigns = perCharacter(
  (c, f, i) => `For ${c.name}: ${EFFECTS[i % EFFECTS.length]}, kept natural enough for a ${f.tone.adjective} film`,
)

const PROPS = [
  'a lamp with a bent stand',
  'two cups that do not match',
  'a notebook with pages torn out',
  'a radio that has been repaired by hand',
  'a coat left hanging for somebody',
  'a map folded along the wrong line',
  'a photograph turned to the wall',
  'a tool bag with a name on it',
] as const

export const propDesigns: Craft = (input) => {
  const f = factsOf(input)
  const scenes = scenesIn(input)
  const main: Design = {
    name: capital(f.motif.object.replace(/^the /, '')),
    description: sentence(
      `${capital(f.motif.object)} has to be recognised at a glance: worn by use, never new, always in reach of ${f.lead} or ${f.rival}`,
    ),
    scenes: scenes.map((s) => s.scene_number),
  }
  const others = [...byLocation(scenes)].map(([location, own]) => {
    const thing = pick(PROPS, f.title, location)
    return {
      name: capital(thing.replace(/^(a|two) /, '')),
      description: sentence(`${capital(thing)} that belongs to ${location} and tells who has been there`),
      scenes: own.map((s) => s.scene_number),
    }
  })
  return { items: [main, ...others] }
}

export const referencePack: Craft = (input) => {
  const f = factsOf(input)
  return {
    items: [...byLocation(scenesIn(input))].map(([location, own]) => ({
      topic: location,
      note: `Look for ${f.motif.texture} with ${lightMood(own[0]!.scene_number, f.title)}; ${joinNames([...new Set(own.flatMap((s) => s.primary_characters))])} have to fit in one frame.`,
      source: 'project description and style guide',
    })),
  }
}

export const researchNotes: Craft = (input) => {
  const f = factsOf(input)
  return {
    items: [
      {
        topic: f.theme,
        note: `Find two first-hand accounts in which ${f.theme} changes a decision, and note the words people use.`,
        source: 'to be collected',
      },
      {
        topic: f.genre || 'form',
        note: `Check how audiences of ${f.genre || 'short'} films read ${f.motif.object}, and what they expect next.`,
        source: 'to be collected',
      },
      ...f.places.slice(0, 5).map((place) => ({
        topic: place.name,
        note: `Who works at ${place.name}, at what hours, and what can be heard there: ${f.motif.sounds[0]} would be a start.`,
        source: 'to be collected',
      })),
    ],
  }
}

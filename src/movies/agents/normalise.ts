import { artifactKind, countWords, isArtifactName, type Scene } from '../schema.ts'
import type { AgentInput } from './craft/craft.ts'
import { clipWords } from './craft/prose.ts'
import { castSize, givenPeople, profilesOf, scenesIn } from './craft/story-facts.ts'

export type Normalised = { content: Record<string, unknown>; warnings: string[] }

/**
 * Puts what an agent answered into the form the next agents rely on (contract 5.3): containers, trimmed texts, word limits,
 * scenes renumbered, ids rebuilt, names in their one spelling, unknown references noted. What it changes it says.
 */
export function normalise(product: string, raw: unknown, input: AgentInput): Normalised {
  const name = product === 'concept_options' ? 'concept_brief' : product
  const warnings: string[] = []
  const isItem = input.task.index !== null && isArtifactName(name) && artifactKind(name).item !== undefined
  let content = trimAll(toContainer(name, raw, isItem)) as Record<string, unknown>
  content = cutTexts(name, content, warnings)
  const rule = RULES[name]
  if (rule) content = rule(content, input, warnings)
  return { content, warnings }
}

/** Contract 4.4: content is an object; a bare array stands under the list key of its artifact. */
export function toContainer(name: string, raw: unknown, isItem = false): Record<string, unknown> {
  const key = isArtifactName(name) ? artifactKind(name).listKey : undefined
  if (Array.isArray(raw)) return { [isItem ? 'items' : (key ?? 'items')]: raw }
  if (raw !== null && typeof raw === 'object') return raw as Record<string, unknown>
  return { value: raw }
}

function trimAll(value: unknown): unknown {
  if (typeof value === 'string') return value.trim()
  if (Array.isArray(value)) return value.map(trimAll)
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, trimAll(v)]))
  return value
}

/** Word limits of contract 4.4: field, or list.field -> most words. */
const LIMITS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  story_arc: { setup: 80, escalation: 80, resolution: 80 },
  scene_list: { 'scenes.goal': 40 },
  character_profiles: { 'characters.motivation': 50, 'characters.visual_signature': 40 },
  storyboard_frames: { 'frames.description': 60 },
}

function cutTexts(name: string, content: Record<string, unknown>, warnings: string[]): Record<string, unknown> {
  let cut = content
  for (const [path, max] of Object.entries(LIMITS[name] ?? {})) {
    const [first, field] = path.split('.') as [string, string | undefined]
    const short = (holder: Record<string, unknown>, key: string, where: string) => {
      const text = holder[key]
      if (typeof text !== 'string' || countWords(text) <= max) return holder
      warnings.push(`${where} was cut to ${max} words`)
      return { ...holder, [key]: clipWords(text, max) }
    }
    if (!field) cut = short(cut, first, first)
    else if (Array.isArray(cut[first]))
      cut = {
        ...cut,
        [first]: (cut[first] as unknown[]).map((item, i) =>
          isObject(item) ? short(item, field, `${first}[${i}].${field}`) : item,
        ),
      }
  }
  return cut
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
const objects = (value: unknown) => (Array.isArray(value) ? value.filter(isObject) : [])
const strings = (value: unknown) =>
  Array.isArray(value) ? value.filter((v): v is string => typeof v === 'string') : []

type Rule = (content: Record<string, unknown>, input: AgentInput, warnings: string[]) => Record<string, unknown>

/** Finds the one spelling of a name; ignoring case, a part of a longer name counts when it is the only one. */
export function spellingOf(reference: string, known: readonly string[]): string | undefined {
  const wanted = reference.trim().toLowerCase()
  const exact = known.find((name) => name.toLowerCase() === wanted)
  if (exact) return exact
  const partial = known.filter((name) => name.toLowerCase().split(/\s+/).includes(wanted))
  return partial.length === 1 ? partial[0] : undefined
}

/** Names a scene may use: the profiles once there are any, before that the people given, up to the limit of the run. */
function allowedNames(input: AgentInput): string[] | null {
  const profiles = profilesOf(input)
  if (profiles.length > 0) return profiles.map((c) => c.name)
  const given = givenPeople(input).map((c) => c.name)
  return given.length > castSize(input) ? given.slice(0, castSize(input)) : null
}

const renumberScenes: Rule = (content, input, warnings) => {
  const flags = strings(content['continuity_flags'])
  const allowed = allowedNames(input)
  const scenes = objects(content['scenes']).map((scene, i) => {
    if (scene['scene_number'] !== i + 1) warnings.push(`scene ${String(scene['scene_number'])} became scene ${i + 1}`)
    const people = strings(scene['primary_characters']).flatMap((name) => {
      if (!allowed) return [name]
      const known = spellingOf(name, allowed)
      if (!known) flags.push(`Scene ${i + 1} names ${name}, who is not part of the cast.`)
      return known ? [known] : []
    })
    return { ...scene, scene_number: i + 1, primary_characters: [...new Set(people)] }
  })
  return { ...content, scenes, continuity_flags: flags }
}

const mendProfiles: Rule = (content, input, warnings) => {
  const seen = new Map<string, number>()
  const limit = castSize(input)
  const all = objects(content['characters']).map((c) => {
    const name = String(c['name'] ?? '')
    const count = (seen.get(name.toLowerCase()) ?? 0) + 1
    seen.set(name.toLowerCase(), count)
    if (count === 1) return c
    const other = `${name} (${String(c['role'] ?? 'other')} ${count})`
    warnings.push(`a second ${name} is called ${other}`)
    return { ...c, name: other }
  })
  const most = input.settings.character_count ?? (input.settings.profile === 'short' ? 4 : Math.max(20, limit))
  const kept = all.slice(0, most)
  const left = [...all.slice(most).map((c) => String(c['name'])), ...projectRest(input, kept)]
  if (left.length > 0) warnings.push(`left out, the limit is ${most} characters: ${left.join(', ')}`)
  const unresolved = [...new Set([...strings(content['unresolved_references']), ...left])]
  return { ...content, characters: kept, unresolved_references: unresolved }
}

/** People of the project for whom there was no room. */
function projectRest(input: AgentInput, kept: Record<string, unknown>[]): string[] {
  const names = kept.map((c) => String(c['name']))
  return givenPeople(input)
    .slice(castSize(input))
    .map((c) => c.name)
    .filter((name) => !spellingOf(name, names))
}

const rebuildFrames: Rule = (content, input, warnings) => {
  const notes = strings(content['continuity_notes'])
  const scenes = new Map(scenesIn(input).map((s) => [s.scene_number, s]))
  const names = profilesOf(input).map((c) => c.name)
  const order = new Map<number, number>()
  const frames = objects(content['frames']).map((frame): Record<string, unknown> => {
    const scene = Number(frame['scene_number'])
    const shot = (order.get(scene) ?? 0) + 1
    order.set(scene, shot)
    const id = `SCENE_${scene}_SHOT_${shot}`
    if (frame['frame_id'] !== id && frame['frame_id'] !== undefined)
      warnings.push(`${String(frame['frame_id'])} became ${id}`)
    if (scenes.size > 0 && !scenes.has(scene)) notes.push(`${id} belongs to a scene that does not exist.`)
    const present = strings(frame['characters_present']).flatMap((name) => {
      if (names.length === 0) return [name]
      const known = spellingOf(name, names)
      if (!known) notes.push(`${id} shows ${name}, who has no profile.`)
      return known ? [known] : []
    })
    return { ...frame, frame_id: id, shot_order: shot, characters_present: [...new Set(present)] }
  })
  const inOrder = [...frames].sort((a, b) => Number(a['scene_number']) - Number(b['scene_number']))
  return { ...content, frames: inOrder, continuity_notes: notes }
}

const oneSpelling =
  (field: string, list: string): Rule =>
  (content, input) => {
    const names = profilesOf(input).map((c) => c.name)
    const mend = (item: Record<string, unknown>) => {
      const known = spellingOf(String(item[field] ?? ''), names)
      return known ? { ...item, [field]: known } : item
    }
    if (content[field] !== undefined) return mend(content)
    return { ...content, [list]: objects(content[list]).map(mend) }
  }

const mendScript: Rule = (content, input, warnings) => {
  const names = profilesOf(input).map((c) => c.name)
  const known = new Set(scenesIn(input).map((s: Scene) => s.scene_number))
  const scenes = objects(content['scenes']).map((scene) => ({
    ...scene,
    lines: objects(scene['lines']).map((line, i) => ({
      direction: '',
      emotion: '',
      ...line,
      line_id: `S${String(scene['scene_number'])}_L${i + 1}`,
      character: spellingOf(String(line['character'] ?? ''), names) ?? line['character'],
    })),
  }))
  const strange = scenes.filter(
    (scene) => known.size > 0 && !known.has(Number((scene as Record<string, unknown>)['scene_number'])),
  )
  if (strange.length > 0) warnings.push(`${strange.length} scenes of the script do not exist and were left out`)
  return { ...content, scenes: scenes.filter((scene) => !strange.includes(scene)) }
}

const outline: Rule = (content, input, warnings) => {
  const list = toContainer('scene_list', content['scene_list'] ?? {})
  return { ...content, scene_list: renumberScenes(cutTexts('scene_list', list, warnings), input, warnings) }
}

const RULES: Readonly<Record<string, Rule>> = {
  scene_list: renumberScenes,
  episode_outline: outline,
  character_profiles: mendProfiles,
  storyboard_frames: rebuildFrames,
  dialogue_script: mendScript,
  character_arcs: oneSpelling('character', 'items'),
  cast_list: oneSpelling('character', 'items'),
  character_designs: oneSpelling('character', 'items'),
  voice_profiles: oneSpelling('character', 'items'),
  voice_direction: oneSpelling('character', 'items'),
}

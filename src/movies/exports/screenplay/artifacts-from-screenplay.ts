import type { CharacterProfile, DialogueScript, Scene, ScriptLine } from '../../schema.ts'
import { placeName } from '../../studio/read/place.ts'
import { LossList } from '../export-file.ts'
import { lineText, type Screenplay, type ScreenplayElement, type Speech, titleField } from './model.ts'

const MAX_SCENES = 60
const MAX_CHARACTERS = 20
const MAX_SPEAKERS_IN_SCENE = 4

export type ImportedArtifacts = {
  title: string | null
  description: string
  artifacts: {
    scene_list?: { scenes: Scene[]; continuity_flags: string[] }
    character_profiles?: { characters: CharacterProfile[]; unresolved_references: string[] }
    dialogue_script?: DialogueScript
  }
  loss: string[]
}

const words = (text: string, max: number) => {
  const all = text.split(/\s+/).filter(Boolean)
  return all.length <= max
    ? all.join(' ')
    : `${all
        .slice(0, max)
        .join(' ')
        .replace(/[,;:]$/, '')} …`.replace(/ …$/, '…')
}
const firstSentence = (text: string) => /^.+?[.!?…](?=\s|$)/.exec(text)?.[0] ?? text
const nameCase = (name: string) =>
  name === name.toUpperCase()
    ? name.toLowerCase().replace(/(^|[\s'’.-])(\p{L})/gu, (_, a: string, b: string) => a + b.toUpperCase())
    : name

type Chunk = { heading: string; number: string | undefined; body: ScreenplayElement[] }

function chunks(play: Screenplay): { before: ScreenplayElement[]; scenes: Chunk[] } {
  const before: ScreenplayElement[] = []
  const scenes: Chunk[] = []
  for (const element of play.elements) {
    if (element.type === 'scene_heading') scenes.push({ heading: element.text, number: element.number, body: [] })
    else (scenes.at(-1)?.body ?? before).push(element)
  }
  return { before, scenes }
}

const speeches = (body: ScreenplayElement[]) => body.filter((e): e is Speech => e.type === 'speech')
const actions = (body: ScreenplayElement[]) =>
  body.flatMap((e) => (e.type === 'action' ? [e.lines.map(lineText).join(' ')] : []))

function toScene(chunk: Chunk, n: number): Scene {
  const told = actions(chunk.body)
  const synopsis = chunk.body.find((e) => e.type === 'synopsis')?.text
  const speakers = [...new Set(speeches(chunk.body).map((s) => nameCase(s.character)))]
  const place = placeName(chunk.heading)
  const goal =
    synopsis ??
    (told[0]
      ? firstSentence(told[0])
      : speakers.length > 0
        ? `${speakers.join(' and ')} talk`
        : `The scene at ${place}`)
  return {
    scene_number: n,
    goal: words(goal, 40),
    location: nameCase(place),
    primary_characters: speakers.slice(0, MAX_SPEAKERS_IN_SCENE),
    visual_hook: words(told[0] ?? nameCase(place), 60),
    beat_notes: told.slice(1, 4).map((text) => words(text, 40)),
    ...(speakers.length === 0 ? { silent: true } : {}),
    heading: chunk.heading,
  }
}

function toLines(chunk: Chunk, n: number): ScriptLine[] {
  const lines: ScriptLine[] = []
  for (const speech of speeches(chunk.body)) {
    const directions = speech.parts.filter((p) => p.kind === 'parenthetical').map((p) => lineText(p.runs))
    const text = speech.parts
      .filter((p) => p.kind !== 'parenthetical')
      .map((p) => lineText(p.runs))
      .join(' ')
    if (text === '') continue
    const heard = speech.extensions.filter((e) => !/cont/i.test(e))
    lines.push({
      line_id: `S${n}_L${lines.length + 1}`,
      character: nameCase(speech.character),
      text,
      emotion: 'neutral',
      direction: [...heard, ...directions].join('; '),
    })
  }
  return lines
}

const ROLES = ['protagonist', 'antagonist'] as const

/** People by how much they speak: the first is the protagonist, the second the antagonist, as in draft mode. */
function profiles(scenes: Chunk[], loss: LossList): CharacterProfile[] {
  const spoken = new Map<string, { words: number; scenes: Set<number> }>()
  scenes.forEach((chunk, i) => {
    for (const speech of speeches(chunk.body)) {
      const name = nameCase(speech.character)
      const known = spoken.get(name) ?? { words: 0, scenes: new Set<number>() }
      known.words += speech.parts.reduce((sum, part) => sum + lineText(part.runs).split(/\s+/).length, 0)
      known.scenes.add(i + 1)
      spoken.set(name, known)
    }
  })
  const ranked = [...spoken].sort(([, a], [, b]) => b.words - a.words)
  if (ranked.length > MAX_CHARACTERS)
    loss.add('a speaking part beyond the twentieth gets no profile', ranked.length - MAX_CHARACTERS)
  const told = scenes.flatMap((chunk) => actions(chunk.body))
  return ranked.slice(0, MAX_CHARACTERS).map(([name, part], i) => {
    const seen = told.find((text) => new RegExp(`\\b${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\b`, 'i').test(text))
    const list = [...part.scenes]
    return {
      name,
      role: ROLES[i] ?? 'support',
      motivation: `Not stated in the screenplay; ${name} speaks in ${list.length === 1 ? 'scene' : 'scenes'} ${list.slice(0, 12).join(', ')}.`,
      visual_signature: words(seen ? firstSentence(seen) : `${name} as the screenplay shows them`, 40),
      relationships: [],
      continuity_notes: [],
    }
  })
}

/**
 * What a screenplay says in the artifacts of a workflow, to be given as `custom_parameters.artifacts`. Only artifacts the
 * screenplay really fills are made: no people, no profiles; no lines, no script. `loss` says what did not fit.
 */
export function artifactsFromScreenplay(play: Screenplay): ImportedArtifacts {
  const loss = new LossList()
  const { before, scenes: all } = chunks(play)
  const told = actions(before)
  if (told.length > 0 && all.length > 0) loss.add('text before the first scene heading is left out', told.length)
  if (all.length > MAX_SCENES) loss.add('a scene beyond the sixtieth is left out', all.length - MAX_SCENES)
  const hasText = before.some((e) => e.type === 'action' || e.type === 'speech')
  const chunked =
    all.length > 0 ? all : hasText ? [{ heading: 'INT. UNNAMED PLACE', number: undefined, body: before }] : []
  const scenes = chunked.slice(0, MAX_SCENES)
  for (const element of play.elements) {
    if (element.type === 'note') loss.add('a note is left out')
    if (element.type === 'section') loss.add('a section heading is left out')
    if (element.type === 'transition') loss.add('a transition is left out')
  }
  const list = scenes.map((chunk, i) => toScene(chunk, i + 1))
  scenes.forEach((chunk) => {
    const speakers = new Set(speeches(chunk.body).map((s) => s.character))
    if (speakers.size > MAX_SPEAKERS_IN_SCENE)
      loss.add(
        'a speaker beyond the fourth of a scene is not among its main characters',
        speakers.size - MAX_SPEAKERS_IN_SCENE,
      )
    const beats = actions(chunk.body).length - 4
    if (beats > 0) loss.add('a paragraph of action beyond the fourth of a scene is left out', beats)
  })
  const people = profiles(scenes, loss)
  const script = scenes.map((chunk, i) => ({ scene_number: i + 1, lines: toLines(chunk, i + 1) }))
  if (people.length === 1) loss.add('one speaking part alone makes no cast: the characters are created anew')
  return {
    title: titleField(play, 'title') || null,
    description:
      titleField(play, 'notes') ||
      list
        .map((s) => s.goal)
        .slice(0, 3)
        .join(' '),
    artifacts: {
      ...(list.length > 0 ? { scene_list: { scenes: list, continuity_flags: [] } } : {}),
      ...(people.length > 1 ? { character_profiles: { characters: people, unresolved_references: [] } } : {}),
      ...(script.some((s) => s.lines.length > 0) ? { dialogue_script: { scenes: script } } : {}),
    },
    loss: loss.list(),
  }
}

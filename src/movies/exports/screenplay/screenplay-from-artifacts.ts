import type { Scene, ScriptLine } from '../../schema.ts'
import { sceneHeading } from '../../studio/read/place.ts'
import type { Production } from '../production.ts'
import { plain, type Screenplay, type ScreenplayElement, type SpeechPart } from './model.ts'
import { normaliseScreenplay } from './normalise-screenplay.ts'

const sentence = (text: string) => {
  const trimmed = text.trim()
  return /[.!?…"”)]$/.test(trimmed) || trimmed === '' ? trimmed : `${trimmed}.`
}

function spoken(lines: ScriptLine[]): ScreenplayElement[] {
  let before = ''
  return lines.map((line) => {
    const direction = line.direction.trim().replace(/^\(|\)$/g, '')
    const parts: SpeechPart[] = [
      ...(direction ? [{ kind: 'parenthetical' as const, runs: plain(direction) }] : []),
      ...line.text.split(/\r?\n/).map((text) => ({ kind: 'line' as const, runs: plain(text) })),
    ]
    const again = before === line.character.toLowerCase()
    before = line.character.toLowerCase()
    return { type: 'speech', character: line.character.toUpperCase(), extensions: again ? ["CONT'D"] : [], parts }
  })
}

/** Words that already stand in what was said before are not said again. */
function fresh(text: string, said: string[]): boolean {
  const key = text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
  if (key === '' || said.some((known) => known.includes(key))) return false
  said.push(key)
  return true
}

function sceneElements(
  scene: Scene,
  given: string,
  lines: ScriptLine[],
  mood: string | undefined,
): ScreenplayElement[] {
  const heading = given || sceneHeading(scene.location, mood, scene.visual_hook)
  const said: string[] = []
  const action = [scene.visual_hook, ...scene.beat_notes].filter((text) => fresh(text, said)).map(sentence)
  return [
    { type: 'scene_heading', text: heading, number: String(scene.scene_number) },
    { type: 'synopsis', text: scene.goal },
    ...action.map((text): ScreenplayElement => ({ type: 'action', lines: text.split(/\r?\n/).map(plain) })),
    ...spoken(lines),
  ]
}

/** The production's scenes and lines as a screenplay; scenes stand in story order with their numbers. */
export function screenplayFromArtifacts(production: Production): Screenplay {
  const { scene_list, dialogue_script, storyboard_frames, concept_brief } = production.artifacts
  const title_page = [
    { key: 'Title', values: [production.title] },
    ...(production.author
      ? [
          { key: 'Credit', values: ['Written by'] },
          { key: 'Author', values: [production.author] },
        ]
      : []),
    ...(concept_brief ? [{ key: 'Notes', values: [concept_brief.logline] }] : []),
  ]
  const elements = (scene_list?.scenes ?? []).flatMap((one) => {
    const written = dialogue_script?.scenes.filter((s) => s.scene_number === one.scene_number) ?? []
    const lines = written.flatMap((s) => s.lines)
    const heading = [one['heading'], ...written.map((s) => s['heading'])].find((h) => typeof h === 'string' && h !== '')
    const frame = storyboard_frames?.frames.find((f) => f.scene_number === one.scene_number)
    return sceneElements(one, String(heading ?? ''), lines, frame?.lighting_mood)
  })
  const end: ScreenplayElement[] = elements.length > 0 ? [{ type: 'transition', text: 'FADE OUT.' }] : []
  return normaliseScreenplay({ title_page, elements: [...elements, ...end] })
}

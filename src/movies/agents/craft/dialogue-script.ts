import type { Scene } from '../../schema.ts'
import { LATER_LINES } from './beats.ts'
import type { AgentInput, Craft } from './craft.ts'
import { slugline } from './locations.ts'
import { fill, inSentence, pick, spokenName } from './prose.ts'
import { beatOf, beatValues } from './scene-list.ts'
import { factsOf, scenesIn } from './story-facts.ts'

const DIRECTIONS = [
  'looks at {b} only at the end of the line',
  'keeps their hands busy while saying it',
  'stands still and lets {b} come closer',
  'says it lower than the line before',
  'walks towards the light at {place}',
  'waits one breath before speaking',
  'turns away from {b} halfway through',
] as const

/** Seconds a line takes, at 0.4 s a word. */
const WORD_SECONDS = 0.4

/** Every scene speaks: its people in turn, about its goal and its place. Short scenes get fewer lines. */
export const dialogueScript: Craft = (input) => {
  const scenes = scenesIn(input)
  const share = input.settings.duration / Math.max(1, scenes.length)
  return {
    scenes: scenes.map((scene) => ({
      scene_number: scene.scene_number,
      heading:
        (scene['heading'] as string | undefined) ?? slugline(scene.location, scene.scene_number, input.workflow.title),
      action: scene.visual_hook,
      lines: scene.silent === true ? [] : linesOf(input, scene, scenes.length, share),
    })),
  }
}

function linesOf(input: AgentInput, scene: Scene, count: number, share: number) {
  const f = factsOf(input)
  const [a, b] = [scene.primary_characters[0] ?? f.lead, scene.primary_characters[1] ?? f.rival]
  const values = beatValues(input, [spokenName(a), spokenName(b)], scene.location)
  const { beat, repeat } = beatOf(input, scene.scene_number, count)
  const spoken = repeat === null ? beat.lines : LATER_LINES[repeat % LATER_LINES.length]!
  const texts = spoken.map((line) => fill(line, values))
  return within(texts, share).map((text, i) => {
    const [speaker, listener] = i % 2 === 0 ? [a, b] : [b, a]
    return {
      line_id: `S${scene.scene_number}_L${i + 1}`,
      character: speaker,
      text,
      emotion: pick(f.tone.emotions, scene.scene_number, i, speaker),
      direction: `${speaker} ${fill(pick(DIRECTIONS, scene.scene_number, i), { b: listener, place: inSentence(scene.location) }).replace(/^./, (c) => c.toLowerCase())}`,
    }
  })
}

/** As many lines as fit the scene, two at least: one to ask and one to answer. */
function within(lines: readonly string[], seconds: number): string[] {
  const kept: string[] = []
  let spent = 0
  for (const line of lines) {
    spent += line.split(/\s+/).length * WORD_SECONDS
    if (kept.length >= 2 && spent > seconds) break
    kept.push(line)
  }
  return kept
}

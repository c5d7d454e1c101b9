import type { DialogueScript, Scene, Shot, StoryboardFrame, VoiceProfile } from '../../schema.ts'
import type { AgentInput, Craft } from './craft.ts'
import { factsOf, itemsOf, profilesOf, scenesIn } from './story-facts.ts'

/** Findings of a draft reviewer: 100 when everything holds together, 60 when something does not (contract 5.4). */
export type Issue = { severity: 'low' | 'medium' | 'high'; where: string; text: string }
export const report = (input: AgentInput, issues: Issue[]) => {
  const score = issues.some((issue) => issue.severity !== 'low') ? 60 : 100
  return { score, passed: score >= input.settings.threshold, issues }
}

const lower = (s: string) => s.trim().toLowerCase()
const issue = (where: string, text: string, severity: Issue['severity'] = 'medium'): Issue => ({
  severity,
  where,
  text,
})

function frameIssues(scenes: Scene[], frames: StoryboardFrame[], shots: Shot[]): Issue[] {
  const numbers = new Map(scenes.map((s) => [s.scene_number, s]))
  const shown = new Set(frames.map((f) => f.scene_number))
  const ids = new Set(frames.map((f) => f.frame_id))
  return [
    ...scenes
      .filter((s) => !shown.has(s.scene_number))
      .map((s) => issue(`scene ${s.scene_number}`, 'no frame shows this scene')),
    ...frames
      .filter((f) => !numbers.has(f.scene_number))
      .map((f) => issue(f.frame_id, 'belongs to a scene that does not exist')),
    ...frames.flatMap((f) => {
      const scene = numbers.get(f.scene_number)
      const strangers = f.characters_present.filter(
        (name) => scene && !scene.primary_characters.some((c) => lower(c) === lower(name)),
      )
      return strangers.map((name) => issue(f.frame_id, `${name} is shown but not part of the scene`, 'low'))
    }),
    ...shots
      .filter((s) => !ids.has(s.frame_id))
      .map((s) => issue(s.shot_id, `follows frame ${s.frame_id}, which does not exist`)),
  ]
}

/** Frames, shots and scenes against each other. */
export const continuityReport: Craft = (input) =>
  report(
    input,
    frameIssues(scenesIn(input), itemsOf(input, 'storyboard_frames', 'frames'), itemsOf(input, 'shot_list')),
  )

/** What is there, judged as a whole: in planning the plan, in character work the characters. */
export const qualityReport: Craft = (input) => {
  const frames = itemsOf<StoryboardFrame>(input, 'storyboard_frames', 'frames')
  if (frames.length === 0) return report(input, characterIssues(input))
  const shots = itemsOf<Shot>(input, 'shot_list')
  const withShot = new Set(shots.map((s) => s.frame_id))
  const issues = frameIssues(scenesIn(input), frames, shots)
  if (shots.length > 0)
    issues.push(...frames.filter((f) => !withShot.has(f.frame_id)).map((f) => issue(f.frame_id, 'has no shot')))
  return report(input, issues)
}

function characterIssues(input: AgentInput): Issue[] {
  const people = profilesOf(input)
  const has = (name: keyof AgentInput['artifacts']) =>
    new Set(itemsOf<{ character: string }>(input, name).map((item) => lower(item.character)))
  const lacking = (name: keyof AgentInput['artifacts'], what: string): Issue[] => {
    const have = has(name)
    return have.size === 0
      ? []
      : people.filter((c) => !have.has(lower(c.name))).map((c) => issue(c.name, `has no ${what}`))
  }
  return [
    ...(people.some((c) => c.role === 'protagonist') ? [] : [issue('cast', 'nobody is the protagonist', 'high')]),
    ...lacking('character_designs', 'design'),
    ...lacking('voice_profiles', 'voice'),
    ...lacking('character_arcs', 'arc'),
  ]
}

/** Script against scenes, and against the film when there is one. */
export const scriptReport: Craft = (input) => {
  const script = input.artifacts.dialogue_script as DialogueScript | undefined
  const scenes = scenesIn(input)
  const spoken = new Map((script?.scenes ?? []).map((s) => [s.scene_number, s.lines]))
  const known = new Set(profilesOf(input).map((c) => lower(c.name)))
  return report(input, [
    ...scenes
      .filter((s) => (spoken.get(s.scene_number)?.length ?? 0) === 0 && s.silent !== true)
      .map((s) => issue(`scene ${s.scene_number}`, 'nobody speaks and it is not marked silent')),
    ...(script?.scenes ?? []).flatMap((s) =>
      s.lines
        .filter((line) => known.size > 0 && !known.has(lower(line.character)))
        .map((line) => issue(line.line_id, `${line.character} has no profile`)),
    ),
  ])
}

/** Every spoken line has the voice its character is known by. */
export const voiceMatchReport: Craft = (input) => {
  const audio = itemsOf<{ line_id: string; character: string }>(input, 'dialogue_audio')
  const voices = new Set(
    [...itemsOf<VoiceProfile>(input, 'voice_profiles'), ...itemsOf<{ character: string }>(input, 'voice_library')].map(
      (v) => lower(v.character),
    ),
  )
  return report(
    input,
    audio
      .filter((a) => !voices.has(lower(a.character)))
      .map((a) => issue(a.line_id, `${a.character} has no voice in the library`)),
  )
}

const RATING_WORDS: Readonly<Record<string, RegExp>> = {
  G: /\b(kill|blood|gun|corpse|murder|drug|naked)\w*/gi,
  PG: /\b(murder|corpse|drug|naked)\w*/gi,
  'PG-13': /\b(gore|mutilat|naked)\w*/gi,
}

/** Concept, arc and script against the rating: words a rating does not carry are pointed at. */
export const complianceReport: Craft = (input) => {
  const rating = input.project.content_rating ?? 'not rated'
  const words = RATING_WORDS[rating]
  const texts = (['concept_brief', 'story_arc', 'dialogue_script'] as const).map(
    (name) => [name, JSON.stringify(input.artifacts[name] ?? {})] as const,
  )
  const issues = words
    ? texts.flatMap(([name, text]) =>
        [...new Set(text.match(words) ?? [])].map((word) => issue(name, `“${word}” may not fit the rating ${rating}`)),
      )
    : []
  const avoid = (
    (input.workflow.custom_parameters['creative_guidelines'] as { must_avoid?: string[] } | undefined)?.must_avoid ?? []
  ).filter((t) => t.trim() !== '')
  const banned = avoid.flatMap((phrase) =>
    texts
      .filter(([name, text]) => name !== 'concept_brief' && lower(text).includes(lower(phrase)))
      .map(([name]) => issue(name, `speaks of “${phrase}”, which is to be avoided`)),
  )
  return {
    rating,
    passed: issues.length + banned.length === 0,
    issues: [...issues, ...banned],
    checked_for: factsOf(input).title,
  }
}

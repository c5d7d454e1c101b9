import {
  type ArtifactName,
  type AudioMix,
  artifactKind,
  type CharacterArc,
  type CharacterProfile,
  type ConceptBrief,
  countWords,
  type DialogueScript,
  type Edit,
  type StoryArc,
  type VoiceProfile,
} from '../schema.ts'
import { type GateCheck, stateTasks } from '../workflows/workflow-def.ts'
import { WORKFLOWS } from '../workflows/workflow-defs.ts'
import { contentOf, currentArtifact, currentItems, listOf } from './artifacts.ts'
import { deliverablesOf } from './deliverables.ts'
import type { EngineState } from './engine-state.ts'
import { charactersOf, framesOf, scenesOf, segmentsOf } from './fan-out.ts'
import { mediaIssues } from './media-check.ts'
import { holds, inProfile, runSettings, sceneLimits } from './run-settings.ts'
import { liveTasks } from './task-graph.ts'

/**
 * The checks behind the gates (contract 4.5 – 4.7). Each takes the state and answers what is wrong, in words a person
 * and an agent can act on; an empty list lets work go on. All checks of a gate run.
 */
export type Check = (s: EngineState) => string[]

const lower = (name: string) => name.trim().toLowerCase()
const scoreOf = (s: EngineState, name: ArtifactName): number | null => {
  const score = contentOf(s, name)?.score
  return typeof score === 'number' ? score : null
}
const below = (s: EngineState, name: ArtifactName): string[] => {
  const [score, { threshold }] = [scoreOf(s, name), runSettings(s)]
  if (score === null || score >= threshold) return []
  const issues = (contentOf(s, name)?.issues ?? []) as { where?: string; text?: string }[]
  return [
    `${name} scores ${score}, below the limit of ${threshold}`,
    ...issues.map((issue) => [issue.where, issue.text].filter(Boolean).join(': ')).filter(Boolean),
  ]
}

const significantWords = (text: string) => new Set(text.toLowerCase().match(/[\p{L}\p{N}]{4,}/gu) ?? [])

/** The arc speaks of the conflict: it names a person the conflict names, or holds a third of its longer words. */
export function conflictIsMentioned(conflict: string, arc: string, names: string[]): boolean {
  const [c, a] = [conflict.toLowerCase(), arc.toLowerCase()]
  if (names.some((name) => name.trim() !== '' && c.includes(lower(name)) && a.includes(lower(name)))) return true
  const words = [...significantWords(conflict)]
  const arcWords = significantWords(arc)
  return words.length === 0 || words.filter((word) => arcWords.has(word)).length * 3 >= words.length
}

const schemas: Check = (s) => {
  const def = stateTasks(WORKFLOWS[s.type], s.current_state)
  return (
    def
      .filter((task) => !task.optional && inProfile(task.profile, runSettings(s).profile) && holds(s, task.when))
      // Somebody has chosen to go on without it.
      .filter((task) => !liveTasks(s, s.current_state, task.id).some((t) => t.skipped))
      .map((task) => task.produces)
      .flatMap((name) => {
        const content = contentOf(s, name)
        if (content === null) return [`${name} is missing`]
        const parsed = artifactKind(name).schema.safeParse(content)
        return parsed.success ? [] : [`${name} breaks its schema: ${parsed.error.issues[0]?.message ?? 'invalid'}`]
      })
  )
}

const conflictInArc: Check = (s) => {
  const brief = contentOf(s, 'concept_brief') as ConceptBrief | null
  const arc = contentOf(s, 'story_arc') as StoryArc | null
  if (!brief || !arc) return []
  const told = [arc.setup, arc.escalation, arc.resolution].join(' ')
  const names = [...s.project.characters.map((c) => c.name), ...charactersOf(s).map((c) => c.name)]
  return conflictIsMentioned(brief.core_conflict, told, [...names, ...properNames(brief.core_conflict)])
    ? []
    : [`the story arc does not speak of the core conflict: ${brief.core_conflict}`]
}

/** Capitalised words inside a sentence: people a conflict names without the project knowing them. */
const properNames = (text: string) => [...text.matchAll(/(?<=[\p{Ll},;]\s)\p{Lu}[\p{L}'-]{2,}/gu)].map(([name]) => name)

const sceneLimitsCheck: Check = (s) => {
  const scenes = scenesOf(s)
  const { min, max } = sceneLimits(runSettings(s).duration)
  const issues: string[] = []
  if (scenes.length < min || scenes.length > max)
    issues.push(`${scenes.length} scenes; a film of this length has ${min} to ${max}`)
  scenes.forEach((scene, i) => {
    if (scene.scene_number !== i + 1) issues.push(`scene ${scene.scene_number} stands at place ${i + 1}`)
    if (countWords(scene.goal) > 40) issues.push(`the goal of scene ${scene.scene_number} has more than 40 words`)
  })
  return issues
}

const storyQuality: Check = (s) => {
  const { threshold } = runSettings(s)
  return (['story_arc', 'scene_list'] as const).flatMap((name) => {
    const score = currentArtifact(s, name)?.quality_score
    return typeof score === 'number' && score < threshold
      ? [`${name} has a quality of ${score}, below the limit of ${threshold}`]
      : []
  })
}

const duplicateNames = (characters: CharacterProfile[]) =>
  characters.filter((c, i) => characters.some((other, k) => k < i && lower(other.name) === lower(c.name)))

/** A scene may call somebody by a part of the name, or by the whole. */
export const resolvesTo = (reference: string, characters: { name: string }[]) => {
  const wanted = lower(reference)
  return characters.find(
    (c) =>
      lower(c.name) === wanted ||
      lower(c.name).split(/\s+/).includes(wanted) ||
      wanted.split(/\s+/).includes(lower(c.name)),
  )
}

const reportCheck =
  (...names: ArtifactName[]): Check =>
  (s) =>
    names.flatMap((name) => below(s, name))

const perCharacter =
  (name: ArtifactName, lack: string): Check =>
  (s) => {
    const have = new Set(currentItems(s, name).map((item) => lower(String(item.content.character))))
    return charactersOf(s)
      .filter((c) => !have.has(lower(c.name)))
      .map((c) => `${c.name} has no ${lack}`)
  }

const voicesDistinct: Check = (s) => {
  const seen = new Map<string, string>()
  return listOf<VoiceProfile>(s, 'voice_profiles').flatMap((voice) => {
    const sound = [voice.age, voice.timbre, voice.accent, voice.pace].map((part) => lower(String(part))).join('|')
    const other = seen.get(sound)
    seen.set(sound, voice.character)
    return other ? [`${voice.character} sounds like ${other}: give them different voices`] : []
  })
}

const framesCoverScenes: Check = (s) => {
  const covered = new Set(framesOf(s).map((frame) => frame.scene_number))
  return scenesOf(s)
    .filter((scene) => !covered.has(scene.scene_number))
    .map((scene) => `scene ${scene.scene_number} has no frame`)
}

const frameIdsValid: Check = (s) => {
  const scenes = new Set(scenesOf(s).map((scene) => scene.scene_number))
  const seen = new Set<string>()
  return framesOf(s).flatMap((frame) => {
    const issues: string[] = []
    if (frame.frame_id !== `SCENE_${frame.scene_number}_SHOT_${frame.shot_order}`)
      issues.push(`${frame.frame_id} does not fit scene ${frame.scene_number}, shot ${frame.shot_order}`)
    if (!scenes.has(frame.scene_number)) issues.push(`${frame.frame_id} belongs to a scene that does not exist`)
    if (seen.has(frame.frame_id)) issues.push(`${frame.frame_id} is there twice`)
    seen.add(frame.frame_id)
    return issues
  })
}

const canonClean: Check = (s) =>
  ((contentOf(s, 'story_bible')?.conflicts ?? []) as unknown[]).map((conflict) =>
    typeof conflict === 'string' ? conflict : String((conflict as { text?: unknown }).text ?? JSON.stringify(conflict)),
  )

const scenesHaveLines: Check = (s) => {
  const script = contentOf(s, 'dialogue_script') as DialogueScript | null
  const spoken = new Set(
    (script?.scenes ?? []).filter((scene) => scene.lines.length > 0).map((scene) => scene.scene_number),
  )
  return scenesOf(s)
    .filter((scene) => !spoken.has(scene.scene_number) && scene.silent !== true)
    .map((scene) => `scene ${scene.scene_number} has no lines and is not marked silent`)
}

const seconds = (value: number) => `${Math.round(value * 100) / 100} s`

const editDuration: Check = (s) => {
  const edit = contentOf(s, 'final_edit') as Edit | null
  if (!edit) return ['final_edit is missing']
  const { wanted, tolerance } = expectedDuration(s)
  return Math.abs(edit.duration_seconds - wanted) <= tolerance + 1e-6
    ? []
    : [`the film lasts ${seconds(edit.duration_seconds)} instead of ${seconds(wanted)} ± ${seconds(tolerance)}`]
}

/** ±10 % of the target (±2 s below 20 s); draft and reduced runs are measured by the sum of their segments. */
export function expectedDuration(s: EngineState): { wanted: number; tolerance: number } {
  const segments = currentItems(s, 'video_segments')
  const sum = segments.reduce((total, item) => total + Number(item.content.duration_seconds ?? 0), 0)
  const reduced = segments.some((item) => item.draft) || segments.length < segmentsOf(s).length || s.quality_reduced
  const wanted = reduced && sum > 0 ? sum : runSettings(s).duration
  return { wanted, tolerance: wanted < 20 ? 2 : wanted * 0.1 }
}

const editOrder: Check = (s) => {
  const edit = contentOf(s, 'final_edit') as Edit | null
  if (!edit) return []
  const scene = new Map(segmentsOf(s).map((segment) => [segment.segment_id, segment.scene_number]))
  const order = edit.edit_timeline.map((entry) => scene.get(entry.segment_id) ?? 0)
  const inOrder = order.every((n, i) => i === 0 || n >= order[i - 1]!)
  const inTime = edit.edit_timeline.every((e, i) => i === 0 || e.start_time >= edit.edit_timeline[i - 1]!.start_time)
  return inOrder && inTime ? [] : ['the cut does not keep the order of the scenes']
}

const audioLength: Check = (s) => {
  const [edit, mix] = [contentOf(s, 'final_edit') as Edit | null, contentOf(s, 'audio_mix') as AudioMix | null]
  if (!edit || !mix || Math.abs(edit.duration_seconds - mix.duration) <= 0.1 + 1e-9) return []
  return [`sound lasts ${seconds(mix.duration)}, picture ${seconds(edit.duration_seconds)}`]
}

export const CHECKS: Record<GateCheck, Check> = {
  schemas,
  conflict_in_arc: conflictInArc,
  scene_limits: sceneLimitsCheck,
  story_quality: storyQuality,
  cast_size: (s) =>
    charactersOf(s).length >= 2 ? [] : [`${charactersOf(s).length} characters; at least 2 are needed`],
  unique_names: (s) => duplicateNames(charactersOf(s)).map((c) => `two characters are called ${c.name}`),
  scene_characters_known: (s) => {
    const characters = charactersOf(s)
    const unknown = new Set(
      scenesOf(s).flatMap((scene) => scene.primary_characters.filter((name) => !resolvesTo(name, characters))),
    )
    return [...unknown].map((name) => `${name} is in a scene but has no profile`)
  },
  character_count: (s) => {
    const { character_count: wanted } = runSettings(s)
    return wanted === null || charactersOf(s).length === wanted
      ? []
      : [`${charactersOf(s).length} characters instead of ${wanted}`]
  },
  has_protagonist: (s) =>
    charactersOf(s).some((c) => c.role === 'protagonist') ? [] : ['no character is the protagonist'],
  every_character_designed: perCharacter('character_designs', 'design'),
  every_character_voiced: perCharacter('voice_profiles', 'voice'),
  voices_distinct: voicesDistinct,
  arcs_complete: (s) => {
    const arcs = listOf<CharacterArc>(s, 'character_arcs')
    const told = new Map(arcs.map((arc) => [lower(arc.character), arc]))
    return charactersOf(s).flatMap((c) => {
      const arc = told.get(lower(c.name))
      if (!arc) return [`${c.name} has no arc`]
      return arc.start.trim() && arc.end.trim() ? [] : [`the arc of ${c.name} lacks start or end`]
    })
  },
  review_score: reportCheck('quality_report'),
  frames_cover_scenes: framesCoverScenes,
  frame_ids_valid: frameIdsValid,
  planning_scores: reportCheck('continuity_report', 'quality_report'),
  canon_clean: canonClean,
  script_score: reportCheck('script_report'),
  scenes_have_lines: scenesHaveLines,
  // Decided when the last media task ended (advance, checkMedia); a person may have accepted less.
  media_complete: (s) => (s.passes[s.current_state]?.media_accepted ? [] : mediaIssues(s)),
  voice_match: reportCheck('voice_match_report'),
  edit_duration: editDuration,
  edit_order: editOrder,
  audio_length: audioLength,
  edit_checksum: (s) => (contentOf(s, 'final_edit')?.checksum ? [] : ['the film has no checksum']),
  deliverables_ready: (s) =>
    deliverablesOf(s)
      .filter((deliverable) => deliverable.status !== 'ready')
      .map((deliverable) => `deliverable ${deliverable.name} is missing`),
}

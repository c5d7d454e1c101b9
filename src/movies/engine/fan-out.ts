import type { CharacterProfile, DialogueScript, Scene, StoryboardFrame } from '../schema.ts'
import type { TaskDef } from '../workflows/workflow-def.ts'
import { contentOf, currentArtifact, listOf } from './artifacts.ts'
import type { EngineState } from './engine-state.ts'
import { planSegments } from './plan-segments.ts'
import { runSettings } from './run-settings.ts'

/** One task to make of a fan-out: its place in the whole, and what it is about. */
export type FanOutItem = { index: number; count: number; of: string; label: string; input: Record<string, unknown> }

export const scenesOf = (s: EngineState): Scene[] => {
  const list = listOf<Scene>(s, 'scene_list')
  if (list.length > 0) return list
  const outline = contentOf(s, 'episode_outline')
  return (outline?.scene_list as { scenes?: Scene[] } | undefined)?.scenes ?? []
}
export const framesOf = (s: EngineState) => listOf<StoryboardFrame>(s, 'storyboard_frames')
export const charactersOf = (s: EngineState) => listOf<CharacterProfile>(s, 'character_profiles')
export const linesOf = (s: EngineState) => {
  const script = contentOf(s, 'dialogue_script') as DialogueScript | null
  return (script?.scenes ?? []).flatMap((scene) =>
    scene.lines.map((line) => ({ scene_number: scene.scene_number, line })),
  )
}
export const segmentsOf = (s: EngineState) => {
  const settings = runSettings(s)
  return planSegments(scenesOf(s), framesOf(s), settings.duration, settings.profile)
}

type Source = (s: EngineState) => { label: string; input: Record<string, unknown> }[]

const SOURCES: Record<NonNullable<TaskDef['fanOut']>, { of: string; items: Source }> = {
  concept_option: {
    of: 'concept_options',
    items: () => [1, 2, 3, 4].map((option) => ({ label: `option ${option}`, input: { option } })),
  },
  character: {
    of: 'character_profiles',
    items: (s) => charactersOf(s).map((c) => ({ label: c.name, input: { character: c.name, profile: c } })),
  },
  new_character: {
    of: 'character_profiles',
    items: (s) => charactersOf(s).map((c) => ({ label: c.name, input: { character: c.name, profile: c } })),
  },
  frame: {
    of: 'storyboard_frames',
    items: (s) =>
      framesOf(s).map((frame) => ({
        label: frame.frame_id,
        input: { frame_id: frame.frame_id, scene_number: frame.scene_number, frame },
      })),
  },
  line: {
    of: 'dialogue_script',
    items: (s) =>
      linesOf(s).map(({ scene_number, line }) => ({
        label: line.line_id,
        input: { line_id: line.line_id, scene_number, character: line.character, line },
      })),
  },
  segment: {
    of: 'storyboard_frames',
    items: (s) => segmentsOf(s).map((segment) => ({ label: segment.segment_id, input: { ...segment } })),
  },
}

/**
 * The items of a fan-out that still have to be made. Items that were supplied, and for `new_character` those an earlier
 * episode has designed, are left out; `count` is the size of the whole.
 */
export function fanOutItems(s: EngineState, def: TaskDef): { items: FanOutItem[]; count: number } {
  const source = SOURCES[def.fanOut!]
  const all = source.items(s)
  const items = all
    .map((item, index) => ({ ...item, index, count: all.length, of: source.of }))
    .filter((item) => !isGiven(s, def, item.index))
  return { items, count: all.length }
}

function isGiven(s: EngineState, def: TaskDef, index: number): boolean {
  const present = currentArtifact(s, def.produces, index)
  return (
    present !== null &&
    (present.origin === 'supplied' || (def.fanOut === 'new_character' && present.origin === 'inherited'))
  )
}

/** A single task, or a fan-out that this run does not split: interactive concept off makes one brief. */
export const splits = (s: EngineState, def: TaskDef) =>
  def.fanOut !== undefined && !(def.fanOut === 'concept_option' && s.custom_parameters.interactive_concept !== true)

/** Where a task's result is kept: the four concepts are options until a person has chosen. */
export const productOf = (s: EngineState, def: TaskDef): string =>
  def.fanOut === 'concept_option' && splits(s, def) ? 'concept_options' : def.produces

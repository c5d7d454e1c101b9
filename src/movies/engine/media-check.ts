import { currentItems } from './artifacts.ts'
import type { EngineState, EngineTask } from './engine-state.ts'
import { segmentsOf } from './fan-out.ts'

/** The three fan-outs of media_generation, with the words for people. */
const GROUPS = [
  { type: 'frames', label: 'frames' },
  { type: 'segments', label: 'segments' },
  { type: 'dialogue_audio', label: 'lines' },
] as const

const SHARE = 0.8

export const mediaTasks = (s: EngineState): EngineTask[] =>
  s.tasks.filter((t) => t.media && !t.superseded && t.state === s.current_state)

/** Scenes of the plan that have no usable segment. */
export function scenesWithoutSegment(s: EngineState): number[] {
  const have = new Set(currentItems(s, 'video_segments').map((item) => item.content.segment_id))
  const plan = segmentsOf(s)
  const covered = new Set(plan.filter((p) => have.has(p.segment_id)).map((p) => p.scene_number))
  return [...new Set(plan.map((p) => p.scene_number))].filter((scene) => !covered.has(scene))
}

/** G4 on what was made: every scene has a usable segment, and four fifths of frames, segments and lines succeeded. */
export function mediaIssues(s: EngineState): string[] {
  const tasks = mediaTasks(s)
  const shares = GROUPS.flatMap(({ type, label }) => {
    const group = tasks.filter((t) => t.task_type === type)
    const made = group.filter((t) => t.status === 'completed').length
    return group.length > 0 && made < group.length * SHARE ? [`only ${made} of ${group.length} ${label} were made`] : []
  })
  return [...scenesWithoutSegment(s).map((scene) => `scene ${scene} has no usable segment`), ...shares]
}

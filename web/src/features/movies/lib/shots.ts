import type * as M from '../../../../../src/movies/schema.ts'

export type Shot = {
  id: string
  scene: number
  index: number
  description: string
  camera: string
  characters: string[]
  image: string | undefined
  score: number | undefined
  seconds: number | undefined
  from: number | undefined
  status: string
  segment: string | undefined
  error: string | undefined
  lens: string | undefined
  angle: string | undefined
  movement: string | undefined
  takes: M.TaskResponse[]
}
export type ShotSources = {
  storyboard: M.StoryboardFrames | undefined
  frames: M.GeneratedFrames | undefined
  segments: M.VideoSegments | undefined
  edit: M.Edit | undefined
  shotList: { items: M.Shot[] } | undefined
  tasks: readonly M.TaskResponse[]
}

/** Whether a task made (or failed to make) one picture. */
export const isFrameTask = (task: M.TaskResponse) =>
  task.fan_out !== null && /^(frames|generated_frames)$/.test(task.task_type)

/** Every shot of the storyboard with its picture, its takes, its place in the finished cut and its state. */
export function shotsOf({ storyboard, frames, segments, edit, shotList, tasks }: ShotSources): Shot[] {
  const byFrame = new Map((frames?.frames ?? []).map((frame) => [frame.frame_id, frame]))
  const failed = new Map((frames?.failed_frames ?? []).map((frame) => [frame.frame_id, String(frame.error)]))
  const listed = new Map((shotList?.items ?? []).map((shot) => [shot.frame_id, shot]))
  const made = tasks.filter(isFrameTask)
  return (storyboard?.frames ?? []).map((frame, index) => {
    const picture = byFrame.get(frame.frame_id)
    const segment = segments?.segments.find((one) => one.associated_frames.includes(frame.frame_id))
    const entry = edit?.edit_timeline.find((one) => one.segment_id === segment?.segment_id)
    const own = segment ? segment.associated_frames.indexOf(frame.frame_id) : 0
    const share =
      segment && segment.associated_frames.length > 0
        ? segment.duration_seconds / segment.associated_frames.length
        : undefined
    const shot = listed.get(frame.frame_id)
    const takes = made
      .filter((task) => task.fan_out?.index === index)
      .sort((a, b) => a.created_at.localeCompare(b.created_at))
    const last = takes.at(-1)
    const error =
      failed.get(frame.frame_id) ?? (last?.status === 'failed' ? (last.error_message ?? 'failed') : undefined)
    return {
      id: frame.frame_id,
      scene: frame.scene_number,
      index,
      description: frame.description,
      camera: frame.camera_notes,
      characters: frame.characters_present ?? [],
      image: picture?.image_url,
      score: picture?.quality_score ?? last?.quality_score ?? undefined,
      seconds: share ?? shot?.duration,
      from: entry && share !== undefined ? entry.start_time + own * share : undefined,
      status: error ? 'failed' : picture ? 'done' : last && last.status !== 'completed' ? last.status : 'draft',
      segment: segment?.segment_id,
      error,
      lens: shot?.lens,
      angle: shot?.angle,
      movement: shot?.movement,
      takes,
    }
  })
}

/** The shot on screen at a second of the finished cut. */
export function shotAt(shots: readonly Shot[], second: number): Shot | undefined {
  return [...shots].reverse().find((shot) => shot.from !== undefined && shot.from <= second)
}

export type Marks = Record<string, { verdict: 'approved' | 'redo'; note?: string }>

/** The marks with one of them set, or taken away. */
export function withMark(marks: Marks, id: string, mark: Marks[string] | undefined): Marks {
  const rest = Object.fromEntries(Object.entries(marks).filter(([key]) => key !== id))
  return mark ? { ...rest, [id]: mark } : rest
}

/** What is said with a decision about marked shots: the shots to make again with their notes, and how many are fine. */
export function marksFeedback(marks: Marks): string {
  const redo = Object.entries(marks).filter(([, mark]) => mark.verdict === 'redo')
  const fine = Object.values(marks).filter((mark) => mark.verdict === 'approved').length
  const lines = redo.map(([id, mark]) => `Redo ${id}${mark.note ? `: ${mark.note}` : ''}`)
  if (fine > 0) lines.push(`${fine} ${fine === 1 ? 'shot is' : 'shots are'} approved.`)
  return lines.join('\n')
}

import type { StoryboardFrame } from '../../schema.ts'
import type { Production } from '../production.ts'

/** One line of a shot list. Seconds count from the start of the film. */
export type ShotRow = {
  scene: number
  location: string
  shot: string
  frame: string
  angle: string
  lens: string
  movement: string
  start: number
  duration: number
  description: string
  characters: string
  light: string
  dialogue: string
}

export const SHOT_COLUMNS: { key: keyof ShotRow; title: string; width: number }[] = [
  { key: 'scene', title: 'Scene', width: 8 },
  { key: 'location', title: 'Location', width: 26 },
  { key: 'shot', title: 'Shot', width: 14 },
  { key: 'frame', title: 'Frame', width: 18 },
  { key: 'angle', title: 'Angle', width: 20 },
  { key: 'lens', title: 'Lens', width: 12 },
  { key: 'movement', title: 'Movement', width: 20 },
  { key: 'start', title: 'Start (s)', width: 10 },
  { key: 'duration', title: 'Duration (s)', width: 12 },
  { key: 'description', title: 'Description', width: 60 },
  { key: 'characters', title: 'Characters', width: 24 },
  { key: 'light', title: 'Light', width: 28 },
  { key: 'dialogue', title: 'Dialogue', width: 60 },
]

const ms = (seconds: number) => Math.round(seconds * 1000) / 1000

/** The shots in story order; a film without a shot list gets one row a storyboard frame, its share of the length each. */
export function shotRows(production: Production): ShotRow[] {
  const { storyboard_frames, shot_list, scene_list, dialogue_script } = production.artifacts
  const frames = [...(storyboard_frames?.frames ?? [])].sort(
    (a, b) => a.scene_number - b.scene_number || a.shot_order - b.shot_order,
  )
  const share = frames.length > 0 ? production.target_duration / frames.length : 0
  const lines = (frame: StoryboardFrame, first: boolean) =>
    first
      ? (dialogue_script?.scenes ?? [])
          .filter((s) => s.scene_number === frame.scene_number)
          .flatMap((s) => s.lines.map((line) => `${line.character}: ${line.text}`))
          .join('\n')
      : ''
  let at = 0
  return frames.map((frame, i) => {
    const shot = shot_list?.items.find((s) => s.frame_id === frame.frame_id)
    const scene = scene_list?.scenes.find((s) => s.scene_number === frame.scene_number)
    const duration = ms(shot?.duration ?? share)
    const row: ShotRow = {
      scene: frame.scene_number,
      location: scene?.location ?? '',
      shot: shot?.shot_id ?? `SHOT_${frame.scene_number}_${frame.shot_order}`,
      frame: frame.frame_id,
      angle: shot?.angle ?? frame.camera_notes,
      lens: shot?.lens ?? '',
      movement: shot?.movement ?? '',
      start: ms(at),
      duration,
      description: frame.description,
      characters: frame.characters_present.join(', '),
      light: frame.lighting_mood ?? '',
      dialogue: lines(frame, frames[i - 1]?.scene_number !== frame.scene_number),
    }
    at += duration
    return row
  })
}

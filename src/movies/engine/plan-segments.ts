import type { Profile, Scene, StoryboardFrame } from '../schema.ts'

export type SegmentPlan = {
  segment_id: string
  scene_number: number
  frame_ids: string[]
  /** Seconds, at most 7 (2–4 in the short profile where the target allows). */
  duration: number
}

const MAX_SECONDS: Record<Profile, number> = { short: 4, standard: 7, full: 7 }
const round = (seconds: number) => Math.round(seconds * 1000) / 1000

/**
 * Cuts the target length into segments, scene after scene: every scene gets the same share, cut into equal segments of
 * at most 7 s (4 s in the short profile). The frames of a scene are dealt out in order; when a scene has more segments
 * than frames, neighbours share one. The sum of all durations is the target to the millisecond.
 */
export function planSegments(
  scenes: Scene[],
  frames: StoryboardFrame[],
  seconds: number,
  profile: Profile,
): SegmentPlan[] {
  const drawn = scenes.filter((scene) => frames.some((frame) => frame.scene_number === scene.scene_number))
  if (drawn.length === 0) return []
  const share = seconds / drawn.length
  const perScene = Math.max(1, Math.ceil(share / MAX_SECONDS[profile] - 1e-9))
  const plan: SegmentPlan[] = []
  let at = 0
  for (const [i, scene] of drawn.entries()) {
    const own = frames
      .filter((frame) => frame.scene_number === scene.scene_number)
      .sort((a, b) => a.shot_order - b.shot_order)
    for (let k = 0; k < perScene; k++) {
      const end = round(share * i + (share * (k + 1)) / perScene)
      plan.push({
        segment_id: `SEGMENT_${plan.length + 1}`,
        scene_number: scene.scene_number,
        frame_ids: dealt(own, k, perScene).map((frame) => frame.frame_id),
        duration: round(end - at),
      })
      at = end
    }
  }
  return plan
}

/** The k-th of n parts of a list, never empty. */
function dealt<T>(list: T[], k: number, n: number): T[] {
  if (n >= list.length) return [list[Math.floor((k * list.length) / n)]!]
  return list.slice(Math.floor((k * list.length) / n), Math.floor(((k + 1) * list.length) / n))
}

import { PROFILES, type Profile } from '../schema.ts'
import type { Condition } from '../workflows/workflow-def.ts'
import type { EngineState } from './engine-state.ts'

/** Parameters of a run as the engine reads them: contract 4.9 with every default filled in. */
export type RunSettings = {
  profile: Profile
  auto: boolean
  decision_timeout_hours: number
  on_decision_timeout: 'hold' | 'default_choice'
  threshold: number
  aspect_ratio: string
  width: number
  height: number
  fps: number
  quality: string
  draft_agents: 'auto' | 'always' | 'never'
  /** Seconds the film should last: the episode's own length wins. */
  duration: number
  character_count: number | null
}

/** Short up to 30 s, standard above, unless the request names a profile. */
export const defaultProfile = (seconds: number): Profile => (seconds <= 30 ? 'short' : 'standard')

const RATIO_SIZES: Record<string, [number, number]> = {
  '16:9': [1280, 720],
  '4:3': [960, 720],
  '21:9': [1680, 720],
  '9:16': [720, 1280],
  '1:1': [720, 720],
}

/** Resolved afresh at every step, so a change of parameters reaches everything that has not started. */
export function runSettings(s: EngineState): RunSettings {
  const p = s.custom_parameters
  const duration = s.type === 'episode_production' ? (p.episode_duration ?? s.target_duration) : s.target_duration
  const aspect = p.aspect_ratio ?? s.project.aspect_ratio ?? '16:9'
  const [w, h] = p.resolution ? p.resolution.split('x').map(Number) : (RATIO_SIZES[aspect] ?? [1280, 720])
  return {
    profile: p.profile ?? defaultProfile(duration),
    auto: p.decision_mode === 'auto',
    decision_timeout_hours: p.decision_timeout_hours ?? 24,
    on_decision_timeout: p.on_decision_timeout ?? 'hold',
    threshold: p.quality_threshold ?? 80,
    aspect_ratio: aspect,
    width: w!,
    height: h!,
    fps: p.fps ?? 24,
    quality: s.quality_reduced ? 'draft' : (p.quality ?? s.project.quality ?? 'standard'),
    draft_agents: p.draft_agents ?? 'auto',
    duration,
    character_count: s.type === 'character_development' ? (p.character_count ?? 2) : (p.character_count ?? null),
  }
}

/** Is a task of profile `smallest` part of a run with profile `profile`? */
export const inProfile = (smallest: Profile, profile: Profile) =>
  PROFILES.indexOf(smallest) <= PROFILES.indexOf(profile)

export function holds(s: EngineState, condition: Condition | undefined, point?: string): boolean {
  const p = s.custom_parameters
  switch (condition) {
    case undefined:
    case 'always':
      return true
    case 'interactive_concept':
      return p.interactive_concept === true
    case 'visual_design':
      return p.visual_design !== false
    case 'voice_design':
      return p.voice_design !== false
    case 'relationships':
      return p.relationships !== false
    case 'approval_listed':
      return (p.approval_points ?? []).some((listed) => listed === point)
  }
}

/** Number of scenes the contract asks for (4.4, full scale rule). */
export function sceneLimits(seconds: number): { min: number; max: number; target: number } {
  if (seconds <= 30) return { min: 3, max: 5, target: 3 }
  return { min: 5, max: 60, target: Math.min(60, Math.max(5, Math.ceil(seconds / 45))) }
}

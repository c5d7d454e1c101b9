import type { ArtifactName, DecisionPoint, Profile, WorkflowType } from '../schema.ts'

/**
 * The words in which the three workflows are written down. A definition is pure data: what happens when it runs is the
 * engine's part (../engine), which reads nothing but these tables.
 */

/** What a fan-out makes one task of: its source is the artifact whose items are counted. */
export type FanOut = 'concept_option' | 'character' | 'new_character' | 'frame' | 'line' | 'segment'

/** A parameter or fact that decides whether a task, point or state is there at all. */
export type Condition =
  | 'interactive_concept'
  | 'visual_design'
  | 'voice_design'
  | 'relationships'
  | 'approval_listed'
  | 'always'

export type TaskDef = {
  /** `task_type`, unique within its state. */
  id: string
  /** Capability that does it: an id of the roster. */
  agent: string
  /** Tasks or decision points of the same state; those not part of the run's profile are passed over. */
  after: readonly string[]
  produces: ArtifactName
  /** The smallest profile that contains the task. */
  profile: Profile
  optional?: true
  fanOut?: FanOut
  when?: Condition
  /** Not made when an earlier workflow of the project has made its artifact. */
  skipIfInherited?: true
  /** Made although its artifact was supplied or taken over: it works on it. */
  always?: true
  /** What this task asks of an agent that has several uses. */
  purpose: string
}

export type GateCheck =
  | 'schemas'
  | 'conflict_in_arc'
  | 'scene_limits'
  | 'story_quality'
  | 'cast_size'
  | 'unique_names'
  | 'scene_characters_known'
  | 'character_count'
  | 'has_protagonist'
  | 'every_character_designed'
  | 'every_character_voiced'
  | 'voices_distinct'
  | 'arcs_complete'
  | 'review_score'
  | 'frames_cover_scenes'
  | 'frame_ids_valid'
  | 'planning_scores'
  | 'canon_clean'
  | 'script_score'
  | 'scenes_have_lines'
  | 'media_complete'
  | 'voice_match'
  | 'edit_duration'
  | 'edit_order'
  | 'audio_length'
  | 'edit_checksum'
  | 'deliverables_ready'

/** What a failed gate does: the task runs again (with all that depends on it) at most `max` times, after that `exhausted`. */
export type GateFailure = {
  repeat: string | null
  max: number
  exhausted: 'quality_override' | 'warning' | 'media_failure' | 'fail'
}

export type GateDef = {
  id: string
  checks: readonly GateCheck[]
  /** Checks made in profiles standard and full only. */
  standardChecks?: readonly GateCheck[]
  onFail: GateFailure
}

/** Where a choice leads. `repeat` runs tasks of `state` again, `next` goes on. */
export type Branch =
  | { to: 'next' }
  | { to: 'cancelled' }
  | { to: 'repeat'; state: string; tasks: readonly string[]; limited: boolean }

export type PointDef = {
  point: DecisionPoint
  /** Tasks of the state it follows, or `gate`. */
  after: readonly string[]
  enabled: Condition
  prompt: string
  /** Artifacts a person judges by. */
  shows: readonly ArtifactName[]
  branches: Readonly<Record<string, Branch>>
}

/** The branch on the final quality control of a film. */
export type QcBranch = {
  after: string
  segments: { state: string; max: number }
  other: { state: string; task: string; max: number }
}

export type StateDef = {
  id: string
  weight: number
  expectedSeconds: number
  /** The state is skipped, and listed as completed, when this does not hold. */
  when?: Condition
  tasks: readonly TaskDef[]
  points: readonly PointDef[]
  qc?: QcBranch
  gate: GateDef
}

export type DeliverableDef = { name: ArtifactName; profile: Profile; when?: Condition; insteadOf?: ArtifactName }

export type WorkflowDef = {
  type: WorkflowType
  title: string
  states: readonly StateDef[]
  deliverables: readonly DeliverableDef[]
  /** Artifacts of earlier workflows of the project that are taken over at the start. */
  inherits: readonly ArtifactName[]
  /** Those without which it is refused. */
  prerequisites: readonly ArtifactName[]
}

export const stateTasks = (workflow: WorkflowDef, state: string): readonly TaskDef[] =>
  workflow.states.find((s) => s.id === state)?.tasks ?? []

import type {
  BudgetConstraints,
  CustomParameters,
  DecisionPoint,
  ErrorDetails,
  FileRef,
  GeneratedBy,
  MovieEventType,
  PauseReason,
  TaskStatus,
  WorkflowStatus,
  WorkflowType,
} from '../schema.ts'

/**
 * Everything the engine knows about one workflow. It is plain data; transitions (./transition.ts) take one and give the
 * next together with the events that happened. Times are ISO 8601 UTC with milliseconds.
 */
export type EngineState = {
  workflow_id: string
  project_id: string
  type: WorkflowType
  title: string
  description: string
  genre: string | null
  target_duration: number
  style_preferences: Record<string, unknown>
  custom_parameters: CustomParameters
  priority: number
  project: ProjectFacts

  status: WorkflowStatus
  /** Reasons to stand still; each is taken away by what ends it. */
  paused: { user: boolean; decision: boolean; service: string | null }
  current_state: string
  completed_states: string[]
  /** Runs of each state, loops included: 1, 2, … */
  visits: Record<string, number>
  passes: Record<string, StatePass>
  /** How often a gate or a choice has sent work back: key -> count. */
  loops: Record<string, number>
  tasks: EngineTask[]
  artifacts: EngineArtifact[]
  decisions: EngineDecision[]
  /** Waiting for the next run of a task type: what people and gates said. */
  notes: Record<string, RepeatNotes>
  error_details: ErrorDetails | null
  error_history: ErrorEntry[]
  budget_accepted: boolean
  quality_reduced: boolean
  /** Settings of the installation at the time it was created; absent in older workflows. */
  task_limits?: TaskLimits
  waiting_on: string[]
  /** Since when a service that work waits for has been away. */
  outage_since: string | null
  progress: number
  /** Accepted, but above the number of workflows that may run at once. */
  queued: boolean
  warnings: string[]

  created_at: string
  updated_at: string
  started_at: string | null
  completed_at: string | null
  /** Seconds spent in status running before `running_since`. */
  ran_seconds: number
  running_since: string | null
}

/** Tries and seconds of a task that has no limits of its own. */
export type TaskLimits = { retries: number; timeout: number }

/** What the engine reads of the project: people and places, and limits. */
export type ProjectFacts = {
  title: string
  description: string
  characters: { name: string; type?: unknown; description?: unknown; [key: string]: unknown }[]
  settings: { name: string; description?: unknown; [key: string]: unknown }[]
  themes: string[]
  content_rating: string | null
  custom_requirements: string
  budget_constraints: BudgetConstraints
  /** Of the outside project, when it has them. */
  aspect_ratio: string | null
  quality: string | null
}

/** One passage through a state. A loop-back starts a new one. */
export type StatePass = {
  /** Number of tasks a fan-out was expanded to, by task type; 0 is a fan-out without items. */
  expanded: Record<string, number>
  points: Partial<Record<DecisionPoint, string>>
  gate: 'open' | 'passed'
  gate_accepted: boolean
  media_accepted: boolean
  /** Somebody goes on with what there is; only placeholders are still made. */
  media_continued: boolean
  qc_accepted: boolean
  /** A point whose loops are used up: quality_override is asked in its place. */
  over_limit: DecisionPoint | null
  warnings: string[]
  entered_at: string
}

export type ErrorCategory = 'transient' | 'recoverable' | 'permanent' | 'agent_lost' | 'no_agent' | 'outage'

export type EngineTask = {
  task_id: string
  task_type: string
  state: string
  capability: string
  name: string
  description: string
  produces: string
  /** Position in a fan-out; null for a single task. */
  index: number | null
  count: number | null
  of: string | null
  /** 1 for the first time this task (and index) is done, 2 after a loop-back … */
  run: number
  /** A later run replaces it; it stays as history. */
  superseded: boolean
  /** Finally failed, and the workflow goes on without its result. */
  skipped: boolean
  /** A frame, segment or line: it raises media_failure instead of task_failure. */
  media: boolean
  optional: boolean
  dependencies: string[]
  status: TaskStatus
  priority: number
  input: Record<string, unknown>
  retry_count: number
  max_retries: number
  lost_count: number
  repaired: boolean
  timeout: number
  /** Agents that have used up their tries at this task. */
  tried: Record<string, number>
  agent_id: string | null
  created_at: string
  started_at: string | null
  completed_at: string | null
  next_retry_at: string | null
  error_type: string | null
  error_message: string | null
  error_category: ErrorCategory | null
  quality_score: number | null
  resource_usage: ResourceUsage
  external_job_id: string | null
  warnings: string[]
}

export type ResourceUsage = { cpu_seconds?: number; memory_gb?: number; gpu_seconds?: number; cost?: number }

export type EngineArtifact = {
  artifact_id: string
  name: string
  index: number | null
  version: number
  state: string
  task_id: string | null
  agent_id: string | null
  content: Record<string, unknown>
  file: FileRef | null
  draft: boolean
  generated_by: GeneratedBy
  /** supplied: given with the request; inherited: of an earlier workflow of the project. */
  origin: 'made' | 'supplied' | 'inherited'
  quality_score: number | null
  /** No longer current: dropped by a restore or by a smaller fan-out. */
  dropped: boolean
  created_at: string
}

export type EngineDecision = {
  decision_id: string
  point: DecisionPoint
  state: string
  prompt: string
  options: string[]
  context: Record<string, unknown>
  /** What it is about: a task, or the point or gate a quality_override stands for. */
  subject: string | null
  status: 'pending' | 'answered' | 'withdrawn'
  choice: string | null
  feedback: string | null
  actor: string | null
  automatic: boolean
  raised_at: string
  timeout: string | null
  at: string | null
}

export type RepeatNotes = { feedback: string[]; issues: string[] }

export type ErrorEntry = {
  at: string
  task_id: string | null
  error_type: string
  error_message: string
  action: string
}

export type EngineEvent = { type: MovieEventType; data: Record<string, unknown> }
export type Transition = { state: EngineState; events: EngineEvent[] }

export const FINAL_STATUSES: readonly WorkflowStatus[] = ['completed', 'cancelled']
export const isFinal = (status: WorkflowStatus) => FINAL_STATUSES.includes(status)
export const isActive = (status: WorkflowStatus) => status === 'running' || status === 'paused'

export const pendingDecision = (s: EngineState) => s.decisions.find((d) => d.status === 'pending') ?? null

/** The reason shown while paused: the one a person caused comes first. */
export function pauseReason(s: EngineState): PauseReason | null {
  if (s.status !== 'paused') return null
  if (s.paused.user) return 'user'
  if (s.paused.decision) return 'decision'
  return 'service_unavailable'
}

export const emptyPass = (at: string): StatePass => ({
  expanded: {},
  points: {},
  gate: 'open',
  gate_accepted: false,
  media_accepted: false,
  media_continued: false,
  qc_accepted: false,
  over_limit: null,
  warnings: [],
  entered_at: at,
})

export const NO_PROJECT: ProjectFacts = {
  title: '',
  description: '',
  characters: [],
  settings: [],
  themes: [],
  content_rating: null,
  custom_requirements: '',
  budget_constraints: {},
  aspect_ratio: null,
  quality: null,
}

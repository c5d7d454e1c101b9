/** One unit of work of a plan, before it is stored. `dependsOn` names keys of the same plan. */
export type NewAssignment = {
  key: string
  capabilities: readonly string[]
  priority?: number
  dependsOn?: readonly string[]
  input: Record<string, unknown>
  timeoutSeconds?: number
  /** The assignment whose output this one reviews: it must come after it. */
  checks?: string
}

export type NewPlan = {
  id?: string
  pool: string
  domain: string
  /** What the plan is for, e.g. a task id: the stream of its events and the scope of its shared state. */
  subject: string
  userId: string
  runId?: string
  data?: Record<string, unknown>
  assignments: readonly NewAssignment[]
}

export const ASSIGNMENT_STATUSES = [
  'pending',
  'ready',
  'running',
  'completed',
  'failed',
  'blocked',
  'cancelled',
] as const
export type AssignmentStatus = (typeof ASSIGNMENT_STATUSES)[number]

export type Assignment = {
  id: string
  plan_id: string
  pool: string
  domain: string
  subject: string
  key: string
  ordinal: number
  user_id: string
  capabilities: string[]
  priority: number
  status: AssignmentStatus
  depends_on: string[]
  open_prerequisites: number
  input: Record<string, unknown>
  agent_id: string | null
  instance: string | null
  attempt: number
  started_attempts: number
  losses: number
  timeout_seconds: number | null
  lease_until: Date | null
  accepted_at: Date | null
  not_before: Date | null
  front: boolean
  waiting_reason: string | null
  waiting_since: Date | null
  excluded: string[]
  blocked_by: string[]
  checkpoint: Record<string, unknown> | null
  output: Record<string, unknown> | null
  error: string | null
  created_at: Date
  queued_at: Date | null
  started_at: Date | null
  finished_at: Date | null
}

/** What an agent's work needs of its assignment. */
export type GivenAssignment = Pick<
  Assignment,
  | 'id'
  | 'plan_id'
  | 'subject'
  | 'key'
  | 'capabilities'
  | 'depends_on'
  | 'input'
  | 'attempt'
  | 'timeout_seconds'
  | 'checkpoint'
>

/** What is told of an assignment that changed. */
export type ChangedAssignment = Pick<
  Assignment,
  | 'id'
  | 'plan_id'
  | 'subject'
  | 'key'
  | 'ordinal'
  | 'capabilities'
  | 'status'
  | 'attempt'
  | 'agent_id'
  | 'blocked_by'
  | 'error'
>

/** How an assignment of a settled plan ended. */
export type SettledAssignment = Pick<Assignment, 'id' | 'key' | 'status' | 'output' | 'error' | 'blocked_by'>

export type SettledPlan = {
  id: string
  pool: string
  domain: string
  subject: string
  run_id: string | null
  user_id: string
  data: Record<string, unknown>
  assignments: SettledAssignment[]
}

/** How an attempt ended, as its agent reports it. */
export type AttemptResult =
  | { status: 'completed'; output: Record<string, unknown>; executionTime: number }
  | { status: 'failed'; error: string; executionTime: number }

/** What happened to an assignment; the domain hears it in the same transaction (logs, own tables). */
export type AssignmentChange = {
  kind:
    | 'queued'
    | 'started'
    | 'completed'
    | 'failed'
    | 'blocked'
    | 'requeued'
    | 'refused'
    | 'cancelled'
    | 'unblocked'
    | 'waiting'
    | 'retried'
  assignment: ChangedAssignment
  /** Why, in words; refusals and losses have one. */
  reason?: string
  result?: AttemptResult
  resultAttempt?: number
  agentId?: string
}

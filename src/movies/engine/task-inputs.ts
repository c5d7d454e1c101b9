import type { FileRef, GeneratedBy } from '../schema.ts'
import type { EngineTask, ErrorCategory, ResourceUsage } from './engine-state.ts'
import { putArtifact } from './put-artifact.ts'
import { patchTask, say, set, setError, type Work } from './work.ts'

/** What happens to tasks while agents work: started, progressed, completed, failed, given back. */

export const findTask = (w: Work, taskId: string): EngineTask | undefined => w.s.tasks.find((t) => t.task_id === taskId)

/** False when the task is not waiting any more (cancelled, superseded, taken by somebody else). */
export function startTask(w: Work, taskId: string, agentId: string): boolean {
  const task = findTask(w, taskId)
  if (task?.status !== 'pending' || task.superseded || w.s.status !== 'running') return false
  patchTask(w, taskId, { status: 'running', agent_id: agentId, started_at: w.now, next_retry_at: null })
  say(w, 'task.started', {
    task_id: taskId,
    task_type: task.task_type,
    agent_id: agentId,
    attempt: task.retry_count + 1,
  })
  return true
}

export type TaskResult = {
  content: Record<string, unknown>
  /** Artifacts that come out of the result beside the task's own (scene_list of an outline). */
  also?: { name: string; content: Record<string, unknown> }[]
  file: FileRef | null
  draft: boolean
  generated_by: GeneratedBy
  quality_score: number
  resource_usage: ResourceUsage
  warnings: string[]
}

/**
 * Takes a valid result: the artifact gets its next version and the task is completed. A result of a task that is no
 * longer running (done before, cancelled, superseded, workflow ended) changes nothing and answers false.
 */
export function completeTask(w: Work, taskId: string, result: TaskResult): boolean {
  const task = findTask(w, taskId)
  if (task?.status !== 'running' || task.superseded) return false
  const base = {
    index: null,
    state: task.state,
    task_id: taskId,
    agent_id: task.agent_id,
    file: null,
    draft: result.draft,
    generated_by: result.generated_by,
    origin: 'made' as const,
    quality_score: result.quality_score,
  }
  putArtifact(w, { ...base, name: task.produces, index: task.index, content: result.content, file: result.file })
  for (const extra of result.also ?? []) putArtifact(w, { ...base, ...extra })
  patchTask(w, taskId, {
    status: 'completed',
    completed_at: w.now,
    quality_score: result.quality_score,
    resource_usage: result.resource_usage,
    warnings: [...task.warnings, ...result.warnings],
    error_type: null,
    error_message: null,
    error_category: null,
  })
  if (w.s.error_details?.failed_task === taskId) set(w, { error_details: null })
  say(w, 'task.completed', {
    task_id: taskId,
    task_type: task.task_type,
    agent_id: task.agent_id,
    quality_score: result.quality_score,
    draft: result.draft,
  })
  return true
}

export type TaskError = { type: string; message: string; category: ErrorCategory; resource_usage?: ResourceUsage }
export type RetryPolicy = {
  /** Base delay in seconds, 30 in production. */
  delaySeconds: number
  /** 0 … 1. */
  random: number
  /** Retries per agent at one task. */
  agentRetries: number
}

const MAX_DELAY_SECONDS = 600
const MAX_LOST = 3

/** Back-off of contract 3.10: base × 2^(n−1) × random 0.5 – 1.5, at most ten minutes. In seconds. */
export const retryDelay = (n: number, policy: RetryPolicy) =>
  Math.min(MAX_DELAY_SECONDS, policy.delaySeconds * 2 ** (n - 1) * (0.5 + policy.random))

/** Records a failed attempt and decides what follows, by the category of the error (contract 3.10). */
export function failTask(w: Work, taskId: string, error: TaskError, policy: RetryPolicy): boolean {
  const task = findTask(w, taskId)
  if (!task || (task.status !== 'running' && task.status !== 'pending') || task.superseded) return false
  if (error.category === 'outage') return giveBack(w, task, error)
  if (error.category === 'agent_lost' && task.lost_count < MAX_LOST)
    return giveBack(w, { ...task, lost_count: task.lost_count + 1 }, error)
  const tried = countTry(task, error, policy)
  const again = error.category === 'transient' || error.category === 'recoverable' || error.category === 'agent_lost'
  const retries = again && task.retry_count < task.max_retries
  if (!retries) return failForGood(w, { ...task, tried }, error)
  const count = task.retry_count + 1
  const next = new Date(Date.parse(w.now) + retryDelay(count, policy) * 1000).toISOString()
  patchTask(w, taskId, {
    status: 'pending',
    agent_id: null,
    tried,
    retry_count: count,
    next_retry_at: next,
    external_job_id: null,
    ...errorOf(task, error),
  })
  remember(w, taskId, error, `retry ${count} of ${task.max_retries}`)
  setError(w, {
    error_type: error.type,
    error_message: error.message,
    failed_task: taskId,
    retry_count: count,
    next_retry: next,
  })
  say(w, 'task.retrying', {
    task_id: taskId,
    task_type: task.task_type,
    agent_id: task.agent_id,
    error: error.message,
    retry_count: count,
    next_retry: next,
  })
  return true
}

/** An agent that answered invalidly again after its repair request has used up its tries at once. */
const countTry = (task: EngineTask, error: TaskError, policy: RetryPolicy): Record<string, number> => {
  if (!task.agent_id) return task.tried
  const tries = error.category === 'recoverable' ? policy.agentRetries + 1 : (task.tried[task.agent_id] ?? 0) + 1
  return { ...task.tried, [task.agent_id]: tries }
}

const errorOf = (task: EngineTask, error: TaskError) => ({
  error_type: error.type,
  error_message: error.message,
  error_category: error.category,
  resource_usage: addUsage(task.resource_usage, error.resource_usage ?? {}),
})

const addUsage = (a: ResourceUsage, b: ResourceUsage): ResourceUsage => {
  const sum: ResourceUsage = { ...a }
  for (const key of ['cpu_seconds', 'gpu_seconds', 'cost'] as const)
    if (b[key] !== undefined) sum[key] = (a[key] ?? 0) + b[key]
  return sum
}

function giveBack(w: Work, task: EngineTask, error: TaskError): boolean {
  patchTask(w, task.task_id, {
    status: 'pending',
    agent_id: null,
    started_at: null,
    lost_count: task.lost_count,
    ...errorOf(task, error),
  })
  remember(w, task.task_id, error, error.category === 'outage' ? 'waits for the service' : 'moved to another agent')
  say(w, 'task.retrying', { task_id: task.task_id, task_type: task.task_type, error: error.message, next_retry: null })
  return true
}

function failForGood(w: Work, task: EngineTask, error: TaskError): boolean {
  patchTask(w, task.task_id, {
    status: 'failed',
    completed_at: w.now,
    next_retry_at: null,
    tried: task.tried,
    ...errorOf(task, error),
  })
  remember(w, task.task_id, error, 'failed')
  say(w, 'task.failed', {
    task_id: task.task_id,
    task_type: task.task_type,
    agent_id: task.agent_id,
    error: error.message,
    error_type: error.type,
  })
  return true
}

const HISTORY_LIMIT = 1000
const remember = (w: Work, taskId: string, error: TaskError, action: string) =>
  set(w, {
    error_history: [
      ...w.s.error_history,
      { at: w.now, task_id: taskId, error_type: error.type, error_message: error.message, action },
    ].slice(-HISTORY_LIMIT),
  })

/** An operator reset the agent: its work waits again, without counting as a try. */
export function releaseTask(w: Work, taskId: string): boolean {
  const task = findTask(w, taskId)
  if (task?.status !== 'running') return false
  patchTask(w, taskId, { status: 'pending', agent_id: null, started_at: null })
  return true
}

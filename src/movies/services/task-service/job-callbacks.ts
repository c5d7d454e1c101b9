import type { Kernel } from '../../../kernel/kernel.ts'
import { type JobState, jobState } from './task-service-client.ts'

export const JOB_TOPIC = 'movies-job'
const REMEMBERED = 2000

export type Callback = { task_id: string; status: string; [key: string]: unknown }

/** Remembers at most so many keys, the oldest go first. */
class Recent<T> {
  readonly #entries = new Map<string, T>()
  set(key: string, value: T) {
    this.#entries.delete(key)
    this.#entries.set(key, value)
    if (this.#entries.size > REMEMBERED) this.#entries.delete(this.#entries.keys().next().value!)
  }
  get = (key: string) => this.#entries.get(key)
  delete = (key: string) => this.#entries.delete(key)
  has = (key: string) => this.#entries.has(key)
}

/**
 * Brings callbacks to whoever watches the job: in this process at once, in another one by waking it. A callback that comes
 * twice, late, or before the answer to its submission does no harm.
 */
export function createJobCallbacks(kernel: Kernel) {
  const watching = new Map<string, (state: JobState | null) => void>()
  const early = new Recent<JobState>()
  const ended = new Recent<true>()
  const off = kernel.notifier.on(JOB_TOPIC, (jobs) => {
    for (const job of jobs) watching.get(job)?.(null)
  })

  return {
    /** Calls back with what a callback said, or null: look yourself. At once when it has come already. */
    watch(job: string, take: (state: JobState | null) => void): () => void {
      watching.set(job, take)
      const state = early.get(job)
      if (state) {
        early.delete(job)
        take(state)
      }
      return () => {
        if (watching.get(job) === take) watching.delete(job)
      }
    },

    /** Its end is known: what still comes about it changes nothing. */
    end(job: string) {
      ended.set(job, true)
      early.delete(job)
    },

    async accept(body: Callback): Promise<boolean> {
      const job = body.task_id
      if (ended.has(job)) return true
      const state = endOf(body)
      const take = watching.get(job)
      if (take) {
        take(state)
        return true
      }
      if (state) early.set(job, state)
      const taskId = (body['metadata'] as { task_id?: unknown } | undefined)?.task_id
      if (!(await isJobOfTask(kernel, job, taskId))) return false
      kernel.notifier.touch(JOB_TOPIC, job)
      return true
    },

    close: off,
  }
}
export type JobCallbacks = ReturnType<typeof createJobCallbacks>

/** Only an end counts; anything else, or a body that makes no sense, is a reason to look. */
function endOf(body: Callback): JobState | null {
  try {
    const state = jobState(body)
    const claimsEnd = state.kind === 'failed' && /^(completed|succeeded)$/i.test(body.status)
    return state.kind === 'working' || claimsEnd ? null : state
  } catch {
    return null
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

async function isJobOfTask(kernel: Kernel, job: string, taskId: unknown): Promise<boolean> {
  if (typeof taskId !== 'string' || !UUID.test(taskId)) return false
  const { rows } = await kernel.db.query(
    // A running task may not know the id of its job yet: the callback was faster than the answer to the submission.
    `select 1 from movies.tasks where task_id = $1 and (status = 'running' or data->>'external_job_id' = $2)`,
    [taskId, job],
  )
  return rows.length > 0
}

import { MediaError, type MediaWork } from '../../media-port.ts'
import { type ServiceCaller, ServiceOutageError } from '../../services-port.ts'
import { CallError } from '../core/call-error.ts'
import type { JobCallbacks } from './job-callbacks.ts'
import { jobNote } from './job-note.ts'
import { JOB_SECONDS, type JobRequest, jobPriority, pollSeconds } from './job-types.ts'
import type { JobResult, JobState, TaskServiceClient } from './task-service-client.ts'

export type RunJobTools = {
  client: TaskServiceClient
  callbacks: JobCallbacks
  callbackUrl(taskId: string): string
  random(): number
  /** Shortest wait between two looks at a job, in seconds. */
  pollSeconds: number
}

export type JobWork = MediaWork & {
  /** A job of the task of an earlier process belongs to this piece of work, which is the only one of its task. */
  single: boolean
}

const RETRIES = 2
const SEED_STEP = 7919

const callerOf = (work: MediaWork): ServiceCaller => ({
  workflow_id: work.workflow_id,
  project_id: work.project_id,
  task_id: work.task_id,
  priority: work.priority,
  correlation_id: work.correlation_id,
})

/**
 * Has the Task Service do one job and waits for its end: a job that was submitted before a restart is taken up again, one
 * that failed is retried twice, then submitted once more with another seed; a lost one is submitted once more. Never
 * submits while an earlier submission may have arrived. Throws MediaError, or ServiceOutageError with the job kept.
 */
export async function runJob(request: JobRequest, work: JobWork, tools: RunJobTools): Promise<JobResult> {
  const run = new JobRun(request, work, tools)
  try {
    return await run.toEnd()
  } catch (error) {
    const why = work.signal.aborted ? (work.signal.reason as Error | null)?.name : undefined
    // In an outage, and when somebody else takes the task over, what is under way there is kept for them.
    if (why === 'GivenUpError') await run.abandon()
    else if (why === 'TimeoutError' || error instanceof MediaError || error instanceof CallError) await run.forget()
    throw toMediaError(error)
  }
}

function toMediaError(error: unknown): unknown {
  if (!(error instanceof CallError)) return error
  if (error.status === '401' || error.status === '403')
    return new MediaError(
      'permanent',
      'CONFIGURATION',
      `The Task Service ${error.message}: check TASK_SERVICE_API_KEY`,
      {
        cause: error,
      },
    )
  if (/^4\d\d$/.test(error.status))
    return new MediaError('permanent', 'INVALID_INPUT', `The Task Service ${error.message}`, { cause: error })
  return new MediaError('transient', 'TASK_SERVICE_ERROR', `The Task Service ${error.message}`, { cause: error })
}

class JobRun {
  readonly #request: JobRequest
  readonly #work: JobWork
  readonly #tools: RunJobTools
  readonly #caller: ServiceCaller
  readonly #note: ReturnType<typeof jobNote>
  #estimated: number | null = null
  #submissions = 0
  #job: string | null = null

  constructor(request: JobRequest, work: JobWork, tools: RunJobTools) {
    this.#request = request
    this.#work = work
    this.#tools = tools
    this.#caller = callerOf(work)
    this.#note = jobNote(work)
  }

  /** Over: it must not be taken up again. */
  forget = () => this.#note.write({ state: 'ended' })

  /** Nobody wants it any more. Its id may not have been stored with the task, so it is stopped from here. */
  async abandon(): Promise<void> {
    await this.forget()
    if (this.#job === null) return
    await this.#tools.client.cancel(this.#job, this.#caller, 0).catch((error: unknown) => {
      if (!(error instanceof ServiceOutageError) && !(error instanceof CallError)) throw error
    })
  }

  async toEnd(): Promise<JobResult> {
    const { client, callbacks } = this.#tools
    let job = await this.#begin()
    let retries = 0
    let lost = false
    for (let anew = false; ; ) {
      const state = await this.#watch(job)
      if (state.kind === 'completed') {
        callbacks.end(job)
        return state.result
      }
      if (state.kind === 'cancelled')
        throw new MediaError('permanent', 'JOB_CANCELLED', `Job ${job} was cancelled at the Task Service`)
      if (state.kind === 'lost') {
        if (lost) throw new MediaError('transient', 'JOB_LOST', `The Task Service has lost job ${job} again`)
        lost = true
        job = await this.#submit(0)
        continue
      }
      callbacks.end(job)
      const again = retries < RETRIES && !anew ? await client.retry(job, this.#caller) : null
      retries++
      if (again) job = await this.#keep(again)
      else if (!anew) {
        anew = true
        job = await this.#submit(SEED_STEP)
      } else throw new MediaError('permanent', 'JOB_FAILED', `The Task Service failed: ${state.error}`)
    }
  }

  /** The job of an earlier process when there is one, else a new one. */
  async #begin(): Promise<string> {
    const note = await this.#note.read()
    const known =
      note?.state === 'submitted' ? note.job : note || !this.#work.single ? null : this.#work.external_job_id
    if (known) {
      this.#job = known
      return known
    }
    if (note?.state === 'submitting') {
      const arrived = await this.#findSubmitted()
      if (arrived) return this.#keep(arrived)
    }
    return this.#submit(0)
  }

  /** A submission whose answer never came may have arrived: it is looked for before there is another one. */
  async #submit(seedStep: number): Promise<string> {
    const { client, callbackUrl } = this.#tools
    const work = this.#work
    work.signal.throwIfAborted()
    await this.#note.write({ state: 'submitting' })
    const { type, data } = this.#request
    const seed = typeof data['seed'] === 'number' ? { seed: data['seed'] + seedStep } : {}
    this.#submissions++
    for (let attempt = 1; ; attempt++) {
      try {
        const { job, estimated } = await client.submit(
          {
            project_id: work.project_id,
            task_type: type,
            task_data: { ...data, ...seed },
            priority: jobPriority(work.priority),
            callback_url: callbackUrl(work.task_id),
            metadata: {
              workflow_id: work.workflow_id,
              task_id: work.task_id,
              agent_id: work.agent_id,
              scene_id: work.scene_id,
              correlation_id: work.correlation_id,
              item: work.path,
            },
          },
          this.#caller,
          `${work.task_id}:${work.path}:${this.#submissions}`,
        )
        this.#estimated = estimated
        return await this.#keep(job)
      } catch (error) {
        if (!(error instanceof ServiceOutageError) || attempt > 1) throw error
        const arrived = await this.#findSubmitted()
        if (arrived) return this.#keep(arrived)
      }
    }
  }

  async #keep(job: string): Promise<string> {
    this.#job = job
    await this.#note.write({ state: 'submitted', job })
    await this.#work.onSubmitted(job)
    // Given up while the submission was on its way there.
    this.#work.signal.throwIfAborted()
    return job
  }

  async #findSubmitted(): Promise<string | null> {
    const work = this.#work
    const jobs = await this.#tools.client.jobsOf(work.project_id, this.#request.type, this.#caller)
    const own = jobs?.find(({ status, metadata }) => {
      if (metadata?.['task_id'] !== work.task_id || /^(failed|error|cancell?ed)$/i.test(status)) return false
      const item = metadata['item']
      return item === undefined ? work.single : item === work.path
    })
    return own?.task_id ?? null
  }

  /** Looks at a job until it has ended; a callback ends the looking at once. */
  async #watch(job: string): Promise<Exclude<JobState, { kind: 'working' }>> {
    const { callbacks, client } = this.#tools
    const { signal } = this.#work
    const until = Date.now() + JOB_SECONDS[this.#request.type] * 1000
    let told: JobState | null = null
    let wake: () => void = () => undefined
    let woken = false
    const stop = callbacks.watch(job, (state) => {
      told = state ?? told
      woken = true
      wake()
    })
    try {
      for (let n = 1; ; n++) {
        if (!woken) {
          const ms = pollSeconds(n, this.#estimated, this.#tools.random(), this.#tools.pollSeconds) * 1000
          await new Promise<void>((resolve) => {
            const timer = setTimeout(resolve, ms)
            wake = () => {
              clearTimeout(timer)
              resolve()
            }
            signal.addEventListener('abort', wake, { once: true })
          })
          signal.removeEventListener('abort', wake)
        }
        woken = false
        signal.throwIfAborted()
        const state: JobState = told ?? (await client.status(job, this.#caller, signal))
        if (state.kind !== 'working') return state
        this.#work.onProgress(state.progress, state.step)
        if (Date.now() < until) continue
        await client.cancel(job, this.#caller)
        throw new MediaError(
          'transient',
          'TIMEOUT',
          `Job ${job} did not end within ${JOB_SECONDS[this.#request.type]} s and was cancelled`,
        )
      }
    } finally {
      stop()
    }
  }
}

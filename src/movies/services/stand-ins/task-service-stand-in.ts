import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, HttpStandIn, type Request } from './http-stand-in.ts'
import { picture, type StandInMedia, sound, video } from './stand-in-media.ts'

export type StandInJob = {
  id: string
  project_id: string
  task_type: string
  task_data: Record<string, any>
  priority: number
  callback_url: string | null
  metadata: Record<string, any>
  status: 'queued' | 'processing' | 'completed' | 'failed' | 'cancelled'
  progress: number
  error: string | null
  result: Record<string, unknown> | null
  /** The job this one tries again. */
  retry_of: string | null
  submitted_at: number
  started_at: string | null
  completed_at: string | null
}

export type TaskServiceRules = {
  /** Milliseconds a job takes. */
  workMs: number
  workers: number
  /** How callbacks come: as they should, not at all, twice, late (after `lateMs`), or before the submission is answered. */
  callbacks: 'once' | 'never' | 'twice' | 'late' | 'early'
  lateMs: number
  /** So many of the next jobs fail. */
  failJobs: number
  /** Kinds that are refused with 400. */
  refuse: string[]
  /** Submissions are taken, and the answer is cut off. */
  swallowAnswers: number
}

/** Jobs look this often whether they were cancelled. */
const TICK_MS = 100
const CALLBACK_WAITS = [0, 1000, 2000, 4000]

/** The Task Service as contract 2.6.3 has it, in memory: a queue with workers that really make pictures, sound and clips. */
export class TaskServiceStandIn extends HttpStandIn {
  readonly jobs = new Map<string, StandInJob>()
  readonly rules: TaskServiceRules
  readonly callbacksSent: { job: string; status: number | null }[] = []
  readonly #media = new Map<string, StandInMedia>()
  #count = 0
  #working = 0

  constructor(rules: Partial<TaskServiceRules> = {}, options: { key?: string } = {}) {
    super((request) => this.#answer(request), { key: options.key ?? null })
    this.rules = {
      workMs: 100,
      workers: 4,
      callbacks: 'once',
      lateMs: 3000,
      failJobs: 0,
      refuse: [],
      swallowAnswers: 0,
      ...rules,
    }
  }

  /** Jobs are forgotten, as after a lost disk; ids are not used again. */
  forget() {
    this.jobs.clear()
  }

  /** Submissions that really made a job, retries not counted. */
  get submissions(): StandInJob[] {
    return [...this.jobs.values()].filter((job) => job.retry_of === null)
  }

  async #answer(request: Request): Promise<Answer> {
    const { method, path } = request
    if (method === 'POST' && path === '/api/v1/tasks/submit') return this.#submit(request)
    if (method === 'GET' && path === '/api/v1/health') return { body: { status: 'healthy' } }
    if (method === 'GET' && path === '/api/v1/workers/status')
      return { body: { total: this.rules.workers, busy: this.#working, queued: this.#queued().length } }
    const media = /^\/media\/([\w.-]+)$/.exec(path)?.[1]
    if (media) return this.#file(media)
    const project = /^\/api\/v1\/projects\/([^/]+)\/tasks$/.exec(path)?.[1]
    if (method === 'GET' && project) return this.#list(decodeURIComponent(project), request)
    const [, id, verb] = /^\/api\/v1\/tasks\/([^/]+)(?:\/(status|retry|cancel))?$/.exec(path) ?? []
    const job = id ? this.jobs.get(id) : undefined
    if (id && !job) return { status: 404, body: { error: 'no such task' } }
    if (!job) return { status: 404, body: { error: 'no such address' } }
    if (method === 'GET' && verb === 'status') return { body: this.#present(job) }
    if (method === 'POST' && verb === 'retry') return this.#retry(job)
    if (method === 'DELETE') return this.#cancel(job)
    return { status: 405, body: { error: 'not allowed' } }
  }

  #submit(request: Request): Answer {
    const body = request.json()
    if (!/^[A-Za-z0-9_-]{1,100}$/.test(body.project_id ?? '') || ![1, 2, 3].includes(body.priority))
      return { status: 400, body: { error: 'project_id and priority are checked' } }
    if (this.rules.refuse.includes(body.task_type)) return { status: 400, body: { error: `no ${body.task_type} here` } }
    const job = this.#add(body, null)
    if (this.rules.swallowAnswers > 0) {
      this.rules.swallowAnswers--
      return { status: 504, body: { error: 'the gateway gave up' } }
    }
    return { status: 201, body: this.#created(job) }
  }

  #created = (job: StandInJob) => ({
    task_id: job.id,
    status: job.status,
    project_id: job.project_id,
    estimated_duration: this.rules.workMs / 1000,
    queue_position: this.#queued().length,
    created_at: new Date(job.submitted_at).toISOString(),
  })

  #add(body: any, retryOf: string | null): StandInJob {
    const job: StandInJob = {
      id: `job-${++this.#count}-${process.pid.toString(36)}`,
      project_id: body.project_id,
      task_type: body.task_type,
      task_data: body.task_data ?? {},
      priority: body.priority,
      callback_url: body.callback_url ?? null,
      metadata: body.metadata ?? {},
      status: 'queued',
      progress: 0,
      error: null,
      result: null,
      retry_of: retryOf,
      submitted_at: Date.now(),
      started_at: null,
      completed_at: null,
    }
    this.jobs.set(job.id, job)
    if (this.rules.callbacks === 'early') {
      this.#finish(job)
      void this.#callBack(job, 0)
    } else this.#next()
    return job
  }

  #queued = () => [...this.jobs.values()].filter((job) => job.status === 'queued')

  #next() {
    while (this.#working < this.rules.workers) {
      const job = this.#queued().sort((a, b) => a.priority - b.priority || a.submitted_at - b.submitted_at)[0]
      if (!job) return
      this.#working++
      job.status = 'processing'
      job.started_at = new Date().toISOString()
      void this.#work(job).finally(() => {
        this.#working--
        this.#next()
      })
    }
  }

  async #work(job: StandInJob) {
    const until = Date.now() + this.rules.workMs
    for (let left = this.rules.workMs; left > 0; left = until - Date.now()) {
      await sleep(Math.min(left, TICK_MS))
      if (job.status !== 'processing') return
      job.progress = Math.min(1, Math.max(0, 1 - (until - Date.now()) / this.rules.workMs))
    }
    this.#finish(job)
    const { callbacks, lateMs } = this.rules
    if (callbacks === 'never') return
    await this.#callBack(job, callbacks === 'late' ? lateMs : 0)
    if (callbacks === 'twice') await this.#callBack(job, 0)
  }

  #finish(job: StandInJob) {
    job.completed_at = new Date().toISOString()
    job.progress = 1
    if (this.rules.failJobs > 0) {
      this.rules.failJobs--
      job.status = 'failed'
      job.error = 'the worker ran out of memory'
      return
    }
    const made = this.#make(job)
    const name = `${job.id}${made.ending}`
    this.#media.set(name, made)
    job.status = 'completed'
    job.result = { media_url: `${this.url}/media/${name}`, payload_media_id: `pm-${job.id}`, metadata: made.metadata }
  }

  #make({ task_type, task_data }: StandInJob): StandInMedia {
    if (task_type === 'generate_image') return picture(task_data)
    if (task_type !== 'generate_video') return sound(task_data)
    const images = ((task_data['storyboard_images'] ?? []) as string[]).flatMap((url) => {
      const media = this.#media.get(url.split('/').at(-1)!)
      return media ? [media.bytes] : []
    })
    return video(task_data, images)
  }

  /** As the contract has it: up to four times, until it is taken. */
  async #callBack(job: StandInJob, waitMs: number) {
    if (!job.callback_url) return
    await sleep(waitMs)
    const end = job.completed_at
    const body =
      job.status === 'completed'
        ? { result: job.result, processing_time: this.rules.workMs / 1000, completed_at: end }
        : { error: job.error, traceback: '', failed_at: end }
    for (const wait of CALLBACK_WAITS) {
      await sleep(wait)
      const status = await fetch(job.callback_url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          task_id: job.id,
          project_id: job.project_id,
          status: job.status,
          ...body,
          metadata: job.metadata,
        }),
      }).then(
        (response) => response.status,
        () => null,
      )
      this.callbacksSent.push({ job: job.id, status })
      if (status !== null && status < 500) return
    }
  }

  #retry(job: StandInJob): Answer {
    if (job.status !== 'failed') return { status: 400, body: { error: 'only a failed task is tried again' } }
    const again = this.#add(job, job.id)
    return { status: 201, body: { new_task_id: again.id, status: again.status } }
  }

  #cancel(job: StandInJob): Answer {
    if (job.status === 'completed' || job.status === 'failed')
      return { status: 400, body: { error: 'it has finished already' } }
    job.status = 'cancelled'
    return { body: this.#present(job) }
  }

  #present = (job: StandInJob) => ({
    task_id: job.id,
    project_id: job.project_id,
    status: job.status,
    progress: job.progress,
    current_step: job.status === 'processing' ? `step ${Math.round(job.progress * 4)} of 4` : null,
    result: job.result,
    error: job.error,
    started_at: job.started_at,
    completed_at: job.completed_at,
    metadata: job.metadata,
  })

  #list(project: string, { query }: Request): Answer {
    const type = query.get('task_type')
    const status = query.get('status')
    const limit = Number(query.get('limit') ?? 20)
    const page = Number(query.get('page') ?? 1)
    const all = [...this.jobs.values()]
      .filter(
        (job) => job.project_id === project && (!type || job.task_type === type) && (!status || job.status === status),
      )
      .reverse()
    const tasks = all.slice((page - 1) * limit, page * limit).map(this.#present)
    return { body: { tasks, pagination: { page, limit, total: all.length } } }
  }

  #file(name: string): Answer {
    const media = this.#media.get(name)
    if (!media) return { status: 404, body: { error: 'expired' } }
    return { bytes: media.bytes, type: media.type }
  }
}

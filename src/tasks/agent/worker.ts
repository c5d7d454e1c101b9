import { setTimeout as wait } from 'node:timers/promises'
import {
  type Capability,
  type JsonObject,
  type LogLevel,
  MAX_MODEL_CALLS,
  type ModelCallReport,
  type TaskExecutionRequest,
} from '../schema.ts'
import { SkillError } from '../skills/skill-error.ts'
import type { AgentLog } from './agent-log.ts'
import type { Call } from './call-server.ts'
import { type ModelStep, runStep } from './run-step.ts'
import { createSkillPorts } from './skill-ports.ts'
import {
  AttemptOverError,
  createCallbackLink,
  createDetachedLink,
  type LogEntry,
  type Result,
  type TaskLink,
} from './task-link.ts'

export type WorkerOptions = {
  agentId: string
  capabilities: readonly Capability[]
  dataPath: string
  allowPrivateHosts: boolean
  outboundHosts?: readonly string[] | undefined
  secrets: Readonly<Record<string, string>>
  skillsFirst: boolean
  model: ModelStep | undefined
  resultsCall(): Call | undefined
  /** A subtask was taken. */
  onBusy(): void
  /** Free again, or draining. */
  onChange(): void
  log: AgentLog
  now?: () => Date
}

export type Accepting = 'accepted' | 'busy' | 'mismatch' | 'draining'
/** Why work was ended from outside. Only the first two are reported. */
type Stop = 'timeout' | 'cancelled' | 'over' | 'drained'

class StopError extends Error {
  readonly stop: Stop
  constructor(stop: Stop) {
    super(`stopped: ${stop}`)
    this.name = 'StopError'
    this.stop = stop
  }
}

type Running = {
  request: TaskExecutionRequest
  controller: AbortController
  startedAt: number
  modelCalls: ModelCallReport[]
  done: Promise<void>
  /** The work is over and its result is on the way: the server may hand out the next step before we hear that it arrived. */
  isReporting: boolean
}

/** Attempts remembered to answer a repeated request without a second run. */
const REMEMBERED = 1000
/** Work without callback fields has nobody watching over it: it holds the slot at least this long, so that parallel callers see the agent busy. */
const DETACHED_MIN_MS = 250
const LOG_FLUSH_MS = 400
/** An answer to /execute is due within a second. */
const LAST_REPORT_MS = 700

const keyOf = ({ assignment_id, attempt }: TaskExecutionRequest) =>
  assignment_id === undefined ? undefined : `${assignment_id}/${attempt}`

/** The one slot of an agent: accepts a subtask, runs it to an end, reports, is free again, whatever happens (contract 2.3, 4.3). */
export class Worker {
  readonly #options: WorkerOptions
  readonly #seen = new Set<string>()
  readonly #end = new AbortController()
  #running: Running | undefined
  #draining = false
  completed = 0

  constructor(options: WorkerOptions) {
    this.#options = options
  }

  get currentTask(): string | null {
    return this.#running?.request.subtask.id ?? null
  }

  get isDraining(): boolean {
    return this.#draining
  }

  /** Attempts whose result has not been answered yet. */
  get running(): { assignment_id: string; attempt: number }[] {
    const { assignment_id, attempt } = this.#running?.request ?? {}
    return assignment_id !== undefined && attempt !== undefined ? [{ assignment_id, attempt }] : []
  }

  /** `accept`, after waiting a moment for a result that is on its way out. */
  async acceptSoon(request: TaskExecutionRequest): Promise<Accepting> {
    const running = this.#running
    if (running?.isReporting && request.assignment_id !== running.request.assignment_id)
      await Promise.race([running.done, wait(LAST_REPORT_MS, undefined, { ref: false })])
    return this.accept(request)
  }

  /** Takes the slot and starts. The same assignment and attempt again is accepted without a second run. */
  accept(request: TaskExecutionRequest): Accepting {
    if (this.#draining) return 'draining'
    const key = keyOf(request)
    if (key !== undefined && this.#seen.has(key)) return 'accepted'
    if (!request.subtask.required_capabilities.some((name) => this.#options.capabilities.includes(name)))
      return 'mismatch'
    if (this.#running) return 'busy'
    if (key !== undefined) this.#remember(key)
    const running: Running = {
      request,
      controller: new AbortController(),
      startedAt: performance.now(),
      modelCalls: [],
      done: Promise.resolve(),
      isReporting: false,
    }
    this.#running = running
    running.done = this.#work(running).finally(() => {
      this.#running = undefined
      this.#options.onChange()
    })
    this.#options.onBusy()
    return 'accepted'
  }

  #remember(key: string): void {
    this.#seen.add(key)
    if (this.#seen.size > REMEMBERED) this.#seen.delete(this.#seen.values().next().value!)
  }

  /** False when that subtask is not running here. */
  cancel(taskId: string, subtaskId: string): boolean {
    const running = this.#running
    if (running?.request.task_id !== taskId || running.request.subtask.id !== subtaskId) return false
    running.controller.abort(new StopError('cancelled'))
    return true
  }

  /** The server says that an attempt is no longer ours. */
  stop(assignmentId: string, attempt: number): void {
    const running = this.#running
    if (running?.request.assignment_id === assignmentId && running.request.attempt === attempt)
      running.controller.abort(new StopError('over'))
  }

  /** Accepts nothing more; waits for the current work, then ends it. True when it finished by itself. */
  async drain(ms: number): Promise<boolean> {
    this.#draining = true
    this.#options.onChange()
    const running = this.#running
    if (!running) return true
    const finished = await Promise.race([running.done.then(() => true), wait(ms, false)])
    if (!finished) {
      running.controller.abort(new StopError('drained'))
      this.#end.abort(new Error('the agent ends'))
      await Promise.race([running.done, wait(1000)])
    }
    return finished
  }

  async #work(running: Running): Promise<void> {
    const { request, controller } = running
    const isDetached = request.callback_url === undefined
    const link = this.#linkOf(request, controller)
    const logs = createLogBuffer(link, this.#options.now ?? (() => new Date()))
    try {
      const result = await this.#result(running, link, logs.add)
      if (isDetached) await wait(DETACHED_MIN_MS)
      await logs.flush()
      running.isReporting = true
      if (result) {
        const calls = running.modelCalls.slice(0, MAX_MODEL_CALLS)
        const told = calls.length > 0 ? { ...result, model_calls: calls } : result
        const outcome = await link.report(withoutNul(told), this.#end.signal)
        if (result.status === 'completed' && outcome === 'stored') this.completed++
        this.#options.log.debug({ subtask: request.subtask.id, status: result.status, outcome }, 'reported')
      }
    } catch (error) {
      if (!this.#end.signal.aborted)
        this.#options.log.error({ subtask: request.subtask.id, error: (error as Error).stack }, 'could not report')
    } finally {
      logs.close()
      await link.close().catch((error: Error) => this.#options.log.warn({ error: error.message }, 'could not clean up'))
    }
  }

  #linkOf(request: TaskExecutionRequest, controller: AbortController): TaskLink {
    if (request.callback_url === undefined)
      return createDetachedLink({
        taskId: request.task_id,
        subtaskId: request.subtask.id,
        attempt: request.attempt,
        resultsCall: () => this.#options.resultsCall(),
      })
    return createCallbackLink(request.callback_url, request.callback_token, controller.signal, () =>
      controller.abort(new StopError('over')),
    )
  }

  /** Undefined when the attempt is not ours any more: then nothing is reported. */
  async #result(running: Running, link: TaskLink, log: Log): Promise<Result | undefined> {
    const { request, controller } = running
    const limit = limitOf(request)
    const timer = setTimeout(() => controller.abort(new StopError('timeout')), limit * 1000)
    const elapsed = () => Math.max(0.001, Math.round(performance.now() - running.startedAt) / 1000)
    try {
      const output = await untilAborted(this.#run(running, link, log), controller.signal)
      return { status: 'completed', output, execution_time: elapsed() }
    } catch (error) {
      const reason: unknown = controller.signal.aborted ? controller.signal.reason : error
      if (reason instanceof AttemptOverError) return undefined
      if (reason instanceof StopError && (reason.stop === 'over' || reason.stop === 'drained')) return undefined
      const text = errorText(reason, limit)
      if (text.startsWith('INTERNAL'))
        this.#options.log.error({ error: (error as Error).stack }, 'a step failed unexpectedly')
      return { status: 'failed', error: text, execution_time: elapsed() }
    } finally {
      clearTimeout(timer)
    }
  }

  async #run({ request, controller: { signal }, modelCalls }: Running, link: TaskLink, log: Log) {
    const { agentId, capabilities, model, skillsFirst, dataPath, allowPrivateHosts, outboundHosts, secrets } =
      this.#options
    const now = this.#options.now ?? (() => new Date())
    const ports = createSkillPorts({ link, signal, dataPath, allowPrivateHosts, outboundHosts, secrets, log, now })
    const output = await runStep({
      agentId,
      capabilities,
      request,
      link,
      ports,
      model,
      skillsFirst,
      log,
      signal,
      modelCalls,
    })
    const file = `output/${request.subtask.id.replace(/[^\w.-]/g, '_')}/result.json`
    const { success, data, summary, files_created, next_steps } = output
    await link.writeFile(file, Buffer.from(JSON.stringify({ success, data, summary, files_created, next_steps })))
    return output
  }
}

type Log = (level: LogLevel, message: string, metadata?: JsonObject) => void

function limitOf({ subtask, timeout }: TaskExecutionRequest): number {
  const own = subtask.input_data['timeout_seconds']
  return typeof own === 'number' && own >= 1 && own <= 3600 ? own : timeout
}

function errorText(reason: unknown, limit: number): string {
  if (reason instanceof StopError)
    return reason.stop === 'timeout' ? `TIMEOUT: exceeded ${limit} s` : 'CANCELLED: cancelled while running'
  if (reason instanceof SkillError) return `${reason.code}: ${reason.message}`
  if (reason instanceof RangeError && /call stack/i.test(reason.message))
    return 'INVALID_INPUT: the material is nested too deeply to be read: give it with fewer levels'
  return `INTERNAL: ${reason instanceof Error ? reason.message : String(reason)}`
}

/** Rejects as soon as the signal fires, also when the work does not listen. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  promise.catch(() => undefined) // settled by the race below
  work.catch(() => undefined) // a late failure of work nobody waits for
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', onAbort))
}

/** The database can hold neither NUL nor broken surrogates in JSON. */
function withoutNul(result: Result): Result {
  const json = JSON.stringify(result)
  if (!/\\u0000|\\ud[89a-f]/i.test(json)) return result
  return JSON.parse(json, (_, value: unknown) =>
    typeof value === 'string' ? value.replaceAll('\0', '').toWellFormed() : value,
  ) as Result
}

/** Gathers log entries, so that a step of many tool calls is few requests. */
function createLogBuffer(link: TaskLink, now: () => Date): { add: Log; flush(): Promise<void>; close(): void } {
  let entries: LogEntry[] = []
  let timer: NodeJS.Timeout | undefined
  let sending: Promise<void> = Promise.resolve()
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    if (entries.length === 0) return sending
    const batch = entries
    entries = []
    // Logs never fail a step: what cannot be delivered because the attempt is over is dropped.
    sending = sending.then(() => link.log(batch)).catch(() => undefined)
    return sending
  }
  return {
    add(level, message, metadata) {
      entries.push({
        level,
        message: message.slice(0, 4000),
        created_at: now().toISOString(),
        ...(metadata && { metadata }),
      })
      if (entries.length >= 400) void flush()
      else timer ??= setTimeout(() => void flush(), LOG_FLUSH_MS)
    },
    flush,
    close: () => clearTimeout(timer),
  }
}

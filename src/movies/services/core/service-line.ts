import { setTimeout as sleep } from 'node:timers/promises'
import type { ServiceCaller, ServiceName, ServiceState } from '../../services-port.ts'
import { ServiceOutageError } from '../../services-port.ts'
import { backOffSeconds } from './back-off.ts'
import { Bulkhead } from './bulkhead.ts'
import { CallError } from './call-error.ts'
import { CIRCUIT_RULES, CircuitBreaker, type CircuitState } from './circuit-breaker.ts'

export type CallRecord = {
  service: ServiceName
  operation: string
  caller: ServiceCaller
  durationMs: number
  /** HTTP status, ok, or a word for what happened instead. */
  status: string
  attempt: number
  error: string | null
}

export type LineOptions = {
  service: ServiceName
  /** Calls in flight. */
  limit: number
  timeoutSeconds: number
  retries: number
  backOffBase: number
  openSeconds: number
  now(): number
  random(): number
  record(call: CallRecord): void
}

export type CallOptions = {
  /** Tries after the first; default as configured. */
  retries?: number
  timeoutSeconds?: number
  /** Everything together, waiting included; afterwards the service counts as not reachable for this call. */
  deadlineSeconds?: number
  signal?: AbortSignal
}

/** The way to one service: bulkhead, circuit breaker, time limit, retries and the log of every try. */
export class ServiceLine {
  readonly service: ServiceName
  readonly #options: LineOptions
  readonly #bulkhead: Bulkhead
  readonly #circuit: CircuitBreaker
  readonly #listeners = new Set<() => void>()
  /** null: not tried yet. */
  #reachable: boolean | null = null
  /** Somebody was told that the service cannot be reached, and waits to hear that it can. */
  #owed = false

  constructor(options: LineOptions) {
    this.service = options.service
    this.#options = options
    this.#bulkhead = new Bulkhead(options.limit)
    this.#circuit = new CircuitBreaker({ ...CIRCUIT_RULES, openMs: options.openSeconds * 1000 })
  }

  circuit(): CircuitState {
    return this.#circuit.state(this.#options.now())
  }

  state(): ServiceState {
    if (this.circuit() === 'open') return 'unavailable'
    if (this.#reachable === false) return this.circuit() === 'half_open' ? 'unavailable' : 'degraded'
    return 'connected'
  }

  /** Milliseconds until the circuit lets a trial through. */
  closedForMs(): number {
    return this.#circuit.opensIn(this.#options.now())
  }

  onRecovered(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /**
   * Makes a call. Throws CallError when the service refused it, ServiceOutageError when it could not be reached however
   * often it was tried, and the reason of `signal` when it was given up.
   */
  async call<T>(
    operation: string,
    caller: ServiceCaller,
    attempt: (signal: AbortSignal, n: number) => Promise<T>,
    options: CallOptions = {},
  ): Promise<T> {
    const { retries = this.#options.retries, timeoutSeconds = this.#options.timeoutSeconds } = options
    const until = AbortSignal.any([
      ...(options.signal ? [options.signal] : []),
      ...(options.deadlineSeconds ? [AbortSignal.timeout(options.deadlineSeconds * 1000)] : []),
    ])
    for (let n = 1; ; n++) {
      const error = await this.#bulkhead
        .run(caller.priority, until, () => this.#try(operation, caller, attempt, n, timeoutSeconds, until))
        .then(
          (value) => ({ value }),
          (reason: unknown) => reason as Error,
        )
      if ('value' in error) return (error as { value: T }).value
      if (options.signal?.aborted) throw options.signal.reason
      if (error instanceof ServiceOutageError) throw error
      if (error instanceof CallError && !error.transient) throw error
      if (!(error instanceof CallError) && !until.aborted) throw error
      const asked = error instanceof CallError ? error.retryAfter : undefined
      if (n > retries || until.aborted) throw this.#outage(error)
      const wait = backOffSeconds(n, this.#options.random(), this.#options.backOffBase, asked)
      await sleep(wait * 1000, undefined, { signal: until }).catch(() => undefined)
      if (options.signal?.aborted) throw options.signal.reason
      if (until.aborted) throw this.#outage(error)
    }
  }

  #outage(cause: Error): ServiceOutageError {
    this.#owed = true
    return new ServiceOutageError(this.service, `${this.service} cannot be reached: ${cause.message}`, { cause })
  }

  async #try<T>(
    operation: string,
    caller: ServiceCaller,
    attempt: (signal: AbortSignal, n: number) => Promise<T>,
    n: number,
    timeoutSeconds: number,
    until: AbortSignal,
  ): Promise<T> {
    const started = this.#options.now()
    const note = (status: string, error: string | null) =>
      this.#options.record({
        service: this.service,
        operation,
        caller,
        durationMs: Math.max(0, Math.round(this.#options.now() - started)),
        status,
        attempt: n,
        error,
      })
    if (!this.#circuit.admit(started)) {
      note('circuit_open', 'not called: the circuit is open')
      throw this.#outage(new Error('it has failed too often and is left alone for a while'))
    }
    const limit = AbortSignal.timeout(timeoutSeconds * 1000)
    try {
      const value = await within(AbortSignal.any([limit, until]), (signal) => attempt(signal, n))
      note('ok', null)
      this.#succeeded()
      return value
    } catch (thrown) {
      const error =
        limit.aborted && !(thrown instanceof CallError)
          ? new CallError('timeout', `did not answer within ${timeoutSeconds} s`, { transient: true, cause: thrown })
          : (thrown as Error)
      if (!(error instanceof CallError)) {
        this.#circuit.forget()
        note('given_up', error.message)
        throw error
      }
      note(error.status, error.message)
      if (error.transient && error.status !== '429') this.#failed()
      else this.#succeeded()
      throw error
    }
  }

  #failed() {
    this.#reachable = false
    this.#circuit.failure(this.#options.now())
  }

  #succeeded() {
    const closed = this.#circuit.success()
    this.#reachable = true
    if (!closed && !this.#owed) return
    this.#owed = false
    for (const listener of this.#listeners) listener()
  }
}

/** Ends with the signal even when the work does not listen to it. */
function within<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(signal.reason)
    signal.addEventListener('abort', giveUp, { once: true })
    work(signal)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', giveUp))
  })
}

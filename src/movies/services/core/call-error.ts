/**
 * Why one try of a call did not succeed. `transient` may be tried again and counts against the service; a permanent one is
 * an answer: the service lives and refuses.
 */
export class CallError extends Error {
  /** HTTP status, or a word: timeout, network, bad_answer, rpc … */
  readonly status: string
  readonly transient: boolean
  /** Seconds the service asks to wait. */
  readonly retryAfter: number | undefined
  readonly body: unknown

  constructor(
    status: string,
    message: string,
    options: { transient: boolean; retryAfter?: number | undefined; body?: unknown; cause?: unknown },
  ) {
    super(message, { cause: options.cause })
    this.name = 'CallError'
    this.status = status
    this.transient = options.transient
    this.retryAfter = options.retryAfter
    this.body = options.body
  }
}

const TRANSIENT = new Set([408, 425, 429])
/** Network, 408, 425, 429 and 5xx are tried again; every other answer is for good. */
export const isTransientStatus = (status: number) => TRANSIENT.has(status) || status >= 500

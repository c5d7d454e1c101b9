import { messageOf } from '../core/errors.ts'
import type { EventRef } from '../events/event.ts'
import { AnswerError } from './answer-schema.ts'
import { LlmStatusError } from './llm-transport.ts'

export type LlmErrorType =
  | 'timeout'
  | 'connection_error'
  | 'server_error'
  | 'rate_limited'
  | 'client_error'
  | 'invalid_response'
  | 'unknown_error'

/** A model that did not give a usable answer, for good. */
export class LlmFailureError extends Error {
  readonly reason: LlmErrorType
  readonly attempts: number
  readonly status_code: number | undefined
  /** The SYSTEM event about it. */
  readonly ref: EventRef
  constructor(reason: LlmErrorType, attempts: number, last: unknown, ref: EventRef) {
    super(
      `The model gave no usable answer after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'} (${reason}): ${messageOf(last)}`,
      {
        cause: last,
      },
    )
    this.name = 'LlmFailureError'
    this.reason = reason
    this.attempts = attempts
    this.status_code = last instanceof LlmStatusError ? last.status : undefined
    this.ref = ref
  }
}

/** The client's own time limit. */
export class LlmTimeoutError extends Error {
  constructor(seconds: number) {
    super(`No answer within ${seconds} s`)
    this.name = 'LlmTimeoutError'
  }
}

const CONNECTION_CODES = /^(ECONN|ENOTFOUND|EAI_|EPIPE|EHOST|ENET|ETIMEDOUT|UND_ERR)/

function codeOf(error: unknown): string {
  for (let at = error as { code?: unknown; cause?: unknown } | undefined, depth = 0; at && depth < 5; depth++) {
    if (typeof at.code === 'string') return at.code
    at = at.cause as typeof at
  }
  return ''
}

/** What kind of trouble an attempt met, and whether another attempt may help. */
export function classify(error: unknown): { type: LlmErrorType; retry: boolean } {
  if (error instanceof LlmTimeoutError) return { type: 'timeout', retry: true }
  if (error instanceof AnswerError) return { type: 'invalid_response', retry: true }
  if (error instanceof LlmStatusError) {
    if (error.status === 429) return { type: 'rate_limited', retry: true }
    if (error.status >= 500) return { type: 'server_error', retry: true }
    return { type: 'client_error', retry: false }
  }
  if (
    CONNECTION_CODES.test(codeOf(error)) ||
    (error instanceof TypeError && /fetch failed|terminated/.test(error.message))
  )
    return { type: 'connection_error', retry: true }
  return { type: 'unknown_error', retry: true }
}

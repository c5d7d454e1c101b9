import { AppError } from '../errors/app-error.ts'

export type GuardedFetchCode =
  | 'URL_NOT_ALLOWED'
  | 'INVALID_REQUEST'
  | 'ADDRESS_NOT_ALLOWED'
  | 'DNS_FAILED'
  | 'CONNECT_FAILED'
  | 'PROTOCOL_ERROR'
  | 'TIMEOUT'
  | 'ABORTED'
  | 'RESPONSE_TOO_LARGE'
  | 'TOO_MANY_REDIRECTS'
  | 'REDIRECT_NOT_ALLOWED'
  | 'HOST_NOT_ALLOWED'

const TRANSIENT: ReadonlySet<string> = new Set(['DNS_FAILED', 'CONNECT_FAILED', 'PROTOCOL_ERROR', 'TIMEOUT'])

/** An outbound request that was refused or failed before a complete answer. `transient`: the same request may succeed later. */
export class GuardedFetchError extends AppError {
  declare readonly code: GuardedFetchCode
  readonly transient: boolean
  constructor(
    code: GuardedFetchCode,
    message: string,
    details: Record<string, unknown> = {},
    options?: { cause?: unknown },
  ) {
    super(code, message, details, options)
    this.name = 'GuardedFetchError'
    this.transient = TRANSIENT.has(code)
  }
}

import { isConnectionError } from '../db/database.ts'
import { AppError, ValidationError } from '../errors/app-error.ts'
import { isDiskFull } from '../errors/is-disk-full.ts'

export type ErrorInfo = {
  code: string
  message: string
  details: Record<string, unknown>
  status: number
  correlationId: string
}

/** How one contract shapes its errors. `statuses` adds to or overrides the common table; `codes` renames common codes. */
export type Presenter = {
  statuses?: Readonly<Record<string, number>>
  codes?: Readonly<Record<string, string>>
  present(error: ErrorInfo): Record<string, unknown>
}

const COMMON: Readonly<Record<string, number>> = {
  VALIDATION_ERROR: 400,
  PATH_NOT_ALLOWED: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  FOREIGN_ORIGIN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  CONFLICT: 409,
  ALREADY_DECIDED: 409,
  AGENT_ID_TAKEN: 409,
  INSTANCE_REPLACED: 409,
  ATTEMPT_OVER: 409,
  LOCK_HELD: 409,
  INVALID_STATE: 409,
  VERSION_CONFLICT: 409,
  IDEMPOTENCY_KEY_REUSED: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  RATE_LIMITED: 429,
  INTERNAL_ERROR: 500,
  STORE_UNAVAILABLE: 503,
  SERVICE_UNAVAILABLE: 503,
}

/** Codes that end a word this way have this status unless a table says otherwise. */
function statusByName(code: string): number | undefined {
  if (code.endsWith('_NOT_FOUND')) return 404
  return undefined
}

const FASTIFY_CODES: Record<string, [code: string, message: string]> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [
    'UNSUPPORTED_MEDIA_TYPE',
    'The body has a content type this path does not read: send application/json',
  ],
  FST_ERR_CTP_BODY_TOO_LARGE: ['PAYLOAD_TOO_LARGE', 'The body is larger than this path accepts: send less in one call'],
  FST_REQ_FILE_TOO_LARGE: ['PAYLOAD_TOO_LARGE', 'A file is larger than this path accepts: split it'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['VALIDATION_ERROR', 'The body is empty: send a JSON object'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['VALIDATION_ERROR', 'The body is not valid JSON'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [
    'VALIDATION_ERROR',
    'The body does not have the length that Content-Length says',
  ],
  FST_ERR_BAD_URL: ['VALIDATION_ERROR', 'The path is not a valid URL path'],
}

/** Any error as code, message and status. What is not ours becomes INTERNAL_ERROR without its message. */
export function describeError(error: unknown, presenter: Presenter, correlationId: string): ErrorInfo {
  let code = 'INTERNAL_ERROR'
  let message = 'Something went wrong on our side: try again, and quote the correlation id if it persists'
  let details: Record<string, unknown> = {}
  const { code: rawCode, statusCode } = (error ?? {}) as { code?: string; statusCode?: number }
  const known = rawCode ? FASTIFY_CODES[rawCode] : undefined
  if (error instanceof AppError || error instanceof ValidationError) ({ code, message, details } = error)
  else if (known) [code, message] = known
  else if (error instanceof SyntaxError && statusCode === 400)
    [code, message] = FASTIFY_CODES['FST_ERR_CTP_INVALID_JSON_BODY']!
  else if (isConnectionError(error))
    [code, message] = [
      'STORE_UNAVAILABLE',
      'The database cannot be reached: it is being restarted or checked, try again in a few seconds',
    ]
  else if (isDiskFull(error))
    [code, message] = [
      'STORE_UNAVAILABLE',
      'A disk of the server is full, this call was not carried out: free space there, then repeat it',
    ]
  else if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    [code, message] = ['VALIDATION_ERROR', (error as Error).message]
  else if (rawCode === '22021' || rawCode === '22P05')
    [code, message] = ['VALIDATION_ERROR', 'A text holds the character NUL, which cannot be stored: remove it']
  const status = presenter.statuses?.[code] ?? COMMON[code] ?? statusByName(code) ?? 500
  return { code: presenter.codes?.[code] ?? code, message, details, status, correlationId }
}

/** Paths of the platform itself. */
export const platformPresenter: Presenter = {
  present: ({ code, message, details, correlationId }) => ({
    error: code,
    message,
    ...(Object.keys(details).length > 0 ? { details } : {}),
    correlation_id: correlationId,
  }),
}

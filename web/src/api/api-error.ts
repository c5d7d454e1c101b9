export type FieldIssue = { field: string; message: string }

/** What a request was refused with, whichever contract's error body it came in. `status` 0 = no answer at all. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly fields: FieldIssue[]
  readonly details: Record<string, unknown>
  readonly requestId: string | undefined
  constructor(
    status: number,
    code: string,
    message: string,
    rest: Partial<Pick<ApiError, 'fields' | 'details' | 'requestId'>> = {},
  ) {
    super(message)
    this.name = 'ApiError'
    this.status = status
    this.code = code
    this.fields = rest.fields ?? []
    this.details = rest.details ?? {}
    this.requestId = rest.requestId
  }
}

type Json = Record<string, unknown>
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const text = (...values: unknown[]) =>
  values.find((value): value is string => typeof value === 'string' && value !== '')

function issues(value: unknown): FieldIssue[] {
  if (!Array.isArray(value)) return []
  return value.filter(isObject).map((issue) => ({
    field: text(issue.field, issue.path, issue.loc) ?? '',
    message: text(issue.message, issue.msg, issue.detail) ?? 'is not valid',
  }))
}

const isCode = (value: unknown): value is string => typeof value === 'string' && /^[A-Z][A-Z0-9_]+$/.test(value)

/** Reads the error body of any of the contracts ({detail,code}, {code,message,details}, {error: CODE, message}, {error:{…}}, problem+json). */
export function readApiError(status: number, body: unknown, requestId?: string): ApiError {
  const outer = isObject(body) ? body : {}
  const inner = isObject(outer.error) ? outer.error : outer
  const details = isObject(inner.details) ? inner.details : {}
  const message = text(inner.detail, inner.message, inner.title, outer.error, body) ?? `The server answered ${status}.`
  const fields = [
    ...issues(inner.errors),
    ...issues(inner.details),
    ...issues(details.fields),
    ...issues(details.problems),
    ...issues(details.errors),
  ]
  const code = text(inner.code, outer.code) ?? (isCode(outer.error) ? outer.error : `HTTP_${status}`)
  return new ApiError(status, code, message, { fields, details, requestId })
}

/** Any thrown value as an ApiError, so that every failure can be shown with cause and next step. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new ApiError(0, 'CLIENT_ERROR', message)
}

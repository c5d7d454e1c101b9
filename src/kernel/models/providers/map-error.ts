import { APICallError, LoadAPIKeyError } from '@ai-sdk/provider'
import { AuthenticationError, asModelError, ModelError, RateLimitError } from '../errors.ts'
import { retryAfterMs } from '../retry.ts'

const CONNECTION =
  /ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|UND_ERR|socket hang|\bterminated\b|fetch failed|other side closed|Cannot connect/i

/** Codes and messages of an error and its causes, for classification only: they may hold request text. */
function chainOf(error: unknown): string {
  const parts: string[] = []
  for (let at: any = error, depth = 0; at && depth < 6; at = at.cause, depth++)
    parts.push(`${at.code ?? ''} ${at.message ?? at}`)
  return parts.join(' ')
}

/** What a vendor's library throws, or puts into a stream, as one of our errors. Never carries the request. */
export function mapProviderError(error: unknown, provider: string, nowMs: number): ModelError {
  if (error instanceof ModelError) return error
  const cause = error instanceof Error ? new Error(error.message) : undefined
  if (LoadAPIKeyError.isInstance(error))
    return new AuthenticationError('direct_api', `${provider} got no key.`, { cause })
  if (APICallError.isInstance(error) && error.statusCode !== undefined) {
    const status = error.statusCode
    const options = { status, cause, retryAfterMs: retryAfterMs(error.responseHeaders, nowMs) }
    if (status === 401 || status === 403)
      return new AuthenticationError('direct_api', `${provider} refused the key (${status}).`, options)
    if (status === 429) return new RateLimitError(`${provider} asks to slow down (429).`, options)
    if (status >= 500 || status === 408 || status === 409)
      return new ModelError('MODEL_UNAVAILABLE', 'server_error', `${provider} failed (${status}).`, options)
    if (status >= 200 && status < 300)
      return new ModelError('MODEL_UNAVAILABLE', 'server_error', `${provider} sent an answer that breaks off.`, options)
    return new ModelError(
      'MODEL_REQUEST_REFUSED',
      'client_error',
      `${provider} refused the request (${status}): ${error.message.slice(0, 300)}`,
      {
        ...options,
        suggestion: 'Check LLM_MODEL and LLM_BASE_URL; the provider does not accept this request.',
      },
    )
  }
  const chain = chainOf(error)
  const { type, error: inner } = (typeof error === 'object' && error !== null ? error : {}) as {
    type?: string
    error?: { type?: string }
  }
  const kind = `${type ?? ''} ${inner?.type ?? ''} ${chain}`
  if (/overloaded|api_error|internal_server|server_error/i.test(kind))
    return new ModelError('MODEL_UNAVAILABLE', 'server_error', `${provider} broke off the answer.`, { cause })
  if (/rate_limit/i.test(kind)) return new RateLimitError(`${provider} asks to slow down.`, { cause })
  if (/JSON|parse|Type validation|stream/i.test(chain) && !CONNECTION.test(chain))
    return new ModelError('MODEL_UNAVAILABLE', 'server_error', `${provider} sent a broken stream.`, { cause })
  if (CONNECTION.test(chain))
    return new ModelError('MODEL_UNAVAILABLE', 'connection_error', `${provider} could not be reached.`, {
      cause,
      suggestion: 'Check LLM_BASE_URL and that the model server runs.',
    })
  return asModelError(cause ?? new Error('unknown failure'))
}

import { GuardedFetchError } from './guarded-fetch-error.ts'
import { OUTBOUND_HEADER } from './outbound-header.ts'
import { bareHost, type PrivateRule, type Resolver, resolveGuarded } from './resolve-guarded.ts'
import { collectBody } from './response-body.ts'
import { sendOnce } from './send-once.ts'

export type GuardedRequest = {
  method?: string
  headers?: Record<string, string>
  body?: string | Uint8Array
  /** Loopback, private and link-local addresses too, everywhere or on these origins. Metadata addresses stay refused. Default false. */
  allowPrivate?: PrivateRule
  /** Only these hosts (`name`, `name:port`, `*.name`), also after redirects. Default: any. */
  hosts?: readonly string[]
  /** Sent for an agent: our own servers then take it for nobody, wherever it comes from. */
  forAgent?: boolean
  /** Of the decoded body. Default 10 MB. */
  maxBytes?: number
  /** For everything: resolving, all redirects, the whole body. Default 30 s. */
  timeoutMs?: number
  /** Default 5; 0 returns the redirect answer itself. */
  maxRedirects?: number
  signal?: AbortSignal
  /** Injected in tests. */
  resolver?: Resolver
}

export type GuardedResponse = {
  status: number
  headers: Record<string, string>
  /** Where the answer came from after redirects. */
  url: string
  redirects: number
  body: Buffer
  text(): string
  json(): unknown
}

const MAX_URL = 8192
const REDIRECTS = new Set([301, 302, 303, 307, 308])
// A header may carry a credential under any name, so only these travel to another origin.
const SAFE_ACROSS_ORIGINS = new Set(['accept', 'accept-language', 'content-type', 'user-agent', 'range'])

type Hop = { url: URL; method: string; headers: Record<string, string>; body: string | Uint8Array | undefined }

function parseUrl(text: string | URL, base?: URL): URL {
  const parsed = String(text).length <= MAX_URL ? URL.parse(String(text), base?.href) : null
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol) || parsed.hostname === '')
    throw new GuardedFetchError('URL_NOT_ALLOWED', 'The address must be an absolute http or https URL.', {
      url: String(text).slice(0, 200),
    })
  if (parsed.username || parsed.password)
    throw new GuardedFetchError('URL_NOT_ALLOWED', 'Credentials inside a URL are refused: send them in a header.', {
      host: parsed.host,
    })
  parsed.hash = ''
  return parsed
}

function nextHop(hop: Hop, status: number, location: string): Hop {
  const url = parseUrl(location, hop.url)
  const toGet = status === 303 ? hop.method !== 'HEAD' : status < 307 && hop.method === 'POST'
  const next: Hop = toGet ? { ...hop, url, method: 'GET', body: undefined } : { ...hop, url }
  if (toGet) next.headers = withoutHeaders(next.headers, (name) => name.startsWith('content-'))
  if (url.origin === hop.url.origin) return next
  if (next.body !== undefined && hop.url.protocol === 'https:' && url.protocol === 'http:')
    throw new GuardedFetchError('REDIRECT_NOT_ALLOWED', 'A redirect from https to http would send the body in clear.', {
      from: hop.url.origin,
      to: url.origin,
    })
  return { ...next, headers: withoutHeaders(next.headers, (name) => !SAFE_ACROSS_ORIGINS.has(name)) }
}

/** Whether a list of `name`, `name:port` and `*.name` has the place a URL leads to. */
export function isListedHost(url: URL, hosts: readonly string[]): boolean {
  const name = bareHost(url).toLowerCase()
  const place = `${name}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`
  return hosts.some((one) => {
    const listed = one.toLowerCase()
    return listed.startsWith('*.') ? name.endsWith(listed.slice(1)) : listed === name || listed === place
  })
}

function checkHost(url: URL, hosts: readonly string[] | undefined): void {
  if (hosts && !isListedHost(url, hosts))
    throw new GuardedFetchError(
      'HOST_NOT_ALLOWED',
      `${url.host} is not one of the hosts that agents may call: the operator lists them in OUTBOUND_HOSTS.`,
      { host: url.host },
    )
}

const withoutHeaders = (headers: Record<string, string>, drop: (name: string) => boolean) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !drop(name.toLowerCase())))

/**
 * The one door to addresses that a user, a model or a page named. Every hop is resolved once, checked, and connected to exactly the
 * checked address; redirects are checked again and lose all headers but harmless ones when they leave the origin. An answer of
 * any status returns; a refusal or failure throws GuardedFetchError with its code.
 */
export async function guardedFetch(url: string | URL, request: GuardedRequest = {}): Promise<GuardedResponse> {
  const { maxBytes = 10_000_000, timeoutMs = 30_000, maxRedirects = 5, allowPrivate = false, resolver } = request
  const deadline = AbortSignal.timeout(timeoutMs)
  const signal = request.signal ? AbortSignal.any([request.signal, deadline]) : deadline
  let hop: Hop = {
    url: parseUrl(url),
    method: (request.method ?? 'GET').toUpperCase(),
    headers: request.headers ?? {},
    body: request.body,
  }
  try {
    for (let redirects = 0; ; redirects++) {
      checkHost(hop.url, request.hosts)
      const addresses = await abortable(
        resolveGuarded(hop.url, { allowPrivate, ...(resolver && { resolver }) }),
        signal,
      )
      const marked = request.forAgent ? { ...hop, headers: { ...hop.headers, [OUTBOUND_HEADER]: '1' } } : hop
      const answer = await sendOnce({ ...marked, addresses, signal })
      const status = answer.statusCode ?? 0
      const location = answer.headers.location
      if (REDIRECTS.has(status) && location !== undefined && maxRedirects > 0) {
        answer.destroy()
        if (redirects >= maxRedirects)
          throw new GuardedFetchError('TOO_MANY_REDIRECTS', `More than ${maxRedirects} redirects.`, {
            url: hop.url.href,
          })
        hop = nextHop(hop, status, location)
        continue
      }
      const body = await collectBody(answer, { maxBytes, signal, head: hop.method === 'HEAD' })
      const headers = Object.fromEntries(
        Object.entries(answer.headers).map(([name, value]) => [
          name,
          Array.isArray(value) ? value.join(', ') : (value ?? ''),
        ]),
      )
      return {
        status,
        headers,
        url: hop.url.href,
        redirects,
        body,
        text: () => new TextDecoder().decode(body),
        json: () => JSON.parse(new TextDecoder().decode(body)) as unknown,
      }
    }
  } catch (error) {
    if (request.signal?.aborted)
      throw new GuardedFetchError('ABORTED', 'The request was cancelled.', {}, { cause: request.signal.reason })
    if (deadline.aborted)
      throw new GuardedFetchError('TIMEOUT', `${hop.url.host} did not answer completely within ${timeoutMs} ms.`, {
        host: hop.url.host,
      })
    throw error
  }
}

/** Rejects as soon as the signal fires; a late result is ignored. */
function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) {
    work.catch(() => undefined)
    return Promise.reject(signal.reason)
  }
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const onAbort = () => reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  return promise
}

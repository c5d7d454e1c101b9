import { Readable } from 'node:stream'
import { type PrivateRule, type Resolver, resolveGuarded } from './resolve-guarded.ts'
import { sendOnce } from './send-once.ts'

type FetchLike = (url: string | URL, init?: RequestInit) => Promise<Response>

/**
 * The guarded door in the form of `fetch`, for clients that stream: the same check and pinning of addresses, no redirects. Size and time are up to the
 * client: it passes a signal.
 */
export function guardedStreamFetch(options: { allowPrivate?: PrivateRule; resolver?: Resolver } = {}): FetchLike {
  return async (input, init = {}) => {
    const url = new URL(input)
    const request = new Request(url, init)
    const addresses = await resolveGuarded(url, options)
    const answer = await sendOnce({
      url,
      method: request.method,
      headers: Object.fromEntries(request.headers),
      body: request.body ? new Uint8Array(await request.arrayBuffer()) : undefined,
      addresses,
      signal: request.signal,
      encodings: 'identity',
    })
    const status = answer.statusCode ?? 0
    const headers = new Headers()
    for (const [name, value] of Object.entries(answer.headers))
      for (const each of Array.isArray(value) ? value : [value ?? '']) headers.append(name, each)
    if ([101, 204, 205, 304].includes(status)) {
      answer.resume()
      return new Response(null, { status: status === 101 ? 502 : status, headers })
    }
    return new Response(Readable.toWeb(answer) as ReadableStream<Uint8Array>, { status, headers })
  }
}

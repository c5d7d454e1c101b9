import http from 'node:http'
import https from 'node:https'
import { GuardedFetchError } from './guarded-fetch-error.ts'
import { bareHost, pinnedLookup, type ResolvedAddress } from './resolve-guarded.ts'

export type SendOnce = {
  url: URL
  method: string
  headers: Record<string, string>
  body: string | Uint8Array | undefined
  addresses: ResolvedAddress[]
  signal: AbortSignal
  /** What the answer may be compressed with. Default gzip, deflate, br. */
  encodings?: string
}

// The connection and its framing belong to the client, not to whoever named the request.
const OWN_HEADERS =
  /^(host|connection|content-length|transfer-encoding|upgrade|te|trailer|expect|keep-alive|accept-encoding|proxy-.*)$/i

/** One request on a fresh connection to one of the given addresses; resolves when the answer's headers are there. */
export function sendOnce(options: SendOnce): Promise<http.IncomingMessage> {
  const { url, method, headers, body, addresses, signal } = options
  const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>()
  if (signal.aborted) return Promise.reject(signal.reason)
  const sent = Object.fromEntries(Object.entries(headers).filter(([name]) => !OWN_HEADERS.test(name)))
  const has = (name: string) => Object.keys(sent).some((key) => key.toLowerCase() === name)
  if (!has('user-agent')) sent['user-agent'] = 'troupe'
  if (!has('accept')) sent['accept'] = '*/*'
  sent['accept-encoding'] = options.encodings ?? 'gzip, deflate, br'
  const payload = typeof body === 'string' ? Buffer.from(body) : body
  if (payload !== undefined) sent['content-length'] = String(payload.byteLength)

  const failed = (cause: NodeJS.ErrnoException) => {
    const protocol = cause.code?.startsWith('HPE_') === true
    reject(
      new GuardedFetchError(
        protocol ? 'PROTOCOL_ERROR' : 'CONNECT_FAILED',
        protocol
          ? `${url.host} did not answer in HTTP.`
          : `${url.host} could not be reached (${cause.code ?? cause.message}).`,
        { host: url.host, reason: cause.code ?? cause.message },
        { cause },
      ),
    )
  }
  try {
    const request = (url.protocol === 'https:' ? https : http).request({
      protocol: url.protocol,
      host: bareHost(url),
      port: url.port || undefined,
      path: `${url.pathname}${url.search}`,
      method,
      headers: sent,
      agent: false,
      lookup: pinnedLookup(addresses),
      maxHeaderSize: 65_536,
      signal,
    })
    request.on('error', failed)
    request.on('upgrade', (_answer, socket) => {
      socket.destroy()
      failed(Object.assign(new Error('unexpected upgrade'), { code: 'HPE_UPGRADE' }))
    })
    request.on('response', resolve)
    request.end(payload)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    reject(new GuardedFetchError('INVALID_REQUEST', `The request cannot be sent: ${reason}.`, {}, { cause }))
  }
  return promise
}

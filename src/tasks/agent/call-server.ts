import http from 'node:http'
import https from 'node:https'
import { setTimeout as wait } from 'node:timers/promises'

/** The server said no: a 4xx, which is final (contract 10.1). */
export class RefusedError extends Error {
  readonly status: number
  readonly code: string
  readonly reply: Record<string, unknown>
  constructor(status: number, reply: Record<string, unknown>) {
    super(String(reply['detail'] ?? reply['message'] ?? `the server answered ${status}`))
    this.name = 'RefusedError'
    this.status = status
    this.code = String(reply['code'] ?? status)
    this.reply = reply
  }
}

/** No usable answer: nobody there, a broken connection, or a 5xx. */
export class UnreachableError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'UnreachableError'
  }
}

export type Call = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  url: string
  token?: string | undefined
  json?: unknown
  bytes?: Uint8Array
  signal?: AbortSignal
  timeoutMs?: number
  maxBytes?: number
}
export type Answer = { status: number; headers: http.IncomingHttpHeaders; body: Buffer }

const FIRST_PAUSE_MS = 1000
const LONGEST_PAUSE_MS = 30_000
const TIMEOUT_MS = 60_000
const MAX_ANSWER = 64 * 1024 * 1024

// Connections stay open: an attempt makes several calls to the same server.
const agents = {
  'http:': new http.Agent({ keepAlive: true, maxSockets: 8, maxFreeSockets: 2 }),
  'https:': new https.Agent({ keepAlive: true, maxSockets: 8, maxFreeSockets: 2 }),
}

/** Sends one request and reads its whole answer, whatever the status. Throws UnreachableError, or the signal's reason. */
export function send({
  method,
  url,
  token,
  json,
  bytes,
  signal,
  timeoutMs = TIMEOUT_MS,
  maxBytes = MAX_ANSWER,
}: Call): Promise<Answer> {
  const target = new URL(url)
  const body = json === undefined ? bytes : Buffer.from(JSON.stringify(json))
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const isHttps = target.protocol === 'https:'
  const limit = AbortSignal.timeout(timeoutMs)
  const request = (isHttps ? https : http).request(target, {
    method,
    agent: agents[isHttps ? 'https:' : 'http:'],
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
    headers: {
      accept: 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body && {
        'content-type': json === undefined ? 'application/octet-stream' : 'application/json',
        'content-length': body.byteLength,
      }),
    },
  })
  const fail = (error: unknown) => {
    if (signal?.aborted) reject(signal.reason)
    else reject(new UnreachableError(`${target.host} does not answer: ${(error as Error).message}`, { cause: error }))
  }
  request.on('error', fail)
  request.on('response', (response) => {
    const chunks: Buffer[] = []
    let size = 0
    response.on('error', fail)
    response.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > maxBytes) response.destroy(new Error(`the answer is larger than ${maxBytes} bytes`))
      else chunks.push(chunk)
    })
    response.on('end', () =>
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
    )
  })
  request.end(body)
  return promise
}

export function readJson({ body }: Answer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body.toString() || '{}')
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return { detail: body.toString().slice(0, 500) }
  }
}

/** One call, once. A 2xx returns; a 4xx throws RefusedError; anything else UnreachableError. */
export async function callOnce(call: Call): Promise<Answer> {
  const answer = await send(call)
  if (answer.status >= 200 && answer.status < 300) return answer
  if (answer.status >= 500 || answer.status === 429)
    throw new UnreachableError(`the server answered ${answer.status}: ${answer.body.toString().slice(0, 200)}`)
  throw new RefusedError(answer.status, readJson(answer))
}

/** A call that is safe to repeat: after no answer or a 5xx again after 1 s, doubled to 30 s, until answered or aborted (contract 10.1). */
export async function callUntilAnswered(call: Call, pauseMs = FIRST_PAUSE_MS): Promise<Answer> {
  for (let pause = pauseMs; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 2)) {
    try {
      return await callOnce(call)
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error
      await wait(pause, undefined, call.signal ? { signal: call.signal } : {})
    }
  }
}

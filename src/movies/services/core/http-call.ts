import { retryAfterSeconds } from './back-off.ts'
import { CallError, isTransientStatus } from './call-error.ts'

const MAX_ANSWER = 16 * 1024 * 1024

export type HttpCall = {
  method: string
  url: string
  headers?: Record<string, string>
  /** JSON, or a form with files. */
  body?: unknown
  signal: AbortSignal
  /** Answers beside 2xx that are no error, e.g. 404 for "not there". */
  accept?: readonly number[]
}

/** One HTTP exchange with JSON answers. Redirects are not followed: the key goes to the configured address only. */
export async function httpCall(call: HttpCall): Promise<{ status: number; body: unknown }> {
  const form = call.body instanceof FormData
  const response = await fetch(call.url, {
    method: call.method,
    redirect: 'manual',
    signal: call.signal,
    headers: {
      accept: 'application/json',
      ...(call.body === undefined || form ? {} : { 'content-type': 'application/json' }),
      ...call.headers,
    },
    ...(call.body === undefined ? {} : { body: form ? (call.body as FormData) : JSON.stringify(call.body) }),
  }).catch((cause: Error) => {
    if (call.signal.aborted) throw call.signal.reason
    throw new CallError('network', reasonOf(cause), { transient: true, cause })
  })
  const text = await readText(response, call.signal)
  const { status } = response
  const ok = response.ok || call.accept?.includes(status)
  if (!ok)
    throw new CallError(String(status), messageOf(status, text), {
      transient: isTransientStatus(status),
      retryAfter: retryAfterSeconds(response.headers.get('retry-after'), Date.now()),
      body: tryJson(text),
    })
  if (text.trim() === '') return { status, body: null }
  const body = tryJson(text)
  if (body === undefined && response.ok)
    throw new CallError('bad_answer', `answered ${status} with ${text.slice(0, 60)}… instead of JSON`, {
      transient: true,
    })
  return { status, body }
}

async function readText(response: Response, signal: AbortSignal): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of response.body ?? []) {
      size += chunk.byteLength
      if (size > MAX_ANSWER)
        throw new CallError('bad_answer', `the answer is larger than ${MAX_ANSWER} bytes`, { transient: false })
      chunks.push(chunk)
    }
  } catch (cause) {
    if (cause instanceof CallError) throw cause
    if (signal.aborted) throw signal.reason
    throw new CallError('network', reasonOf(cause as Error), { transient: true, cause })
  }
  return Buffer.concat(chunks).toString('utf8')
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const reasonOf = (error: Error) => ((error.cause as Error | undefined)?.message ?? error.message) || error.name

function messageOf(status: number, text: string): string {
  const body = tryJson(text) as { error?: unknown; message?: unknown; detail?: unknown } | undefined
  const said = [body?.message, body?.error, body?.detail].find((one) => typeof one === 'string')
  return `answered ${status}${said ? `: ${String(said).slice(0, 300)}` : ''}`
}

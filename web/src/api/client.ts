import { readStored, writeStored } from '../lib/storage.ts'
import { ApiError, readApiError } from './api-error.ts'

/** The API key or bearer token kept in this browser; empty when the server asks for none. */
export const storedToken = () => readStored('token')
/** Keeps a key, or forgets it when empty; whoever holds a connection hears of it by the event `troupe:token`. */
export function storeToken(token: string): boolean {
  const kept = writeStored('token', token.trim())
  window.dispatchEvent(new CustomEvent('troupe:token'))
  return kept
}

export type RequestOptions = {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Sent as JSON, unless it is FormData, which is sent as it is. */
  body?: unknown
  query?: Record<string, QueryValue>
  signal?: AbortSignal
  headers?: Record<string, string>
}
export type QueryValue = string | number | boolean | null | undefined | readonly (string | number)[]

/** A path with its query; undefined, null and empty values are left out, lists are repeated. */
export function withQuery(path: string, query: Record<string, QueryValue> = {}): string {
  const params = new URLSearchParams()
  for (const [key, value] of Object.entries(query))
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== undefined && one !== null && one !== '') params.append(key, String(one))
  const text = params.toString()
  return text ? `${path}?${text}` : path
}

export function authHeaders(): Record<string, string> {
  const token = storedToken()
  return token ? { authorization: `Bearer ${token}` } : {}
}

async function send(path: string, options: RequestOptions): Promise<Response> {
  const { method = 'GET', body, query, signal, headers } = options
  const isForm = body instanceof FormData
  try {
    return await fetch(withQuery(path, query), {
      method,
      signal: signal ?? null,
      credentials: 'same-origin',
      headers: {
        accept: 'application/json',
        ...authHeaders(),
        ...(body !== undefined && !isForm ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      body: body === undefined ? null : isForm ? body : JSON.stringify(body),
    })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new ApiError(
      0,
      'OFFLINE',
      'The server does not answer. Check that it is running; this page retries by itself.',
    )
  }
}

async function readBody(response: Response): Promise<unknown> {
  const text = await response.text()
  if (!text) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** One request to the server's API. Throws ApiError with status, code, message and fields when it is refused. */
export async function api<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const response = await send(path, options)
  const body = await readBody(response)
  if (!response.ok) {
    if (response.status === 401) window.dispatchEvent(new CustomEvent('troupe:unauthorized'))
    throw readApiError(response.status, body, response.headers.get('x-request-id') ?? undefined)
  }
  return body as T
}

/** Fetches a file with the caller's credentials and hands it to the browser as a download. */
export async function download(path: string, name: string): Promise<void> {
  const response = await send(path, { headers: { accept: '*/*' } })
  if (!response.ok) throw readApiError(response.status, await readBody(response))
  const url = URL.createObjectURL(await response.blob())
  const link = Object.assign(document.createElement('a'), { href: url, download: name })
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

/** Fetches a text file (a result page, a CSV) with the caller's credentials. */
export async function fetchText(path: string, signal?: AbortSignal): Promise<string> {
  const response = await send(path, { headers: { accept: '*/*' }, signal })
  if (!response.ok) throw readApiError(response.status, await readBody(response))
  return response.text()
}

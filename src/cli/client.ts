import { CliError, type Io } from './io.ts'
import { readOwnerFile } from './server-file.ts'

/** Nothing answers at the server's address, or a server that is not ready: not running, or being restarted. */
export class UnreachableError extends CliError {}

export type Client = {
  base: string
  call<T = any>(method: string, path: string, body?: unknown): Promise<T>
  fetch(path: string, init?: RequestInit): Promise<Response>
}

/** Undefined for what is no JSON, for example the page of a proxy. */
function readJson(text: string): any {
  try {
    return text ? JSON.parse(text) : undefined
  } catch {
    return undefined
  }
}

/** The HTTP API of a running server: TROUPE_URL, else the one `troupe up` of this folder wrote down, else port 8000. */
export function createClient(io: Io): Client {
  const base = (io.env['TROUPE_URL'] ?? readOwnerFile(io.env)?.url ?? 'http://127.0.0.1:8000').replace(/\/$/, '')
  const token = io.env['TROUPE_TOKEN'] ?? io.env['API_TOKEN'] ?? io.env['API_KEY']
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {}
  const send = async (path: string, init: RequestInit = {}) => {
    try {
      return await fetch(`${base}${path}`, {
        ...init,
        headers: { ...headers, ...(init.headers as Record<string, string> | undefined) },
      })
    } catch (cause) {
      throw new UnreachableError(
        `No Troupe server answers at ${base}: start it with "npm start", or set TROUPE_URL (${(cause as { cause?: Error }).cause?.message ?? (cause as Error).message})`,
        1,
      )
    }
  }
  return {
    base,
    fetch: send,
    async call(method, path, body) {
      const response = await send(path, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      })
      const text = await response.text()
      const json = readJson(text)
      if (response.status === 503)
        throw new UnreachableError(`${json?.detail ?? json?.message ?? 'The server is not ready'} (${base})`, 1)
      if (!response.ok)
        throw new CliError(
          `${json?.detail ?? json?.message ?? response.statusText} (${json?.code ?? json?.error ?? response.status})`,
          1,
        )
      return json
    },
  }
}

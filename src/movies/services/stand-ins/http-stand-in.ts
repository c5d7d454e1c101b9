import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { Faults, nextFault, noFaults } from './faults.ts'

export type Request = {
  method: string
  path: string
  query: URLSearchParams
  headers: http.IncomingHttpHeaders
  raw: Buffer
  json(): any
}
export type Answer = { status?: number; body?: unknown; bytes?: Buffer; type?: string }
export type Seen = { at: number; method: string; path: string; status: number; body: unknown }

const BODY_LIMIT = 64 * 1024 * 1024

/**
 * A service on loopback for tests and demonstrations. It can be told to be slow, wrong or silent (`faults`), can go away
 * and come back on the same port, and remembers what it was asked.
 */
export class HttpStandIn {
  readonly faults: Faults = noFaults()
  readonly seen: Seen[] = []
  onRequest: (seen: Seen) => void = () => undefined
  readonly #answer: (request: Request) => Answer | Promise<Answer>
  readonly #key: string | null
  #server: http.Server | undefined
  port = 0

  constructor(answer: (request: Request) => Answer | Promise<Answer>, options: { key?: string | null } = {}) {
    this.#answer = answer
    this.#key = options.key ?? null
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }
  get server(): http.Server {
    return this.#server!
  }

  async start(port = this.port): Promise<this> {
    const server = http.createServer((request, response) => void this.#take(request, response))
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', resolve)
    })
    this.#server = server
    this.port = (server.address() as AddressInfo).port
    return this
  }

  /** Gone without a word: connections are cut. `start` brings it back where it was. */
  async vanish(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (!server) return
    server.closeAllConnections()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }
  close = () => this.vanish()

  tell(faults: Partial<Faults>) {
    Object.assign(this.faults, faults)
  }

  async #take(request: http.IncomingMessage, response: http.ServerResponse) {
    const raw = await readBody(request).catch(() => null)
    if (!raw) return response.destroy()
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://stand-in')
    const send = (answer: Answer, headers: Record<string, string> = {}) => {
      const status = answer.status ?? 200
      const body = answer.bytes ?? Buffer.from(answer.body === undefined ? '' : JSON.stringify(answer.body))
      response.writeHead(status, { 'content-type': answer.type ?? 'application/json', ...headers })
      response.end(body)
      return status
    }
    if (pathname === '/_stand-in') return void this.#control(raw, send)
    const fault = await nextFault(this.faults)
    const note = (status: number) => {
      const seen = {
        at: Date.now(),
        method: request.method ?? 'GET',
        path: `${pathname}${searchParams.size > 0 ? `?${searchParams}` : ''}`,
        status,
        body: tryJson(raw),
      }
      this.seen.push(seen)
      this.onRequest(seen)
    }
    if (fault?.kind === 'hang') return note(0)
    if (fault?.kind === 'garbage')
      return note(send({ bytes: Buffer.from('<html>Bad gateway</html>'), type: 'text/html' }))
    if (fault?.kind === 'status')
      return note(
        send(
          { status: fault.status, body: { error: 'as it was told to' } },
          fault.retryAfter === null ? {} : { 'retry-after': String(fault.retryAfter) },
        ),
      )
    const open = /\/health$/.test(pathname) || pathname.startsWith('/media/')
    const { authorization } = request.headers
    const key = request.headers['x-api-key'] ?? authorization?.replace(/^Bearer /, '')
    if (this.#key !== null && !open && key !== this.#key)
      return note(send({ status: 401, body: { error: 'the key is missing or wrong' } }))
    const answer = await this.#answer({
      method: request.method ?? 'GET',
      path: pathname,
      query: searchParams,
      headers: request.headers,
      raw,
      json: () => JSON.parse(raw.toString('utf8')),
    })
    note(send(answer))
  }

  #control(raw: Buffer, send: (answer: Answer) => number) {
    const parsed = Faults.partial().safeParse(raw.length > 0 ? tryJson(raw) : {})
    if (!parsed.success) return void send({ status: 400, body: { error: parsed.error.message } })
    this.tell(
      Object.fromEntries(Object.entries(parsed.data).filter(([key]) => key in ((tryJson(raw) as object) ?? {}))),
    )
    send({ body: this.faults })
  }
}

async function readBody(request: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += (chunk as Buffer).length
    if (size > BODY_LIMIT) throw new Error('too large')
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks)
}

function tryJson(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'))
  } catch {
    return raw.length > 0 ? `${raw.length} bytes` : null
  }
}

import WebSocket from 'ws'
import { z } from 'zod'
import { CallError } from '../core/call-error.ts'

const MAX_MESSAGE = 16 * 1024 * 1024

const Answer = z.looseObject({
  id: z.union([z.number(), z.string()]).nullish(),
  result: z.unknown().optional(),
  error: z
    .looseObject({ code: z.number().optional(), message: z.string().optional(), data: z.unknown().optional() })
    .optional(),
})

type Open = { resolve(value: unknown): void; reject(error: Error): void }

export type SocketOptions = { url: string; headers: Record<string, string>; pingMs: number; openMs: number }

/** JSON-RPC codes of a service that is busy or broken inside; every other code is a refusal. */
const isBusy = (code: number) => code === -32603 || code === 429 || (code <= -32000 && code >= -32099)

/** One JSON-RPC 2.0 connection. Answers are matched by id; a connection that closes rejects what is open on it. */
export class McpSocket {
  readonly #socket: WebSocket
  readonly #open = new Map<number, Open>()
  readonly #ping: NodeJS.Timeout
  readonly #nextId: () => number
  #alive = true
  closed = false
  onClose: () => void = () => undefined

  private constructor(socket: WebSocket, pingMs: number, nextId: () => number) {
    this.#socket = socket
    this.#nextId = nextId
    socket.on('message', (data) => this.#take(String(data)))
    socket.on('pong', () => {
      this.#alive = true
    })
    socket.on('close', () => this.#end('the connection was closed'))
    socket.on('error', (error) => this.#end(error.message))
    this.#ping = setInterval(() => {
      // No pong since the last ping: half-open, as after a pulled cable.
      if (!this.#alive) return socket.terminate()
      this.#alive = false
      socket.ping()
    }, pingMs)
    this.#ping.unref()
  }

  static connect(options: SocketOptions, nextId: () => number): Promise<McpSocket> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(options.url, {
        headers: options.headers,
        handshakeTimeout: options.openMs,
        maxPayload: MAX_MESSAGE,
        followRedirects: false,
      })
      const fail = (error: Error) =>
        reject(
          new CallError('network', `no connection: ${error.message || 'refused'}`, { transient: true, cause: error }),
        )
      socket.once('error', fail)
      socket.once('unexpected-response', (_request, response) => {
        const status = response.statusCode ?? 0
        response.resume()
        socket.terminate()
        reject(
          new CallError(String(status), `the connection was refused with ${status}`, {
            transient: !(status >= 400 && status < 500 && status !== 408 && status !== 425 && status !== 429),
          }),
        )
      })
      socket.once('open', () => {
        socket.off('error', fail)
        resolve(new McpSocket(socket, options.pingMs, nextId))
      })
    })
  }

  get load(): number {
    return this.#open.size
  }

  request(method: string, params: unknown, signal: AbortSignal): Promise<unknown> {
    signal.throwIfAborted()
    if (this.closed) return Promise.reject(new CallError('network', 'the connection was closed', { transient: true }))
    const id = this.#nextId()
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        this.#open.delete(id)
        reject(signal.reason)
      }
      const done = () => signal.removeEventListener('abort', giveUp)
      this.#open.set(id, {
        resolve: (value) => {
          done()
          resolve(value)
        },
        reject: (error) => {
          done()
          reject(error)
        },
      })
      signal.addEventListener('abort', giveUp, { once: true })
      this.#socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }))
    })
  }

  notify(method: string) {
    if (!this.closed) this.#socket.send(JSON.stringify({ jsonrpc: '2.0', method }))
  }

  close() {
    this.#socket.close(1000)
    this.#end('closed here')
    setTimeout(() => this.#socket.terminate(), 500).unref()
  }

  #take(text: string) {
    let raw: unknown
    try {
      raw = JSON.parse(text)
    } catch {
      return this.#nonsense('a message was no JSON')
    }
    const parsed = Answer.safeParse(raw)
    if (!parsed.success) return this.#nonsense('a message was no JSON-RPC answer')
    const { id, result, error } = parsed.data
    if (id === null || id === undefined) return // a notification, or an error about nothing in particular
    const open = this.#open.get(Number(id))
    if (!open) return // late: whoever asked has given up
    this.#open.delete(Number(id))
    if (!error) return open.resolve(result)
    const code = error.code ?? 0
    const wait = (error.data as { retry_after?: unknown } | undefined)?.retry_after
    open.reject(
      new CallError(`rpc_${code}`, error.message ?? `error ${code}`, {
        transient: isBusy(code) || typeof wait === 'number',
        retryAfter: typeof wait === 'number' ? wait / 1000 : undefined,
        body: error,
      }),
    )
  }

  /** Whoever talks so cannot be understood; what is open on it is asked again elsewhere. */
  #nonsense(why: string) {
    this.#end(why, 'bad_answer')
    this.#socket.terminate()
  }

  #end(why: string, status = 'network') {
    if (this.closed) return
    this.closed = true
    clearInterval(this.#ping)
    for (const { reject } of this.#open.values()) reject(new CallError(status, why, { transient: true }))
    this.#open.clear()
    this.onClose()
  }
}

import { CallError } from '../core/call-error.ts'
import { McpSocket, type SocketOptions } from './mcp-socket.ts'

const LONGEST_SECONDS = 30

export type PoolOptions = SocketOptions & {
  size: number
  /** Seconds before the first attempt to connect again; doubles up to 30. */
  reconnectSeconds: number
  now(): number
  random(): number
}

/** Connections to the Brain: at most `size`, opened when they are needed, the least busy one is used. */
export class McpPool {
  readonly #options: PoolOptions
  readonly #sockets = new Set<McpSocket>()
  #connecting: Promise<McpSocket> | undefined
  #tools: Promise<ReadonlySet<string>> | undefined
  #id = 0
  #failures = 0
  #notBefore = 0
  #closed = false

  constructor(options: PoolOptions) {
    this.#options = options
  }

  get connections(): number {
    return this.#sockets.size
  }

  /** `repeat`: asked again on another connection, once, when the one it was open on is closed; for what may be done twice. */
  async request(method: string, params: unknown, signal: AbortSignal, repeat = false): Promise<unknown> {
    const socket = await this.#socket(signal)
    try {
      return await socket.request(method, params, signal)
    } catch (error) {
      const cut = error instanceof CallError && error.status === 'network' && socket.closed
      if (!repeat || !cut || signal.aborted) throw error
      return (await this.#socket(signal)).request(method, params, signal)
    }
  }

  /** Names of the tools that are offered; asked anew after every lost connection. */
  async tools(signal: AbortSignal): Promise<ReadonlySet<string>> {
    const socket = await this.#socket(signal)
    this.#tools ??= this.#listTools(socket, signal).catch((error: Error) => {
      this.#tools = undefined
      throw error
    })
    return this.#tools
  }

  close() {
    this.#closed = true
    for (const socket of this.#sockets) socket.close()
    this.#sockets.clear()
  }

  async #socket(signal: AbortSignal): Promise<McpSocket> {
    signal.throwIfAborted()
    if (this.#closed) throw new CallError('network', 'closed here', { transient: true })
    const free = [...this.#sockets].sort((a, b) => a.load - b.load)[0]
    if (free && (free.load === 0 || this.#sockets.size >= this.#options.size)) return free
    // One attempt at a time; while a further one is opened, those that exist are used.
    if (this.#connecting) return free ?? this.#connecting
    const attempt = this.#connect()
    this.#connecting = attempt
    attempt
      .finally(() => {
        this.#connecting = undefined
      })
      .catch(() => undefined)
    return free ?? attempt
  }

  async #connect(): Promise<McpSocket> {
    const { now, reconnectSeconds, random } = this.#options
    if (now() < this.#notBefore)
      throw new CallError('network', 'not connected; the next attempt follows soon', { transient: true })
    try {
      const socket = await McpSocket.connect(this.#options, () => ++this.#id)
      this.#failures = 0
      socket.onClose = () => {
        this.#sockets.delete(socket)
        if (this.#sockets.size === 0) this.#tools = undefined
      }
      if (this.#closed) {
        socket.close()
        throw new CallError('network', 'closed here', { transient: true })
      }
      this.#sockets.add(socket)
      return socket
    } catch (error) {
      const seconds = Math.min(LONGEST_SECONDS, reconnectSeconds * 2 ** this.#failures++) * (0.5 + random() / 2)
      this.#notBefore = now() + seconds * 1000
      throw error
    }
  }

  /** `tools/list`; a server that wants the MCP greeting first is greeted. */
  async #listTools(socket: McpSocket, signal: AbortSignal): Promise<ReadonlySet<string>> {
    const names = new Set<string>()
    let cursor: string | undefined
    let greeted = false
    do {
      const page = (await socket
        .request('tools/list', cursor ? { cursor } : {}, signal)
        .catch(async (error: CallError) => {
          if (greeted || !error.status?.startsWith('rpc_')) throw error
          greeted = true
          await socket.request(
            'initialize',
            { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'troupe', version: '1' } },
            signal,
          )
          socket.notify('notifications/initialized')
          return socket.request('tools/list', {}, signal)
        })) as { tools?: { name?: unknown }[]; nextCursor?: string } | null
      if (!Array.isArray(page?.tools))
        throw new CallError('bad_answer', 'tools/list answered without tools', { transient: true })
      for (const tool of page.tools) if (typeof tool?.name === 'string') names.add(tool.name)
      cursor = typeof page.nextCursor === 'string' ? page.nextCursor : undefined
    } while (cursor && names.size < 1000)
    return names
  }
}

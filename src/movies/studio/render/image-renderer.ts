import { type ChildProcess, fork } from 'node:child_process'
import path from 'node:path'
import type { ImageRequest } from './image-process.ts'

type Ask = ImageRequest extends infer R ? (R extends { id: number } ? Omit<R, 'id'> : never) : never
type Waiting = { ask: Ask; resolve: (value: unknown) => void; reject: (error: Error) => void }

const IDLE_MS = 20_000

/**
 * Renders pictures in helper processes, at most `size` at a time. A helper starts when it is needed, ends after 20 s without
 * work, and is replaced when it dies; the picture it died of is refused with an error.
 */
export class ImageRenderer {
  readonly #size: number
  readonly #queue: Waiting[] = []
  readonly #idle: ChildProcess[] = []
  readonly #busy = new Map<ChildProcess, Waiting>()
  readonly #timers = new Map<ChildProcess, NodeJS.Timeout>()
  #ids = 0
  #closed = false

  constructor(size = 2) {
    this.#size = size
  }

  /** PNG bytes of an SVG without text and links; `width` scales it. */
  png(svg: string, width: number | null = null): Promise<Uint8Array> {
    return this.#ask({ kind: 'png', svg, width }) as Promise<Uint8Array>
  }

  /** Brightness (0 … 1) and fingerprint of a picture given as data address. */
  look(uri: string, width: number, height: number): Promise<{ brightness: number; print: string }> {
    return this.#ask({ kind: 'look', uri, width, height }) as Promise<{ brightness: number; print: string }>
  }

  close(): void {
    this.#closed = true
    for (const waiting of this.#queue.splice(0)) waiting.reject(new Error('the image renderer is closed'))
    for (const child of [...this.#idle, ...this.#busy.keys()]) this.#end(child)
  }

  #ask(ask: Ask): Promise<unknown> {
    if (this.#closed) return Promise.reject(new Error('the image renderer is closed'))
    return new Promise((resolve, reject) => {
      this.#queue.push({ ask, resolve, reject })
      this.#next()
    })
  }

  #next(): void {
    if (this.#queue.length === 0) return
    const child = this.#idle.pop() ?? (this.#busy.size < this.#size ? this.#start() : undefined)
    if (!child) return
    const waiting = this.#queue.shift()!
    clearTimeout(this.#timers.get(child))
    this.#busy.set(child, waiting)
    child.ref()
    child.send({ ...waiting.ask, id: ++this.#ids })
  }

  #start(): ChildProcess {
    const child = fork(path.join(import.meta.dirname, 'image-process.ts'), [], {
      serialization: 'advanced',
      execArgv: [],
      env: { NODE_NO_WARNINGS: '1' },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    child.on('message', (message: { result?: unknown; error?: string }) => {
      const waiting = this.#busy.get(child)
      this.#busy.delete(child)
      this.#rest(child)
      if (message.error === undefined) waiting?.resolve(message.result)
      else waiting?.reject(new Error(message.error))
      this.#next()
    })
    const gone = () => {
      const waiting = this.#busy.get(child)
      this.#busy.delete(child)
      const at = this.#idle.indexOf(child)
      if (at >= 0) this.#idle.splice(at, 1)
      clearTimeout(this.#timers.get(child))
      this.#timers.delete(child)
      waiting?.reject(new Error('the picture could not be rendered: the renderer ended'))
      if (!this.#closed) this.#next()
    }
    child.once('exit', gone)
    child.once('error', gone)
    return child
  }

  #rest(child: ChildProcess): void {
    this.#idle.push(child)
    child.unref()
    child.channel?.unref()
    const timer = setTimeout(() => this.#end(child), IDLE_MS)
    timer.unref()
    this.#timers.set(child, timer)
  }

  #end(child: ChildProcess): void {
    const at = this.#idle.indexOf(child)
    if (at >= 0) this.#idle.splice(at, 1)
    if (child.connected) child.disconnect()
    else child.kill()
  }
}

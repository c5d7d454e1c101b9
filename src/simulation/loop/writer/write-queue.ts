import type { StreamWarning } from './stream-warning.ts'

/** A serialised event, or a warning that becomes a line when it is written. */
export type QueueEntry = string | StreamWarning

/** First in, first out. Only events count against the bound; a warning occupies no capacity. */
export class WriteQueue {
  #entries: (QueueEntry | undefined)[] = []
  #head = 0
  #events = 0

  /** Events waiting. */
  get events(): number {
    return this.#events
  }

  get isEmpty(): boolean {
    return this.#head === this.#entries.length
  }

  push(entry: QueueEntry): void {
    this.#entries.push(entry)
    if (typeof entry === 'string') this.#events++
  }

  peek(): QueueEntry | undefined {
    return this.#entries[this.#head]
  }

  shift(): QueueEntry | undefined {
    const entry = this.#entries[this.#head]
    if (entry === undefined) return undefined
    this.#entries[this.#head++] = undefined
    if (typeof entry === 'string') this.#events--
    if (this.#head === this.#entries.length) {
      this.#entries = []
      this.#head = 0
    } else if (this.#head > 8192 && this.#head * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#head)
      this.#head = 0
    }
    return entry
  }

  /** The first waiting warning of a kind. */
  findWarning(kind: StreamWarning['kind']): StreamWarning | undefined {
    for (let i = this.#head; i < this.#entries.length; i++) {
      const entry = this.#entries[i]!
      if (typeof entry !== 'string' && entry.kind === kind) return entry
    }
    return undefined
  }

  clear(): QueueEntry[] {
    const rest = this.#entries.slice(this.#head) as QueueEntry[]
    this.#entries = []
    this.#head = 0
    this.#events = 0
    return rest
  }
}

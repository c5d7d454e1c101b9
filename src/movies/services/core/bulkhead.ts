type Waiting = { priority: number; order: number; start: () => void }

/** At most `limit` at a time; who waits is served by priority (high first), then age (contract 2.6). */
export class Bulkhead {
  readonly #limit: number
  #running = 0
  #order = 0
  #waiting: Waiting[] = []

  constructor(limit: number) {
    this.#limit = limit
  }

  get waiting(): number {
    return this.#waiting.length
  }

  /** Runs `work` when there is room. Giving up while waiting throws the reason of the signal. */
  async run<T>(priority: number, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    await this.#enter(priority, signal)
    try {
      return await work()
    } finally {
      this.#leave()
    }
  }

  #enter(priority: number, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted()
    if (this.#running < this.#limit) {
      this.#running++
      return Promise.resolve()
    }
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        this.#waiting = this.#waiting.filter((one) => one !== entry)
        reject(signal!.reason)
      }
      const entry: Waiting = {
        priority,
        order: this.#order++,
        start: () => {
          signal?.removeEventListener('abort', giveUp)
          resolve()
        },
      }
      signal?.addEventListener('abort', giveUp, { once: true })
      this.#waiting.push(entry)
    })
  }

  #leave() {
    const next = this.#waiting.reduce<Waiting | null>(
      (best, one) =>
        best === null || one.priority > best.priority || (one.priority === best.priority && one.order < best.order)
          ? one
          : best,
      null,
    )
    if (!next) {
      this.#running--
      return
    }
    this.#waiting = this.#waiting.filter((one) => one !== next)
    next.start()
  }
}

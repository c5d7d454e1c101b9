import type { RunScan } from './run-scan.ts'

type Entry = { scan: RunScan; usedAt: number; usedMs: number; refreshing: Promise<boolean> | undefined }

/** Nobody looks at a run all the time: an index that was not asked for so long is built again when it is. */
const IDLE_MS = 10 * 60_000

/**
 * Indexes of runs in memory: one build per run at a time, the least recently used dropped above the bound, and those nobody asked for in the
 * last ten minutes.
 */
export class ScanCache {
  readonly #entries = new Map<string, Entry>()
  readonly #maxBytes: number
  readonly #make: (id: string) => RunScan
  readonly #now: () => number
  #clock = 0

  constructor(maxBytes: number, make: (id: string) => RunScan, now: () => number = () => performance.now()) {
    this.#maxBytes = maxBytes
    this.#make = make
    this.#now = now
  }

  get bytes(): number {
    return [...this.#entries.values()].reduce((sum, { scan }) => sum + scan.index.bytes, 0)
  }

  /** The run's index brought up to date; requests during a build share it. Undefined when the run has no event file. */
  async fresh(id: string, isRunning: (scan: RunScan) => boolean): Promise<RunScan | undefined> {
    let entry = this.#entries.get(id)
    if (!entry) {
      entry = { scan: this.#make(id), usedAt: 0, usedMs: 0, refreshing: undefined }
      this.#entries.set(id, entry)
    }
    const { scan } = entry
    entry.usedAt = ++this.#clock
    entry.usedMs = this.#now()
    entry.refreshing ??= scan
      .refresh(() => isRunning(scan))
      .finally(() => {
        entry.refreshing = undefined
      })
    const exists = await entry.refreshing
    if (!exists) {
      this.#entries.delete(id)
      return undefined
    }
    this.#evict(id)
    return scan
  }

  forget(id: string): void {
    this.#entries.delete(id)
  }

  #evict(keep: string): void {
    const idle = this.#now() - IDLE_MS
    for (const [id, { usedMs, refreshing }] of this.#entries) if (usedMs < idle && !refreshing) this.#entries.delete(id)
    if (this.#entries.size < 2 || this.bytes <= this.#maxBytes) return
    const oldest = [...this.#entries].sort((a, b) => a[1].usedAt - b[1].usedAt)
    for (const [id, { refreshing }] of oldest) {
      if (this.bytes <= this.#maxBytes) return
      if (id !== keep && !refreshing) this.#entries.delete(id)
    }
  }
}

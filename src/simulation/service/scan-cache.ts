import type { RunScan } from './run-scan.ts'

type Entry = { scan: RunScan; usedAt: number; refreshing: Promise<boolean> | undefined }

/** Indexes of runs in memory: one build per run at a time, the least recently used dropped above the bound. */
export class ScanCache {
  readonly #entries = new Map<string, Entry>()
  readonly #maxBytes: number
  readonly #make: (id: string) => RunScan
  #clock = 0

  constructor(maxBytes: number, make: (id: string) => RunScan) {
    this.#maxBytes = maxBytes
    this.#make = make
  }

  get bytes(): number {
    return [...this.#entries.values()].reduce((sum, { scan }) => sum + scan.index.bytes, 0)
  }

  /** The run's index brought up to date; requests during a build share it. Undefined when the run has no event file. */
  async fresh(id: string, isRunning: (scan: RunScan) => boolean): Promise<RunScan | undefined> {
    let entry = this.#entries.get(id)
    if (!entry) {
      entry = { scan: this.#make(id), usedAt: 0, refreshing: undefined }
      this.#entries.set(id, entry)
    }
    const { scan } = entry
    entry.usedAt = ++this.#clock
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
    if (this.#entries.size < 2 || this.bytes <= this.#maxBytes) return
    const oldest = [...this.#entries].sort((a, b) => a[1].usedAt - b[1].usedAt)
    for (const [id, { refreshing }] of oldest) {
      if (this.bytes <= this.#maxBytes) return
      if (id !== keep && !refreshing) this.#entries.delete(id)
    }
  }
}

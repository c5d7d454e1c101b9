import type { Db } from '../../kernel/db/database.ts'
import type { StatusOverride } from '../service/run-summary.ts'

const FRESH_MS = 200

/**
 * Which served runs live, for the reading API: it asks without waiting, so the view is brought up to date before it looks. Runs that
 * ended long ago are told by their files.
 */
export class LeaseView {
  readonly #db: Db
  #live = new Map<string, boolean>()
  #at = Number.NEGATIVE_INFINITY
  #refreshing: Promise<void> | undefined

  constructor(db: Db) {
    this.#db = db
  }

  readonly statusOf: StatusOverride = (runId) => {
    const live = this.#live.get(runId)
    return live === undefined ? undefined : live ? 'running' : 'not_running'
  }

  /** Reads the leases again unless that was done a moment ago. */
  refresh(): Promise<void> {
    if (performance.now() - this.#at < FRESH_MS) return Promise.resolve()
    this.#refreshing ??= this.#read().finally(() => {
      this.#refreshing = undefined
    })
    return this.#refreshing
  }

  async #read(): Promise<void> {
    const { rows } = await this.#db.query(
      `select run_id, coalesce(lease_until > now(), false) as live from simulation.served_runs
        where ended_at is null or ended_at > now() - interval '2 minutes'`,
    )
    this.#live = new Map(rows.map((row) => [row['run_id'] as string, row['live'] as boolean]))
    this.#at = performance.now()
  }
}

// Deadlines of a pool are written by the database's clock. When that clock is set, the machine slept or the database was away, they mean
// another moment than they were meant for: this puts them right before the monitor acts on them.
import type { Kernel } from '../kernel.ts'
import { CLAIM_SECONDS } from './claim.ts'
import type { PoolPolicy } from './pool.ts'

/** A pass may come late on a busy machine; a clock that went further ahead than this was moved. */
const MOVED_SECONDS = 30
/** Pauses of dispatch last seconds: one that ends later than this was written before the clock went back. */
const LONGEST_PAUSE = "interval '1 minute'"

export type ClockWatch = {
  /** Seconds by which the database's clock ran ahead of this process's steady one since the last call; 0 when it was not moved. */
  ahead(): Promise<number>
}

/** Compares the database's clock with the time that really passed. `steady` in ms, as performance.now(). */
export function watchClock(kernel: Kernel, steady: () => number = () => performance.now()): ClockWatch {
  let last: { database: number; steady: number } | undefined
  return {
    async ahead() {
      const { rows } = await kernel.db.query('select extract(epoch from now())::float8 as now')
      const seen = { database: rows[0]!['now'] as number, steady: steady() / 1000 }
      const before = last
      last = seen
      if (!before) return 0
      const ahead = seen.database - before.database - (seen.steady - before.steady)
      return ahead > MOVED_SECONDS ? ahead : 0
    },
  }
}

/**
 * After a step ahead, or an outage, of so many seconds: who was alive before it is not silent, and an attempt keeps the time it had left. After a step
 * back: nothing lies further ahead than it can be meant. Repeating it, in this or another process, changes nothing.
 */
export async function settleClock(kernel: Kernel, policy: PoolPolicy, ahead: number): Promise<void> {
  if (ahead > 0) {
    kernel.log.warn(
      { pool: policy.name, seconds: Math.round(ahead) },
      'the clock went ahead, or the database was away: agents and time limits keep the time they had left',
    )
    await kernel.db.query(
      `update kernel.agents set seen_at = now() where pool = $1 and dead_at is null and seen_at between now() - make_interval(secs => $2) and now() - make_interval(secs => 1)`,
      [policy.name, ahead + policy.ttlSeconds],
    )
    await kernel.db.query(
      `update kernel.assignments set lease_until = lease_until + make_interval(secs => $2)
        where pool = $1 and status = 'running' and lease_until between now() - make_interval(secs => $2) and now()`,
      [policy.name, ahead],
    )
    await kernel.db.query(
      `update kernel.assignments set waiting_since = waiting_since + make_interval(secs => $2)
        where pool = $1 and status = 'ready' and waiting_since < now() - make_interval(secs => $2)`,
      [policy.name, ahead],
    )
  }
  await kernel.db.query(
    `update kernel.agents set seen_at = least(seen_at, now()),
        blocked_until = case when blocked_until between now() + ${LONGEST_PAUSE} and 'infinity'::timestamptz - interval '1 day' then null else blocked_until end
      where pool = $1 and (seen_at > now() + interval '5 seconds' or (blocked_until > now() + ${LONGEST_PAUSE} and blocked_until < 'infinity'))`,
    [policy.name],
  )
  await kernel.db.query(
    `update kernel.assignments set not_before = null where pool = $1 and status = 'ready' and not_before > now() + ${LONGEST_PAUSE}`,
    [policy.name],
  )
  await kernel.db.query(
    `update kernel.assignments set waiting_since = now() where pool = $1 and status = 'ready' and waiting_since > now() + interval '5 seconds'`,
    [policy.name],
  )
  await kernel.db.query(
    `update kernel.assignments set lease_until = now() + make_interval(secs => case when accepted_at is null then ${CLAIM_SECONDS} else coalesce(timeout_seconds, $2) + $3 end)
      where pool = $1 and status = 'running'
        and lease_until > now() + make_interval(secs => 5 + case when accepted_at is null then ${CLAIM_SECONDS} else coalesce(timeout_seconds, $2) + $3 end)`,
    [policy.name, policy.defaultTimeoutSeconds, policy.leaseMarginSeconds],
  )
}

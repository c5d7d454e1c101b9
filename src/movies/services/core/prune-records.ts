import type { Kernel } from '../../../kernel/kernel.ts'

const DELIVERED_DAYS = 7

/** Removes the log of calls after the time of keeping, and what was delivered or refused a week ago. Answers how many rows. */
export async function pruneRecords(kernel: Kernel): Promise<number> {
  const calls = await kernel.db.query(
    `delete from movies.external_calls where at < now() - make_interval(days => $1)`,
    [kernel.config.movies.keepDays],
  )
  const told = await kernel.db.query(
    `delete from movies.outbox where (delivered_at is not null or refused_at is not null) and created_at < now() - make_interval(days => $1)`,
    [DELIVERED_DAYS],
  )
  return (calls.rowCount ?? 0) + (told.rowCount ?? 0)
}

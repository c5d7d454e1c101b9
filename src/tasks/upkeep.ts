import fs from 'node:fs'
import path from 'node:path'
import type { Kernel } from '../kernel/kernel.ts'
import { workspaceOf } from './folders.ts'

const EVERY_MS = 60 * 60 * 1000
const TEMP_HOURS = 24

/** Hourly: old logs go when a retention is set; scratch files go 24 h after their task ended. */
export async function upkeep(kernel: Kernel): Promise<void> {
  const { logRetentionDays } = kernel.config.tasks
  if (logRetentionDays !== undefined)
    await kernel.db.query('delete from tasks.agent_logs where created_at < now() - make_interval(days => $1)', [
      logRetentionDays,
    ])
  await kernel.db.query(`delete from kernel.shared_state where expires_at < now() - interval '1 hour'`)
  await kernel.db.query(`delete from kernel.idempotency where created_at < now() - interval '24 hours'`)
  const { rows } = await kernel.db.query(
    `select id from tasks.tasks where finished_at < now() - make_interval(hours => $1) and finished_at > now() - make_interval(hours => $1) - interval '3 hours'`,
    [TEMP_HOURS],
  )
  for (const row of rows)
    await fs.promises.rm(path.join(workspaceOf(kernel.config, row['id']), 'temp'), { recursive: true, force: true })
}

export async function startUpkeep(kernel: Kernel): Promise<() => Promise<void>> {
  const run = () =>
    upkeep(kernel).catch((error: Error) =>
      kernel.log.warn({ error: error.message }, 'upkeep failed, trying again in an hour'),
    )
  const timer = setInterval(run, EVERY_MS)
  timer.unref()
  return async () => clearInterval(timer)
}

import fs from 'node:fs'
import path from 'node:path'
import type { Kernel } from '../kernel/kernel.ts'
import { artifactsRoot, workspaceOf } from './folders.ts'

const HOUR_MS = 60 * 60 * 1000
const TEMP_HOURS = 24

/**
 * At start and hourly: old logs go when a retention is set; scratch files go 24 h after their task ended, also those of a time
 * when no server ran; so do uploads that broke off.
 */
export async function upkeep(kernel: Kernel): Promise<void> {
  const { logRetentionDays } = kernel.config.tasks
  if (logRetentionDays !== undefined)
    await kernel.db.query('delete from tasks.agent_logs where created_at < now() - make_interval(days => $1)', [
      logRetentionDays,
    ])
  await kernel.db.query(`delete from kernel.shared_state where expires_at < now() - interval '1 hour'`)
  await kernel.db.query(`delete from kernel.idempotency where created_at < now() - interval '24 hours'`)
  await removeScratch(kernel)
  await removeBrokenUploads(kernel)
}

async function namesIn(folder: string): Promise<string[]> {
  return fs.existsSync(folder) ? fs.promises.readdir(folder) : []
}

async function removeScratch(kernel: Kernel): Promise<void> {
  const tempOf = (id: string) => path.join(workspaceOf(kernel.config, id), 'temp')
  const ids = (await namesIn(path.resolve(kernel.config.tasks.sharedFilesPath))).filter((id) =>
    fs.existsSync(tempOf(id)),
  )
  if (ids.length === 0) return
  const { rows } = await kernel.db.query(
    'select id from tasks.tasks where id = any ($1) and finished_at < now() - make_interval(hours => $2)',
    [ids, TEMP_HOURS],
  )
  for (const row of rows) await fs.promises.rm(tempOf(row['id']), { recursive: true, force: true })
}

async function removeBrokenUploads(kernel: Kernel): Promise<void> {
  const folder = path.join(artifactsRoot(kernel.config), 'temp')
  for (const name of await namesIn(folder)) {
    const file = path.join(folder, name)
    const stat = await fs.promises.stat(file).catch(() => undefined) // gone meanwhile: its upload went on
    if (stat && stat.mtimeMs < kernel.clock.now() - TEMP_HOURS * HOUR_MS)
      await fs.promises.rm(file, { recursive: true, force: true })
  }
}

export async function startUpkeep(kernel: Kernel): Promise<() => Promise<void>> {
  const run = () =>
    upkeep(kernel).catch((error: Error) =>
      kernel.log.warn({ error: error.message }, 'upkeep failed, trying again in an hour'),
    )
  let running = run()
  const timer = setInterval(() => (running = run()), HOUR_MS)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await running
  }
}

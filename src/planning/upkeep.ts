import { systemCtx } from '../kernel/context.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { sweepSessions } from './runs/session-limits.ts'
import { loadBoard } from './store/load-board.ts'
import { resealStored } from './store/reseal.ts'
import { alertBreaches } from './verbs/alert-metrics.ts'
import { sweepApprovals } from './verbs/approvals.ts'
import { snapshotMetrics } from './verbs/snapshot-metrics.ts'

const SWEEP_MS = 1_000
const SNAPSHOT_MS = 60_000
const SNAPSHOT_MINUTES = 15

/** Snapshots of events in Execute whose last one is 15 minutes old. */
export async function snapshotRunning(kernel: Kernel): Promise<number> {
  const now = new Date(kernel.clock.now())
  const { rows } = await kernel.db.query(
    `select id from planning.event_briefs e where lifecycle_state = 'Execute' and not exists (
       select 1 from planning.metric_snapshots s where s.event_brief_id = e.id and s.computed_at > $1)`,
    [new Date(now.getTime() - SNAPSHOT_MINUTES * 60_000)],
  )
  for (const { id } of rows)
    await kernel.db.transaction(async (tx) => {
      const locked = await tx.query('select id from planning.event_briefs where id = $1 for update skip locked', [id])
      if (locked.rowCount === 0) return
      const board = await loadBoard(tx, id, now)
      await snapshotMetrics(tx, systemCtx(kernel), board)
      await alertBreaches(tx, kernel, board)
    })
  return rows.length
}

/** Removes log entries past their retention, of deleted or closed events only. */
export async function purgeLogs(kernel: Kernel): Promise<void> {
  const days = kernel.config.planning.auditRetentionDays as number
  const before = new Date(kernel.clock.now() - days * 86_400_000)
  await kernel.db.transaction(async (tx) => {
    await tx.query("set local planning.purge = 'on'")
    for (const table of ['changelogs', 'decisions'])
      await tx.query(
        `delete from planning.${table} l where created_at < $1 and (event_deleted_at is not null or exists (
           select 1 from planning.event_briefs e where e.id = l.event_brief_id and e.body ->> 'closed_at' is not null))`,
        [before],
      )
  })
}

function every(kernel: Kernel, ms: number, name: string, work: () => Promise<unknown>): () => Promise<void> {
  let running: Promise<unknown> = Promise.resolve()
  let busy = false
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    running = work()
      .catch((error: Error) => kernel.log.warn({ error: error.message }, `planning: ${name} failed, tried again later`))
      .finally(() => {
        busy = false
      })
  }, ms)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await running
  }
}

/** Escalation of approvals, and sessions that expire or may begin, every second, snapshots every minute, purge every hour. */
export async function startUpkeep(kernel: Kernel): Promise<() => Promise<void>> {
  const resealed = resealStored(kernel).then(
    (rows) => rows > 0 && kernel.log.info({ rows }, 'planning: sensitive rows were encrypted with the present key'),
    (error: Error) =>
      kernel.log.warn({ error: error.message }, 'planning: sealing stored rows stopped, the next start goes on'),
  )
  const loops = [
    every(kernel, SWEEP_MS, 'the sweep of approvals', () => sweepApprovals(kernel)),
    every(kernel, SWEEP_MS, 'the sweep of sessions', () => sweepSessions(kernel)),
    every(kernel, SNAPSHOT_MS, 'the snapshot of metrics', () => snapshotRunning(kernel)),
    every(kernel, 3_600_000, 'the purge of logs', () => purgeLogs(kernel)),
  ]
  return async () => {
    await Promise.all([resealed, ...loops.map((stop) => stop())])
  }
}

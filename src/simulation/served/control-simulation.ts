import { setTimeout as sleep } from 'node:timers/promises'
import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import { release } from '../../kernel/db/holds.ts'
import { emit } from '../../kernel/events/emit.ts'
import type { ServedRun, ServedStatus } from '../schema.ts'
import { TOPIC } from './served.ts'
import { CHILD_HOLD } from './simulation-flow.ts'
import { endRow, findRow, lockRow, type ServedRow, toServedRun, wrongState } from './store.ts'

/** A paused run has no turn to finish: it ends while the caller waits, at most this long. */
const STOP_WAIT_MS = 3000

const tell = (tx: Tx, ctx: Ctx, row: ServedRow, what: string) =>
  emit(tx, ctx, {
    domain: 'simulation',
    type: `simulation.${what}`,
    level: 'MILESTONE',
    stream: `simulation:${row.run_id}`,
    ...(row.kernel_run_id ? { runId: row.kernel_run_id } : {}),
    summary: `Simulation ${row.run_id} ${what}`,
    data: { run_id: row.run_id, turn: row.turn },
  })

async function change(ctx: Ctx, runId: string, from: ServedStatus, to: ServedStatus, verb: string): Promise<ServedRun> {
  return ctx.kernel.db.transaction(async (tx) => {
    const row = await lockRow(tx, runId)
    if (row.status !== from) throw wrongState(row, verb)
    await tx.query('update simulation.served_runs set status = $2 where run_id = $1', [runId, to])
    await tell(tx, ctx, row, verb)
    tx.afterCommit(() => ctx.kernel.notifier.touch(TOPIC, runId))
    return toServedRun({ ...row, status: to })
  })
}

/** S5: holds before the next turn begins. Throws INVALID_STATE unless it is running. */
export const pauseSimulation = (ctx: Ctx, runId: string) => change(ctx, runId, 'running', 'paused', 'paused')

/** S6: goes on in the same folder under the same id. Throws INVALID_STATE unless it is paused. */
export const resumeSimulation = (ctx: Ctx, runId: string) => change(ctx, runId, 'paused', 'running', 'resumed')

/** S7: ends after the current turn, a paused or queued run at once. Stopping a stopping run changes nothing. */
export async function stopSimulation(ctx: Ctx, runId: string): Promise<ServedRun> {
  const before = await ctx.kernel.db.transaction(async (tx) => {
    const row = await lockRow(tx, runId)
    if (row.ended_at !== null) throw wrongState(row, 'stopped')
    if (row.status === 'stopping') return row
    if (row.status === 'queued') {
      await endRow(tx, runId, { status: 'aborted', terminationReason: 'stopped' })
      if (row.kernel_run_id) await release(tx, row.kernel_run_id, CHILD_HOLD)
    } else await tx.query(`update simulation.served_runs set status = 'stopping' where run_id = $1`, [runId])
    await tell(tx, ctx, row, 'stopped')
    tx.afterCommit(() => ctx.kernel.notifier.touch(TOPIC, runId))
    return row
  })
  const deadline = performance.now() + (before.status === 'paused' ? STOP_WAIT_MS : 0)
  for (;;) {
    const row = await findRow(ctx.kernel.db, runId)
    if (row && (row.ended_at !== null || performance.now() >= deadline)) return toServedRun(row)
    await sleep(40)
  }
}

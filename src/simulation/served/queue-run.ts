import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import { emit } from '../../kernel/events/emit.ts'
import type { ForkEdit } from '../../kernel/runs/flow.ts'
import { startRun } from '../../kernel/runs/start-run.ts'
import { TOPIC } from './served.ts'
import { CHILD_HOLD, simulationFlow } from './simulation-flow.ts'
import { insertRow, type NewServedRun, type ServedRow } from './store.ts'

/** Puts a run whose folder is reserved into the queue, with its place in the platform's list. */
export async function queueRun(
  tx: Tx,
  ctx: Ctx,
  run: NewServedRun & { lineage?: ForkEdit['lineage'] },
): Promise<ServedRow> {
  const row = await insertRow(tx, run)
  const { id } = await startRun(tx, ctx, simulationFlow, {
    key: run.run_id,
    title: `Simulation ${run.name}`,
    owner: run.started_by,
    state: { run_id: run.run_id },
    holds: [CHILD_HOLD],
    ...run.lineage,
  })
  await tx.query('update simulation.served_runs set kernel_run_id = $2 where run_id = $1', [run.run_id, id])
  await emit(tx, ctx, {
    domain: 'simulation',
    type: 'simulation.queued',
    level: 'MILESTONE',
    stream: `simulation:${run.run_id}`,
    runId: id,
    summary: `Simulation ${run.run_id} queued`,
    data: { run_id: run.run_id, resumed_from: run.resumedFrom ?? null },
  })
  tx.afterCommit(() => ctx.kernel.notifier.touch(TOPIC, run.run_id))
  return { ...row, kernel_run_id: id }
}

import type { Ctx } from '../../../kernel/context.ts'
import { AppError } from '../../../kernel/errors/app-error.ts'
import type { Sweep } from '../../schema.ts'
import { stopSimulation } from '../control-simulation.ts'
import { getSweep } from './read-sweep.ts'

/** Stops what has not ended: queued runs at once, running ones after their turn. Throws NOT_FOUND. */
export async function stopSweep(ctx: Ctx, sweepId: string): Promise<Sweep> {
  const { rows } = await getSweep(ctx, sweepId)
  await ctx.kernel.db.query(
    'update simulation.sweeps set stopped_at = coalesce(stopped_at, now()) where sweep_id = $1',
    [sweepId],
  )
  // Backwards, so that no queued run starts while those before it are stopped.
  for (const { run_id: runId, status } of [...rows].reverse()) {
    if (!['queued', 'running', 'paused'].includes(status)) continue
    try {
      await stopSimulation(ctx, runId)
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'INVALID_STATE') throw error // It ended meanwhile.
    }
  }
  return getSweep(ctx, sweepId)
}

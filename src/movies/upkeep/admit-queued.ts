import { systemCtx } from '../../kernel/context.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { admitWorkflow } from '../engine/create-workflow-state.ts'
import { loadState } from '../store/load-state.ts'
import { saveState } from '../store/save-state.ts'
import { nowOf } from '../workflow/change-workflow.ts'
import { workflowCap } from '../workflow-cap.ts'

/** Starts queued workflows while there is room: priority first, then age. Answers how many were started. */
export async function admitQueued(kernel: Kernel): Promise<number> {
  const { rows } = await kernel.db.query(`select 1 from movies.workflows where queued and status = 'running' limit 1`)
  if (!rows[0]) return 0
  let admitted = 0
  while (await admitOne(kernel)) admitted++
  return admitted
}

function admitOne(kernel: Kernel): Promise<boolean> {
  const ctx = systemCtx(kernel)
  return kernel.db.transaction(async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(hashtext('movies.admission'))`)
    const { rows } = await tx.query(
      `select (select count(*)::int from movies.workflows where status in ('running', 'paused') and not queued) as active,
              (select workflow_id from movies.workflows where queued and status = 'running' order by priority desc, created_at, workflow_id limit 1) as next`,
    )
    const { active, next } = rows[0] as { active: number; next: string | null }
    if (!next || active >= workflowCap(kernel)) return false
    const stored = await loadState(kernel, tx, next, 'skip')
    if (!stored?.state.queued) return false
    await saveState(
      tx,
      { ...ctx, correlationId: stored.correlationId },
      stored,
      admitWorkflow(stored.state, nowOf(ctx)),
      {
        checkpoint: 'admitted',
      },
    )
    return true
  })
}

import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import { release } from '../../kernel/db/holds.ts'
import { cancelRun, retryRun } from '../../kernel/runs/control-run.ts'
import type { EngineState } from '../engine/engine-state.ts'
import type { WorkflowStatus } from '../schema.ts'
import { WORKFLOW_HOLD } from './workflow-flow.ts'

/** Keeps the platform's run in step with its workflow. */
export async function mirrorRun(tx: Tx, ctx: Ctx, runId: string | null, before: WorkflowStatus, s: EngineState) {
  if (!runId) return
  const { rows } = await tx.query('select status from kernel.runs where id = $1', [runId])
  const status = rows[0]?.['status'] as string | undefined
  if (!status) return
  const ended = ['completed', 'failed', 'cancelled'].includes(status)
  if (s.status === 'cancelled') {
    if (!ended || status === 'failed') await cancelRun(tx, ctx, runId)
  } else if (before === 'failed' && status === 'failed') await retryRun(tx, ctx, runId, {}, 'work@1')
  else if (s.status === 'completed' || s.status === 'failed') await release(tx, runId, WORKFLOW_HOLD)
}

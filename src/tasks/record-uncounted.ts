import type { Assignment, AttemptResult } from '../kernel/agents/plan-types.ts'
import type { Ctx } from '../kernel/context.ts'
import type { Tx } from '../kernel/db/database.ts'
import { writeLogs } from './store/write-logs.ts'

/** A result that changes nothing. Of a cancelled task it is stored; otherwise it is only told (3.5, 10.5). */
export async function recordUncounted(
  tx: Tx,
  ctx: Ctx,
  {
    assignment,
    attempt,
    result,
    outcome,
  }: { assignment: Assignment; attempt: number; result: AttemptResult; outcome: string },
): Promise<void> {
  if (outcome === 'cancelled')
    await tx.query(
      `insert into tasks.subtask_results (task_id, subtask_id, agent_id, status, output, error, execution_time, attempt)
       values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (task_id, subtask_id, attempt) do nothing`,
      [
        assignment.subject,
        assignment.key,
        assignment.agent_id ?? 'unknown',
        result.status,
        result.status === 'completed' ? JSON.stringify(result.output) : null,
        result.status === 'failed' ? result.error : null,
        Math.max(0.001, result.executionTime),
        attempt,
      ],
    )
  await writeLogs(tx, ctx.kernel, [
    {
      taskId: assignment.subject,
      level: 'WARN',
      message: `Result of ${assignment.key}, attempt ${attempt}, changed nothing: ${outcome}`,
      metadata: { subtask_id: assignment.key, attempt, agent: assignment.agent_id, status: result.status, outcome },
    },
  ])
}

export async function recordUnknown(
  ctx: Ctx,
  agentId: string,
  what: { task_id: string; subtask_id: string; attempt: number },
): Promise<void> {
  await writeLogs(ctx.kernel.db, ctx.kernel, [
    {
      agentId,
      taskId: what.task_id,
      level: 'WARN',
      message: `Result for unknown task ${what.task_id} dropped`,
      metadata: { subtask_id: what.subtask_id, attempt: what.attempt, status: 'unknown_task' },
    },
  ])
}

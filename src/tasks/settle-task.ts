import type { SettledPlan } from '../kernel/agents/plan-types.ts'
import type { Ctx } from '../kernel/context.ts'
import type { Tx } from '../kernel/db/database.ts'
import { emit } from '../kernel/events/emit.ts'
import { aggregate, failureText } from './aggregate.ts'
import { observeTask } from './metrics.ts'
import type { SubTaskResult } from './schema.ts'
import { writeLogs } from './store/write-logs.ts'

/** The last subtask of a task ended: the task completes with its combined result, or fails naming what failed and what was blocked. */
export async function settleTask(tx: Tx, ctx: Ctx, plan: SettledPlan): Promise<void> {
  const { rows } = await tx.query(
    `select created_at, subtasks from tasks.tasks where id = $1 and status = 'in_progress' for update`,
    [plan.subject],
  )
  const task = rows[0]
  if (!task) return
  const wall = (ctx.kernel.clock.now() - (task['created_at'] as Date).getTime()) / 1000
  tx.afterCommit(() => observeTask(Math.max(0, wall)))
  const order = new Map((task['subtasks'] as { id: string }[]).map(({ id }, i) => [id, i]))
  if (plan.assignments.every((a) => a.status === 'completed')) {
    const latest = await tx.query<SubTaskResult>(
      `select distinct on (subtask_id) subtask_id, agent_id, status, output, execution_time from tasks.subtask_results
        where task_id = $1 and status = 'completed' order by subtask_id, attempt desc`,
      [plan.subject],
    )
    const result = aggregate(
      latest.rows.sort((a, b) => (order.get(a.subtask_id) ?? 0) - (order.get(b.subtask_id) ?? 0)),
      Math.max(0.001, wall),
    )
    await tx.query(
      `update tasks.tasks set status = 'completed', result = $2, error = null, updated_at = now(), finished_at = now() where id = $1`,
      [plan.subject, JSON.stringify(result)],
    )
    await writeLogs(tx, ctx.kernel, [
      {
        taskId: plan.subject,
        level: 'INFO',
        message: `Task completed: ${result.summary}`,
        metadata: { duration_ms: Math.round(wall * 1000), subtasks: plan.assignments.length },
      },
    ])
    await emit(tx, ctx, {
      domain: 'tasks',
      type: 'task.completed',
      level: 'MILESTONE',
      stream: plan.subject,
      summary: result.summary,
      data: { task_id: plan.subject },
    })
    return
  }
  const error = failureText(plan)
  await tx.query(
    `update tasks.tasks set status = 'failed', error = $2, updated_at = now(), finished_at = now() where id = $1`,
    [plan.subject, error],
  )
  const failed = plan.assignments.filter((a) => a.status === 'failed').length
  await writeLogs(tx, ctx.kernel, [
    {
      taskId: plan.subject,
      level: 'ERROR',
      message: `Task failed: ${error}`,
      metadata: { duration_ms: Math.round(wall * 1000), failed },
    },
  ])
  await emit(tx, ctx, {
    domain: 'tasks',
    type: 'task.failed',
    level: 'MILESTONE',
    stream: plan.subject,
    summary: error,
    data: { task_id: plan.subject },
  })
}

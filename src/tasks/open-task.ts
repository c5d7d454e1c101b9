import { planHold } from '../kernel/agents/complete.ts'
import { delegate } from '../kernel/agents/delegate.ts'
import type { ChangedAssignment } from '../kernel/agents/plan-types.ts'
import type { Ctx } from '../kernel/context.ts'
import type { Tx } from '../kernel/db/database.ts'
import { emit } from '../kernel/events/emit.ts'
import type { ForkEdit } from '../kernel/runs/flow.ts'
import { startRun } from '../kernel/runs/start-run.ts'
import type { SubTask } from './schema.ts'
import { type NewLog, writeLogs } from './store/write-logs.ts'
import { taskFlow } from './task-flow.ts'
import { timeLimitOf } from './time-limit.ts'

export type NewTask = {
  id: string
  runId: string
  userId: string
  description: string
  subtasks: readonly SubTask[]
  attachments: readonly unknown[]
  uploadsFolder: string | null
  method: string
  input: Record<string, unknown>
  /** What the `task.created` event says besides the task, its user and the number of subtasks. */
  said: Record<string, unknown>
  logs: readonly Omit<NewLog, 'taskId'>[]
  lineage?: ForkEdit['lineage']
}

/** The row, the run that waits for the plan, the first log lines and the plan itself, all in the caller's transaction. */
export async function openTask(
  tx: Tx,
  ctx: Ctx,
  task: NewTask,
): Promise<{ planId: string; assignments: ChangedAssignment[] }> {
  const { id, runId, userId, description, subtasks } = task
  const planId = ctx.kernel.newId('plan')
  const shown = ctx.kernel.mask(description).slice(0, 200)
  const event = await emit(tx, ctx, {
    domain: 'tasks',
    type: 'task.created',
    level: 'MILESTONE',
    stream: id,
    runId,
    summary: shown,
    data: { task_id: id, user_id: userId, subtasks: subtasks.length, ...task.said },
  })
  const caused = { ...ctx, causes: [event.id] }
  await startRun(tx, caused, taskFlow, {
    id: runId,
    key: id,
    title: shown.toWellFormed(),
    state: { task_id: id },
    holds: [planHold(planId)],
    ...task.lineage,
  })
  await tx.query(
    `insert into tasks.tasks (id, user_id, description, status, subtasks, attachments, uploads_folder, decomposition_method, input_data, plan_id, run_id)
     values ($1, $2, $3, 'in_progress', $4, $5, $6, $7, $8, $9, $10)`,
    [
      id,
      userId,
      description,
      JSON.stringify(subtasks),
      JSON.stringify(task.attachments),
      task.uploadsFolder,
      task.method,
      JSON.stringify(task.input),
      planId,
      runId,
    ],
  )
  await writeLogs(
    tx,
    ctx.kernel,
    task.logs.map((log) => ({ ...log, taskId: id })),
  )
  const { assignments } = await delegate(tx, caused, {
    id: planId,
    pool: 'tasks',
    domain: 'tasks',
    subject: id,
    userId,
    runId,
    assignments: subtasks.map((subtask) => ({
      key: subtask.id,
      capabilities: subtask.required_capabilities,
      priority: subtask.priority,
      dependsOn: subtask.dependencies,
      input: {},
      timeoutSeconds: timeLimitOf(subtask.input_data['timeout_seconds'], ctx.kernel.config.tasks.subtaskTimeoutSeconds),
    })),
  })
  return { planId, assignments }
}

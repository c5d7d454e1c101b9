import fs from 'node:fs'
import path from 'node:path'
import { requireAccess } from '../kernel/access/scopes.ts'
import { assignmentsOfPlan } from '../kernel/agents/assignment-store.ts'
import { cancelPlan } from '../kernel/agents/cancel-plan.ts'
import { planHold } from '../kernel/agents/complete.ts'
import { retryAssignments } from '../kernel/agents/retry-assignment.ts'
import type { Ctx } from '../kernel/context.ts'
import type { Tx } from '../kernel/db/database.ts'
import { AppError } from '../kernel/errors/app-error.ts'
import { emit } from '../kernel/events/emit.ts'
import { cancelRun, lockWork, reopenRun } from '../kernel/runs/control-run.ts'
import { artifactsRoot, PUBLISHED, uploadsOf, workspaceOf } from './folders.ts'
import type { RetrySubTaskRequest, SubTask } from './schema.ts'
import { taskNotFound } from './store/read-task.ts'
import { writeLogs } from './store/write-logs.ts'
import { timeLimitOf } from './time-limit.ts'

type Row = {
  id: string
  status: string
  plan_id: string
  run_id: string | null
  subtasks: SubTask[]
  result_folder: string | null
}

async function lockTask(tx: Tx, id: string): Promise<Row> {
  // The order of everyone who ends work: questions, plan, task, run.
  const { rows: found } = await tx.query('select run_id, plan_id from tasks.tasks where id = $1', [id])
  await lockWork(tx, found[0]?.['run_id'] ?? '')
  const { rows } = await tx.query<Row>(
    'select id, status, plan_id, run_id, subtasks, result_folder from tasks.tasks where id = $1 for update',
    [id],
  )
  if (!rows[0]) throw taskNotFound(id)
  return rows[0]
}

const invalidState = (task: Row, verb: string, needed: string) =>
  new AppError('INVALID_STATE', `This task is ${task.status} and cannot be ${verb}: it must be ${needed}`, {
    task_id: task.id,
    status: task.status,
  })

const tell = (tx: Tx, ctx: Ctx, id: string, type: string, summary: string, data: Record<string, unknown> = {}) =>
  emit(tx, ctx, { domain: 'tasks', type, level: 'MILESTONE', stream: id, summary, data: { task_id: id, ...data } })

async function endCancelled(tx: Tx, ctx: Ctx, id: string, subtasks: number): Promise<void> {
  await tx.query(
    `update tasks.tasks set status = 'cancelled', error = null, updated_at = now(), finished_at = now() where id = $1`,
    [id],
  )
  await writeLogs(tx, ctx.kernel, [
    {
      taskId: id,
      level: 'INFO',
      message: 'Task cancelled',
      metadata: { by: ctx.actor.id, cancelled_subtasks: subtasks },
    },
  ])
}

/** Its run was cancelled, and its plan with it: the task says so too. One that has ended stays as it is. */
export async function writeCancelled(tx: Tx, ctx: Ctx, id: string): Promise<void> {
  const { rows } = await tx.query(
    `select (select count(*)::int from kernel.assignments a where a.plan_id = t.plan_id and a.status = 'cancelled') as n
       from tasks.tasks t where id = $1 and status in ('pending', 'in_progress') for update`,
    [id],
  )
  if (!rows[0]) return
  await tell(tx, ctx, id, 'task.cancelled', 'Task cancelled')
  await endCancelled(tx, ctx, id, rows[0]['n'])
}

/** Cancels a task: queued work is removed, running agents are told to stop (F8). */
export async function cancelTask(
  ctx: Ctx,
  id: string,
): Promise<{ task_id: string; status: 'cancelled'; cancelled_subtasks: number }> {
  requireAccess(ctx.actor, 'write')
  return ctx.kernel.db.transaction(async (tx) => {
    const task = await lockTask(tx, id)
    if (task.status !== 'pending' && task.status !== 'in_progress')
      throw invalidState(task, 'cancelled', 'pending or in_progress')
    const event = await tell(tx, ctx, id, 'task.cancelled', 'Task cancelled')
    const cancelled = await cancelPlan(tx, { ...ctx, causes: [event.id] }, task.plan_id)
    await endCancelled(tx, ctx, id, cancelled.length)
    if (task.run_id) await cancelRun(tx, { ...ctx, causes: [event.id] }, task.run_id)
    return { task_id: id, status: 'cancelled', cancelled_subtasks: cancelled.length }
  })
}

export type RetryReply = { task_id: string; status: 'in_progress'; requeued: string[]; unblocked: string[] }

async function requeue(
  tx: Tx,
  ctx: Ctx,
  task: Row,
  ids: string[],
  capabilities?: readonly string[],
): Promise<RetryReply> {
  const event = await tell(
    tx,
    ctx,
    task.id,
    'task.retried',
    `Retrying ${ids.length} subtask${ids.length === 1 ? '' : 's'}`,
  )
  const { requeued, unblocked } = await retryAssignments(
    tx,
    { ...ctx, causes: [event.id] },
    task.plan_id,
    ids,
    capabilities ? { capabilities } : {},
  )
  await tx.query(
    `update tasks.tasks set status = 'in_progress', error = null, finished_at = null, updated_at = now() where id = $1`,
    [task.id],
  )
  if (task.run_id) await reopenRun(tx, { ...ctx, causes: [event.id] }, task.run_id, [planHold(task.plan_id)])
  await writeLogs(tx, ctx.kernel, [
    {
      taskId: task.id,
      level: 'INFO',
      message: 'Task retried',
      metadata: { by: ctx.actor.id, requeued: requeued.length, unblocked: unblocked.length },
    },
  ])
  return {
    task_id: task.id,
    status: 'in_progress',
    requeued: requeued.map((a) => a.key),
    unblocked: unblocked.map((a) => a.key),
  }
}

/** Queues every failed subtask of a failed task again (F7). */
export async function retryTask(ctx: Ctx, id: string): Promise<RetryReply> {
  requireAccess(ctx.actor, 'write')
  return ctx.kernel.db.transaction(async (tx) => {
    const task = await lockTask(tx, id)
    if (task.status !== 'failed') throw invalidState(task, 'retried', 'failed')
    const failed = (await assignmentsOfPlan(tx, task.plan_id)).filter((a) => a.status === 'failed')
    return requeue(
      tx,
      ctx,
      task,
      failed.map((a) => a.id),
    )
  })
}

/** Queues one failed subtask again, with another description, input or capabilities if given. */
export async function retrySubtask(
  ctx: Ctx,
  id: string,
  subtaskId: string,
  changes: RetrySubTaskRequest,
): Promise<RetryReply> {
  requireAccess(ctx.actor, 'write')
  return ctx.kernel.db.transaction(async (tx) => {
    const task = await lockTask(tx, id)
    const assignment = (await assignmentsOfPlan(tx, task.plan_id)).find((a) => a.key === subtaskId)
    if (!assignment)
      throw new AppError('SUBTASK_NOT_FOUND', `Task ${id} has no subtask ${subtaskId}`, { subtask_id: subtaskId })
    if (assignment.status !== 'failed')
      throw new AppError(
        'INVALID_STATE',
        `Subtask ${subtaskId} is ${assignment.status}: only a failed one can be retried`,
        { subtask_id: subtaskId, status: assignment.status },
      )
    if (task.status !== 'failed' && task.status !== 'in_progress')
      throw invalidState(task, 'retried', 'failed or in_progress')
    const subtasks = task.subtasks.map((subtask) =>
      subtask.id !== subtaskId
        ? subtask
        : {
            ...subtask,
            ...(changes.description ? { description: changes.description } : {}),
            ...(changes.required_capabilities ? { required_capabilities: changes.required_capabilities } : {}),
            // Marked, because what a person gives at retry wins over what the step's own text names (2.2.1).
            ...(changes.input_data
              ? { input_data: { ...subtask.input_data, ...changes.input_data, retry_input: changes.input_data } }
              : {}),
          },
    )
    await tx.query('update tasks.tasks set subtasks = $2 where id = $1', [id, JSON.stringify(subtasks)])
    const limit = changes.input_data?.['timeout_seconds']
    if (typeof limit === 'number')
      await tx.query('update kernel.assignments set timeout_seconds = $2 where id = $1', [
        assignment.id,
        timeLimitOf(limit, limit),
      ])
    return requeue(tx, ctx, task, [assignment.id], changes.required_capabilities)
  })
}

/** Removes a finished task with its results and files; its log entries stay. */
export async function deleteTask(ctx: Ctx, id: string): Promise<{ task_id: string; deleted: true }> {
  requireAccess(ctx.actor, 'write')
  const { config, db } = ctx.kernel
  const folder = await db.transaction(async (tx) => {
    const task = await lockTask(tx, id)
    if (task.status === 'pending' || task.status === 'in_progress')
      throw invalidState(task, 'deleted', 'completed, failed or cancelled (cancel it first)')
    await tx.query('delete from kernel.plans where id = $1', [task.plan_id])
    await tx.query('delete from tasks.tasks where id = $1', [id])
    await tx.query('delete from kernel.runs where id = $1', [task.run_id])
    await tx.query('delete from kernel.shared_state where scope = $1', [id])
    await tell(tx, ctx, id, 'task.deleted', 'Task deleted')
    await writeLogs(tx, ctx.kernel, [
      { taskId: id, level: 'INFO', message: 'Task deleted', metadata: { by: ctx.actor.id } },
    ])
    return task.result_folder
  })
  const folders = [
    workspaceOf(config, id),
    uploadsOf(config, id),
    ...PUBLISHED.map((name) => path.join(artifactsRoot(config), name, id)),
    ...(folder ? [path.join(artifactsRoot(config), 'results', folder)] : []),
  ]
  await Promise.all(folders.map((dir) => fs.promises.rm(dir, { recursive: true, force: true })))
  return { task_id: id, deleted: true }
}

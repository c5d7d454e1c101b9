import fs from 'node:fs'
import path from 'node:path'
import { requireAccess } from '../kernel/access/scopes.ts'
import { planHold } from '../kernel/agents/complete.ts'
import { delegate } from '../kernel/agents/delegate.ts'
import type { Ctx } from '../kernel/context.ts'
import { AppError, ValidationError } from '../kernel/errors/app-error.ts'
import { emit } from '../kernel/events/emit.ts'
import { parse } from '../kernel/http/route.ts'
import { runScope } from '../kernel/models/run-scope.ts'
import { startRun } from '../kernel/runs/start-run.ts'
import { uploadsOf } from './folders.ts'
import { mimeTypeOf } from './mime-types.ts'
import { discard, type Submission } from './read-submission.ts'
import { type FileAttachment, type SubmitTaskReply, SubmitTaskRequest } from './schema.ts'
import { splitTask } from './split-task.ts'
import { writeLogs } from './store/write-logs.ts'
import { taskFlow } from './task-flow.ts'
import { newTaskId } from './task-id.ts'
import { timeLimitOf } from './time-limit.ts'
import { uniqueNames } from './upload-rules.ts'

/** Moves received files into the task's upload folder under safe, unique names. */
async function keepFiles(ctx: Ctx, taskId: string, { files }: Submission): Promise<FileAttachment[]> {
  if (files.length === 0) return []
  const folder = uploadsOf(ctx.kernel.config, taskId)
  await fs.promises.mkdir(folder, { recursive: true })
  const names = uniqueNames(files.map((file) => file.originalName))
  const at = new Date(ctx.kernel.clock.now()).toISOString()
  const attachments: FileAttachment[] = []
  for (const [i, file] of files.entries()) {
    const filename = names[i]!
    await fs.promises.rename(file.tempPath, path.join(folder, filename))
    attachments.push({
      filename,
      original_filename: file.originalName,
      file_path: `artifacts/uploads/${taskId}/${filename}`,
      file_size: file.bytes,
      mime_type: mimeTypeOf(filename),
      uploaded_at: at,
    })
  }
  return attachments
}

/**
 * Stores a job, splits it into subtasks and queues what can start (F1). Refused input leaves nothing behind. Throws
 * ValidationError, or DECOMPOSITION_ERROR when the task could not be stored or split at all.
 */
export async function submitTask(ctx: Ctx, submission: Submission): Promise<SubmitTaskReply> {
  let taskId = ''
  try {
    requireAccess(ctx.actor, 'write')
    const input = parse(SubmitTaskRequest, submission.fields)
    taskId = newTaskId(ctx.kernel.clock.now())
    const attachments = await keepFiles(ctx, taskId, submission)
    const runId = ctx.kernel.newId('run')
    const { subtasks, method, warnings } = await runScope.run({ runId }, () => splitTask(ctx, input, attachments))
    const started = await ctx.kernel.db.transaction(async (tx) => {
      const planId = ctx.kernel.newId('plan')
      const event = await emit(tx, ctx, {
        domain: 'tasks',
        type: 'task.created',
        level: 'MILESTONE',
        stream: taskId,
        runId,
        summary: ctx.kernel.mask(input.description).slice(0, 200),
        data: { task_id: taskId, user_id: input.user_id, subtasks: subtasks.length, method },
      })
      await startRun(tx, { ...ctx, causes: [event.id] }, taskFlow, {
        id: runId,
        key: taskId,
        title: ctx.kernel.mask(input.description).slice(0, 200).toWellFormed(),
        state: { task_id: taskId },
        holds: [planHold(planId)],
      })
      await tx.query(
        `insert into tasks.tasks (id, user_id, description, status, subtasks, attachments, uploads_folder, decomposition_method, input_data, plan_id, run_id)
         values ($1, $2, $3, 'in_progress', $4, $5, $6, $7, $8, $9, $10)`,
        [
          taskId,
          input.user_id,
          input.description,
          JSON.stringify(subtasks),
          JSON.stringify(attachments),
          attachments.length > 0 ? `artifacts/uploads/${taskId}` : null,
          method,
          JSON.stringify(input.input_data),
          planId,
          runId,
        ],
      )
      await writeLogs(tx, ctx.kernel, [
        {
          taskId,
          level: 'INFO',
          message: 'Task created',
          metadata: { user_id: input.user_id, files: attachments.length, decomposition_method: method },
        },
        {
          taskId,
          level: 'INFO',
          message: `Task decomposed into ${subtasks.length} subtasks`,
          metadata: { method, count: subtasks.length },
        },
        ...warnings.map((message) => ({ taskId, level: 'WARN' as const, message, metadata: { method } })),
      ])
      const plan = await delegate(
        tx,
        { ...ctx, causes: [event.id] },
        {
          id: planId,
          pool: 'tasks',
          domain: 'tasks',
          subject: taskId,
          runId,
          userId: input.user_id,
          assignments: subtasks.map((subtask) => ({
            key: subtask.id,
            capabilities: subtask.required_capabilities,
            priority: subtask.priority,
            dependsOn: subtask.dependencies,
            input: {},
            timeoutSeconds: timeLimitOf(
              subtask.input_data['timeout_seconds'],
              ctx.kernel.config.tasks.subtaskTimeoutSeconds,
            ),
          })),
        },
      )
      return plan.assignments.filter((assignment) => assignment.status === 'ready').length
    })
    return {
      task_id: taskId,
      status: 'created',
      subtasks_count: subtasks.length,
      initial_subtasks_queued: started,
      files_uploaded: attachments.length,
    }
  } catch (error) {
    await discard(submission.files)
    if (taskId) await fs.promises.rm(uploadsOf(ctx.kernel.config, taskId), { recursive: true, force: true })
    if (error instanceof ValidationError || error instanceof AppError) throw error
    if ((error as { code?: string }).code?.startsWith('08') || (error as { code?: string }).code?.startsWith('ECONN'))
      throw error
    throw new AppError(
      'DECOMPOSITION_ERROR',
      'The task could not be stored or split: try again, and quote the request id if it persists',
      {},
      { cause: error },
    )
  }
}

import fs from 'node:fs'
import path from 'node:path'
import { requireAccess } from '../kernel/access/scopes.ts'
import type { Ctx } from '../kernel/context.ts'
import { isConnectionError } from '../kernel/db/database.ts'
import { AppError, ValidationError } from '../kernel/errors/app-error.ts'
import { isDiskFull } from '../kernel/errors/is-disk-full.ts'
import { parse } from '../kernel/http/route.ts'
import { runScope } from '../kernel/models/run-scope.ts'
import { uploadsOf } from './folders.ts'
import { mimeTypeOf } from './mime-types.ts'
import { openTask } from './open-task.ts'
import { discard, type Submission } from './read-submission.ts'
import { type FileAttachment, type SubmitTaskReply, SubmitTaskRequest } from './schema.ts'
import { splitTask } from './split-task.ts'
import { newTaskId } from './task-id.ts'
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
    const { assignments } = await ctx.kernel.db.transaction((tx) =>
      openTask(tx, ctx, {
        id: taskId,
        runId,
        userId: input.user_id,
        description: input.description,
        subtasks,
        attachments,
        uploadsFolder: attachments.length > 0 ? `artifacts/uploads/${taskId}` : null,
        method,
        input: input.input_data,
        said: { method },
        logs: [
          {
            level: 'INFO',
            message: 'Task created',
            metadata: { user_id: input.user_id, files: attachments.length, decomposition_method: method },
          },
          {
            level: 'INFO',
            message: `Task decomposed into ${subtasks.length} subtasks`,
            metadata: { method, count: subtasks.length },
          },
          ...warnings.map((message) => ({ level: 'WARN' as const, message, metadata: { method } })),
        ],
      }),
    )
    return {
      task_id: taskId,
      status: 'created',
      subtasks_count: subtasks.length,
      initial_subtasks_queued: assignments.filter((assignment) => assignment.status === 'ready').length,
      files_uploaded: attachments.length,
    }
  } catch (error) {
    await discard(submission.files)
    if (taskId) await fs.promises.rm(uploadsOf(ctx.kernel.config, taskId), { recursive: true, force: true })
    if (error instanceof ValidationError || error instanceof AppError) throw error
    if (isConnectionError(error) || isDiskFull(error)) throw error
    throw new AppError(
      'DECOMPOSITION_ERROR',
      'The task could not be stored or split: try again, and quote the request id if it persists',
      {},
      { cause: error },
    )
  }
}

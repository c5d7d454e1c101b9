import type { Ctx } from '../kernel/context.ts'
import { models } from '../kernel/models/part.ts'
import { decompose } from './decompose/decompose.ts'
import type { Decomposition } from './decompose/decompose-by-rules.ts'
import type { FileAttachment, SubmitTaskRequest } from './schema.ts'
import { newSubtaskId } from './task-id.ts'

/** Splits a job into subtasks: by a configured model, else by rules. The caller's `input_data` reaches every subtask. */
export async function splitTask(
  { kernel }: Ctx,
  input: SubmitTaskRequest,
  attachments: readonly FileAttachment[],
): Promise<Decomposition> {
  const split = await decompose({
    text: input.description,
    attachments,
    newId: newSubtaskId,
    models: kernel.use(models),
  })
  return {
    ...split,
    subtasks: split.subtasks.map((subtask) => ({
      ...subtask,
      input_data: { ...input.input_data, ...subtask.input_data },
    })),
  }
}

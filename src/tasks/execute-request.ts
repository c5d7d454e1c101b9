import type { Assignment } from '../kernel/agents/plan-types.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { SubTask } from './schema.ts'
import { writeContext } from './write-context.ts'

/** Body of POST /execute (2.3): the subtask with everything its agent may need to know. */
export async function executeRequest(
  kernel: Kernel,
  assignment: Assignment,
  prerequisites: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const { rows } = await kernel.db.query(
    `select attachments, uploads_folder,
            (select s from jsonb_array_elements(subtasks) s where s ->> 'id' = $2) as subtask
       from tasks.tasks where id = $1`,
    [assignment.subject, assignment.key],
  )
  const task = rows[0]
  const step = {
    ...(task?.['subtask'] as SubTask | undefined),
    id: assignment.key,
    required_capabilities: assignment.capabilities,
  } as SubTask
  await writeContext(kernel, {
    taskId: assignment.subject,
    subtask: step,
    previousResults: prerequisites,
    attachments: task?.['attachments'] ?? [],
  })
  return {
    task_id: assignment.subject,
    subtask: step,
    task_context: {
      previous_results: prerequisites,
      attachments: task?.['attachments'] ?? [],
      uploads_folder: task?.['uploads_folder'] ?? null,
      ...(assignment.checkpoint ? { checkpoint: assignment.checkpoint } : {}),
    },
  }
}

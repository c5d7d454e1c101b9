import type { Kernel } from '../kernel/kernel.ts'
import { openSandbox } from '../kernel/tools/sandbox.ts'
import { workspaceOf } from './folders.ts'
import type { FileAttachment, SubTask } from './schema.ts'

export type StepContext = {
  taskId: string
  subtask: SubTask
  previousResults: Record<string, unknown>
  attachments: readonly FileAttachment[]
}

/**
 * What an agent may read about its step (3.9.2): `context/task.json`, one file for each prerequisite's output, the list of attachments. Written
 * before the step is handed out; agents can read but not change it.
 */
export async function writeContext({ config }: Pick<Kernel, 'config'>, context: StepContext): Promise<void> {
  const { taskId, subtask, previousResults, attachments } = context
  const { id, description, required_capabilities, priority, estimated_duration, input_data } = subtask
  // Measuring the folder for each step would cost the square of their number.
  const sandbox = await openSandbox({
    root: workspaceOf(config, taskId),
    writable: ['context'],
    maxRootBytes: Number.POSITIVE_INFINITY,
  })
  const write = (name: string, value: unknown) =>
    sandbox.write(`context/${name}`, `${JSON.stringify(value, null, 2)}\n`)
  await Promise.all([
    write('task.json', {
      subtask_id: id,
      description,
      required_capabilities,
      priority,
      estimated_duration,
      input_data,
    }),
    ...(attachments.length > 0 ? [write('attachments.json', attachments)] : []),
    ...Object.entries(previousResults).map(([key, output]) =>
      write(`previous_results.${key.replace(/[^\w.-]/g, '_')}.json`, output),
    ),
  ])
}

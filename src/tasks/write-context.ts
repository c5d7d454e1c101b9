import path from 'node:path'
import type { Kernel } from '../kernel/kernel.ts'
import { openSandbox, type Sandbox } from '../kernel/tools/sandbox.ts'
import { workspaceOf } from './folders.ts'
import type { FileAttachment, SubTask } from './schema.ts'

export type StepContext = {
  taskId: string
  subtask: SubTask
  previousResults: Record<string, unknown>
  attachments: readonly FileAttachment[]
}

const plain = (key: string) => key.replace(/[^\w.-]/g, '_')
/** What an agent calls its own step's file, and what others' are called beside it: steps of a task run at the same time. */
const OWN_STEP = 'context/task.json'
const ANY_STEP = /^context\/task\..+\.json$/
const stepFile = (key: string) => `context/task.${plain(key)}.json`

/** The stored name of a context file as the agent of step `key` names it. */
export const storedContextFile = (given: string, key: string): string =>
  path.posix.normalize(given) === OWN_STEP ? stepFile(key) : given

/** The name of a stored context file for the agent of step `key`; undefined: another step's. */
export function shownContextFile(stored: string, key: string): string | undefined {
  if (stored === stepFile(key)) return OWN_STEP
  return ANY_STEP.test(stored) ? undefined : stored
}

async function exists(sandbox: Sandbox, file: string): Promise<boolean> {
  try {
    await sandbox.realPath(file)
    return true
  } catch (error) {
    if ((error as { code?: string }).code === 'FILE_NOT_FOUND') return false
    throw error
  }
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
  const write = (file: string, value: unknown) => sandbox.write(file, `${JSON.stringify(value, null, 2)}\n`)
  const listed = 'context/attachments.json' // the same for all steps
  await Promise.all([
    write(stepFile(id), {
      subtask_id: id,
      description,
      required_capabilities,
      priority,
      estimated_duration,
      input_data,
    }),
    ...(attachments.length > 0 && !(await exists(sandbox, listed)) ? [write(listed, attachments)] : []),
    ...Object.entries(previousResults).map(([key, output]) =>
      write(`context/previous_results.${plain(key)}.json`, output),
    ),
  ])
}

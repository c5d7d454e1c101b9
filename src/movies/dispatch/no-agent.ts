import { systemCtx } from '../../kernel/context.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { failTask } from '../engine/task-inputs.ts'
import { set } from '../engine/work.ts'
import { changeIn } from '../workflow/change-workflow.ts'
import type { WaitingTask } from './order-tasks.ts'

const TELL_AFTER_MS = 60_000
const FAIL_AFTER_MS = 300_000

type Unserved = { task: WaitingTask; reason: string }

/** Shows what a workflow waits for; after a minute it is worth a warning in the log. */
export async function noteWaiting(kernel: Kernel, unserved: readonly Unserved[]) {
  const now = kernel.clock.now()
  const byWorkflow = new Map<string, Set<string>>()
  for (const { task, reason } of unserved) {
    byWorkflow.set(task.workflow_id, (byWorkflow.get(task.workflow_id) ?? new Set()).add(reason))
    if (now - task.readySince > TELL_AFTER_MS)
      kernel.log.warn(
        { workflow_id: task.workflow_id, task_id: task.task_id, capability: task.capability },
        'no agent can do this task',
      )
  }
  for (const [id, names] of byWorkflow) {
    const { rows } = await kernel.db.query(
      `select view->'waiting_on' as waiting from movies.workflows where workflow_id = $1`,
      [id],
    )
    const known = new Set((rows[0]?.['waiting'] ?? []) as string[])
    const added = [...names].filter((name) => !known.has(name))
    if (added.length > 0)
      await kernel.db.transaction((tx) =>
        changeIn(tx, systemCtx(kernel), id, (w) => set(w, { waiting_on: [...new Set([...w.s.waiting_on, ...added])] })),
      )
  }
}

/** After five minutes without anybody the task fails with NO_AGENT; an optional one is passed over by the engine. */
export async function failUnserved(kernel: Kernel, unserved: readonly Unserved[]) {
  const now = kernel.clock.now()
  for (const { task } of unserved)
    if (now - task.readySince > FAIL_AFTER_MS)
      await kernel.db.transaction((tx) =>
        changeIn(tx, systemCtx(kernel), task.workflow_id, (w) => {
          failTask(
            w,
            task.task_id,
            {
              type: 'NO_AGENT',
              message: `No agent with capability ${task.capability} was there for five minutes; register one, then retry the task`,
              category: 'permanent',
            },
            {
              delaySeconds: kernel.config.movies.retryDelaySeconds,
              random: 0.5,
              agentRetries: kernel.config.movies.agentRetries,
            },
          )
        }),
      )
}

import { planHold } from '../kernel/agents/complete.ts'
import { defineFlow, done, failed, holdFor } from '../kernel/runs/flow.ts'
import { retryTask, writeCancelled } from './control-task.ts'
import { forkTask, taskBorders } from './fork-task.ts'
import { taskSteps } from './task-steps.ts'

type State = { task_id: string }
const SETTLED = 'settled@1'

/** A task as the platform sees it: one run that waits for the plan of its subtasks and ends with it. */
export const taskFlow = defineFlow<State>({
  kind: 'tasks.task',
  domain: 'tasks',
  first: SETTLED,
  screen: ({ task_id }) => `/tasks/${task_id}`,
  unpausable: 'A task cannot be paused: cancel it, and fork its run before the subtask to go on from',
  work: { steps: taskSteps, borders: taskBorders, fork: forkTask },
  retry: async (ctx, { id, state }) => {
    await retryTask(ctx, state.task_id)
    return id
  },
  stages: {
    [SETTLED]: async (run) => {
      const task = await run.write('look', async (tx) => {
        const { rows } = await tx.query(
          `select status, error, plan_id, result ->> 'summary' as summary, result -> 'files' as files from tasks.tasks where id = $1`,
          [run.state.task_id],
        )
        return (rows[0] ?? { status: 'deleted' }) as Record<string, any>
      })
      // A retry that came between the end of the plan and this look has opened the plan again.
      if (task['status'] === 'in_progress')
        return holdFor(planHold(task['plan_id']), SETTLED, {}, async (tx) => {
          const { rows } = await tx.query('select status from kernel.plans where id = $1', [task['plan_id']])
          return rows[0]?.['status'] !== 'open'
        })
      if (task['status'] === 'failed') return failed({ code: 'SUBTASK_FAILED', message: task['error'] })
      return done({
        task_id: run.state.task_id,
        summary: task['summary'] ?? `The task was ${task['status']}`,
        ...(task['files'] ? { files: task['files'] } : {}),
      })
    },
  },
  async onEnded(tx, ctx, { state, status }) {
    if (status === 'cancelled') await writeCancelled(tx, ctx, state.task_id)
  },
})

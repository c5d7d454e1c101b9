import type { Kernel } from '../../kernel/kernel.ts'
import type { ClaimedTask } from '../dispatch/dispatcher.ts'
import { isActive } from '../engine/engine-state.ts'
import { loadState } from '../store/load-state.ts'
import { executeTask } from './execute-task.ts'

// Tasks one process works on at once; most of them wait for somebody else.
const SLOTS = 64
const GRACE_MS = 8000

export type Worker = {
  free(): number
  /** Whether the task of this claim is being done here, or failed here in a way its lease has to end. */
  has(claim: string): boolean
  run(task: ClaimedTask): void
  /** Tells what runs to stop and waits for it, at most a few seconds. */
  stop(): Promise<void>
}

/** Why work was stopped, for what goes on elsewhere (jobs of the Task Service): somebody else takes it over, or nobody wants it. */
const because = (name: 'StoppingError' | 'GivenUpError', message: string) => Object.assign(new Error(message), { name })
const stopping = () => because('StoppingError', 'the process stops')
const givenUp = () => because('GivenUpError', 'the workflow has ended')

/** Does claimed tasks in this process, and stops them when their workflow ends or their agent is reset. */
export function createWorker(kernel: Kernel): Worker {
  const working = new Map<string, { task: ClaimedTask; controller: AbortController; done: Promise<void> }>()
  const broken = new Set<string>()
  const offWorkflow = kernel.notifier.on('movies-stop', (ids) => {
    for (const id of ids) stopIfOver(id)
  })
  const offTask = kernel.notifier.on('movies-stop-task', (ids) => {
    for (const id of ids) working.get(id)?.controller.abort()
  })

  /** A pause lets running tasks finish; an end does not. */
  const stopIfOver = (workflowId: string) => {
    const own = [...working.values()].filter(({ task }) => task.workflowId === workflowId)
    if (own.length === 0) return
    loadState(kernel, kernel.db, workflowId)
      .then((stored) => {
        if (stored && isActive(stored.state.status)) return
        for (const { controller } of own) controller.abort(givenUp())
      })
      .catch(() => {
        for (const { controller } of own) controller.abort(givenUp()) // gone: purged
      })
  }

  return {
    free: () => SLOTS - working.size,
    has: (claim) => broken.has(claim) || [...working.values()].some(({ task }) => task.claim === claim),
    run(task) {
      const controller = new AbortController()
      const done = executeTask(kernel, task, controller.signal)
        .catch((error: Error) => {
          broken.add(task.claim) // given back at once it would be done again and again
          kernel.log.error({ task_id: task.taskId, error: error.stack }, 'the result of a movie task was lost')
        })
        .finally(() => {
          if (working.get(task.taskId)?.task === task) working.delete(task.taskId)
          kernel.notifier.touch('movies-tasks')
        })
      working.set(task.taskId, { task, controller, done })
    },
    async stop() {
      offWorkflow()
      offTask()
      for (const { controller } of working.values()) controller.abort(stopping())
      await Promise.race([
        Promise.allSettled([...working.values()].map(({ done }) => done)),
        new Promise((resolve) => setTimeout(resolve, GRACE_MS)),
      ])
    },
  }
}

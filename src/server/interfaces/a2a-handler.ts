import { setTimeout as sleep } from 'node:timers/promises'
import type * as A2A from '@a2a-js/sdk'
import { type AgentExecutor, DefaultRequestHandler, type ServerCallContext } from '@a2a-js/sdk/server'
import type { A2aTasks } from './a2a-tasks.ts'
import { isOver } from './a2a-words.ts'

const POLL_MS = 150

/**
 * The SDK's handler, but for what it does with tasks that this process did not start: they are cancelled and followed by the task they
 * are here, so it does not matter which server took them, or whether it still runs.
 */
export class A2aHandler extends DefaultRequestHandler {
  readonly #tasks: A2aTasks
  readonly #cancel: (taskId: string) => Promise<void>
  readonly #closing: AbortSignal

  constructor(
    card: A2A.AgentCard,
    tasks: A2aTasks,
    executor: AgentExecutor,
    /** Cancels a task of ours in the caller's name. */
    cancel: (taskId: string) => Promise<void>,
    /** The server ends: nobody is followed any longer. */
    closing: AbortSignal,
  ) {
    super(card, tasks, executor)
    this.#tasks = tasks
    this.#cancel = cancel
    this.#closing = closing
  }

  override async cancelTask(params: A2A.CancelTaskRequest, context: ServerCallContext): Promise<A2A.Task> {
    const [task, ours] = [await this.#tasks.load(params.id, context), await this.#tasks.taskOf(params.id)]
    if (!task || !ours || isOver(task.status?.state)) return super.cancelTask(params, context)
    await this.#cancel(ours)
    return (await this.#tasks.load(params.id, context))!
  }

  override async *resubscribe(
    params: A2A.SubscribeToTaskRequest,
    context: ServerCallContext,
  ): AsyncGenerator<A2A.StreamResponse, void, undefined> {
    const first = await this.#tasks.load(params.id, context)
    // Unknown ones and those that are over are refused in the SDK's words.
    if (!first || isOver(first.status?.state)) return yield* super.resubscribe(params, context)
    yield { payload: { $case: 'task', value: first } }
    const { id: taskId, contextId } = first
    while (!this.#closing.aborted) {
      await sleep(POLL_MS)
      const task = await this.#tasks.load(taskId, context)
      if (!task) return
      if (!isOver(task.status?.state)) continue
      for (const artifact of task.artifacts)
        yield {
          payload: {
            $case: 'artifactUpdate',
            value: { taskId, contextId, artifact, append: false, lastChunk: true, metadata: undefined },
          },
        }
      yield {
        payload: { $case: 'statusUpdate', value: { taskId, contextId, status: task.status, metadata: task.metadata } },
      }
      return
    }
  }
}

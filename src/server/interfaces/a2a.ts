// An A2A 1.0 agent over the tasks domain: a message starts a task, its artifacts are the task's outputs. Cards, JSON-RPC and
// streams are the SDK's; the state is ours (a2a-tasks.ts), so an A2A task survives a restart and is known to every server.

import { setTimeout as sleep } from 'node:timers/promises'
import * as A2A from '@a2a-js/sdk'
import {
  AgentEvent,
  type AgentExecutor,
  JsonRpcTransportHandler,
  ServerCallContext,
  UnauthenticatedUser,
} from '@a2a-js/sdk/server'
import type { FastifyInstance } from 'fastify'
import { isAllowed } from '../../kernel/access/scopes.ts'
import type { Actor, Ctx } from '../../kernel/context.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { cancelTask } from '../../tasks/control-task.ts'
import { readTask } from '../../tasks/store/read-task.ts'
import { submitTask } from '../../tasks/submit-task.ts'
import { auditAct, lookBefore } from '../platform/audit-tools.ts'
import { VERSION } from '../version.ts'
import { A2aHandler } from './a2a-handler.ts'
import { type A2aTasks, a2aTasks } from './a2a-tasks.ts'
import { artifactsOf, ENDED, statusOf } from './a2a-words.ts'

const { TaskState } = A2A
const POLL_MS = 150

export const agentCard = (base: string): A2A.AgentCard => ({
  name: 'Troupe',
  description:
    'Runs troupes of agents on a job given in plain words: calculation, data analysis, web pages, APIs, files, databases, reports.',
  version: VERSION,
  provider: undefined,
  supportedInterfaces: [{ url: `${base}/a2a`, protocolBinding: 'JSONRPC', tenant: '', protocolVersion: '1.0' }],
  capabilities: { streaming: true, pushNotifications: false, extensions: [] },
  securitySchemes: {},
  securityRequirements: [],
  defaultInputModes: ['text/plain'],
  defaultOutputModes: ['application/json', 'text/plain'],
  skills: [
    {
      id: 'task',
      name: 'Do a job',
      description: 'Splits a job into steps, does them with capable agents, combines one result',
      tags: ['data', 'web', 'files', 'sql', 'reports'],
      examples: ['Calculate factorial of 10'],
      inputModes: [],
      outputModes: [],
      securityRequirements: [],
    },
  ],
  signatures: [],
})

const textOf = (message: A2A.Message): string =>
  message.parts
    .map(({ content }) => (content?.$case === 'text' ? content.value : ''))
    .join('\n')
    .trim()

/** Cancels a task of ours in the caller's name, on the record. */
async function cancelFor(ctx: Ctx, id: string): Promise<void> {
  const path = `/tasks/${id}`
  const before = await lookBefore(ctx, path)
  await cancelTask(ctx, id)
  await auditAct(ctx, { source: 'a2a', action: 'tasks/cancel', path, before })
}

/** One executor per caller: what it starts is started in the caller's name. */
function executorFor(kernel: Kernel, ctx: () => Ctx, tasks: A2aTasks, closing: AbortSignal): AgentExecutor {
  return {
    async execute({ taskId, contextId, userMessage }, bus) {
      const update = (state: A2A.TaskState, metadata?: Record<string, unknown>) =>
        bus.publish(AgentEvent.statusUpdate({ taskId, contextId, status: statusOf(state), metadata }))
      bus.publish(
        AgentEvent.task({
          id: taskId,
          contextId,
          status: statusOf(TaskState.TASK_STATE_SUBMITTED),
          artifacts: [],
          history: [userMessage],
          metadata: undefined,
        }),
      )
      try {
        const asked = ctx()
        const { task_id } = await submitTask(asked, {
          fields: { description: textOf(userMessage), user_id: asked.actor.id.slice(0, 100) },
          files: [],
        }).catch(async (error: unknown) => {
          await auditAct(asked, { source: 'a2a', action: 'message/send', path: undefined, error })
          throw error
        })
        await tasks.bind(taskId, task_id)
        await auditAct(asked, { source: 'a2a', action: 'message/send', path: `/tasks/${task_id}` })
        update(TaskState.TASK_STATE_WORKING, { troupe_task_id: task_id })
        for (let shown = -1; ; await sleep(POLL_MS, undefined, { signal: closing })) {
          const task = await readTask(kernel.db, task_id)
          if (task.status === 'in_progress' || task.status === 'pending') {
            if (task.progress.percent !== shown)
              update(TaskState.TASK_STATE_WORKING, { troupe_task_id: task_id, percent: task.progress.percent })
            shown = task.progress.percent
            continue
          }
          for (const artifact of artifactsOf(task))
            bus.publish(
              AgentEvent.artifactUpdate({
                taskId,
                contextId,
                artifact,
                append: false,
                lastChunk: true,
                metadata: undefined,
              }),
            )
          const end = ENDED[task.status]!
          update(end, { troupe_task_id: task_id, ...(task.error ? { error: task.error } : {}) })
          break
        }
      } catch (error) {
        // The server ends; the task goes on, and is found again under its name.
        if (closing.aborted) return bus.finished()
        const message = error instanceof AppError ? error.message : 'the job could not be started'
        kernel.log.warn({ error: (error as Error).message }, 'an A2A task failed')
        update(TaskState.TASK_STATE_REJECTED, { error: message })
      }
      bus.finished()
    },
    async cancelTask(taskId, bus) {
      // One that never became a task of ours; the others are cancelled by the handler.
      bus.publish(
        AgentEvent.statusUpdate({
          taskId,
          contextId: '',
          status: statusOf(TaskState.TASK_STATE_CANCELED),
          metadata: undefined,
        }),
      )
      bus.finished()
    },
  }
}

export function mountA2a(app: FastifyInstance, kernel: Kernel, baseUrl: () => string): void {
  app.addContentTypeParser('application/a2a+json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, JSON.parse(body as string))
    } catch {
      done(
        new AppError('VALIDATION_ERROR', 'The body is not valid JSON', {
          fields: [{ field: 'body', message: 'not valid JSON' }],
        }),
      )
    }
  })
  const closing = new AbortController()
  app.addHook('preClose', async () => closing.abort())
  const handlers = new Map<string, JsonRpcTransportHandler>()
  const handlerOf = (actor: Actor) => {
    const known = handlers.get(actor.id)
    if (known) return known
    const tasks = a2aTasks(kernel, actor.id)
    const ctx = (): Ctx => ({ kernel, actor, correlationId: kernel.newId('corr'), causes: [] })
    const executor = executorFor(kernel, ctx, tasks, closing.signal)
    const made = new JsonRpcTransportHandler(
      new A2aHandler(agentCard(baseUrl()), tasks, executor, (id) => cancelFor(ctx(), id), closing.signal),
    )
    handlers.set(actor.id, made)
    return made
  }
  app.get('/.well-known/agent-card.json', async () => A2A.AgentCard.toJSON(agentCard(baseUrl())))
  app.post('/a2a', async (request, reply) => {
    if (!request.actor || !isAllowed(request.actor, 'write'))
      throw new AppError(request.actor ? 'FORBIDDEN' : 'UNAUTHORIZED', 'A2A needs a key that may start tasks')
    const context = new ServerCallContext({
      user: new UnauthenticatedUser(),
      requestedVersion: String(request.headers['a2a-version'] ?? '1.0'),
    })
    const answer = (await handlerOf(request.actor).handle(request.body as never, context)) as unknown
    if (typeof (answer as AsyncIterable<unknown>)?.[Symbol.asyncIterator] !== 'function') return reply.send(answer)
    reply.hijack()
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
    for await (const event of answer as AsyncIterable<unknown>) reply.raw.write(`data: ${JSON.stringify(event)}\n\n`)
    reply.raw.end()
  })
}

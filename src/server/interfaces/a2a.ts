// An A2A 1.0 agent over the tasks domain: a message starts a task, its artifacts are the task's outputs. Cards, JSON-RPC and
// streams are the SDK's; the state is ours, so an A2A task survives a restart like any task.

import { setTimeout as sleep } from 'node:timers/promises'
import * as A2A from '@a2a-js/sdk'
import {
  AgentEvent,
  type AgentExecutor,
  DefaultRequestHandler,
  InMemoryTaskStore,
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
import type { Task } from '../../tasks/schema.ts'
import { readTask } from '../../tasks/store/read-task.ts'
import { submitTask } from '../../tasks/submit-task.ts'
import { auditAct, lookBefore } from '../platform/audit-tools.ts'
import { VERSION } from '../version.ts'

const { TaskState } = A2A
const POLL_MS = 150

const part = (content: A2A.Part['content'], mediaType: string): A2A.Part => ({
  content,
  metadata: undefined,
  filename: '',
  mediaType,
})
const status = (state: A2A.TaskState): A2A.TaskStatus => ({
  state,
  message: undefined,
  timestamp: new Date().toISOString(),
})

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

function artifactsOf(task: Task): A2A.Artifact[] {
  return (task.result?.subtask_results ?? []).map(({ subtask_id, output }) => ({
    artifactId: subtask_id,
    name: task.subtasks.find(({ id }) => id === subtask_id)?.description ?? subtask_id,
    description: output?.summary ?? '',
    parts: [
      part({ $case: 'data', value: output?.data ?? {} }, 'application/json'),
      part({ $case: 'text', value: output?.summary ?? '' }, 'text/plain'),
    ],
    metadata: undefined,
    extensions: [],
  }))
}

/** One executor per caller: what it starts is started in the caller's name. */
function executorFor(kernel: Kernel, actor: Actor, ours: Map<string, string>): AgentExecutor {
  const ctx = (): Ctx => ({ kernel, actor, correlationId: kernel.newId('corr'), causes: [] })
  return {
    async execute({ taskId, contextId, userMessage }, bus) {
      const update = (state: A2A.TaskState, metadata?: Record<string, unknown>) =>
        bus.publish(AgentEvent.statusUpdate({ taskId, contextId, status: status(state), metadata }))
      bus.publish(
        AgentEvent.task({
          id: taskId,
          contextId,
          status: status(TaskState.TASK_STATE_SUBMITTED),
          artifacts: [],
          history: [userMessage],
          metadata: undefined,
        }),
      )
      try {
        const asked = ctx()
        const { task_id } = await submitTask(asked, {
          fields: { description: textOf(userMessage), user_id: actor.id.slice(0, 100) },
          files: [],
        }).catch(async (error: unknown) => {
          await auditAct(asked, { source: 'a2a', action: 'message/send', path: undefined, error })
          throw error
        })
        ours.set(taskId, task_id)
        await auditAct(asked, { source: 'a2a', action: 'message/send', path: `/tasks/${task_id}` })
        update(TaskState.TASK_STATE_WORKING, { troupe_task_id: task_id })
        for (let shown = -1; ; await sleep(POLL_MS)) {
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
          const end = {
            completed: TaskState.TASK_STATE_COMPLETED,
            failed: TaskState.TASK_STATE_FAILED,
            cancelled: TaskState.TASK_STATE_CANCELED,
          }[task.status]
          update(end, { troupe_task_id: task_id, ...(task.error ? { error: task.error } : {}) })
          break
        }
      } catch (error) {
        const message = error instanceof AppError ? error.message : 'the job could not be started'
        kernel.log.warn({ error: (error as Error).message }, 'an A2A task failed')
        update(TaskState.TASK_STATE_REJECTED, { error: message })
      }
      bus.finished()
    },
    async cancelTask(taskId, bus) {
      const id = ours.get(taskId)
      if (id) {
        const asked = ctx()
        const path = `/tasks/${id}`
        const before = await lookBefore(asked, path)
        await cancelTask(asked, id)
        await auditAct(asked, { source: 'a2a', action: 'tasks/cancel', path, before })
      }
      bus.publish(
        AgentEvent.statusUpdate({
          taskId,
          contextId: '',
          status: status(TaskState.TASK_STATE_CANCELED),
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
  const handlers = new Map<string, JsonRpcTransportHandler>()
  const handlerOf = (actor: Actor) => {
    const known = handlers.get(actor.id)
    if (known) return known
    const made = new JsonRpcTransportHandler(
      new DefaultRequestHandler(agentCard(baseUrl()), new InMemoryTaskStore(), executorFor(kernel, actor, new Map())),
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

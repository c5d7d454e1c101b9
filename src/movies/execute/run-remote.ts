import { setTimeout as sleep } from 'node:timers/promises'
import type { Kernel } from '../../kernel/kernel.ts'
import { GuardedFetchError } from '../../kernel/tools/guarded-fetch-error.ts'
import type { AgentInput } from '../agents/craft/craft.ts'
import { rosterAgent } from '../agents/roster.ts'
import type { EngineTask } from '../engine/engine-state.ts'
import type { AgentRow } from '../registry/agent-store.ts'
import { callAgent } from '../registry/call-agent.ts'
import { callMcp } from './call-mcp.ts'
import { readRemoteResult } from './remote-result.ts'
import type { Produced } from './run-text.ts'
import { TaskFailure } from './task-failure.ts'

const POLL_MS = 2000

/** What an agent is sent (contract 2.7). */
function requestOf(task: EngineTask, input: AgentInput, correlationId: string, repair: string[] | null) {
  const { workflow, project, settings, artifacts, knowledge, decisions } = input
  return {
    task_id: task.task_id,
    workflow_id: workflow.workflow_id,
    project_id: workflow.project_id,
    task_type: task.task_type,
    input_data: { ...input.input, ...(repair ? { repair: { violations: repair } } : {}) },
    context: {
      project: {
        ...project,
        title: workflow.title,
        description: workflow.description,
        genre: workflow.genre,
        style_preferences: workflow.style_preferences,
        target_duration: settings.duration,
        custom_parameters: workflow.custom_parameters,
      },
      artifacts,
      knowledge,
      decisions,
      feedback: input.input['feedback'] ?? null,
    },
    timeout: task.timeout,
    attempt: task.retry_count + 1,
    correlation_id: correlationId,
  }
}

/** A remote agent does the task. An answer that cannot be used is sent back once with what is wrong with it. */
export async function runRemote(
  kernel: Kernel,
  agent: AgentRow,
  task: EngineTask,
  input: AgentInput,
  correlationId: string,
  signal: AbortSignal,
): Promise<Produced> {
  const ask = async (repair: string[] | null) => {
    const request = requestOf(task, input, correlationId, repair)
    const body = await translate(agent, () =>
      agent.transport === 'mcp'
        ? callMcp(kernel, agent, operationOf(task), request, task.timeout * 1000, signal)
        : callHttp(kernel, agent, request, task.timeout * 1000, correlationId, signal),
    )
    return readRemoteResult(task, input, body)
  }
  const first = await ask(null)
  if (first.ok) return first.produced
  const second = await ask(first.violations)
  if (second.ok)
    return { ...second.produced, warnings: [...second.produced.warnings, 'the first answer had to be repaired'] }
  throw new TaskFailure('INVALID_OUTPUT', 'recoverable', `The answer is not usable: ${second.violations.join('; ')}`)
}

/** Tool of an agent hosted over MCP; the story bible has one for each use. */
function operationOf(task: EngineTask): string {
  if (task.capability === 'story_bible')
    return task.task_type === 'story_bible' ? 'create_story_bible' : 'update_story_bible'
  return rosterAgent(task.capability)?.operation ?? `run_${task.capability}`
}

/** Failures of the connection as the retry rules read them. */
async function translate<T>(agent: AgentRow, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (error instanceof TaskFailure) throw error
    if (error instanceof GuardedFetchError) {
      if (error.code === 'ABORTED') throw error
      const type = error.code === 'TIMEOUT' ? 'TIMEOUT' : error.transient ? 'NETWORK_ERROR' : error.code
      throw new TaskFailure(type, error.transient ? 'transient' : 'permanent', `${agent.agent_id}: ${error.message}`)
    }
    throw new TaskFailure('NETWORK_ERROR', 'transient', `${agent.agent_id}: ${(error as Error).message}`, {
      cause: error,
    })
  }
}

const TRANSIENT_STATUS = new Set([408, 425, 429])

async function callHttp(
  kernel: Kernel,
  agent: AgentRow,
  request: Record<string, unknown>,
  timeoutMs: number,
  correlationId: string,
  signal: AbortSignal,
): Promise<unknown> {
  const base = agent.endpoint_url.replace(/\/+$/, '')
  const deadline = kernel.clock.now() + timeoutMs
  const call = (method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown, callSignal?: AbortSignal) =>
    callAgent(kernel, {
      url: `${base}${path}`,
      method,
      ...(body === undefined ? {} : { body }),
      timeoutMs: Math.max(1000, deadline - kernel.clock.now()),
      correlationId,
      configuration: agent.data.configuration,
      ...(callSignal ? { signal: callSignal } : {}),
    })
  let reply = await call('POST', '/execute', request, signal)
  if (reply.status !== 202) return readReply(agent, reply)
  const id = (reply.json() as { execution_id?: unknown })?.execution_id
  if (typeof id !== 'string' || !/^[\w.:-]{1,200}$/.test(id))
    throw new TaskFailure('INVALID_OUTPUT', 'recoverable', `${agent.agent_id} answered 202 without an execution_id`)
  try {
    for (;;) {
      if (kernel.clock.now() > deadline)
        throw new TaskFailure('TIMEOUT', 'transient', `${agent.agent_id} did not finish within ${timeoutMs / 1000} s`)
      await sleep(POLL_MS, undefined, { signal })
      reply = await call('GET', `/executions/${id}`, undefined, signal)
      if (reply.status === 202) continue
      const body = readReply(agent, reply)
      const { status } = body as { status?: unknown }
      if (status === 'completed' || status === 'failed') return body
    }
  } catch (error) {
    // Told to stop, or nobody waits any more: the agent is told too; whether it hears it changes nothing.
    await call('DELETE', `/executions/${id}`).catch(() => undefined)
    throw error
  }
}

function readReply(agent: AgentRow, reply: { status: number; text(): string }): unknown {
  if (reply.status >= 200 && reply.status < 300) {
    try {
      return JSON.parse(reply.text())
    } catch {
      return {} // no JSON: refused by the reader of the result, which asks for a repair
    }
  }
  const transient = reply.status >= 500 || TRANSIENT_STATUS.has(reply.status)
  const type =
    reply.status === 401 || reply.status === 403
      ? 'UNAUTHORIZED'
      : reply.status === 429
        ? 'RATE_LIMIT'
        : `HTTP_${reply.status}`
  throw new TaskFailure(
    type,
    transient ? 'transient' : 'permanent',
    `${agent.agent_id} answered ${reply.status}: ${reply.text().slice(0, 200)}`,
  )
}

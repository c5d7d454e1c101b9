import { once } from 'node:events'
import type { Kernel } from '../../kernel/kernel.ts'
import type { AgentRow } from '../registry/agent-store.ts'
import { callAgent, openAgentSocket } from '../registry/call-agent.ts'
import { TaskFailure } from './task-failure.ts'

/** One JSON-RPC conversation: `initialize` once, then `tools/call` (contract 2.7). Answers the tool's own result. */
export async function callMcp(
  kernel: Kernel,
  agent: AgentRow,
  tool: string,
  args: Record<string, unknown>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<unknown> {
  const send = /^ws/.test(agent.endpoint_url)
    ? await overSocket(kernel, agent, timeoutMs, signal)
    : overHttp(kernel, agent, timeoutMs, String(args['correlation_id'] ?? ''), signal)
  try {
    await send.request('initialize', {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 'troupe-movies', version: '1' },
    })
    await send.notify('notifications/initialized')
    return resultOf(agent, await send.request('tools/call', { name: tool, arguments: args }))
  } finally {
    send.close()
  }
}

type Rpc = {
  jsonrpc: '2.0'
  id?: number
  result?: unknown
  error?: { code?: number; message?: string; data?: { retryable?: boolean } }
}
type Channel = {
  request(method: string, params: unknown): Promise<Rpc>
  notify(method: string): Promise<void>
  close(): void
}

/** `structuredContent`, else the first text parsed as JSON; `isError` without a result, or a JSON-RPC error, is a failure. */
function resultOf(agent: AgentRow, answer: Rpc): unknown {
  if (answer.error)
    throw new TaskFailure(
      'AGENT_ERROR',
      answer.error.data?.retryable === false ? 'permanent' : 'transient',
      `${agent.agent_id}: ${answer.error.message ?? 'JSON-RPC error'}`,
    )
  const result = answer.result as
    | { structuredContent?: unknown; content?: { type?: string; text?: string }[]; isError?: boolean }
    | undefined
  if (result?.structuredContent !== undefined) return result.structuredContent
  const text = result?.content?.find((part) => part.type === 'text')?.text
  const parsed = text === undefined ? undefined : tryParse(text)
  const usable = parsed !== null && typeof parsed === 'object'
  if (result?.isError && !usable)
    throw new TaskFailure('AGENT_ERROR', 'transient', `${agent.agent_id}: ${text?.slice(0, 300) ?? 'the tool failed'}`)
  return usable ? parsed : {}
}

const tryParse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function overHttp(
  kernel: Kernel,
  agent: AgentRow,
  timeoutMs: number,
  correlationId: string,
  signal: AbortSignal,
): Channel {
  let id = 0
  let session: string | undefined
  const post = async (message: Record<string, unknown>) => {
    const reply = await callAgent(kernel, {
      url: agent.endpoint_url,
      method: 'POST',
      body: message,
      timeoutMs,
      correlationId,
      configuration: agent.data.configuration,
      headers: {
        accept: 'application/json, text/event-stream',
        ...(session ? { 'mcp-session-id': session } : {}),
      },
      signal,
    })
    session = reply.headers['mcp-session-id'] ?? session
    if (reply.status >= 400) {
      const transient = reply.status >= 500 || reply.status === 429 || reply.status === 408
      throw new TaskFailure(
        `HTTP_${reply.status}`,
        transient ? 'transient' : 'permanent',
        `${agent.agent_id} answered ${reply.status}`,
      )
    }
    return reply
  }
  return {
    async request(method, params) {
      const own = ++id
      const reply = await post({ jsonrpc: '2.0', id: own, method, params })
      const messages = /event-stream/.test(reply.headers['content-type'] ?? '')
        ? eventsOf(reply.text())
        : [tryParse(reply.text())]
      const answer = messages.flat().find((m) => (m as Rpc | undefined)?.id === own) as Rpc | undefined
      return answer ?? { jsonrpc: '2.0', error: { message: `no answer to ${method}` } }
    },
    async notify(method) {
      await post({ jsonrpc: '2.0', method })
    },
    close: () => undefined,
  }
}

/** The data of each event of an event stream, parsed. */
const eventsOf = (text: string): unknown[] =>
  text.split(/\r?\n\r?\n/).flatMap((block) => {
    const data = block
      .split(/\r?\n/)
      .filter((line) => line.startsWith('data:'))
      .map((line) => line.slice(5).trimStart())
      .join('\n')
    return data === '' ? [] : [tryParse(data)]
  })

async function overSocket(kernel: Kernel, agent: AgentRow, timeoutMs: number, signal: AbortSignal): Promise<Channel> {
  const socket = await openAgentSocket(kernel, {
    url: agent.endpoint_url,
    timeoutMs: Math.min(timeoutMs, 30_000),
    configuration: agent.data.configuration,
    signal,
  })
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
  let id = 0
  const waiting = new Map<number, (answer: Rpc) => void>()
  socket.on('message', (raw) => {
    const message = tryParse(String(raw)) as Rpc | undefined
    if (message?.id === undefined) return
    waiting.get(message.id)?.(message)
    waiting.delete(message.id)
  })
  const closed = once(socket, 'close').then(() => {
    throw new TaskFailure('NETWORK_ERROR', 'transient', `${agent.agent_id} closed the connection`)
  })
  closed.catch(() => undefined) // observed by whoever waits for an answer
  const stopped = new Promise<never>((_, reject) => {
    limit.addEventListener('abort', () =>
      reject(
        signal.aborted
          ? limit.reason
          : new TaskFailure('TIMEOUT', 'transient', `${agent.agent_id} did not answer in time`),
      ),
    )
  })
  stopped.catch(() => undefined)
  return {
    request(method, params) {
      const own = ++id
      const answer = new Promise<Rpc>((resolve) => void waiting.set(own, resolve))
      socket.send(JSON.stringify({ jsonrpc: '2.0', id: own, method, params }))
      return Promise.race([answer, closed, stopped])
    },
    async notify(method) {
      socket.send(JSON.stringify({ jsonrpc: '2.0', method }))
    },
    close: () => socket.close(),
  }
}

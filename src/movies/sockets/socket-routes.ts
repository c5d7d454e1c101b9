import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { WebSocket } from 'ws'
import { isAllowed } from '../../kernel/access/scopes.ts'
import { type Ctx, systemCtx } from '../../kernel/context.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { mayTouch } from '../access.ts'
import { listAgents } from '../registry/agent-verbs.ts'
import type { MovieEvent, MovieEventType } from '../schema.ts'
import { isUuid, loadState } from '../store/load-state.ts'
import { AGENT_STREAM, workflowStream } from '../store/save-state.ts'
import { presentStored } from '../workflow/present-stored.ts'
import { lastSequence } from '../workflow/read-events.ts'
import { createEventHub, type EventHub, type Subscription } from './event-hub.ts'

const UNAUTHORIZED = 4401
const FORBIDDEN = 4403
const UNKNOWN = 4404
const GOING_AWAY = 1001
const PING_MS = 30_000
const MAX_BUFFERED = 4 * 1024 * 1024

/** `/ws/workflows/{id}` and `/ws/agents`: a snapshot, then every event in order; `since=N` replays what came after N first. */
export async function socketRoutes(app: FastifyInstance, kernel: Kernel): Promise<void> {
  const hub = createEventHub(kernel)
  const open = new Set<WebSocket>()
  app.addHook('preClose', async () => {
    hub.stop()
    for (const socket of open) socket.close(GOING_AWAY, 'server is stopping')
  })
  await app.register(async (scope) => {
    scope.get('/ws/workflows/:id', { websocket: true }, (raw, request) => {
      const socket = raw as unknown as WebSocket
      keep(open, socket)
      return serveWorkflow(kernel, hub, socket, request)
    })
    scope.get('/ws/agents', { websocket: true }, (raw, request) => {
      const socket = raw as unknown as WebSocket
      keep(open, socket)
      return serveAgents(kernel, hub, socket, request)
    })
  })
}

function keep(open: Set<WebSocket>, socket: WebSocket) {
  open.add(socket)
  const ping = setInterval(() => socket.ping(), PING_MS)
  socket.on('close', () => {
    clearInterval(ping)
    open.delete(socket)
  })
  socket.on('error', () => socket.terminate())
  socket.on('message', (message: Buffer) => {
    if (isPing(message.toString())) socket.send('{"type":"pong"}')
  })
}

function isPing(text: string): boolean {
  try {
    return (JSON.parse(text) as { type?: unknown }).type === 'ping'
  } catch {
    return false // not for us; unknown messages are ignored
  }
}

const readers = (request: FastifyRequest) => request.actor !== undefined && isAllowed(request.actor, 'read')

/** Absent: only what is new. A number: what came after it first. */
function sinceOf(request: FastifyRequest): number | null {
  const { since } = request.query as { since?: string }
  if (since === undefined) return null
  const number = Number(since)
  return Number.isSafeInteger(number) && number >= 0 ? number : null
}

async function serveWorkflow(kernel: Kernel, hub: EventHub, socket: WebSocket, request: FastifyRequest) {
  if (!readers(request)) return socket.close(UNAUTHORIZED, 'a valid API key is needed')
  const { id } = request.params as { id: string }
  const stored = isUuid(id) ? await loadState(kernel, kernel.db, id).catch(() => null) : null
  if (!stored) return socket.close(UNKNOWN, 'no such workflow')
  if (!mayTouch(request.actor!, stored.state.project_id)) return socket.close(FORBIDDEN, 'no access to this project')
  const ctx = socketCtx(kernel, request)
  await follow(kernel, hub, socket, request, {
    stream: workflowStream(id),
    id: { workflow_id: id },
    type: 'workflow.snapshot',
    snapshot: async () => {
      const now = await loadState(kernel, kernel.db, id)
      return { ...(await presentStored(ctx, now!)) }
    },
  })
}

async function serveAgents(kernel: Kernel, hub: EventHub, socket: WebSocket, request: FastifyRequest) {
  if (!readers(request)) return socket.close(UNAUTHORIZED, 'a valid API key is needed')
  const ctx = socketCtx(kernel, request)
  await follow(kernel, hub, socket, request, {
    stream: AGENT_STREAM,
    id: null,
    type: 'agents.snapshot',
    snapshot: async () => ({ ...(await listAgents(ctx, { limit: 200, offset: 0 })) }),
  })
}

const socketCtx = (kernel: Kernel, request: FastifyRequest): Ctx =>
  systemCtx(kernel, { actor: request.actor!, correlationId: request.correlationId })

type Followed = {
  stream: string
  id: { workflow_id: string } | null
  type: MovieEventType
  snapshot: () => Promise<Record<string, unknown>>
}

/** The position is read before the snapshot, so an event between the two is told again rather than lost. */
async function follow(kernel: Kernel, hub: EventHub, socket: WebSocket, request: FastifyRequest, what: Followed) {
  const last = await lastSequence(kernel.db, what.stream)
  const data = await what.snapshot()
  const since = sinceOf(request)
  const envelope = {
    type: what.type,
    sequence: last,
    timestamp: new Date(kernel.clock.now()).toISOString(),
    ...what.id,
    correlation_id: request.correlationId,
    data,
  }
  socket.send(JSON.stringify(envelope))
  const subscription: Subscription = {
    stream: what.stream,
    last: since ?? last,
    id: what.id,
    send: (event: MovieEvent) => {
      if (socket.bufferedAmount > MAX_BUFFERED) socket.close(1013, 'too slow: connect again with since')
      else socket.send(JSON.stringify(event))
    },
  }
  socket.on('close', () => hub.remove(subscription))
  if (socket.readyState === socket.OPEN) hub.add(subscription)
}

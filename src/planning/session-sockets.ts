import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isAllowed } from '../kernel/access/scopes.ts'
import type { Ctx } from '../kernel/context.ts'
import { AppError } from '../kernel/errors/app-error.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { displayNameOf, isOnTeam } from './agents/team.ts'
import { agentStatus } from './runs/agent-status.ts'
import { chunksAfter } from './runs/chunks.ts'
import { answerQuestion } from './runs/questions.ts'
import { findSession, presentSession } from './runs/session-store.ts'
import { sendMessage } from './runs/start-session.ts'
import { isoTime } from './schema.ts'
import { startHeartbeat } from './session-heartbeat.ts'
import { findEvent } from './store/load-board.ts'

const FINAL = new Set(['session_completed', 'session_failed', 'session_cancelled'])
type Socket = {
  send(text: string): void
  close(code: number, reason?: string): void
  on(event: string, listener: (data: Buffer) => void): void
  ping(): void
  readyState: number
}

const READ = `select seq, at, correlation_id, data from kernel.events where stream = $1 and seq > $2 order by seq`

/** Both sockets of the contract (2.13). Messages are events of the session's stream: ordered, gapless, resumable without limit. */
export function sessionSockets(app: FastifyInstance, kernel: Kernel): void {
  const guard = (socket: Socket, request: FastifyRequest): boolean => {
    if (!request.actor) socket.close(4401, 'credentials needed')
    else if (!isAllowed(request.actor, 'read')) socket.close(4403, 'scope Events.Read is needed')
    else return true
    return false
  }

  app.get('/ws/agents/sessions/:sessionId', { websocket: true }, async (raw, request) => {
    const socket = raw as unknown as Socket
    const id = (request.params as { sessionId: string }).sessionId
    const queue: Buffer[] = []
    let receive = (data: Buffer) => void queue.push(data)
    socket.on('message', (data) => receive(data))
    if (!guard(socket, request)) return
    const first = await findSession(kernel.db, id)
    if (!first) return socket.close(4404, `session ${id} not found`)
    const stream = `session:${id}`
    let last = Number(
      (await kernel.db.query('select coalesce(max(seq), 0)::int as seq from kernel.events where stream = $1', [stream]))
        .rows[0]!['seq'],
    )
    let piece = 0
    let closed = false
    const frame = (seq: number, type: string, at: string, correlationId: string, fields: object) =>
      socket.send(
        JSON.stringify({
          type,
          seq,
          session_id: id,
          event_brief_id: first.event_brief_id,
          timestamp: at,
          correlation_id: correlationId,
          ...fields,
          ...(type === '' ? {} : { type }),
        }),
      )
    const plain = (type: string, fields: object = {}) =>
      frame(last, type, isoTime(kernel.clock.now()), request.correlationId, fields)
    let chain: Promise<unknown> = Promise.resolve()
    const inOrder = (work: () => Promise<unknown>) => {
      chain = chain.then(work).catch((error: Error) => kernel.log.warn({ error: error.message }, 'session socket'))
      return chain
    }
    const flush = async () => {
      if (closed) return
      const { rows } = await kernel.db.query(READ, [stream, last])
      // Pieces are read before the numbered messages are sent: a piece of a message that is whole by now is left out.
      const whole = new Set(rows.map(({ data }) => data['message_id']))
      for (const chunk of await chunksAfter(kernel.db, id, piece)) {
        piece = chunk.n
        if (!whole.has(chunk.body['message_id'])) plain('agent_message', chunk.body)
      }
      for (const row of rows) {
        last = Number(row['seq'])
        frame(last, row['data']['type'], isoTime(row['at']), row['correlation_id'], row['data'])
        if (FINAL.has(row['data']['type'])) {
          const now = await findSession(kernel.db, id)
          if (now?.status !== 'in_progress') return socket.close(1000, 'the session is over')
        }
      }
    }
    const snapshot = async () => {
      const session = (await findSession(kernel.db, id)) ?? first
      const event = await findEvent(kernel.db, session.event_brief_id)
      plain('session_snapshot', presentSession(session, event?.lifecycle_state ?? 'Initiate'))
    }
    const ctx: Ctx = { kernel, actor: request.actor!, correlationId: request.correlationId, causes: [] }
    const bad = (message: string) => plain('error', { code: 'BAD_MESSAGE', message })
    const writeAllowed = () => isAllowed(request.actor!, 'write')
    const handle = async (data: Buffer) => {
      let message: Record<string, unknown>
      try {
        message = JSON.parse(data.toString()) as Record<string, unknown>
      } catch {
        return bad('Send JSON objects')
      }
      try {
        if (message?.['type'] === 'ping') plain('heartbeat')
        else if (message?.['type'] === 'resume' && Number.isInteger(message['last_seq'])) {
          last = Math.max(0, Math.min(last, Number(message['last_seq'])))
          piece = 0
          await flush()
        } else if (
          message?.['type'] === 'answer' &&
          typeof message['question_id'] === 'string' &&
          typeof message['answer'] === 'string' &&
          writeAllowed()
        )
          await answerQuestion(ctx, id, message['question_id'], message['answer'])
        else if (
          message?.['type'] === 'message' &&
          typeof message['content'] === 'string' &&
          message['content'].trim() &&
          writeAllowed()
        )
          await sendMessage(ctx, id, message['content'])
        else bad('Send ping, resume, answer or message')
      } catch (error) {
        plain('error', {
          code: error instanceof AppError ? error.code : 'INTERNAL_ERROR',
          message: kernel.mask((error as Error).message),
        })
      }
    }
    const off = kernel.notifier.on('planning-session', (keys) => {
      if (keys.length === 0 || keys.includes(id)) void inOrder(flush)
    })
    const heart = startHeartbeat(socket as never, () => plain('heartbeat'))
    const sweep = setInterval(() => void inOrder(flush), 1_000)
    socket.on('close', () => {
      closed = true
      off()
      heart.stop()
      clearInterval(sweep)
    })
    await inOrder(snapshot)
    receive = (data) => {
      heart.alive()
      void inOrder(() => handle(data) as Promise<unknown>)
    }
    for (const data of queue.splice(0)) receive(data)
    if (first.status !== 'in_progress' && queue.length === 0)
      setTimeout(() => void inOrder(async () => (closed ? undefined : socket.close(1000, 'the session is over'))), 500)
  })

  app.get('/ws/agents/:agentName/status', { websocket: true }, async (raw, request) => {
    const socket = raw as unknown as Socket
    if (!guard(socket, request)) return
    const name = (request.params as { agentName: string }).agentName
    if (!isOnTeam(name)) return socket.close(4404, `agent ${name} not found`)
    const sessionId = (request.query as { session_id?: string }).session_id
    let before = ''
    const send = async () => {
      const status = await agentStatus(kernel, name, sessionId)
      const text = JSON.stringify({ ...status, updated_at: undefined })
      if (text === before) return
      before = text
      socket.send(
        JSON.stringify({
          type: 'agent_status',
          timestamp: isoTime(kernel.clock.now()),
          correlation_id: request.correlationId,
          ...status,
          agent_name: displayNameOf(name),
          agent_id: name,
          message: `${displayNameOf(name)}: ${status.state}`,
        }),
      )
    }
    let chain: Promise<unknown> = Promise.resolve()
    const look = () => {
      chain = chain.then(send).catch((error: Error) => kernel.log.warn({ error: error.message }, 'agent socket'))
    }
    const off = kernel.notifier.on('planning-session', look)
    const sweep = setInterval(look, 1_000)
    const heart = startHeartbeat(socket as never, () =>
      socket.send(JSON.stringify({ type: 'heartbeat', timestamp: isoTime(kernel.clock.now()), agent_id: name })),
    )
    socket.on('message', heart.alive)
    socket.on('close', () => {
      off()
      heart.stop()
      clearInterval(sweep)
    })
    look()
  })
}

import { randomBytes } from 'node:crypto'
import type { Ctx } from '../../kernel/context.ts'
import type { Reader, Tx } from '../../kernel/db/database.ts'
import { emit } from '../../kernel/events/emit.ts'
import { displayNameOf } from '../agents/team.ts'
import type { CateringProposal } from '../agents/turn.ts'
import { type AgentName, type AgentSession, isoTime, type LifecycleState } from '../schema.ts'
import { notFound } from '../store/load-board.ts'

export type AgentRow = AgentSession['agents'][number] & {
  current_task: string | null
  progress_percentage: number
  updated_at: string
}

/** A planning session as stored: the reply of endpoint 74 and what its flow remembers. */
export type Session = Omit<AgentSession, 'lifecycle_state' | 'agents' | 'without_model'> & {
  agents: AgentRow[]
  run_id: string
  correlation_id: string
  approval_timeout_minutes: number | null
  engine: 'rules' | 'model'
  iterations: number
  max_iterations: number
  /** Keys of the steps that are over, and of those that failed. */
  done: string[]
  failed: string[]
  /** Steps of a run that re-works parts only; null for a whole run. */
  steps: string[] | null
  missing: string[]
  asked: number
  revisions: number
  catering: CateringProposal | null
  answers: { question: string; answer: string }[]
  notes: string[]
  /** Turns the rules engine wrote though a model is configured, and how many the model wrote. */
  without_model: { agent: AgentName; task: string; reason: string }[]
  with_model: number
  /** How often each artifact that a person rejected was proposed again. */
  revised: Record<string, number>
  /** Hand-offs back that happened already; each happens once. */
  back_routes: string[]
  plan: { plan: string; sections: Record<string, string>; created_at: string; version: number } | null
}

export const newSessionId = (): string => {
  const digits = BigInt(`0x${randomBytes(12).toString('hex')}`).toString(36)
  return `session-${digits.slice(0, 16).padStart(3, '0')}`
}

const COLUMNS = `id, event_brief_id, run_id, status, body, correlation_id, started_at,
  coalesce((select 'user' = any(r.holds) from kernel.runs r where r.id = run_id), false) as paused`
const toSession = (row: Record<string, any>): Session => ({
  revised: {},
  back_routes: [],
  without_model: [],
  with_model: 0,
  ...row['body'],
  session_id: row['id'],
  event_brief_id: row['event_brief_id'],
  run_id: row['run_id'],
  status: row['status'],
  correlation_id: row['correlation_id'],
  started_at: isoTime(row['started_at']),
  paused: row['paused'],
})

export async function findSession(reader: Reader, id: string, lock = false): Promise<Session | undefined> {
  const { rows } = await reader.query(
    `select ${COLUMNS} from planning.sessions where id = $1${lock ? ' for update' : ''}`,
    [id],
  )
  return rows[0] && toSession(rows[0])
}
export async function getSession(reader: Reader, id: string, lock = false): Promise<Session> {
  const session = await findSession(reader, id, lock)
  if (!session) throw notFound('AgentSession', id)
  return session
}
export async function runningSession(reader: Reader, eventId: string): Promise<Session | undefined> {
  const { rows } = await reader.query(
    `select ${COLUMNS} from planning.sessions where event_brief_id = $1 and status = 'in_progress'`,
    [eventId],
  )
  return rows[0] && toSession(rows[0])
}
export async function listSessions(
  reader: Reader,
  filter: { event_brief_id?: string | undefined; status?: string | undefined; limit: number; offset: number },
) {
  const where = '($1::text is null or event_brief_id = $1) and ($2::text is null or status = $2)'
  const values = [filter.event_brief_id ?? null, filter.status ?? null]
  const { rows } = await reader.query(
    `select ${COLUMNS} from planning.sessions where ${where} order by started_at desc, id desc limit $3 offset $4`,
    [...values, filter.limit, filter.offset],
  )
  const total = await reader.query(`select count(*)::int as n from planning.sessions where ${where}`, values)
  return { sessions: rows.map(toSession), total: total.rows[0]!['n'] as number }
}

const bodyOf = ({
  session_id: _id,
  event_brief_id: _event,
  run_id: _run,
  status: _status,
  correlation_id: _corr,
  started_at: _at,
  paused: _paused,
  ...body
}: Session) => JSON.stringify(body)

export async function insertSession(tx: Tx, session: Session): Promise<void> {
  await tx.query(
    'insert into planning.sessions (id, event_brief_id, run_id, status, body, correlation_id, started_at) values ($1, $2, $3, $4, $5, $6, $7)',
    [
      session.session_id,
      session.event_brief_id,
      session.run_id,
      session.status,
      bodyOf(session),
      session.correlation_id,
      session.started_at,
    ],
  )
}
export async function putSession(tx: Tx, session: Session): Promise<void> {
  await tx.query('update planning.sessions set run_id = $2, status = $3, body = $4, updated_at = now() where id = $1', [
    session.session_id,
    session.run_id,
    session.status,
    bodyOf(session),
  ])
}

/** One message of the session socket (2.13): an event of the stream `session:{id}`, so its numbers have no gap. */
export async function say(
  tx: Tx,
  ctx: Ctx,
  session: Pick<Session, 'session_id' | 'event_brief_id'>,
  type: string,
  message: string,
  fields: Record<string, unknown> = {},
): Promise<void> {
  await emit(tx, ctx, {
    domain: 'planning',
    type: `session.${type}`,
    level: ['session_completed', 'session_failed', 'session_cancelled'].includes(type) ? 'MILESTONE' : 'ACTION',
    stream: `session:${session.session_id}`,
    summary: message.slice(0, 500),
    data: { type, message, event_brief_id: session.event_brief_id, session_id: session.session_id, ...fields },
  })
  tx.afterCommit(() => ctx.kernel.notifier.touch('planning-session', session.session_id))
}

export type NewMessage = {
  role: 'user' | 'agent' | 'system'
  agent?: AgentName
  content: string
  metadata?: Record<string, unknown>
  /** Known already when pieces of the message were streamed. */
  id?: string
}

/** Adds to the conversation and tells the socket. */
export async function addMessage(
  tx: Tx,
  ctx: Ctx,
  session: Session,
  { role, agent, content, metadata = {}, id }: NewMessage,
): Promise<string> {
  const message_id = id ?? ctx.kernel.newId('msg')
  const agent_name = agent ? displayNameOf(agent) : null
  const timestamp = isoTime(ctx.kernel.clock.now())
  await tx.query('insert into planning.session_messages (session_id, body) values ($1, $2)', [
    session.session_id,
    JSON.stringify({ message_id, role, agent_name, content, timestamp, metadata }),
  ])
  await say(tx, ctx, session, 'agent_message', content, {
    message_id,
    role,
    content,
    final: true,
    ...(agent_name ? { agent_name, state: 'responding' } : {}),
  })
  return message_id
}

/** Sets what an agent is doing and tells both sockets. */
export async function setAgent(
  tx: Tx,
  ctx: Ctx,
  session: Session,
  agent: AgentName,
  fields: Partial<AgentRow>,
): Promise<void> {
  const now = isoTime(ctx.kernel.clock.now())
  let row = session.agents.find(({ agent_name }) => agent_name === agent)
  if (!row) {
    row = {
      agent_name: agent,
      state: 'idle',
      started_at: null,
      completed_at: null,
      duration_ms: null,
      current_task: null,
      progress_percentage: 0,
      updated_at: now,
    }
    session.agents.push(row)
  }
  const before = row.state
  Object.assign(row, fields, { updated_at: now })
  if (row.state !== before || fields.current_task !== undefined)
    await say(tx, ctx, session, 'agent_status', `${displayNameOf(agent)}: ${row.state}`, {
      agent_name: displayNameOf(agent),
      state: row.state,
      current_task: row.current_task,
      progress_percentage: row.progress_percentage,
      status: session.status,
      current_agent: session.current_agent,
      artifacts_generated: session.artifacts_generated,
      errors: session.errors,
    })
}

/** Acts as an agent. Its approvals belong to the event, not to the run: a cancelled session leaves them open. */
export const agentCtx = ({ runId: _run, ...ctx }: Ctx, agent: AgentName, correlationId: string): Ctx => ({
  ...ctx,
  correlationId,
  agentId: agent,
  actor: {
    kind: 'agent',
    id: agent,
    name: displayNameOf(agent),
    roles: [],
    scopes: ['Events.Read', 'Events.Write'],
  },
})

/** The reply of endpoint 74. */
export const presentSession = (session: Session, state: LifecycleState): AgentSession => ({
  session_id: session.session_id,
  event_brief_id: session.event_brief_id,
  status: session.status,
  waiting_on: session.waiting_on,
  partial: session.partial,
  instruction_level: session.instruction_level,
  target_phase: session.target_phase,
  interaction_mode: session.interaction_mode,
  current_agent: session.current_agent,
  lifecycle_state: state,
  artifacts_generated: session.artifacts_generated,
  agents: session.agents.map(({ agent_name, state: doing, started_at, completed_at, duration_ms, error }) => ({
    agent_name,
    state: doing,
    started_at,
    completed_at,
    duration_ms,
    ...(error ? { error } : {}),
  })),
  errors: session.errors,
  started_at: session.started_at,
  completed_at: session.completed_at,
  expires_at: session.expires_at,
  engine: session.engine,
  without_model: session.without_model.map(({ agent, task }) => ({ agent_name: displayNameOf(agent), task })),
  run_id: session.run_id,
  paused: session.paused && session.status === 'in_progress',
})

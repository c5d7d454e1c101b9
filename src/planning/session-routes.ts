import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { AppError } from '../kernel/errors/app-error.ts'
import { HttpReply, type Router } from '../kernel/http/route.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { teamSheets } from './agents/team.ts'
import { agentStatus } from './runs/agent-status.ts'
import { inOrder } from './runs/final-plan.ts'
import { answerQuestion } from './runs/questions.ts'
import { getSession, listSessions, presentSession, type Session } from './runs/session-store.ts'
import {
  cancelSession,
  holdSession,
  intake,
  orchestrate,
  retrySession,
  sendMessage,
  socketUrl,
} from './runs/start-session.ts'
import {
  AgentSession,
  AnswerQuestionInput,
  IntakeInput,
  ListMessagesQuery,
  ListSessionsQuery,
  OrchestrateInput,
  SendMessageInput,
} from './schema.ts'
import { sessionSockets } from './session-sockets.ts'
import { getEvent } from './store/load-board.ts'
import { declarationOf } from './tools/planning-tool.ts'
import { toolbox } from './tools/toolbox.ts'

const SessionPath = z.object({ sessionId: z.string() })
const tag = 'agents'

const present = async (kernel: Kernel, session: Session) =>
  presentSession(session, (await getEvent(kernel.db, session.event_brief_id)).lifecycle_state)

/** Agents, sessions and their sockets (69–80, W1, W2). */
export function sessionRoutes(routes: Pick<Router, 'add'>, kernel: Kernel, app: FastifyInstance): void {
  const accepted = (session: Session, host: string | undefined, ctx: Parameters<typeof socketUrl>[0]) => ({
    session_id: session.session_id,
    status: session.status,
    websocket_url: socketUrl(ctx, session.session_id, host),
    correlation_id: ctx.correlationId,
  })
  routes.add({
    method: 'POST',
    url: '/api/agents/orchestrate',
    summary: 'Starts the agents on an event',
    tag,
    access: 'write',
    body: OrchestrateInput,
    replies: { 202: 'session accepted' },
    handler: async (ctx, { body, request }) =>
      new HttpReply(202, accepted(await orchestrate(ctx, body), request.headers.host, ctx)),
  })
  routes.add({
    method: 'POST',
    url: '/api/agents/intake',
    summary: 'Free text to an event and a started session',
    tag,
    access: 'write',
    body: IntakeInput,
    replies: { 201: 'event and session' },
    handler: async (ctx, { body, request }) => {
      const { event_brief, session, extracted, assumptions } = await intake(ctx, body)
      const reply = { event_brief, ...accepted(session, request.headers.host, ctx), extracted, assumptions }
      return new HttpReply(201, reply, { location: `/api/event-briefs/${event_brief.id}` })
    },
  })
  routes.add({
    method: 'GET',
    url: '/api/agents',
    summary: 'The agents and what they can do',
    tag,
    access: 'read',
    handler: async () =>
      teamSheets().map(
        ({
          name,
          display_name,
          purpose,
          capabilities,
          inputs,
          outputs,
          tools,
          metrics,
          version,
          instruction_sets,
        }) => ({
          agent_name: name,
          display_name,
          purpose,
          capabilities,
          inputs,
          outputs,
          tools,
          instruction_levels: Object.keys(instruction_sets),
          metrics,
          version,
        }),
      ),
  })
  routes.add({
    method: 'GET',
    url: '/api/agents/:agentName/status',
    summary: 'What an agent is doing',
    tag,
    access: 'read',
    params: z.object({ agentName: z.string() }),
    query: z.object({ session_id: z.string().max(200).optional() }),
    handler: (_ctx, { params, query }) => agentStatus(kernel, params.agentName, query.session_id),
  })
  routes.add({
    method: 'GET',
    url: '/api/agents/sessions',
    summary: 'Sessions, newest first',
    tag,
    access: 'read',
    query: ListSessionsQuery,
    handler: async (_ctx, { query }) => {
      const { sessions, total } = await listSessions(kernel.db, query)
      return {
        data: await Promise.all(sessions.map((session) => present(kernel, session))),
        total,
        limit: query.limit,
        offset: query.offset,
      }
    },
  })
  routes.add({
    method: 'GET',
    url: '/api/agents/sessions/:sessionId',
    summary: 'One session',
    tag,
    access: 'read',
    params: SessionPath,
    replies: { 200: AgentSession },
    handler: async (_ctx, { params }) => present(kernel, await getSession(kernel.db, params.sessionId)),
  })
  routes.add({
    method: 'POST',
    url: '/api/agents/sessions/:sessionId/cancel',
    summary: 'Stops a session; what it made stays',
    tag,
    access: 'write',
    params: SessionPath,
    handler: async (ctx, { params }) => present(kernel, await cancelSession(ctx, params.sessionId)),
  })
  for (const verb of ['pause', 'resume'] as const)
    routes.add({
      method: 'POST',
      url: `/api/agents/sessions/:sessionId/${verb}`,
      summary: verb === 'pause' ? 'Holds a session; the agent at work finishes its turn' : 'Lets a held session go on',
      tag,
      access: 'write',
      params: SessionPath,
      handler: async (ctx, { params }) => present(kernel, await holdSession(ctx, params.sessionId, verb === 'pause')),
    })
  routes.add({
    method: 'GET',
    url: '/api/agents/tools',
    summary: 'The declared tools of the agents',
    tag,
    access: 'read',
    handler: async () => toolbox(kernel).map(declarationOf),
  })
  routes.add({
    method: 'POST',
    url: '/api/agents/sessions/:sessionId/retry',
    summary: 'Re-runs failed agents',
    tag,
    access: 'write',
    params: SessionPath,
    replies: { 202: 'session accepted' },
    handler: async (ctx, { params, request }) =>
      new HttpReply(202, accepted(await retrySession(ctx, params.sessionId), request.headers.host, ctx)),
  })
  routes.add({
    method: 'GET',
    url: '/api/agents/sessions/:sessionId/messages',
    summary: 'The conversation, oldest first',
    tag,
    access: 'read',
    params: SessionPath,
    query: ListMessagesQuery,
    handler: async (_ctx, { params, query }) => {
      await getSession(kernel.db, params.sessionId)
      const { rows } = await kernel.db.query(
        'select body from planning.session_messages where session_id = $1 order by n limit $2 offset $3',
        [params.sessionId, query.limit, query.offset],
      )
      const count = await kernel.db.query(
        'select count(*)::int as n from planning.session_messages where session_id = $1',
        [params.sessionId],
      )
      const total = count.rows[0]!['n'] as number
      return {
        session_id: params.sessionId,
        messages: rows.map(({ body }) => body),
        total,
        has_more: query.offset + rows.length < total,
      }
    },
  })
  routes.add({
    method: 'POST',
    url: '/api/agents/sessions/:sessionId/messages',
    summary: 'Says something to the agents',
    tag,
    access: 'write',
    params: SessionPath,
    body: SendMessageInput,
    replies: { 202: 'message accepted' },
    handler: async (ctx, { params, body }) =>
      new HttpReply(202, await sendMessage(ctx, params.sessionId, body.content)),
  })
  routes.add({
    method: 'POST',
    url: '/api/agents/sessions/:sessionId/questions/:questionId/answer',
    summary: 'Answers a question',
    tag,
    access: 'write',
    params: SessionPath.extend({ questionId: z.string() }),
    body: AnswerQuestionInput,
    handler: (ctx, { params, body }) => answerQuestion(ctx, params.sessionId, params.questionId, body.answer),
  })
  routes.add({
    method: 'GET',
    url: '/api/agents/sessions/:sessionId/plan',
    summary: 'The final plan',
    tag,
    access: 'read',
    params: SessionPath,
    handler: async (_ctx, { params }) => {
      const session = await getSession(kernel.db, params.sessionId)
      if (!session.plan || session.status !== 'completed')
        throw new AppError(
          'PLAN_NOT_READY',
          `Session ${session.session_id} is ${session.status}: the plan comes when it is completed`,
          { status: session.status },
        )
      const { plan, sections, created_at, version } = session.plan
      return {
        session_id: session.session_id,
        format: 'markdown',
        plan,
        sections: inOrder(sections),
        created_at,
        version,
      }
    },
  })
  sessionSockets(app, kernel)
}

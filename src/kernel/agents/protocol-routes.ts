// The agent protocol's server side (spec task-execution, annex 10): register, heartbeat, and what an agent may call during an
// attempt. The domain behind a pool answers for files, tools and logs through its AttemptServices.
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Ctx } from '../context.ts'
import { AppError } from '../errors/app-error.ts'
import { HttpReply, parse, type Router } from '../http/route.ts'
import { findAssignmentByKey } from './assignment-store.ts'
import { type Attempt, attemptCtx, attemptOf, bearerOf, liveAttempt } from './attempt-auth.ts'
import type { AttemptServices } from './attempt-services.ts'
import { heartbeat } from './heartbeat.ts'
import { poolOf } from './pool.ts'
import {
  ApprovalBody,
  CheckpointBody,
  HeartbeatBody,
  LockBody,
  LogsBody,
  ProgressBody,
  RegistrationBody,
  StateBody,
  StateKey,
  ToolBody,
} from './protocol-schema.ts'
import { agentByToken, deregisterAgent, registerAgent } from './registry.ts'
import { acquireLock, deleteState, getState, putState, releaseLock } from './shared-state.ts'
import { takeResult } from './take-result.ts'

const RESULT_LIMIT = 50 * 1_048_576
const AttemptPath = z.object({ assignment: z.string(), attempt: z.coerce.number().int().min(1) })
const Anything = z.record(z.string(), z.unknown())

const servicesOf = (found: Attempt): AttemptServices => poolOf(found.assignment.pool).services ?? {}
const missing = (what: string) => new AppError('TOOL_NOT_FOUND', `This pool offers no ${what}`, { tool: what })

export function agentProtocolRoutes(router: Router): void {
  router.add({
    method: 'POST',
    url: '/v1/agents',
    summary: 'Register an agent',
    tag: 'agent protocol',
    access: 'agents',
    body: RegistrationBody,
    replies: { 201: 'Registered', 200: 'Known already' },
    handler: async (ctx, { body }) => {
      const { created, token, requeued } = await registerAgent(ctx, body)
      const policy = poolOf(body.pool)
      return new HttpReply(created ? 201 : 200, {
        agent_id: body.agent_id,
        pool: body.pool,
        agent_token: token,
        heartbeat_seconds: policy.heartbeatSeconds,
        ttl_seconds: policy.ttlSeconds,
        requeued,
        server_time: new Date(ctx.kernel.clock.now()).toISOString(),
      })
    },
  })
  const own = async (ctx: Ctx, id: string, authorization: string | undefined) => {
    const agent = await agentByToken(ctx.kernel.db, id, bearerOf(authorization))
    if (agent) return agent
    const { rows } = await ctx.kernel.db.query('select 1 from kernel.agents where id = $1', [id])
    if (rows.length === 0) throw new AppError('AGENT_NOT_FOUND', `No agent ${id}: register again`, { agent_id: id })
    throw new AppError('UNAUTHORIZED', 'The agent token is not valid: a newer registration ended it, or it is mistyped')
  }
  router.add({
    method: 'POST',
    url: '/v1/agents/:id/heartbeat',
    summary: 'Renew an agent’s life',
    tag: 'agent protocol',
    access: 'token',
    params: z.object({ id: z.string() }),
    body: HeartbeatBody,
    handler: async (ctx, { params, body, request }) => {
      const token = bearerOf(request.headers.authorization)
      const known = await agentByToken(ctx.kernel.db, params.id, token)
      if (!known) {
        // Another process registered under this id since: say so, it must end.
        const { rows } = await ctx.kernel.db.query('select pool, instance from kernel.agents where id = $1', [
          params.id,
        ])
        if (rows.some((row) => row['instance'] !== body.instance))
          throw new AppError(
            'INSTANCE_REPLACED',
            `Another process is ${params.id} now: end this one, or start it under another id`,
            { agent_id: params.id },
          )
      }
      const agent = known ?? (await own(ctx, params.id, request.headers.authorization))
      const stop = await heartbeat(ctx.kernel, agent, poolOf(agent.pool), body)
      return { status: 'ok', stop, server_time: new Date(ctx.kernel.clock.now()).toISOString() }
    },
  })
  router.add({
    method: 'DELETE',
    url: '/v1/agents/:id',
    summary: 'Deregister an agent; its work goes back to the queue',
    tag: 'agent protocol',
    access: 'token',
    params: z.object({ id: z.string() }),
    handler: async (ctx, { params, request }) => {
      const agent = await own(ctx, params.id, request.headers.authorization)
      return {
        agent_id: params.id,
        deregistered: true,
        requeued: await deregisterAgent(ctx, agent, poolOf(agent.pool)),
      }
    },
  })
  router.add({
    method: 'POST',
    url: '/v1/agents/:id/results',
    summary: 'Result of work that came without callback fields',
    tag: 'agent protocol',
    access: 'token',
    bodyLimit: RESULT_LIMIT,
    params: z.object({ id: z.string() }),
    body: z.looseObject({ task_id: z.string(), subtask_id: z.string(), attempt: z.number().int().min(1).default(1) }),
    handler: async (ctx, { params, body, request }) => {
      const agent = await own(ctx, params.id, request.headers.authorization)
      const { task_id, subtask_id, attempt, ...result } = body
      const assignment = await findAssignmentByKey(ctx.kernel.db, agent.pool, task_id, subtask_id)
      if (!assignment) {
        await poolOf(agent.pool).onUnknownResult?.(ctx, agent.id, { task_id, subtask_id, attempt })
        return { accepted: false, outcome: 'unknown_task', subtask_status: null }
      }
      return takeResult(ctx.kernel, assignment, attempt, result)
    },
  })

  const base = '/v1/assignments/:assignment/attempts/:attempt'
  const tag = 'agent protocol'
  const live = (ctx: Ctx, params: z.infer<typeof AttemptPath>, authorization: string | undefined) =>
    liveAttempt(ctx.kernel, params.assignment, params.attempt, bearerOf(authorization))
  const owner = (found: Attempt) => `${found.assignment.id}/${found.attempt}`

  router.add({
    method: 'POST',
    url: `${base}/result`,
    summary: 'Report the result of an attempt',
    tag,
    access: 'token',
    bodyLimit: RESULT_LIMIT,
    params: AttemptPath,
    // What is no object is as unusable as an empty one, and counts like it.
    body: Anything.catch({}),
    handler: async (ctx, { params, body, request }) => {
      const found = await attemptOf(
        ctx.kernel,
        params.assignment,
        params.attempt,
        bearerOf(request.headers.authorization),
      )
      return takeResult(ctx.kernel, found.assignment, params.attempt, body, found.answer)
    },
  })
  router.add({
    method: 'POST',
    url: `${base}/progress`,
    summary: 'Show progress',
    tag,
    access: 'token',
    params: AttemptPath,
    body: ProgressBody,
    replies: { 204: 'Shown' },
    handler: async (ctx, { params, body, request }) => {
      const found = await live(ctx, params, request.headers.authorization)
      await servicesOf(found).progress?.(attemptCtx(ctx, found), found.assignment, body)
      ctx.kernel.publish({
        topic: 'progress',
        data: { subject: found.assignment.subject, key: found.assignment.key, agent_id: found.agentId, ...body },
      })
    },
  })
  router.add({
    method: 'POST',
    url: `${base}/checkpoint`,
    summary: 'Save where to continue from',
    tag,
    access: 'token',
    params: AttemptPath,
    body: CheckpointBody,
    handler: async (ctx, { params, body, request }) => {
      const found = await live(ctx, params, request.headers.authorization)
      const { rows } = await ctx.kernel.db.query(
        `update kernel.assignments set checkpoint = $3 where id = $1 and attempt = $2 and status = 'running' returning now() as at`,
        [found.assignment.id, found.attempt, JSON.stringify(body.state)],
      )
      return {
        saved_at:
          (rows[0]?.['at'] as Date | undefined)?.toISOString() ?? new Date(ctx.kernel.clock.now()).toISOString(),
      }
    },
  })
  router.add({
    method: 'POST',
    url: `${base}/logs`,
    summary: 'Write log entries',
    tag,
    access: 'token',
    params: AttemptPath,
    body: LogsBody,
    handler: async (ctx, { params, body, request }) => {
      const found = await live(ctx, params, request.headers.authorization)
      return {
        stored:
          (await servicesOf(found).logs?.(attemptCtx(ctx, found), found.assignment, body.entries, body.call_id)) ?? 0,
      }
    },
  })
  router.add({
    method: 'GET',
    url: `${base}/files`,
    summary: 'List files of the workspace',
    tag,
    access: 'token',
    params: AttemptPath,
    query: z.object({ path: z.string().default('.') }),
    handler: async (ctx, { params, query, request }) => {
      const found = await live(ctx, params, request.headers.authorization)
      const { listFiles } = servicesOf(found)
      if (!listFiles) throw missing('files')
      return { files: await listFiles(attemptCtx(ctx, found), found.assignment, query.path) }
    },
  })
  const FilePath = AttemptPath.extend({ '*': z.string() })
  router.add({
    method: 'GET',
    url: `${base}/files/*`,
    summary: 'Read a file of the workspace',
    tag,
    access: 'token',
    params: FilePath,
    handler: async (ctx, { params, request }) => {
      const found = await live(ctx, params, request.headers.authorization)
      const { readFile } = servicesOf(found)
      if (!readFile) throw missing('files')
      const file = await readFile(attemptCtx(ctx, found), found.assignment, params['*'])
      return new HttpReply(200, file.bytes, {
        'content-type': file.mimeType,
        'content-length': String(file.size),
        'content-disposition': 'attachment',
      })
    },
  })
  // The body is a stream of any type: its own scope without body parsing.
  router.app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
    router.within(scope).add({
      method: 'PUT',
      url: `${base}/files/*`,
      summary: 'Write a file of the workspace, whole or not at all',
      tag,
      access: 'token',
      bodyLimit: RESULT_LIMIT + 1,
      params: FilePath,
      handler: async (ctx, { params, request }) => {
        const found = await live(ctx, params, request.headers.authorization)
        const { writeFile } = servicesOf(found)
        if (!writeFile) throw missing('files')
        const body = (request.body ?? request.raw) as NodeJS.ReadableStream
        return writeFile(attemptCtx(ctx, found), found.assignment, params['*'], body)
      },
    })
  })
  const StatePath = AttemptPath.extend({ key: z.string() })
  router.add({
    method: 'GET',
    url: `${base}/state/:key`,
    summary: 'Read shared state',
    tag,
    access: 'token',
    params: StatePath,
    handler: async (ctx, { params, request }) => {
      const found = await live(ctx, params, request.headers.authorization)
      const state = await getState(ctx.kernel.db, found.assignment.subject, parse(StateKey, params.key, 'key'))
      if (!state)
        throw new AppError(
          'STATE_NOT_FOUND',
          `No value is shared under ${params.key}: it was never set or has expired`,
          { key: params.key },
        )
      return { key: state.key, value: state.value, expires_at: state.expires_at.toISOString() }
    },
  })
  router.add({
    method: 'PUT',
    url: `${base}/state/:key`,
    summary: 'Share a value',
    tag,
    access: 'token',
    bodyLimit: 1_100_000,
    params: StatePath,
    body: StateBody,
    handler: async (ctx, { params, body, request }) => {
      const found = await live(ctx, params, request.headers.authorization)
      const expires = await putState(
        ctx.kernel.db,
        found.assignment.subject,
        parse(StateKey, params.key, 'key'),
        body.value,
        body.ttl_seconds,
        found.agentId,
      )
      return { key: params.key, expires_at: expires.toISOString() }
    },
  })
  router.add({
    method: 'DELETE',
    url: `${base}/state/:key`,
    summary: 'Forget a shared value',
    tag,
    access: 'token',
    params: StatePath,
    handler: async (ctx, { params, request }) => {
      const found = await live(ctx, params, request.headers.authorization)
      return { deleted: await deleteState(ctx.kernel.db, found.assignment.subject, parse(StateKey, params.key, 'key')) }
    },
  })
  const LockPath = AttemptPath.extend({ name: z.string().min(1).max(300) })
  router.add({
    method: 'POST',
    url: `${base}/locks/:name`,
    summary: 'Take or extend a lock',
    tag,
    access: 'token',
    params: LockPath,
    body: LockBody,
    handler: async (ctx, { params, body, request }) => {
      const found = await live(ctx, params, request.headers.authorization)
      const deadline = Date.now() + body.wait_seconds * 1000
      for (;;) {
        const lock = await acquireLock(
          ctx.kernel.db,
          found.assignment.subject,
          params.name,
          owner(found),
          body.ttl_seconds,
        )
        if (lock.held) return { name: lock.name, owner: lock.owner, expires_at: lock.expires_at.toISOString() }
        if (Date.now() >= deadline)
          throw new AppError('LOCK_HELD', `${params.name} is locked by ${lock.owner}`, {
            expires_at: lock.expires_at.toISOString(),
          })
        await sleep(100)
      }
    },
  })
  router.add({
    method: 'DELETE',
    url: `${base}/locks/:name`,
    summary: 'Release a lock',
    tag,
    access: 'token',
    params: LockPath,
    handler: async (ctx, { params, request }) => {
      const found = await live(ctx, params, request.headers.authorization)
      return { released: await releaseLock(ctx.kernel.db, found.assignment.subject, params.name, owner(found)) }
    },
  })
  router.add({
    method: 'POST',
    url: `${base}/tools/:name`,
    summary: 'Call a tool that runs in the server',
    tag,
    access: 'token',
    params: AttemptPath.extend({ name: z.string() }),
    body: ToolBody,
    handler: async (ctx, { params, body, request }) => {
      const found = await live(ctx, params, request.headers.authorization)
      const { callTool } = servicesOf(found)
      if (!callTool) throw missing(params.name)
      return callTool(attemptCtx(ctx, found), found.assignment, params.name, body.arguments, body.call_id)
    },
  })
  router.add({
    method: 'POST',
    url: `${base}/approvals`,
    summary: 'Ask whether a tool the agent runs itself may run',
    tag,
    access: 'token',
    params: AttemptPath,
    body: ApprovalBody,
    replies: { 200: 'Decided', 202: 'Pending: repeat the call' },
    handler: async (ctx, { params, body, request }) => {
      const found = await live(ctx, params, request.headers.authorization)
      const { askApproval } = servicesOf(found)
      if (!askApproval) return { decision: 'approved', approval_id: null }
      const answer = await askApproval(
        attemptCtx(ctx, found),
        found.assignment,
        body.tool,
        body.arguments,
        body.call_id,
        body.wait_seconds,
      )
      return new HttpReply(answer.decision === 'pending' ? 202 : 200, answer)
    },
  })
}

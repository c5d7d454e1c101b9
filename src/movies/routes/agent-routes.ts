import { z } from 'zod'
import { HttpReply, type Router } from '../../kernel/http/route.ts'
import * as verbs from '../registry/agent-verbs.ts'
import { checkAgent } from '../registry/check-health.ts'
import {
  AgentPage,
  AgentRemoved,
  AgentReset,
  AgentResponse,
  AgentTasks,
  HealthResponse,
  Heartbeat,
  ListAgents,
  ListAgentTasks,
  Ok,
  RegisterAgent,
  UpdateAgent,
} from '../schema.ts'
import { withAddress } from './with-address.ts'

const BASE = '/api/v1/agents'
const tag = 'agents'
const Id = z.object({ id: z.string() })

export function agentRoutes(router: Router) {
  router.add({
    method: 'POST',
    url: BASE,
    aliases: [`${BASE}/register`],
    summary: 'Register an agent',
    tag,
    access: 'write',
    body: RegisterAgent,
    replies: { 201: AgentResponse },
    handler: (ctx, { body, request }) => verbs.registerAgent(withAddress(ctx, request), body),
  })
  router.add({
    method: 'GET',
    url: BASE,
    summary: 'Agents by type, status and capability',
    tag,
    access: 'read',
    query: ListAgents,
    replies: { 200: AgentPage },
    handler: (ctx, { query }) => verbs.listAgents(ctx, query),
  })
  router.add({
    method: 'GET',
    url: `${BASE}/:id`,
    aliases: [`${BASE}/:id/status`],
    summary: 'One agent',
    tag,
    access: 'read',
    params: Id,
    replies: { 200: AgentResponse },
    handler: (ctx, { params }) => verbs.getAgent(ctx, params.id),
  })
  router.add({
    method: 'PUT',
    url: `${BASE}/:id`,
    summary: 'Change an agent',
    tag,
    access: 'write',
    params: Id,
    body: UpdateAgent,
    replies: { 200: AgentResponse },
    handler: (ctx, { params, body, request }) => verbs.updateAgent(withAddress(ctx, request), params.id, body),
  })
  router.add({
    method: 'DELETE',
    url: `${BASE}/:id`,
    summary: 'Remove an agent without active tasks',
    tag,
    access: 'write',
    params: Id,
    replies: { 200: AgentRemoved },
    handler: (ctx, { params, request }) => verbs.removeAgent(withAddress(ctx, request), params.id),
  })
  router.add({
    method: 'GET',
    url: `${BASE}/:id/health`,
    summary: 'Live health check',
    tag,
    access: 'read',
    params: Id,
    replies: { 200: HealthResponse, 503: HealthResponse },
    handler: async (ctx, { params }) => {
      const health = await checkAgent(ctx, params.id)
      return new HttpReply(health.status === 'unhealthy' ? 503 : 200, health)
    },
  })
  router.add({
    method: 'POST',
    url: `${BASE}/:id/reset`,
    summary: 'Make an agent available; its tasks wait again',
    tag,
    access: 'write',
    params: Id,
    replies: { 200: AgentReset },
    handler: (ctx, { params, request }) => verbs.resetAgent(withAddress(ctx, request), params.id),
  })
  router.add({
    method: 'GET',
    url: `${BASE}/:id/tasks`,
    summary: 'Tasks of an agent, newest first',
    tag,
    access: 'read',
    params: Id,
    query: ListAgentTasks,
    replies: { 200: AgentTasks },
    handler: (ctx, { params, query }) => verbs.listAgentTasks(ctx, params.id, query),
  })
  router.add({
    method: 'POST',
    url: `${BASE}/:id/heartbeat`,
    summary: 'A sign of life of an agent',
    tag,
    access: 'write',
    params: Id,
    body: Heartbeat,
    replies: { 200: Ok },
    handler: (ctx, { params, body }) => verbs.heartbeat(ctx, params.id, body),
  })
}

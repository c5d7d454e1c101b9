import type { Router } from '../../kernel/http/route.ts'
import { intParameter, listParameter, type RawParameters } from '../loop/events/event-filter.ts'
import { asAppError } from '../routes/present-error.ts'
import * as schema from '../schema.ts'
import { addAgent, changeAgent } from './change-agents.ts'
import { pauseSimulation, resumeSimulation, stopSimulation } from './control-simulation.ts'
import { getServedRun, listServedRuns } from './read-served.ts'
import { branchSimulation, startSimulation, validateSimulation } from './start-simulation.ts'

const RUN = '/v1/simulations/:id'
const tag = 'simulation'
const idOf = (params: unknown): string => String((params as Record<string, string>)['id'])
const nameOf = (params: unknown): string => String((params as Record<string, string>)['name'])

function listQuery(raw: RawParameters) {
  try {
    return {
      status: listParameter(raw['status']),
      limit: intParameter(raw, 'limit', 1, 1000) ?? 100,
      offset: intParameter(raw, 'offset', 0) ?? 0,
    }
  } catch (error) {
    throw asAppError(error)
  }
}

/** S1 to S12: the control of served runs. */
export function controlRoutes(router: Router): void {
  router.add({
    method: 'POST',
    url: '/v1/simulations',
    summary: 'Start a simulation in a process of its own',
    tag,
    access: 'write',
    body: schema.StartSimulation,
    replies: { 201: schema.ServedRun },
    handler: (ctx, { body }) => startSimulation(ctx, body),
  })
  router.add({
    method: 'POST',
    url: '/v1/simulations/validate',
    summary: 'Check a configuration; nothing is created',
    tag,
    access: 'read',
    body: schema.ValidateSimulation,
    replies: { 200: schema.ValidationReply },
    handler: (ctx, { body }) => validateSimulation(ctx, body),
  })
  router.add({
    method: 'GET',
    url: '/v1/simulations',
    summary: 'Served runs, newest first',
    tag,
    access: 'read',
    replies: { 200: schema.ServedRunList },
    handler: (ctx, { request }) => listServedRuns(ctx, listQuery(request.query as RawParameters)),
  })
  router.add({
    method: 'GET',
    url: RUN,
    summary: 'One served run',
    tag,
    access: 'read',
    replies: { 200: schema.ServedRun },
    handler: (ctx, { request }) => getServedRun(ctx, idOf(request.params)),
  })
  for (const [verb, act] of [
    ['pause', pauseSimulation],
    ['resume', resumeSimulation],
    ['stop', stopSimulation],
  ] as const)
    router.add({
      method: 'POST',
      url: `${RUN}/${verb}`,
      summary: `${verb[0]!.toUpperCase()}${verb.slice(1)} a served run`,
      tag,
      access: 'write',
      replies: { 202: schema.ServedRun },
      handler: (ctx, { request }) => act(ctx, idOf(request.params)),
    })
  router.add({
    method: 'POST',
    url: `${RUN}/branch`,
    summary: 'Start a new run from a checkpoint of this one',
    tag,
    access: 'write',
    body: schema.BranchSimulation,
    replies: { 201: schema.ServedRun },
    handler: (ctx, { body, request }) => branchSimulation(ctx, idOf(request.params), body),
  })
  router.add({
    method: 'POST',
    url: `${RUN}/agents`,
    summary: 'Add an agent to a run in progress',
    tag,
    access: 'write',
    body: schema.AddServedAgent,
    replies: { 202: schema.AgentAdded },
    handler: (ctx, { body, request }) => addAgent(ctx, idOf(request.params), body),
  })
  router.add({
    method: 'DELETE',
    url: `${RUN}/agents/:name`,
    summary: 'Remove an agent from a run in progress',
    tag,
    access: 'write',
    replies: { 202: schema.AgentChanged },
    handler: (ctx, { request: { params } }) =>
      changeAgent(ctx, idOf(params), { operation: 'remove_agent', target: nameOf(params) }),
  })
  router.add({
    method: 'POST',
    url: `${RUN}/agents/:name/pause`,
    summary: 'Pause an agent, for a number of turns or until resumed',
    tag,
    access: 'write',
    body: schema.PauseServedAgent,
    replies: { 202: schema.AgentChanged },
    handler: (ctx, { body, request: { params } }) =>
      changeAgent(ctx, idOf(params), {
        operation: 'pause_agent',
        target: nameOf(params),
        turns: body.auto_resume_turns ?? null,
      }),
  })
  router.add({
    method: 'POST',
    url: `${RUN}/agents/:name/resume`,
    summary: 'Resume a paused agent',
    tag,
    access: 'write',
    replies: { 202: schema.AgentChanged },
    handler: (ctx, { request: { params } }) =>
      changeAgent(ctx, idOf(params), { operation: 'resume_agent', target: nameOf(params) }),
  })
}

import { z } from 'zod'
import type { Router } from '../../kernel/http/route.ts'
import { PLANNING_AGENTS } from '../../planning/agents/agents.ts'
import { CAPABILITIES } from '../../tasks/schema.ts'
import { Tried, TryInput } from '../try/tried.ts'
import { TEXT_AGENTS, tryFilmAgent } from '../try/try-film-agent.ts'
import { PLANNER_TASKS, tryPlanner } from '../try/try-planner.ts'
import { tryTaskAgent } from '../try/try-task-agent.ts'
import { watchModels } from '../try/watch-models.ts'

const LIMIT_MS = 120_000
const BODY_LIMIT = 6 * 1024 * 1024

const TRY = { tasks: tryTaskAgent, planning: tryPlanner, movies: tryFilmAgent } as const
const words = (id: string) => id.replaceAll('_', ' ')

/** Who can be tried, and on what. */
const triable = () => [
  ...CAPABILITIES.map((id) => ({ domain: 'tasks', agent: id, title: `${words(id)} agent`, tasks: [] as string[] })),
  ...PLANNING_AGENTS.map(({ id, title }) => ({
    domain: 'planning',
    agent: id,
    title,
    tasks: [...(PLANNER_TASKS[id] ?? [])],
  })),
  ...TEXT_AGENTS.map(({ id, department }) => ({
    domain: 'movies',
    agent: id,
    title: `${words(id)} (${department})`,
    tasks: [],
  })),
]

/** One agent alone, without a run: what it would make. Nothing is saved. */
export function tryRoutes(router: Router): void {
  router.add({
    method: 'GET',
    url: '/v1/agents/try',
    summary: 'Agents that can be tried alone, and on what',
    tag: 'agents',
    access: 'read',
    replies: {
      200: z.object({
        agents: z.array(
          z.object({ domain: z.string(), agent: z.string(), title: z.string(), tasks: z.array(z.string()) }),
        ),
      }),
    },
    handler: async () => ({ agents: triable() }),
  })
  router.add({
    method: 'POST',
    url: '/v1/agents/try',
    summary: 'Let one agent work alone on a job, a brief or a film and see what it makes; nothing is saved',
    tag: 'agents',
    access: 'write',
    body: TryInput,
    bodyLimit: BODY_LIMIT,
    replies: { 200: Tried },
    handler: async (ctx, { body }) => {
      const started = performance.now()
      const { kernel, used } = watchModels(ctx.kernel)
      const made = await TRY[body.domain]({ ...ctx, kernel }, body, AbortSignal.timeout(LIMIT_MS))
      const usage = used()
      return {
        agent: body.agent,
        duration_ms: Math.round(performance.now() - started),
        tools: [],
        files: [],
        ...made,
        usage: usage
          ? {
              input_tokens: usage.inputTokens,
              output_tokens: usage.outputTokens,
              cost_usd: usage.costUsd ?? null,
            }
          : null,
      }
    },
  })
}

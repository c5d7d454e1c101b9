import { z } from 'zod'
import { AppError } from '../../kernel/errors/app-error.ts'
import type { Router } from '../../kernel/http/route.ts'
import { buildInput } from '../../movies/agents/build-input.ts'
import { ROSTER, rosterAgent } from '../../movies/agents/roster.ts'
import { runText } from '../../movies/execute/run-text.ts'
import { loadState } from '../../movies/store/load-state.ts'
import { PLANNING_AGENTS } from '../../planning/agents/agents.ts'
import { bandOf } from '../../planning/inference/bands.ts'
import { performTurn } from '../../planning/runs/perform-turn.ts'
import { loadBoard } from '../../planning/store/load-board.ts'

const LIMIT_MS = 120_000

const TASKS: Readonly<Record<string, readonly string[]>> = {
  'event-planner': ['scope', 'plan'],
  'venue-researcher': ['venues'],
  'budget-analyst': ['baseline', 'costs', 'contracts'],
  'logistics-coordinator': ['operations'],
  'catering-coordinator': ['proposal'],
}
/** The phase in which a part of the work belongs, when the brief stands elsewhere. */
const PHASES: Readonly<Record<string, string>> = {
  scope: 'Initiate',
  plan: 'Plan',
  venues: 'Research',
  operations: 'Logistics',
}
/** Agents whose work is text: media would have to be made. */
const TEXT_AGENTS = ROSTER.filter(({ exec }) => exec === 'M' || exec === 'L')

const Try = z.object({
  domain: z.enum(['planning', 'movies']),
  agent: z.string().min(1).max(100),
  /** The brief or the film it works on; nothing of it is changed. */
  subject: z.string().min(1).max(300),
  /** Which part of its work (planning). */
  task: z.string().max(60).optional(),
})

const noSuch = (agent: string, known: readonly string[]) =>
  new AppError('NOT_FOUND', `No agent ${agent} to try here: there are ${known.join(', ')}`, {
    resource: 'agent',
    id: agent,
  })

/** One agent alone, on real material, without a run: what it would make. Nothing is saved. */
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
    handler: async () => ({
      agents: [
        ...PLANNING_AGENTS.map(({ id, title }) => ({
          domain: 'planning',
          agent: id,
          title,
          tasks: [...(TASKS[id] ?? [])],
        })),
        ...TEXT_AGENTS.map(({ id, department }) => ({
          domain: 'movies',
          agent: id,
          title: `${id.replaceAll('_', ' ')} (${department})`,
          tasks: [],
        })),
      ],
    }),
  })
  router.add({
    method: 'POST',
    url: '/v1/agents/try',
    summary: 'Let one agent work alone on a brief or film and see what it makes; nothing is saved',
    tag: 'agents',
    access: 'write',
    body: Try,
    replies: {
      200: z.object({
        agent: z.string(),
        made_by: z.enum(['model', 'craft']),
        duration_ms: z.number(),
        output: z.unknown(),
        notes: z.array(z.string()),
      }),
    },
    handler: async (ctx, { body }) => {
      const started = performance.now()
      const made = await (body.domain === 'planning' ? tryPlanner(ctx, body) : tryFilmAgent(ctx, body))
      return { agent: body.agent, duration_ms: Math.round(performance.now() - started), ...made }
    },
  })
}

type Given = z.output<typeof Try>
type Made = { made_by: 'model' | 'craft'; output: unknown; notes: string[] }
type Ctx = Parameters<typeof performTurn>[0]

async function tryPlanner(ctx: Ctx, { agent, subject, task }: Given): Promise<Made> {
  const known = PLANNING_AGENTS.find(({ id }) => id === agent)
  if (!known)
    throw noSuch(
      agent,
      PLANNING_AGENTS.map(({ id }) => id),
    )
  const board = await loadBoard(ctx.kernel.db, subject, new Date(ctx.kernel.clock.now()))
  const part = task ?? TASKS[agent]?.[0] ?? 'scope'
  const made = await performTurn(
    ctx,
    {
      agent,
      level: board.brief.instruction_level ?? bandOf(board.brief.audience_size).level,
      mode: 'autonomous',
      phase: PHASES[part] ?? board.brief.lifecycle_state,
      task: part,
      board,
      catering: null,
      answers: [],
      notes: [],
      may_ask: true,
      found: { venues: [], weather: null, suppliers: [] },
    } as Parameters<typeof performTurn>[1],
    AbortSignal.timeout(LIMIT_MS),
  )
  return {
    made_by: made.engine === 'model' ? 'model' : 'craft',
    output: made.output,
    notes: [...made.repaired, ...(made.fallback ? [made.fallback] : [])],
  }
}

async function tryFilmAgent(ctx: Ctx, { agent, subject }: Given): Promise<Made> {
  const { kernel } = ctx
  if (!rosterAgent(agent) || !TEXT_AGENTS.some(({ id }) => id === agent))
    throw noSuch(
      agent,
      TEXT_AGENTS.map(({ id }) => id),
    )
  const stored = await loadState(kernel, kernel.db, subject)
  const task = stored?.state.tasks.findLast((one) => one.capability === agent)
  if (!stored || !task)
    throw new AppError('NOT_FOUND', `Film ${subject} has no task of ${agent} yet`, {
      resource: 'workflow',
      id: subject,
    })
  const input = buildInput(stored.state, task, new Date(kernel.clock.now()).toISOString())
  const made = await runText(kernel, task, input, AbortSignal.timeout(LIMIT_MS))
  return { made_by: made.draft ? 'craft' : 'model', output: made.content, notes: made.warnings }
}

import type { Ctx } from '../../kernel/context.ts'
import { AppError, ValidationError } from '../../kernel/errors/app-error.ts'
import { PLANNING_AGENTS } from '../../planning/agents/agents.ts'
import { bandOf } from '../../planning/inference/bands.ts'
import { performTurn } from '../../planning/runs/perform-turn.ts'
import { loadBoard } from '../../planning/store/load-board.ts'
import { noSuchAgent } from './no-such-agent.ts'
import type { Made, TryInput } from './tried.ts'

export const PLANNER_TASKS: Readonly<Record<string, readonly string[]>> = {
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

/** What a planning agent would make of a brief. Throws NOT_FOUND. */
export async function tryPlanner(
  ctx: Ctx,
  { agent, subject, task, input }: TryInput,
  signal: AbortSignal,
): Promise<Made> {
  if (!PLANNING_AGENTS.some(({ id }) => id === agent))
    throw noSuchAgent(
      agent,
      PLANNING_AGENTS.map(({ id }) => id),
    )
  if (!subject)
    throw new ValidationError('subject must name the brief to work on', [
      { field: 'subject', message: 'must name the brief to work on' },
    ])
  const known = PLANNER_TASKS[agent] ?? []
  const part = task ?? known[0] ?? 'scope'
  if (!known.includes(part))
    throw new AppError('VALIDATION_ERROR', `${agent} has no work "${part}": there are ${known.join(', ')}`)
  const board = await loadBoard(ctx.kernel.db, subject, new Date(ctx.kernel.clock.now()))
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
      notes: input?.trim() ? [input.trim()] : [],
      may_ask: true,
      found: { venues: [], weather: null, suppliers: [] },
    } as Parameters<typeof performTurn>[1],
    signal,
  )
  return {
    made_by: made.engine === 'model' ? 'model' : 'craft',
    output: made.output,
    notes: [...made.repaired, ...(made.fallback ? [made.fallback] : [])],
  }
}

import type { Ctx } from '../../kernel/context.ts'
import { AppError, ValidationError } from '../../kernel/errors/app-error.ts'
import { buildInput } from '../../movies/agents/build-input.ts'
import { ROSTER } from '../../movies/agents/roster.ts'
import { runText } from '../../movies/execute/run-text.ts'
import { loadState } from '../../movies/store/load-state.ts'
import { noSuchAgent } from './no-such-agent.ts'
import type { Made, TryInput } from './tried.ts'

/** Agents whose work is text: media would have to be made. */
export const TEXT_AGENTS = ROSTER.filter(({ exec }) => exec === 'M' || exec === 'L')

/** What a film agent would make for a task that a film has. Throws NOT_FOUND. */
export async function tryFilmAgent(
  { kernel }: Ctx,
  { agent, subject, input }: TryInput,
  signal: AbortSignal,
): Promise<Made> {
  if (!TEXT_AGENTS.some(({ id }) => id === agent))
    throw noSuchAgent(
      agent,
      TEXT_AGENTS.map(({ id }) => id),
    )
  if (!subject)
    throw new ValidationError('subject must name the film to work on', [
      { field: 'subject', message: 'must name the film to work on' },
    ])
  const stored = await loadState(kernel, kernel.db, subject)
  const task = stored?.state.tasks.findLast((one) => one.capability === agent)
  if (!stored || !task)
    throw new AppError('NOT_FOUND', `Film ${subject} has no task of ${agent} yet`, {
      resource: 'workflow',
      id: subject,
    })
  const given = buildInput(stored.state, task, new Date(kernel.clock.now()).toISOString())
  if (input?.trim()) given.input = { ...given.input, feedback: input.trim() }
  const made = await runText(kernel, task, given, signal)
  return { made_by: made.generated_by === 'model' ? 'model' : 'craft', output: made.content, notes: made.warnings }
}

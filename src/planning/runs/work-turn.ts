import type { Run } from '../../kernel/runs/flow.ts'
import { displayNameOf } from '../agents/team.ts'
import type { TurnInput } from '../agents/turn.ts'
import { loadBoard } from '../store/load-board.ts'
import { gather } from './gather.ts'
import { takeInjection } from './injections.ts'
import { type Performed, performTurn } from './perform-turn.ts'
import { getSession, type Session } from './session-store.ts'
import type { Step } from './steps.ts'

const mayAsk = (session: Session) =>
  session.interaction_mode === 'interactive' || (session.interaction_mode === 'collaborative' && session.asked === 0)

export type TurnResult =
  | { performed: Performed; duration: number; uses: Awaited<ReturnType<typeof gather>>['uses'] }
  | { failure: { code: string; message: string } }

/** The agent's work outside the transaction: tools, then model or craft; one automatic repetition, then the agent has failed. */
export async function work(
  run: Run<{ session_id: string }>,
  step: Step,
  key: string,
  signal: AbortSignal,
): Promise<TurnResult> {
  const { ctx } = run
  const session = await getSession(ctx.kernel.db, run.state.session_id)
  const injected = await takeInjection(
    ctx.kernel,
    session.event_brief_id,
    ['agent_error', 'agent_timeout'],
    step.agent,
    key,
  )
  if (injected)
    return {
      failure: {
        code: injected === 'agent_timeout' ? 'AGENT_TIMEOUT' : 'AGENT_ERROR',
        message: `${displayNameOf(step.agent)} ${injected === 'agent_timeout' ? 'took too long' : 'failed'} twice in "${step.task}"`,
      },
    }
  const started = ctx.kernel.clock.now()
  for (let attempt = 1; ; attempt++) {
    try {
      const board = await loadBoard(ctx.kernel.db, session.event_brief_id, new Date(ctx.kernel.clock.now()))
      const { found, uses } = await gather(ctx.kernel, board, step, session.instruction_level, key, signal)
      const input: TurnInput = {
        agent: step.agent,
        level: session.instruction_level,
        mode: session.interaction_mode,
        phase: board.brief.lifecycle_state,
        task: step.task,
        board,
        catering: session.catering,
        answers: session.answers,
        notes: session.notes,
        may_ask: mayAsk(session),
        found,
      }
      const performed = await performTurn(ctx, input, signal)
      return { performed, duration: ctx.kernel.clock.now() - started, uses }
    } catch (error) {
      if (signal.aborted) throw error
      if (attempt === 2)
        return {
          failure: {
            code: (error as { code?: string }).code ?? 'AGENT_ERROR',
            message: `${displayNameOf(step.agent)}: ${(error as Error).message}`,
          },
        }
    }
  }
}

import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import { displayNameOf } from '../agents/team.ts'
import { isoTime } from '../schema.ts'
import { loadBoard, lockEvent } from '../store/load-board.ts'
import { appendTrace } from '../store/logs.ts'
import { isExpired, mustQueue } from './session-limits.ts'
import { findSession, getSession, putSession, type Session, say, setAgent } from './session-store.ts'
import { type Choice, chooseNext, type Step } from './steps.ts'

export const EXPIRED = 'SESSION_EXPIRED: the question was not answered within 24 hours; what exists is kept'

const limitText = ({ max_iterations }: Session): string =>
  `ITERATION_LIMIT: the session used its ${max_iterations} turns; what exists is kept. Retry the session to go on from here`

/** Picks what comes next and shows who works on it. */
export async function choose(
  tx: Tx,
  ctx: Ctx,
  id: string,
): Promise<Choice | { kind: 'over' | 'queue' | 'expired' } | { kind: 'limit'; message: string }> {
  const found = await findSession(tx, id)
  if (found?.status !== 'in_progress') return { kind: 'over' }
  await lockEvent(tx, found.event_brief_id)
  const session = await getSession(tx, id, true)
  if (isExpired(session, ctx.kernel.clock.now())) {
    await say(tx, ctx, session, 'error', EXPIRED, { code: 'SESSION_EXPIRED' })
    return { kind: 'expired' }
  }
  if (session.iterations >= session.max_iterations) {
    await say(tx, ctx, session, 'error', limitText(session), { code: 'ITERATION_LIMIT' })
    return { kind: 'limit', message: limitText(session) }
  }
  if (await mustQueue(tx, ctx.kernel, session)) return { kind: 'queue' }
  session.waiting_on = null
  session.expires_at = null
  const choice = chooseNext(session, await loadBoard(tx, session.event_brief_id, new Date(ctx.kernel.clock.now())))
  if (choice.kind === 'turn' || session.iterations === 0) session.iterations += 1
  if (choice.kind === 'turn') await handOff(tx, ctx, session, choice.step)
  await putSession(tx, session)
  return choice
}

async function handOff(tx: Tx, ctx: Ctx, session: Session, { agent, task }: Step): Promise<void> {
  const name = displayNameOf(agent)
  const hub = displayNameOf('event-planner')
  // The hub's own first turn is no hand-off.
  if (session.current_agent !== name && (session.current_agent !== null || name !== hub)) {
    await say(tx, ctx, session, 'handoff', `${session.current_agent ?? hub} → ${name}: ${task}`, {
      from_agent: session.current_agent ?? hub,
      to_agent: name,
      artifacts: session.artifacts_generated.slice(-20),
    })
    await appendTrace(tx, ctx, session.event_brief_id, {
      action: 'handoff',
      status: 'success',
      agent_name: 'event-planner',
      target_agent: agent,
      session_id: session.session_id,
      instruction_level: session.instruction_level,
      correlation_id: session.correlation_id,
    })
  }
  session.current_agent = name
  const at = isoTime(ctx.kernel.clock.now())
  const row = session.agents.find(({ agent_name }) => agent_name === agent)
  await setAgent(tx, ctx, session, agent, {
    state: 'thinking',
    current_task: task,
    started_at: row?.started_at ?? at,
    completed_at: null,
  })
}

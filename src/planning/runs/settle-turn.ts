import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import { displayNameOf } from '../agents/team.ts'
import { isoTime } from '../schema.ts'
import { lockEvent } from '../store/load-board.ts'
import { appendTrace } from '../store/logs.ts'
import { askQuestion } from './questions.ts'
import { saveTurn, traceTools } from './save-turn.ts'
import { findSession, getSession, putSession, say, setAgent } from './session-store.ts'
import { progressOf, type Step } from './steps.ts'
import { pendingApprovalIds, tellRequested } from './tell-requested.ts'
import type { TurnResult } from './work-turn.ts'

/** An agent that failed twice: the session goes on without it and says so. */
export async function failAgent(
  tx: Tx,
  ctx: Ctx,
  id: string,
  step: Step,
  failure: { code: string; message: string },
): Promise<void> {
  const session = await getSession(tx, id, true)
  session.failed.push(step.key)
  session.partial = true
  session.errors.push(ctx.kernel.mask(failure.message))
  await say(tx, ctx, session, 'error', failure.message, {
    code: failure.code,
    agent_name: displayNameOf(step.agent),
  })
  await setAgent(tx, ctx, session, step.agent, { state: 'error', current_task: null, error: failure.message })
  await appendTrace(tx, ctx, session.event_brief_id, {
    action: 'invoke_agent',
    status: failure.code === 'AGENT_TIMEOUT' ? 'timeout' : 'failure',
    agent_name: step.agent,
    session_id: id,
    instruction_level: session.instruction_level,
    error: { message: failure.message, stack: null },
    correlation_id: session.correlation_id,
  })
  await putSession(tx, session)
}

/** Stores a finished turn, or the question it asks. */
export async function settle(
  tx: Tx,
  ctx: Ctx,
  id: string,
  step: Step,
  result: Exclude<TurnResult, { failure: unknown }>,
): Promise<{ asked: string | null }> {
  const early = (await findSession(tx, id))!
  await lockEvent(tx, early.event_brief_id)
  const session = await getSession(tx, id, true)
  const { output } = result.performed
  await traceTools(tx, ctx, session, step, result.uses)
  session.engine = result.performed.engine
  if (output.user_input_needed) {
    const asked = await askQuestion(tx, ctx, session, {
      agent: step.agent,
      prompt: output.user_prompt!,
      options: output.options,
      context: { task: step.task, summary: output.summary },
    })
    await putSession(tx, session)
    return { asked }
  }
  const known = await pendingApprovalIds(tx, session.event_brief_id)
  await saveTurn(tx, ctx, session, step, result.performed, result.duration)
  await tellRequested(tx, ctx, session, known)
  if (output.catering) session.catering = output.catering
  session.done.push(step.key)
  const at = ctx.kernel.clock.now()
  const row = session.agents.find(({ agent_name }) => agent_name === step.agent)!
  await setAgent(tx, ctx, session, step.agent, {
    state: 'idle',
    current_task: null,
    completed_at: isoTime(at),
    duration_ms: (row.duration_ms ?? 0) + Math.round(result.duration),
    progress_percentage: progressOf(session, step.agent),
  })
  await putSession(tx, session)
  return { asked: null }
}

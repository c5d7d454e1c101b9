import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import { type AgentName, isoTime } from '../schema.ts'
import { loadBoard, lockEvent } from '../store/load-board.ts'
import { appendTrace } from '../store/logs.ts'
import { finalPlan, madeBy } from './final-plan.ts'
import { addMessage, agentCtx, findSession, getSession, putSession, say, setAgent } from './session-store.ts'

/** Puts the plan together and ends the session. */
export async function finish(tx: Tx, base: Ctx, id: string): Promise<void> {
  const early = (await findSession(tx, id))!
  await lockEvent(tx, early.event_brief_id)
  const session = await getSession(tx, id, true)
  const ctx = agentCtx(base, 'event-planner', session.correlation_id)
  const board = await loadBoard(tx, session.event_brief_id, new Date(base.kernel.clock.now()))
  const at = isoTime(base.kernel.clock.now())
  const made = finalPlan(board, madeBy(session))
  session.plan = { ...made, created_at: at, version: (session.plan?.version ?? 0) + 1 }
  session.status = 'completed'
  session.completed_at = at
  session.waiting_on = null
  session.expires_at = null
  for (const row of session.agents)
    if (row.state !== 'error')
      await setAgent(tx, base, session, row.agent_name as AgentName, {
        state: 'idle',
        current_task: null,
        progress_percentage: 100,
        completed_at: row.completed_at ?? at,
      })
  session.current_agent = null
  await addMessage(tx, base, session, {
    role: 'agent',
    agent: 'event-planner',
    content: session.partial
      ? 'The plan is put together; some parts are missing and named in it.'
      : 'The plan is complete.',
  })
  await appendTrace(tx, ctx, session.event_brief_id, {
    action: 'synthesize',
    status: 'success',
    agent_name: 'event-planner',
    session_id: id,
    instruction_level: session.instruction_level,
    correlation_id: session.correlation_id,
  })
  await putSession(tx, session)
  await say(tx, base, session, 'session_completed', 'The session is complete', {
    status: session.status,
    partial: session.partial,
    artifacts_generated: session.artifacts_generated,
    errors: session.errors,
  })
}

import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import { agentCalled, displayNameOf } from '../agents/team.ts'
import type { TurnOutput } from '../agents/turn.ts'
import { isoTime } from '../schema.ts'
import { loadBoard, lockEvent } from '../store/load-board.ts'
import { appendTrace } from '../store/logs.ts'
import { dropChunks } from './chunks.ts'
import type { Performed } from './perform-turn.ts'
import { askQuestion } from './questions.ts'
import { afterVenueChange } from './revisions.ts'
import { saveTurn, traceTools } from './save-turn.ts'
import { addMessage, findSession, getSession, putSession, type Session, say, setAgent } from './session-store.ts'
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
    action: failure.code === 'MISSING_INPUT' ? 'validate_artifact' : 'invoke_agent',
    status: failure.code === 'AGENT_TIMEOUT' ? 'timeout' : 'failure',
    agent_name: step.agent,
    session_id: id,
    instruction_level: session.instruction_level,
    error: { message: failure.message, stack: null },
    correlation_id: session.correlation_id,
  })
  await putSession(tx, session)
}

/** Hand-offs against the order of work, and what is done again for them (contract 4.4). */
const BACK_ROUTES: Readonly<Record<string, readonly string[]>> = {
  'budget-analyst → venue': ['venues', 'costs'],
  'catering-coordinator → budget': ['costs'],
  'logistics-coordinator → venue': ['venues', 'costs', 'operations'],
  'logistics-coordinator → catering': ['proposal', 'catering-only'],
}

/** What a finished turn makes necessary: a back-route once, and everything that hangs on another venue. */
async function followUp(tx: Tx, ctx: Ctx, session: Session, step: Step, output: TurnOutput): Promise<void> {
  const again = (tasks: readonly string[]) => {
    const redo = new Set(tasks.map((task) => `redo ${task}`))
    session.steps = [...(session.steps ?? []).filter((task) => !tasks.includes(task)), ...tasks]
    session.done = session.done.filter((key) => !redo.has(key))
  }
  if (step.key.startsWith('revise ')) {
    const id = step.key.split(' ')[1]!
    session.revised[id] = (session.revised[id] ?? 0) + 1
    if (step.task === 'revise-venue')
      again(afterVenueChange(await loadBoard(tx, session.event_brief_id, new Date(ctx.kernel.clock.now()))))
  }
  const route = `${step.agent} → ${output.next_agent}`
  const tasks = BACK_ROUTES[route]
  const isBack = tasks && (step.task === 'costs' || step.task === 'operations')
  if (!isBack || session.back_routes.includes(route) || step.key.startsWith('redo ')) return
  session.back_routes.push(route)
  again(tasks)
  await addMessage(tx, ctx, session, {
    role: 'agent',
    agent: 'event-planner',
    content: `${displayNameOf(step.agent)} hands back to ${displayNameOf(agentCalled(output.next_agent!)!)}: ${output.summary}`,
  })
}

/** The session counts as a model's as soon as one turn is; what the rules engine filled in for it is kept by turn. */
function countEngine(session: Session, { agent, task }: Step, { engine, fallback }: Performed): void {
  if (engine === 'model') session.with_model += 1
  else if (fallback) session.without_model.push({ agent, task, reason: fallback.slice(0, 300) })
  session.engine = session.with_model > 0 ? 'model' : 'rules'
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
  await dropChunks(tx, id)
  countEngine(session, step, result.performed)
  if (output.user_input_needed) {
    const asked = await askQuestion(tx, ctx, session, {
      agent: step.agent,
      prompt: output.user_prompt!,
      options: output.options,
      context: { task: step.task, summary: output.summary, ...(output.fact ? { fact: output.fact } : {}) },
    })
    await putSession(tx, session)
    return { asked }
  }
  const known = await pendingApprovalIds(tx, session.event_brief_id)
  await saveTurn(tx, ctx, session, step, result)
  await tellRequested(tx, ctx, session, known)
  if (output.catering) session.catering = output.catering
  session.done.push(step.key)
  await followUp(tx, ctx, session, step, output)
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

import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import { cancelRun, pauseRun, resumeRun } from '../../kernel/runs/control-run.ts'
import { startRun } from '../../kernel/runs/start-run.ts'
import { bandOf } from '../inference/bands.ts'
import { modeOf, readIntake } from '../inference/intake.ts'
import { isSpecialised } from '../inference/place.ts'
import { type IntakeInput, isoTime, type LifecycleState, type OrchestrateInput } from '../schema.ts'
import { findEvent, loadBoard, lockEvent, notFound } from '../store/load-board.ts'
import { patchBody } from '../store/write-artifact.ts'
import { requireEventAccess } from '../verbs/access.ts'
import { createEventIn } from '../verbs/event-briefs.ts'
import { gatewayOf } from './perform-turn.ts'
import { sessionFlow } from './session-flow.ts'
import {
  addMessage,
  findSession,
  getSession,
  insertSession,
  newSessionId,
  putSession,
  runningSession,
  type Session,
} from './session-store.ts'
import { position, reworkSteps, stepNamed } from './steps.ts'

type Start = OrchestrateInput & { missing?: string[] }

/** Starts a planning session (69) in the given transaction: one at a time per event, towards a state that lies ahead. */
export async function startSessionIn(tx: Tx, ctx: Ctx, input: Start): Promise<Session> {
  const { event_brief_id: eventId, instruction_level, interaction_mode } = input
  await lockEvent(tx, eventId)
  const now = ctx.kernel.clock.now()
  const board = await loadBoard(tx, eventId, new Date(now))
  requireEventAccess(ctx.actor, board)
  const running = await runningSession(tx, eventId)
  if (running)
    throw new AppError(
      'SESSION_ALREADY_RUNNING',
      `Session ${running.session_id} already works on ${eventId}: wait for it or cancel it`,
      { session_id: running.session_id },
    )
  const current = board.brief.lifecycle_state
  const target: LifecycleState = input.target_phase ?? 'Confirm'
  if (position(target) <= position(current))
    throw new AppError('TARGET_PHASE_NOT_AHEAD', `${target} is not ahead of ${current}: name a later target_phase`, {
      current,
      target,
    })
  await patchBody(tx, ctx, 'EventBrief', eventId, { instruction_level })
  const last = await tx.query(`select max(updated_at) as at from planning.sessions where event_brief_id = $1`, [
    eventId,
  ])
  const since = last.rows[0]?.['at'] as Date | null
  const affected = new Set(
    board.changes
      .filter(
        ({ date, affected_agents }) =>
          affected_agents.length > 0 && (!since || Date.parse(date) >= since.getTime() - 1),
      )
      .flatMap(({ affected_agents }) =>
        affected_agents.map((name) =>
          name
            .replace(/ Agent$/, '')
            .toLowerCase()
            .replaceAll(' ', '-'),
        ),
      ),
  )
  const steps = since ? reworkSteps(board, affected) : []
  const diets =
    isSpecialised(`${board.brief.constraints} ${board.brief.objectives}`) &&
    !/kosher|halal|diets:/i.test(board.brief.constraints)
      ? ['diets']
      : []
  const session: Session = {
    session_id: newSessionId(),
    event_brief_id: eventId,
    status: 'in_progress',
    waiting_on: null,
    partial: false,
    instruction_level,
    target_phase: target,
    interaction_mode,
    current_agent: null,
    artifacts_generated: [],
    agents: [],
    errors: [],
    started_at: isoTime(now),
    completed_at: null,
    expires_at: null,
    run_id: '',
    correlation_id: ctx.correlationId,
    approval_timeout_minutes: input.approval_timeout_minutes ?? null,
    engine: gatewayOf(ctx) ? 'model' : 'rules',
    without_model: [],
    with_model: 0,
    iterations: 0,
    max_iterations: 30,
    done: [],
    failed: [],
    steps: steps.length > 0 ? steps : null,
    missing: [...(input.missing ?? []), ...diets],
    asked: 0,
    revisions: 0,
    revised: {},
    back_routes: [],
    paused: false,
    catering: null,
    answers: [],
    notes: [],
    plan: null,
  }
  const run = await startRun(tx, ctx, sessionFlow, {
    title: `Plan ${board.brief.title}`,
    state: { session_id: session.session_id, event_brief_id: eventId },
  })
  session.run_id = run.id
  await insertSession(tx, session)
  const over = Date.parse(board.brief.date_range_start) < now
  await addMessage(tx, ctx, session, {
    role: 'system',
    content: `Today is ${isoTime(now).slice(0, 10)}${over ? ' and the day of the event is past: all dates count back from it' : ''}. The team plans "${board.brief.title}" at the ${instruction_level} level up to ${target}.`,
  })
  return session
}

/** Address of the session's socket as the caller can reach it. */
export function socketUrl(ctx: Ctx, sessionId: string, host: string | undefined): string {
  const base = ctx.kernel.config.planning.publicWsUrl ?? `ws://${host || 'localhost:8000'}`
  return `${base.replace(/\/$/, '')}/ws/agents/sessions/${sessionId}`
}

export const orchestrate = (ctx: Ctx, input: OrchestrateInput): Promise<Session> =>
  ctx.kernel.db.transaction((tx) => startSessionIn(tx, ctx, input))

/** Free text to an event and its run (70). What the text leaves open is inferred and said; at most one question follows. */
export async function intake(ctx: Ctx, input: IntakeInput) {
  const { extracted, brief, missing } = readIntake(input.request, new Date(ctx.kernel.clock.now()))
  const band = bandOf(brief.audience_size)
  const level = input.instruction_level ?? band.level
  const assumptions = input.instruction_level
    ? brief.assumptions
    : [...brief.assumptions, `Planned at the ${level} level, as suggested for ${brief.audience_size} people`]
  return ctx.kernel.db.transaction(async (tx) => {
    const created = await createEventIn(tx, ctx, { ...brief, assumptions })
    const session = await startSessionIn(tx, ctx, {
      event_brief_id: created.id,
      instruction_level: level,
      interaction_mode: input.interaction_mode ?? modeOf(input.request),
      ...(input.target_phase ? { target_phase: input.target_phase } : {}),
      missing,
    })
    await addMessage(tx, ctx, session, { role: 'user', content: input.request })
    return { event_brief: (await findEvent(tx, created.id))!, session, extracted, assumptions }
  })
}

/** Stops a session (75); what it made stays. */
export async function cancelSession(ctx: Ctx, id: string): Promise<Session> {
  return ctx.kernel.db.transaction(async (tx) => {
    const { event_brief_id, run_id } = await getSession(tx, id)
    await lockEvent(tx, event_brief_id)
    const session = await getSession(tx, id)
    if (session.status !== 'in_progress')
      throw new AppError('SESSION_NOT_RUNNING', `Session ${id} is ${session.status}`, {
        session_id: id,
        status: session.status,
      })
    await cancelRun(tx, ctx, run_id)
    return getSession(tx, id)
  })
}

/** Holds a running session, or lets it go on. An agent at work finishes its turn first. */
export async function holdSession(ctx: Ctx, id: string, hold: boolean): Promise<Session> {
  return ctx.kernel.db.transaction(async (tx) => {
    const early = await getSession(tx, id)
    await lockEvent(tx, early.event_brief_id)
    const session = await getSession(tx, id, true)
    if (session.status !== 'in_progress')
      throw new AppError('SESSION_NOT_RUNNING', `Session ${id} is ${session.status}`, {
        session_id: id,
        status: session.status,
      })
    if (session.paused !== hold) {
      await (hold ? pauseRun : resumeRun)(tx, ctx, session.run_id)
      await addMessage(tx, ctx, session, {
        role: 'system',
        content: hold ? 'The session is paused: the agent at work finishes its turn.' : 'The session goes on.',
      })
    }
    return getSession(tx, id)
  })
}

/** What follows from a repeated step: the catering also belongs into the plan. */
const FOLLOWERS: Readonly<Record<string, string[]>> = { proposal: ['proposal', 'catering-only'] }

/** Re-runs the failed agents of a failed or partial session (76). */
export async function retrySession(ctx: Ctx, id: string): Promise<Session> {
  return ctx.kernel.db.transaction(async (tx) => {
    const early = await findSession(tx, id)
    if (!early) throw notFound('AgentSession', id)
    await lockEvent(tx, early.event_brief_id)
    const session = await getSession(tx, id, true)
    if (session.status === 'in_progress' || (session.status === 'completed' && !session.partial))
      throw new AppError(
        'SESSION_NOT_RUNNING',
        `Session ${id} is ${session.status}${session.status === 'in_progress' ? '' : ' without failed agents'}: there is nothing to retry`,
        { session_id: id },
      )
    const other = await runningSession(tx, session.event_brief_id)
    if (other)
      throw new AppError('SESSION_ALREADY_RUNNING', `Session ${other.session_id} already works on this event`, {
        session_id: other.session_id,
      })
    const finished = session.status === 'completed'
    const tasks = session.failed.map((key) => key.replace(/^redo /, ''))
    if (finished)
      session.steps = [...new Set(tasks.flatMap((task) => FOLLOWERS[task] ?? [task]))].map(
        (task) => stepNamed(task).task,
      )
    session.done = session.done.filter((key) => !(session.steps ?? []).some((task) => key === `redo ${task}`))
    Object.assign(session, {
      failed: [],
      errors: [],
      partial: false,
      status: 'in_progress',
      completed_at: null,
      iterations: 0,
      revisions: 0,
    })
    for (const row of session.agents) if (row.state === 'error') Object.assign(row, { state: 'idle', error: undefined })
    const run = await startRun(tx, ctx, sessionFlow, {
      title: `Retry session ${id}`,
      state: { session_id: id, event_brief_id: session.event_brief_id },
    })
    session.run_id = run.id
    await putSession(tx, session)
    await addMessage(tx, ctx, session, {
      role: 'system',
      content: `The session is tried again: ${tasks.join(', ') || 'from where it stopped'}.`,
    })
    return session
  })
}

/** A person's word to the running session (78); the planner reads it before the next turn. */
export async function sendMessage(
  ctx: Ctx,
  id: string,
  content: string,
): Promise<{ message_id: string; session_id: string }> {
  return ctx.kernel.db.transaction(async (tx) => {
    const session = await getSession(tx, id, true)
    if (session.status !== 'in_progress')
      throw new AppError('SESSION_NOT_RUNNING', `Session ${id} is ${session.status}: start a new one`, {
        session_id: id,
      })
    session.notes.push(content)
    await putSession(tx, session)
    return { message_id: await addMessage(tx, ctx, session, { role: 'user', content }), session_id: id }
  })
}

import { defineFlow, done, failed, holdFor, next, type Outcome, type Run } from '../../kernel/runs/flow.ts'
import { namedPlace } from '../inference/place.ts'
import { isoTime } from '../schema.ts'
import { loadBoard, lockEvent } from '../store/load-board.ts'
import { transition, waitFor } from './advance.ts'
import { choose, EXPIRED } from './choose-move.ts'
import { finish } from './finish-session.ts'
import { enterCalendar } from './gather.ts'
import { vendorChat } from './group-chat.ts'
import { askQuestion, FACT_QUESTIONS, waitingStill } from './questions.ts'
import { traceTools } from './save-turn.ts'
import { findSession, getSession, putSession, say, setAgent } from './session-store.ts'
import { failAgent, settle } from './settle-turn.ts'
import type { Step } from './steps.ts'
import { work } from './work-turn.ts'

export const WAIT_HOLD = 'planning.session'
const WORK = 'work@1'
type State = { session_id: string }

async function turn(run: Run<State>, step: Step): Promise<Outcome> {
  const id = run.state.session_id
  if (step.task === 'chat') {
    await run.write('chat', async (tx, ctx) => {
      const early = (await findSession(tx, id))!
      await lockEvent(tx, early.event_brief_id)
      const session = await getSession(tx, id, true)
      await vendorChat(tx, ctx, session)
      session.done.push(step.key)
      for (const agent of ['budget-analyst', 'logistics-coordinator'] as const)
        await setAgent(tx, ctx, session, agent, { state: 'idle', current_task: null })
      await putSession(tx, session)
    })
    return next(WORK)
  }
  const result = await run.step('turn', (key, signal) => work(run, step, key, signal), { agentId: step.agent })
  if ('failure' in result) {
    await run.write('failed', (tx, ctx) => failAgent(tx, ctx, id, step, result.failure))
    return next(WORK)
  }
  const { asked } = await run.write('settle', (tx, ctx) => settle(tx, ctx, id, step, result))
  if (asked) return holdFor(WAIT_HOLD, WORK, {}, async (tx) => !(await waitingStill(tx, id)))
  if (step.task === 'operations') await calendar(run, step)
  return next(WORK)
}

async function calendar(run: Run<State>, step: Step): Promise<void> {
  const id = run.state.session_id
  const use = await run.step('calendar', async (key, signal) => {
    const session = await getSession(run.ctx.kernel.db, id)
    const board = await loadBoard(run.ctx.kernel.db, session.event_brief_id, new Date(run.ctx.kernel.clock.now()))
    const venue = board.artifacts.VenueShortlist.find(
      (one) => one.id === board.artifacts.VenueScorecard?.selected_venue_id,
    )
    return enterCalendar(
      run.ctx.kernel,
      board,
      board.artifacts.LogisticsPlan?.calendar_name ?? 'event_planning',
      venue ? `${venue.venue_name}, ${venue.location}` : (namedPlace(board.brief.constraints) ?? ''),
      key,
      signal,
    )
  })
  await run.write('calendar-trace', async (tx, ctx) => traceTools(tx, ctx, await getSession(tx, id, true), step, [use]))
}

/** One stage is one move of the hub: a turn, a hand-off, a transition, a wait or the end. The session row is the checkpoint between them. */
async function move(run: Run<State>): Promise<Outcome> {
  const id = run.state.session_id
  const choice = await run.write('choose', (tx, ctx) => choose(tx, ctx, id))
  switch (choice.kind) {
    case 'over':
      return done()
    case 'queue':
      return holdFor(WAIT_HOLD, WORK)
    case 'expired':
      return failed({ code: 'SESSION_EXPIRED', message: EXPIRED })
    case 'limit':
      return failed({ code: 'ITERATION_LIMIT', message: 'The session used its 30 iterations; what exists is kept' })
    case 'turn':
      return turn(run, choice.step)
    case 'ask-fact': {
      await run.write('ask', async (tx, ctx) => {
        const session = await getSession(tx, id, true)
        const { agent, prompt } = FACT_QUESTIONS[choice.fact]!
        await askQuestion(tx, ctx, session, { agent, prompt, options: undefined, context: { fact: choice.fact } })
        await putSession(tx, session)
      })
      return holdFor(WAIT_HOLD, WORK, {}, async (tx) => !(await waitingStill(tx, id)))
    }
    case 'wait':
      await run.write('wait', async (tx, ctx) => waitFor(tx, ctx, await getSession(tx, id, true), choice.approval))
      return holdFor(WAIT_HOLD, WORK, {}, async (tx) => !(await waitingStill(tx, id)))
    case 'transition': {
      const moved = await run.write('transition', (tx, ctx) => transition(tx, ctx, id, choice.target))
      if (moved.kind === 'wait') return holdFor(WAIT_HOLD, WORK, {}, async (tx) => !(await waitingStill(tx, id)))
      if (moved.kind === 'refused') return failed({ code: 'PRECONDITIONS_NOT_MET', message: moved.message })
      return next(WORK)
    }
    case 'finish':
      await run.write('finish', (tx, ctx) => finish(tx, ctx, id))
      return done({ session_id: id })
  }
}

/** One flow a planning session. */
export const sessionFlow = defineFlow<State>({
  kind: 'planning.session',
  domain: 'planning',
  first: WORK,
  stages: { [WORK]: move },
  async onEnded(tx, ctx, { state, status, error }) {
    if (status === 'completed') return
    const session = await findSession(tx, state.session_id, true)
    if (session?.status !== 'in_progress') return
    session.status = status
    session.completed_at = isoTime(ctx.kernel.clock.now())
    session.waiting_on = null
    session.current_agent = null
    if (error) session.errors.push(error.message)
    for (const row of session.agents)
      if (row.state !== 'error') Object.assign(row, { state: 'idle', current_task: null })
    await putSession(tx, session)
    await say(tx, ctx, session, `session_${status}`, error?.message ?? `The session was ${status}`, {
      status,
      partial: session.partial,
      artifacts_generated: session.artifacts_generated,
      errors: session.errors,
    })
  },
})

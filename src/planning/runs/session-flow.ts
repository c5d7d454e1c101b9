import { defineFlow, done, failed, holdFor, next, type Outcome, type Run } from '../../kernel/runs/flow.ts'
import { displayNameOf } from '../agents/team.ts'
import { isAtLeast } from '../agents/turn.ts'
import { namedPlace } from '../inference/place.ts'
import { isoTime } from '../schema.ts'
import { loadBoard, lockEvent } from '../store/load-board.ts'
import { transition, waitFor } from './advance.ts'
import { choose, EXPIRED } from './choose-move.ts'
import { dropChunks } from './chunks.ts'
import { finish } from './finish-session.ts'
import { forkSession, sessionBorders } from './fork-session.ts'
import { enterCalendar } from './gather.ts'
import { vendorChat } from './group-chat.ts'
import { askQuestion, FACT_QUESTIONS, waitingStill } from './questions.ts'
import { escalateRejection } from './revisions.ts'
import { traceTools } from './save-turn.ts'
import { addMessage, findSession, getSession, putSession, say, setAgent } from './session-store.ts'
import { failAgent, settle } from './settle-turn.ts'
import { retrySession } from './start-session.ts'
import { progressOf, type Step } from './steps.ts'
import { work } from './work-turn.ts'

export const WAIT_HOLD = 'planning.session'
const WORK = 'work@1'
type State = { session_id: string; event_brief_id?: string }

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
  if (step.task === 'calendar') return calendar(run, step)
  const result = await run.step('turn', (key, signal) => work(run, step, key, signal), { agentId: step.agent })
  if ('failure' in result) {
    await run.write('failed', (tx, ctx) => failAgent(tx, ctx, id, step, result.failure))
    return next(WORK)
  }
  try {
    const { asked } = await run.write('settle', (tx, ctx) => settle(tx, ctx, id, step, result))
    if (asked) return holdFor(WAIT_HOLD, WORK, {}, async (tx) => !(await waitingStill(tx, id)))
  } catch (error) {
    const refusal = refusalOf(error)
    if (!refusal) throw error
    await run.write('refused', (tx, ctx) =>
      failAgent(tx, ctx, id, step, { code: 'OUTPUT_INVALID', message: `${displayNameOf(step.agent)}: ${refusal}` }),
    )
  }
  return next(WORK)
}

/** What a rule of the store has against a turn; null for every other error. A repeated step has it as a plain error with its name. */
const refusalOf = (error: unknown): string | null =>
  ['AppError', 'ValidationError'].includes((error as Error).name) ? (error as Error).message : null

const WITHOUT = 'Continue without the calendar entry'
const CALENDAR_DOWN = 'The calendar is unavailable'

/**
 * The calendar entry. From Intermediate on it is owed: when the tool fails for good a person is asked, at most twice; below it the plan goes on
 * without it and says so.
 */
async function calendar(run: Run<State>, step: Step): Promise<Outcome> {
  const id = run.state.session_id
  const { kernel } = run.ctx
  const before = await getSession(kernel.db, id)
  const answers = before.answers.filter(({ question }) => question.startsWith(CALENDAR_DOWN))
  const skip = answers.length > 1 || (answers[0] !== undefined && !/again/i.test(answers[0].answer))
  const uses = skip
    ? []
    : await run.step('calendar', async (key, signal) => {
        const board = await loadBoard(kernel.db, before.event_brief_id, new Date(kernel.clock.now()))
        const { VenueShortlist, VenueScorecard, LogisticsPlan } = board.artifacts
        const venue = VenueShortlist.find((one) => one.id === VenueScorecard?.selected_venue_id)
        const place = venue ? `${venue.venue_name}, ${venue.location}` : (namedPlace(board.brief.constraints) ?? '')
        return enterCalendar(kernel, board, LogisticsPlan?.calendar_name ?? 'event_planning', place, key, signal)
      })
  const problem = uses.find(({ tool_name, error }) => error && tool_name === 'create_calendar_event')?.error
  const asked = await run.write('calendar-entered', async (tx, ctx) => {
    const session = await getSession(tx, id, true)
    await traceTools(tx, ctx, session, step, uses)
    if (problem && isAtLeast(session.instruction_level, 'Intermediate')) {
      await askQuestion(tx, ctx, session, {
        agent: step.agent,
        prompt: `${CALENDAR_DOWN} (${problem.slice(0, 200)}). Try again, or continue without the entry?`,
        options: ['Try again', WITHOUT],
        context: { task: step.task, tool: 'create_calendar_event' },
      })
      await putSession(tx, session)
      return true
    }
    if (problem || skip)
      await addMessage(tx, ctx, session, {
        role: 'agent',
        agent: step.agent,
        content: 'The event has no calendar entry: the calendar could not be written.',
      })
    session.done.push(step.key)
    await setAgent(tx, ctx, session, step.agent, {
      state: 'idle',
      current_task: null,
      completed_at: isoTime(ctx.kernel.clock.now()),
      progress_percentage: progressOf(session, step.agent),
    })
    await putSession(tx, session)
    return false
  })
  return asked ? holdFor(WAIT_HOLD, WORK, {}, async (tx) => !(await waitingStill(tx, id))) : next(WORK)
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
      return failed({ code: 'ITERATION_LIMIT', message: choice.message })
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
    case 'escalate':
      await run.write('escalate', async (tx, ctx) => escalateRejection(tx, ctx, await getSession(tx, id, true), choice))
      return next(WORK)
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
  screen: ({ event_brief_id }) => (event_brief_id ? `/planning/${event_brief_id}` : '/planning'),
  work: { borders: sessionBorders, fork: forkSession },
  retry: async (ctx, { state }) => (await retrySession(ctx, state.session_id)).run_id,
  async onEnded(tx, ctx, { state, status, error }) {
    if (status === 'completed') return
    const session = await findSession(tx, state.session_id, true)
    if (session?.status !== 'in_progress') return
    session.status = status
    session.completed_at = isoTime(ctx.kernel.clock.now())
    session.waiting_on = null
    session.current_agent = null
    if (error) session.errors.push(error.message)
    await dropChunks(tx, session.session_id)
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

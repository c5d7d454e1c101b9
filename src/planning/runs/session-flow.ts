import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import { defineFlow, done, failed, holdFor, next, type Outcome, type Run } from '../../kernel/runs/flow.ts'
import type { TurnInput } from '../agents/turn.ts'
import { isBudgetBreached } from '../gates/budget-state.ts'
import { planTransition } from '../gates/transition.ts'
import { namedPlace } from '../inference/place.ts'
import { AGENT_DISPLAY_NAMES, type AgentName, isoTime, type LifecycleState } from '../schema.ts'
import { loadBoard, lockEvent } from '../store/load-board.ts'
import { appendDecision, appendTrace } from '../store/logs.ts'
import { patchBody, settleEvent } from '../store/write-artifact.ts'
import { transitionIn } from '../verbs/transition.ts'
import { finalPlan } from './final-plan.ts'
import { enterCalendar, gather } from './gather.ts'
import { vendorChat } from './group-chat.ts'
import { takeInjection } from './injections.ts'
import { type Performed, performTurn } from './perform-turn.ts'
import { askQuestion, FACT_QUESTIONS, waitingStill } from './questions.ts'
import { saveTurn, traceTools } from './save-turn.ts'
import { isExpired, mustQueue } from './session-limits.ts'
import {
  addMessage,
  agentCtx,
  findSession,
  getSession,
  putSession,
  type Session,
  say,
  setAgent,
} from './session-store.ts'
import { type Choice, chooseNext, progressOf, type Step } from './steps.ts'
import { pendingApprovalIds, tellRequested } from './tell-requested.ts'

export const WAIT_HOLD = 'planning.session'
const WORK = 'work@1'
const MAX_REVISIONS = 3
const EXPIRED = 'SESSION_EXPIRED: the question was not answered within 24 hours; what exists is kept'
type State = { session_id: string }

const nowOf = (ctx: Ctx) => new Date(ctx.kernel.clock.now())

/** Picks what comes next and shows who works on it. */
async function choose(
  tx: Tx,
  ctx: Ctx,
  id: string,
): Promise<Choice | { kind: 'over' | 'limit' | 'queue' | 'expired' }> {
  const found = await findSession(tx, id)
  if (found?.status !== 'in_progress') return { kind: 'over' }
  await lockEvent(tx, found.event_brief_id)
  const session = await getSession(tx, id, true)
  if (isExpired(session, ctx.kernel.clock.now())) {
    await say(tx, ctx, session, 'error', EXPIRED, { code: 'SESSION_EXPIRED' })
    return { kind: 'expired' }
  }
  if (session.iterations >= session.max_iterations) return { kind: 'limit' }
  if (await mustQueue(tx, ctx.kernel, session)) return { kind: 'queue' }
  session.iterations += 1
  session.waiting_on = null
  session.expires_at = null
  const choice = chooseNext(session, await loadBoard(tx, session.event_brief_id, nowOf(ctx)))
  if (choice.kind === 'turn') await handOff(tx, ctx, session, choice.step)
  await putSession(tx, session)
  return choice
}

async function handOff(tx: Tx, ctx: Ctx, session: Session, { agent, task }: Step): Promise<void> {
  const name = AGENT_DISPLAY_NAMES[agent]
  const hub = AGENT_DISPLAY_NAMES['event-planner']
  if (session.current_agent !== name) {
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

const mayAsk = (session: Session) =>
  session.interaction_mode === 'interactive' || (session.interaction_mode === 'collaborative' && session.asked === 0)

type TurnResult =
  | { performed: Performed; duration: number; uses: Awaited<ReturnType<typeof gather>>['uses'] }
  | { failure: { code: string; message: string } }

/** The agent's work outside the transaction: tools, then model or craft; one automatic repetition, then the agent has failed. */
async function work(run: Run<State>, step: Step, key: string, signal: AbortSignal): Promise<TurnResult> {
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
        message: `${AGENT_DISPLAY_NAMES[step.agent]} ${injected === 'agent_timeout' ? 'took too long' : 'failed'} twice in "${step.task}"`,
      },
    }
  const started = ctx.kernel.clock.now()
  for (let attempt = 1; ; attempt++) {
    try {
      const board = await loadBoard(ctx.kernel.db, session.event_brief_id, nowOf(ctx))
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
            message: `${AGENT_DISPLAY_NAMES[step.agent]}: ${(error as Error).message}`,
          },
        }
    }
  }
}

async function failAgent(
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
    agent_name: AGENT_DISPLAY_NAMES[step.agent],
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
async function settle(
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
    const board = await loadBoard(run.ctx.kernel.db, session.event_brief_id, nowOf(run.ctx))
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

/** The planner's endorsement of a Beginner budget that is not over and within its variance (5.3.2). */
async function endorse(tx: Tx, base: Ctx, session: Session): Promise<void> {
  const ctx = agentCtx(base, 'event-planner', session.correlation_id)
  const board = await loadBoard(tx, session.event_brief_id, nowOf(ctx))
  const decision = board.artifacts.BudgetDecision
  if (session.instruction_level !== 'Beginner' || !decision || isBudgetBreached(board)) return
  if (decision.status === 'rejected' || decision.approvals.some(({ version }) => version === decision.version)) return
  const at = isoTime(ctx.kernel.clock.now())
  await patchBody(tx, ctx, 'BudgetDecision', decision.id, {
    approvals: [
      ...decision.approvals,
      {
        approver: AGENT_DISPLAY_NAMES['event-planner'],
        role: 'Planning Authority',
        timestamp: at,
        kind: 'agent',
        version: decision.version,
      },
    ],
  })
  await appendDecision(tx, ctx, session.event_brief_id, {
    decision_type: 'endorsement',
    description: `Budget of ${decision.approved_total} endorsed for planning`,
    rationale: `Variance ${board.artifacts.CostModel!.variance_percent} % is within ${board.artifacts.CostModel!.variance_rules.max_variance_percent} %; a person still approves before the event is carried out.`,
    impacted_artifacts: [{ artifact_type: 'BudgetDecision', artifact_id: decision.id, version: decision.version }],
    session_id: session.session_id,
    agent_name: AGENT_DISPLAY_NAMES['event-planner'],
    instruction_level: session.instruction_level,
  })
}

type Moved =
  | { kind: 'moved' }
  | { kind: 'wait'; approval: string }
  | { kind: 'again' }
  | { kind: 'refused'; message: string }

async function waitFor(tx: Tx, ctx: Ctx, session: Session, approval: string): Promise<void> {
  session.waiting_on = { kind: 'approval', id: approval, since: isoTime(ctx.kernel.clock.now()) }
  const agent: AgentName = 'event-planner'
  session.current_agent = AGENT_DISPLAY_NAMES[agent]
  await setAgent(tx, ctx, session, agent, { state: 'waiting_approval', current_task: `waits for ${approval}` })
  await putSession(tx, session)
}

async function transition(tx: Tx, ctx: Ctx, id: string, target: LifecycleState): Promise<Moved> {
  const early = (await findSession(tx, id))!
  await lockEvent(tx, early.event_brief_id)
  const session = await getSession(tx, id, true)
  const from = (await loadBoard(tx, session.event_brief_id, nowOf(ctx))).brief.lifecycle_state
  if (from === 'Budget') await endorse(tx, ctx, session)
  const board = await settleEvent(tx, ctx, session.event_brief_id)
  const plan = planTransition({ board, now: nowOf(ctx) }, target)
  if (plan.ok) {
    await transitionIn(
      tx,
      agentCtx(ctx, 'event-planner', session.correlation_id),
      session.event_brief_id,
      { target_state: target },
      id,
    )
    await say(tx, ctx, session, 'lifecycle_transition', `${from} → ${target}`, { from_state: from, to_state: target })
    await putSession(tx, session)
    return { kind: 'moved' }
  }
  const pending = board.approvals.filter(({ status }) => status === 'pending')
  const relevant =
    from === 'Confirm'
      ? pending
      : pending.filter(({ approval_type }) => approval_type === 'budget_decision' || approval_type === 'change_request')
  if (relevant[0] && ['Budget', 'Logistics', 'Confirm'].includes(from)) {
    await waitFor(tx, ctx, session, relevant[0].approval_id)
    return { kind: 'wait', approval: relevant[0].approval_id }
  }
  const stale = ['rejected', 'superseded'].includes(board.artifacts.BudgetDecision?.status ?? '')
  if (stale && session.revisions < MAX_REVISIONS) {
    session.revisions += 1
    session.steps = [...(session.steps ?? []).filter((task) => task !== 'costs'), 'costs']
    session.done = session.done.filter((key) => key !== 'redo costs')
    await addMessage(tx, ctx, session, {
      role: 'agent',
      agent: 'event-planner',
      content: `The budget was not accepted: the Budget Analyst revises it (${session.revisions} of ${MAX_REVISIONS}).`,
    })
    await putSession(tx, session)
    return { kind: 'again' }
  }
  await say(tx, ctx, session, 'gate_failed', plan.message, {
    target_state: target,
    missing_artifacts: plan.missing_artifacts,
    failed_gates: plan.failed_gates,
  })
  if (session.revisions >= MAX_REVISIONS || from === 'Confirm')
    await appendDecision(tx, agentCtx(ctx, 'event-planner', session.correlation_id), session.event_brief_id, {
      decision_type: 'escalation',
      description: `The way to ${target} is blocked`,
      rationale: `${plan.failed_gates.length} checks fail: ${plan.failed_gates.join('; ').slice(0, 2000)}`,
      alternatives_considered: [
        {
          option: 'Decide again on a revised proposal',
          pros: ['Keeps the date'],
          cons: ['Another round'],
          rank: 1,
          score: null,
        },
        { option: 'Reduce the scope', pros: ['Cheaper'], cons: ['A smaller event'], rank: 2, score: null },
      ],
      session_id: id,
    })
  await putSession(tx, session)
  return { kind: 'refused', message: plan.failed_gates.join('; ') || plan.message }
}

async function finish(tx: Tx, base: Ctx, id: string): Promise<void> {
  const early = (await findSession(tx, id))!
  await lockEvent(tx, early.event_brief_id)
  const session = await getSession(tx, id, true)
  const ctx = agentCtx(base, 'event-planner', session.correlation_id)
  const board = await loadBoard(tx, session.event_brief_id, nowOf(base))
  const at = isoTime(base.kernel.clock.now())
  const made = finalPlan(board)
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

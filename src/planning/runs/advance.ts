import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import { displayNameOf } from '../agents/team.ts'
import { isBudgetBreached } from '../gates/budget-state.ts'
import { planTransition } from '../gates/transition.ts'
import { type AgentName, isoTime, type LifecycleState } from '../schema.ts'
import { loadBoard, lockEvent } from '../store/load-board.ts'
import { appendDecision } from '../store/logs.ts'
import { patchBody, settleEvent } from '../store/write-artifact.ts'
import { transitionIn } from '../verbs/transition.ts'
import { MAX_REVISIONS } from './revisions.ts'
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

const nowOf = (ctx: Ctx) => new Date(ctx.kernel.clock.now())

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
        approver: displayNameOf('event-planner'),
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
    agent_name: displayNameOf('event-planner'),
    instruction_level: session.instruction_level,
  })
}

type Moved =
  | { kind: 'moved' }
  | { kind: 'wait'; approval: string }
  | { kind: 'again' }
  | { kind: 'refused'; message: string }

/** Shows that the session waits for a person. */
export async function waitFor(tx: Tx, ctx: Ctx, session: Session, approval: string): Promise<void> {
  session.waiting_on = { kind: 'approval', id: approval, since: isoTime(ctx.kernel.clock.now()) }
  const agent: AgentName = 'event-planner'
  session.current_agent = displayNameOf(agent)
  await setAgent(tx, ctx, session, agent, { state: 'waiting_approval', current_task: `waits for ${approval}` })
  await putSession(tx, session)
}

/** Moves the event on when its gate opens; else waits for a person, has the budget revised, or is refused. */
export async function transition(tx: Tx, ctx: Ctx, id: string, target: LifecycleState): Promise<Moved> {
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
  // What an agent could not make is not mended by an approval: then the session ends and a retry fills the gap.
  if (relevant[0] && plan.missing_artifacts.length === 0 && ['Budget', 'Logistics', 'Confirm'].includes(from)) {
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

import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import { emit } from '../../kernel/events/emit.ts'
import type { Stored } from '../artifacts/definition.ts'
import { definitionOf } from '../artifacts/definitions.ts'
import { nextGate, nextState, planTransition } from '../gates/transition.ts'
import type { EventBrief, GatesReply, TransitionInput } from '../schema.ts'
import { loadBoard, lockEvent } from '../store/load-board.ts'
import { appendChange, appendDecision, appendTrace } from '../store/logs.ts'
import { bodyOf } from '../store/rows.ts'
import { settleEvent, writeArtifact } from '../store/write-artifact.ts'
import { requireEventAccess } from './access.ts'
import { draftPostmortem } from './postmortem.ts'
import { refreshRunbook } from './refresh-runbook.ts'
import { snapshotMetrics } from './snapshot-metrics.ts'

/** What the gate out of the current state says now; no side effect. */
export async function readGates(ctx: Ctx, id: string): Promise<GatesReply> {
  const board = await loadBoard(ctx.kernel.db, id, new Date(ctx.kernel.clock.now()))
  requireEventAccess(ctx.actor, board)
  const report = nextGate({ board })
  return {
    event_brief_id: id,
    current_state: board.brief.lifecycle_state,
    next_state: nextState(board.brief.lifecycle_state),
    passed: report?.passed ?? false,
    missing_artifacts: report?.missing_artifacts ?? [],
    failed_gates: report?.failed_gates ?? [],
    gate_results: report?.gate_results ?? [],
  }
}

/** Moves an event to its next state when all checks of the gate pass (1.5); else the refusal names every failed check. */
export async function transitionIn(
  tx: Tx,
  ctx: Ctx,
  id: string,
  { target_state: target, outcome, comment }: TransitionInput,
  sessionId?: string,
): Promise<EventBrief> {
  await lockEvent(tx, id)
  const now = new Date(ctx.kernel.clock.now())
  requireEventAccess(ctx.actor, await loadBoard(tx, id, now))
  const board = await settleEvent(tx, ctx, id)
  const current = board.brief
  const from = current.lifecycle_state
  const plan = planTransition({ board, ...(outcome ? { outcome } : {}) }, target)
  if (!plan.ok) {
    const { ok: _ok, code, message, ...lists } = plan
    throw new AppError(code, message, { ...lists, current: from, target })
  }
  const ref = { artifact_type: 'EventBrief', artifact_id: id, version: current.version + 1 }
  const change = await appendChange(tx, ctx, id, {
    change_type: 'lifecycle_transition',
    description: `${from} → ${target}${comment ? `: ${comment}` : ''}`,
    impact: `The event is in ${target}`,
    impacted_artifacts: [{ ...ref, field: 'lifecycle_state' }],
    previous_version: current.version,
    new_version: current.version + 1,
  })
  const body = {
    ...bodyOf(current),
    lifecycle_state: target,
    ...(target === 'Postmortem' ? { outcome: outcome ?? 'completed' } : {}),
  }
  await writeArtifact(tx, ctx, definitionOf('EventBrief'), {
    id,
    eventId: id,
    body,
    current: current as unknown as Stored,
    changeLogId: change.id,
  })
  if (from === 'Plan')
    await tx.query(
      'update planning.event_briefs set baseline_timeline_version = $2 where id = $1 and baseline_timeline_version is null',
      [id, board.artifacts.Timeline?.version ?? null],
    )
  await appendDecision(tx, ctx, id, {
    decision_type: 'gate_passed',
    description: `Gate ${plan.gate} passed: ${from} → ${target}`,
    rationale: comment?.trim() || `${plan.gate_results.length} of ${plan.gate_results.length} checks passed`,
    impacted_artifacts: [ref],
    session_id: sessionId ?? null,
  })
  await appendTrace(tx, ctx, id, {
    action: 'gate_check',
    status: 'success',
    agent_name: 'event-planner',
    ...(sessionId ? { session_id: sessionId } : {}),
    output_artifacts: [{ type: 'EventBrief', id, version: current.version + 1 }],
    correlation_id: ctx.correlationId,
  })
  await emit(tx, ctx, {
    domain: 'planning',
    type: 'lifecycle.transition',
    level: 'MILESTONE',
    stream: `brief:${id}`,
    summary: `${current.title}: ${from} → ${target}`,
    data: { event_brief_id: id, from_state: from, to_state: target, ...(sessionId ? { session_id: sessionId } : {}) },
  })
  const after = await settleEvent(tx, ctx, id)
  if (target === 'Execute') await refreshRunbook(tx, ctx, after)
  await snapshotMetrics(tx, ctx, after)
  if (target === 'Postmortem') await draftPostmortem(tx, ctx, after)
  return after.brief
}

export const transitionEvent = (ctx: Ctx, id: string, input: TransitionInput): Promise<EventBrief> =>
  ctx.kernel.db.transaction((tx) => transitionIn(tx, ctx, id, input))

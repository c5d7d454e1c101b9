import { requireAccess } from '../../kernel/access/scopes.ts'
import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import { answerDecisionIn } from '../../kernel/decisions/answer-decision.ts'
import { wasHandedTo } from '../../kernel/decisions/delegate-decision.ts'
import type { Decision as KernelDecision } from '../../kernel/decisions/schema.ts'
import { findDecision } from '../../kernel/decisions/store.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import { emit } from '../../kernel/events/emit.ts'
import type { Board } from '../artifacts/board.ts'
import type { Approval, ArtifactRef, BudgetDecision, DecideApprovalInput, DecisionType } from '../schema.ts'
import { isoTime } from '../schema.ts'
import { actorName } from '../store/actor-name.ts'
import { findApproval, updateApproval } from '../store/approvals.ts'
import { loadBoard, lockEvent, notFound } from '../store/load-board.ts'
import { appendChange, appendDecision } from '../store/logs.ts'
import { patchBody, settleEvent } from '../store/write-artifact.ts'
import { isPerson, mayDecide } from './access.ts'
import { tellApprover, titleOf } from './tell-approver.ts'

type Outcome = { status: 'approved' | 'rejected'; by: string; role: string; at: string; comments: string | null }

const alreadyDecided = (approval: Approval) =>
  new AppError(
    'APPROVAL_ALREADY_DECIDED',
    `Approval ${approval.approval_id} is ${approval.status}: it cannot be decided again`,
    {
      approval_id: approval.approval_id,
      status: approval.status,
      decided_by: approval.decided_by,
      decided_at: approval.decided_at,
    },
  )

/**
 * Decides an approval (84). The first decision wins, every other is APPROVAL_ALREADY_DECIDED; FORBIDDEN without the right. Records,
 * artifact, logs and event in one transaction.
 */
export async function decideApproval(ctx: Ctx, id: string, input: DecideApprovalInput) {
  const { kernel } = ctx
  return kernel.db.transaction(async (tx) => {
    const found = await findApproval(tx, id)
    if (!found) throw notFound('Approval', id)
    await lockEvent(tx, found.event_brief_id)
    const approval = (await findApproval(tx, id, true))!
    await requireRight(tx, ctx, approval)
    if (approval.status !== 'pending') throw alreadyDecided(approval)
    const actor = { ...ctx.actor, roles: [...new Set([...ctx.actor.roles, 'Approver'])] }
    await answerDecisionIn(tx, { ...ctx, actor }, id, {
      choice: input.decision,
      ...(input.comments ? { comment: input.comments } : {}),
    })
    const decided = (await findApproval(tx, id))!
    return { approval_id: id, status: decided.status, timestamp: decided.decided_at! }
  })
}

/** Throws FORBIDDEN without the right to decide this approval; the right of who hands one on goes with it. */
async function requireRight(tx: Tx, ctx: Ctx, approval: Approval): Promise<Board> {
  requireAccess(ctx.actor, 'approve')
  const board = await loadBoard(tx, approval.event_brief_id, new Date(ctx.kernel.clock.now()))
  const people = board.artifacts.StakeholderMap?.stakeholders ?? []
  const question = await findDecision(tx, approval.approval_id)
  if (!mayDecide(ctx.actor, approval, people, wasHandedTo(ctx.actor, question?.data ?? {})))
    throw new AppError(
      'FORBIDDEN',
      `${ctx.actor.name ?? ctx.actor.id} has no right to decide a ${approval.approval_type}: ask ${approval.escalation_path.join(', ') || 'an administrator'}`,
      { approval_type: approval.approval_type },
    )
  if (ctx.kernel.config.planning.requireSeparationOfDuties && approval.requested_by === ctx.actor.id)
    throw new AppError('FORBIDDEN', 'Nobody decides an own request: another person must decide this approval', {
      requested_by: approval.requested_by,
    })
  return board
}

/** An answer to one of our questions is kept for a while, or the question is handed on: only by who may decide. */
export async function requireApprovalRight(tx: Tx, ctx: Ctx, decision: KernelDecision): Promise<void> {
  const approval = await findApproval(tx, decision.id)
  if (approval) await requireRight(tx, ctx, approval)
}

/** Handed on in the inbox: the approval waits for that person now, who is told as the first was. */
export async function onApprovalDelegated(tx: Tx, ctx: Ctx, decision: KernelDecision): Promise<void> {
  const approval = await findApproval(tx, decision.id, true)
  if (!approval) return
  const moved = await updateApproval(tx, ctx, approval, { assigned_to: decision.users[0] ?? null })
  await tellApprover(tx, ctx, moved, await titleOf(tx, approval.event_brief_id), 'requested')
}

/** The kernel's answer to one of our questions takes effect, whichever surface it came from. */
export async function onPlanningAnswered(tx: Tx, ctx: Ctx, decision: KernelDecision): Promise<void> {
  const approval = await findApproval(tx, decision.id, true)
  if (!approval) return
  if (approval.status !== 'pending') throw alreadyDecided(approval)
  const board = await requireRight(tx, ctx, approval)
  const choice = decision.answer?.choice
  const status = choice === 'approved' || choice === 'approve' ? 'approved' : 'rejected'
  const person = (board.artifacts.StakeholderMap?.stakeholders ?? []).find((one) => isPerson(ctx.actor, one))
  await settleApproval(tx, ctx, board, approval, {
    status,
    by: actorName(ctx),
    role: person?.role ?? ctx.actor.roles.find((role) => role !== 'Approver') ?? 'Approver',
    at: isoTime(ctx.kernel.clock.now()),
    comments: decision.answer?.comment ?? null,
  })
}

const DECISION_TYPE: Record<string, DecisionType> = {
  BudgetDecision: 'budget_approval',
  VenueScorecard: 'venue_selection',
  VenueShortlist: 'venue_selection',
  VendorContracts: 'contract_approval',
  ChangeLog: 'human',
}

async function settleApproval(tx: Tx, ctx: Ctx, board: Board, approval: Approval, outcome: Outcome): Promise<void> {
  const eventId = approval.event_brief_id
  await updateApproval(tx, ctx, approval, {
    status: outcome.status,
    decided_at: outcome.at,
    decided_by: outcome.by,
    comments: outcome.comments,
  })
  const own: ArtifactRef = {
    artifact_type: approval.artifact_type,
    artifact_id: approval.artifact_id,
    version: approval.artifact_version,
  }
  for (const ref of [own, ...approval.covers]) await applyTo(tx, ctx, board, approval, ref, outcome)
  await emit(tx, ctx, {
    domain: 'planning',
    type: 'approval.decided',
    level: 'DECISION',
    stream: `brief:${eventId}`,
    summary: `${approval.approval_type} ${outcome.status} by ${outcome.by}`,
    data: {
      approval_id: approval.approval_id,
      approval_type: approval.approval_type,
      decision: outcome.status,
      decided_by: outcome.by,
      session_id: approval.session_id,
      event_brief_id: eventId,
    },
  })
  await settleEvent(tx, ctx, eventId)
}

async function applyTo(tx: Tx, ctx: Ctx, board: Board, approval: Approval, ref: ArtifactRef, outcome: Outcome) {
  const eventId = board.brief.id
  const { status, by, at } = outcome
  const entry = { approver: by, status, timestamp: at }
  const change = { approver: by, status, requested_at: approval.requested_at, decided_at: at }
  const settled: string[] = []
  if (ref.artifact_type === 'BudgetDecision') {
    const decision = board.artifacts.BudgetDecision as BudgetDecision
    const fields =
      status === 'approved'
        ? {
            status,
            approved_date: at,
            approvals: [
              ...decision.approvals,
              {
                approver: by,
                role: outcome.role,
                timestamp: at,
                kind: 'human',
                version: decision.version,
                ...(outcome.comments ? { comments: outcome.comments } : {}),
              },
            ],
          }
        : { status }
    await patchBody(tx, ctx, 'BudgetDecision', decision.id, fields)
    settled.push(...decision.change_log_ids)
  }
  if (ref.artifact_type === 'VendorContracts') await patchBody(tx, ctx, 'VendorContracts', ref.artifact_id, { status })
  if (ref.artifact_type === 'ChangeLog') settled.push(ref.artifact_id)
  if (ref.artifact_type === 'VendorContracts' || ref.artifact_type === 'VenueScorecard')
    await appendChange(tx, ctx, eventId, {
      change_type: ref.artifact_type === 'VendorContracts' ? 'contract_change' : 'venue_change',
      description: `${ref.artifact_type} ${ref.artifact_id} ${status} by ${by}`,
      impact: status === 'approved' ? 'The artifact is released' : 'The artifact needs a new proposal',
      impacted_artifacts: [ref],
      approvals: [change],
    })
  for (const id of settled) {
    const original = board.changes.find((one) => one.id === id)
    if (!original?.approvals.some((one) => one.status === 'pending')) continue
    await appendChange(tx, ctx, eventId, {
      change_type: original.change_type,
      description: `${original.description} — ${status} by ${by}`,
      impact: original.impact,
      impacted_artifacts: original.impacted_artifacts,
      approvals: [change],
      relates_to: id,
    })
  }
  await appendDecision(tx, ctx, eventId, {
    decision_type: DECISION_TYPE[ref.artifact_type] ?? 'human',
    description: `${approval.approval_type} ${ref.artifact_id} ${status}`,
    rationale: outcome.comments?.trim() || `${status} by ${by} (version ${ref.version})`,
    owner: by,
    alternatives_considered: [
      { option: 'approved', pros: [], cons: [] },
      { option: 'rejected', pros: [], cons: [] },
    ],
    impacted_artifacts: [ref],
    approvals: [entry],
    session_id: approval.session_id,
  })
}

import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import { closeDecision } from '../../kernel/decisions/answer-decision.ts'
import { raiseDecision } from '../../kernel/decisions/raise-decision.ts'
import type { Evidence } from '../../kernel/decisions/schema.ts'
import { emit } from '../../kernel/events/emit.ts'
import type { Board } from '../artifacts/board.ts'
import type { Approval, ApprovalType, ArtifactRef } from '../schema.ts'
import { isoTime } from '../schema.ts'
import { actorName } from '../store/actor-name.ts'
import { insertApproval, updateApproval } from '../store/approvals.ts'
import { nextId } from '../store/sequence.ts'
import { escalationPath, personAt } from './approval-path.ts'
import { tellApprover } from './tell-approver.ts'

/** What a run adds to the writes of its agents. */
export type RunInfo = {
  session_id: string
  instruction_level: 'Beginner' | 'Intermediate' | 'Advanced'
  approval_timeout_minutes?: number | undefined
  run_id?: string | undefined
}

export type NewApproval = {
  type: ApprovalType
  artifact: ArtifactRef
  covers?: ArtifactRef[]
  details: Record<string, unknown>
  title: string
  run?: RunInfo | undefined
}

const TITLES: Record<ApprovalType, string> = {
  budget_decision: 'Approve the budget',
  venue_selection: 'Approve the venue',
  vendor_contract: 'Approve the contract',
  change_request: 'Approve the change',
}

/** Asks the first person of the path and notes it for the escalation. One pending approval an artifact: an older one is superseded first. */
export async function raiseApproval(tx: Tx, ctx: Ctx, board: Board, wanted: NewApproval): Promise<Approval> {
  const { type, artifact, details, run } = wanted
  const eventId = board.brief.id
  const path = escalationPath(board, type, details['amount'] != null)
  const timeout =
    path.timeoutMinutes ??
    run?.approval_timeout_minutes ??
    (ctx.kernel.config.planning.approvalTimeoutMinutes as number)
  const now = ctx.kernel.clock.now()
  const approval: Approval = {
    approval_id: await nextId(tx, 'apr', eventId),
    approval_type: type,
    event_brief_id: eventId,
    artifact_type: artifact.artifact_type,
    artifact_id: artifact.artifact_id,
    artifact_version: artifact.version,
    covers: wanted.covers ?? [],
    status: 'pending',
    requested_at: isoTime(now),
    requested_by: actorName(ctx),
    session_id: run?.session_id ?? null,
    assigned_to: personAt(path.people, 0),
    escalation_level: 0,
    escalation_path: path.people,
    due_at: isoTime(now + timeout * 60_000),
    timeout_minutes: timeout,
    reminded_at: null,
    decided_at: null,
    decided_by: null,
    comments: null,
    details,
  }
  await insertApproval(tx, ctx, approval)
  await tellApprover(tx, ctx, approval, board.brief.title, 'requested')
  const evidence: Evidence[] = [
    {
      title: wanted.title,
      kind: 'artifact',
      value: details,
      href: `/app/planning/events/${eventId}`,
    },
  ]
  await raiseDecision(tx, ctx, {
    id: approval.approval_id,
    domain: 'planning',
    kind: 'approve',
    type,
    title: `${TITLES[type]}: ${wanted.title}`,
    prompt: `${board.brief.title}: ${wanted.title}`,
    options: [
      { id: 'approved', label: 'Approve' },
      { id: 'rejected', label: 'Reject' },
    ],
    evidence,
    confidential: type === 'vendor_contract',
    blocks: `${type === 'budget_decision' ? 'Logistics and ' : ''}the execution of ${board.brief.title}`,
    subject: { type: artifact.artifact_type, id: artifact.artifact_id },
    scope: eventId,
    roles: ['Approver', 'Finance'],
    users: path.people,
    deadline: approval.due_at,
    onTimeout: 'escalate',
    data: { approval_id: approval.approval_id, session_id: approval.session_id },
    ...(run?.run_id ? { runId: run.run_id } : {}),
  })
  await emit(tx, ctx, {
    domain: 'planning',
    type: 'approval.requested',
    level: 'DECISION',
    stream: `brief:${eventId}`,
    summary: `${TITLES[type]}: ${wanted.title}`,
    data: {
      approval_id: approval.approval_id,
      approval_type: type,
      due_at: approval.due_at,
      assigned_to: nameOf(board, approval.assigned_to),
      session_id: approval.session_id,
      event_brief_id: eventId,
    },
  })
  return approval
}

/** The event stream is no place for addresses: the person by name. */
const nameOf = (board: Board, person: string | null): string | null =>
  board.artifacts.StakeholderMap?.stakeholders.find(({ email }) => email !== null && email === person)?.name ?? person

/** Marks approvals as overtaken: deciding them is refused from now on. Decided ones only when `decided` too. */
export async function supersedeApprovals(
  tx: Tx,
  ctx: Ctx,
  board: Board,
  matches: (approval: Approval) => boolean,
  decided = false,
): Promise<Approval[]> {
  const found = board.approvals.filter(
    (approval) => (approval.status === 'pending' || (decided && approval.status === 'approved')) && matches(approval),
  )
  for (const approval of found) {
    const wasPending = approval.status === 'pending'
    Object.assign(approval, await updateApproval(tx, ctx, approval, { status: 'superseded' }))
    if (wasPending) await closeDecision(tx, ctx, approval.approval_id, 'superseded')
  }
  return found
}

import { isAllowed } from '../../kernel/access/scopes.ts'
import { type Ctx, systemCtx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import { wasHandedTo } from '../../kernel/decisions/delegate-decision.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import { emit } from '../../kernel/events/emit.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { tellSession } from '../runs/tell-session.ts'
import { AGENT_DISPLAY_NAMES, type Approval, isoTime } from '../schema.ts'
import { findApproval, toApproval, updateApproval } from '../store/approvals.ts'
import { lockEvent, notFound } from '../store/load-board.ts'
import { appendDecision } from '../store/logs.ts'
import { peopleOf } from '../store/stakeholders.ts'
import { isOnlyViewer, mayDecide } from './access.ts'
import { personAt } from './approval-path.ts'
import { tellApprover, titleOf } from './tell-approver.ts'

/** Approvals the caller may decide, oldest first (81). */
export async function pendingApprovals(ctx: Ctx, eventId?: string) {
  if (!isAllowed(ctx.actor, 'approve')) return []
  const { rows } = await ctx.kernel.db.query(
    `select a.id, a.body, m.id as map_id, m.body as map, d.data as question from planning.approvals a
       left join kernel.decisions d on d.id = a.id
       left join planning.stakeholder_maps m on m.event_brief_id = a.event_brief_id
      where a.status = 'pending' and ($1::text is null or a.event_brief_id = $1) order by a.requested_at, a.id limit 1000`,
    [eventId ?? null],
  )
  return rows
    .filter((row) =>
      mayDecide(
        ctx.actor,
        toApproval(row),
        row['map'] ? peopleOf(row['map_id'], row['map']) : [],
        wasHandedTo(ctx.actor, row['question'] ?? {}),
      ),
    )
    .map((row) => {
      const approval = toApproval(row)
      const { approval_id, approval_type, event_brief_id, artifact_id, artifact_type, artifact_version } = approval
      const { requested_at, requested_by, due_at, escalation_level, covers, details, assigned_to } = approval
      return {
        approval_id,
        approval_type,
        event_brief_id,
        artifact_id,
        artifact_type,
        artifact_version,
        requested_at,
        requested_by,
        due_at,
        escalation_level,
        assigned_to,
        covers,
        details,
      }
    })
}

type ListQuery = {
  status?: string | undefined
  approval_type?: string | undefined
  event_brief_id?: string | undefined
  limit: number
  offset: number
}

/** All approvals, newest first (82). */
export async function listApprovals(ctx: Ctx, { limit, offset, ...filter }: ListQuery) {
  const where = `($1::text is null or status = $1) and ($2::text is null or approval_type = $2)
    and ($3::text is null or event_brief_id = $3)`
  const values = [filter.status ?? null, filter.approval_type ?? null, filter.event_brief_id ?? null]
  const { rows } = await ctx.kernel.db.query(
    `select id, body from planning.approvals where ${where} order by requested_at desc, id desc limit $4 offset $5`,
    [...values, limit, offset],
  )
  const counted = await ctx.kernel.db.query(
    `select count(*)::int as total from planning.approvals where ${where}`,
    values,
  )
  return {
    data: rows.map((row) => forReader(ctx, toApproval(row))),
    total: counted.rows[0]!['total'] as number,
    limit,
    offset,
  }
}

export async function readApproval(ctx: Ctx, id: string): Promise<Approval> {
  const approval = await findApproval(ctx.kernel.db, id)
  if (!approval) throw notFound('Approval', id)
  return forReader(ctx, approval)
}

/** Viewers see that money and contracts wait, not their terms. */
export function forReader(ctx: Pick<Ctx, 'actor'>, approval: Approval): Approval {
  const secret = approval.approval_type === 'vendor_contract' || approval.approval_type === 'budget_decision'
  return secret && isOnlyViewer(ctx.actor) ? { ...approval, details: { redacted: true } } : approval
}

/** Re-bases `due_at` for a test (85). */
export async function setTestTimeout(ctx: Ctx, id: string, minutes: number) {
  return ctx.kernel.db.transaction(async (tx) => {
    const approval = await findApproval(tx, id, true)
    if (!approval) throw notFound('Approval', id)
    if (approval.status !== 'pending')
      throw new AppError('APPROVAL_ALREADY_DECIDED', `Approval ${id} is ${approval.status}`, { approval_id: id })
    const due_at = new Date(ctx.kernel.clock.now() + minutes * 60_000).toISOString()
    await moveQuestion(tx, await updateApproval(tx, ctx, approval, { due_at }))
    return { approval_id: id, due_at, escalation_path: approval.escalation_path }
  })
}

/** The question in the inbox is due and escalated as its approval. One that was handed on goes back to those who were asked first, too. */
async function moveQuestion(tx: Tx, { approval_id, due_at, escalation_level, escalation_path }: Approval) {
  await tx.query(
    `update kernel.decisions set deadline = $2, escalation_step = $3, data = data - 'overdue', updated_at = now(),
            escalated_at = case when escalation_step < $3 then now() else escalated_at end
      where id = $1 and status = 'open'`,
    [approval_id, due_at, escalation_level],
  )
  if (escalation_level > 0)
    await tx.query(
      `update kernel.decisions set users = array(select distinct unnest(users || $2::text[])),
              roles = array(select distinct unnest(roles || $3::text[])) where id = $1 and status = 'open' and data ? 'delegations'`,
      [approval_id, escalation_path, ['Approver', 'Finance']],
    )
}

/** Overdue approvals go to the next person, half-time ones get a reminder. A timeout never decides anything (5.3.3). Returns how many moved. */
export async function sweepApprovals(kernel: Kernel): Promise<number> {
  const now = kernel.clock.now()
  const { rows } = await kernel.db.query(
    `select id, event_brief_id from planning.approvals where status = 'pending' and (due_at <= $1
       or (body ->> 'reminded_at' is null and requested_at + (due_at - requested_at) / 2 <= $1)) order by due_at limit 100`,
    [new Date(now)],
  )
  for (const { id, event_brief_id } of rows) await remindOrEscalate(kernel, id as string, event_brief_id as string, now)
  return rows.length
}

async function remindOrEscalate(kernel: Kernel, id: string, eventId: string, now: number): Promise<void> {
  await kernel.db.transaction(async (tx) => {
    await lockEvent(tx, eventId)
    const { rows } = await tx.query(
      `select id, body, correlation_id from planning.approvals where id = $1 and status = 'pending' for update skip locked`,
      [id],
    )
    if (!rows[0]) return
    const approval = toApproval(rows[0])
    const ctx = systemCtx(kernel, { correlationId: rows[0]['correlation_id'] })
    const stream = `brief:${approval.event_brief_id}`
    const common = {
      approval_id: id,
      approval_type: approval.approval_type,
      event_brief_id: approval.event_brief_id,
      session_id: approval.session_id,
    }
    if (Date.parse(approval.due_at) > now) {
      if (approval.reminded_at) return
      await updateApproval(tx, ctx, approval, { reminded_at: isoTime(now) })
      await tellApprover(tx, ctx, approval, await titleOf(tx, approval.event_brief_id), 'reminded')
      await emit(tx, ctx, {
        domain: 'planning',
        type: 'approval.reminded',
        stream,
        summary: `${approval.approval_type} waits for ${approval.assigned_to ?? 'an approver'} until ${approval.due_at}`,
        data: { ...common, notified: approval.assigned_to, due_at: approval.due_at },
      })
      return
    }
    const level = approval.escalation_level + 1
    const next = personAt(approval.escalation_path, level)
    const moved = await updateApproval(tx, ctx, approval, {
      escalation_level: level,
      assigned_to: next,
      due_at: new Date(now + approval.timeout_minutes * 60_000).toISOString(),
      reminded_at: null,
    })
    await moveQuestion(tx, moved)
    await tellApprover(tx, ctx, moved, await titleOf(tx, approval.event_brief_id), 'escalated')
    await appendDecision(tx, ctx, approval.event_brief_id, {
      decision_type: 'approval_timeout',
      description: `${approval.approval_type} ${id} unanswered after ${approval.timeout_minutes} minutes`,
      rationale: `Escalation level ${level}: ${next ?? 'nobody left'} notified; path ${approval.escalation_path.join(' → ') || 'empty'}`,
      alternatives_considered: approval.escalation_path.map((person) => ({ option: person, pros: [], cons: [] })),
      impacted_artifacts: [
        {
          artifact_type: approval.artifact_type,
          artifact_id: approval.artifact_id,
          version: approval.artifact_version,
        },
      ],
      session_id: approval.session_id,
    })
    await emit(tx, ctx, {
      domain: 'planning',
      type: 'approval.escalated',
      level: 'DECISION',
      stream,
      summary: `${approval.approval_type} escalated to ${next ?? 'nobody'}`,
      data: { ...common, escalation_level: level, notified: next ? [next] : [] },
    })
    await tellSession(
      tx,
      ctx,
      approval.event_brief_id,
      'approval_escalated',
      `${approval.approval_type} goes to ${next ?? 'nobody'}: nobody decided in time`,
      {
        ...common,
        agent_name: AGENT_DISPLAY_NAMES['event-planner'],
        state: 'waiting_approval',
        escalation_level: level,
        notified: next ? [next] : [],
      },
    )
    tx.afterCommit(() => kernel.notifier.touch('decisions', id))
  })
}

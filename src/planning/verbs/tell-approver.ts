import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import { queueMessage } from '../../kernel/notify/outbox.ts'
import { isEmailAddress } from '../../kernel/notify/send-email.ts'
import type { Approval, ApprovalType } from '../schema.ts'

const NAMES: Record<ApprovalType, string> = {
  budget_decision: 'the budget',
  venue_selection: 'the venue',
  vendor_contract: 'a contract',
  change_request: 'a change',
}
const OPENINGS = {
  requested: 'You are asked to decide about',
  reminded: 'Half of the time is over: please decide about',
  escalated: 'Nobody has answered in time, so you are asked to decide about',
}

/**
 * Tells the person an approval waits for by e-mail, and WEBHOOK_URL, in the transaction of the request, reminder or escalation; whatever is
 * not configured is left out. It says what waits and until when, and no amounts or terms: those are behind the sign-in.
 */
export async function tellApprover(
  tx: Tx,
  ctx: Ctx,
  approval: Approval,
  title: string,
  why: keyof typeof OPENINGS,
): Promise<void> {
  const { config } = ctx.kernel
  const to = approval.assigned_to
  const { webhookUrl, webhookSecret } = config.notify
  if (webhookUrl)
    await queueMessage(tx, ctx, {
      channel: 'webhook',
      target: { url: webhookUrl, secret: webhookSecret ?? null, allow_private: true },
      type: `approval.${why}`,
      data: {
        approval_id: approval.approval_id,
        approval_type: approval.approval_type,
        event_brief_id: approval.event_brief_id,
        title,
        assigned_to: to,
        due_at: approval.due_at,
        escalation_level: approval.escalation_level,
      },
    })
  if (!config.notify.smtpHost || !to || !isEmailAddress(to)) return
  const base = config.core.publicUrl ?? `http://127.0.0.1:${config.core.port}`
  const what = `${NAMES[approval.approval_type]} of “${title}”`
  await queueMessage(tx, ctx, {
    channel: 'email',
    message: {
      to: [to],
      subject:
        `${why === 'escalated' ? 'Escalated: decide' : why === 'reminded' ? 'Reminder: decide' : 'Decide'} about ${what}`.slice(
          0,
          200,
        ),
      text: [
        `${OPENINGS[why]} ${what}.`,
        '',
        `Until: ${approval.due_at.replace('T', ' ').slice(0, 16)} UTC. Nothing is approved by waiting; after that the next person is asked.`,
        `Decide here: ${base}/app/planning/approvals?approval=${encodeURIComponent(approval.approval_id)}`,
        '',
        `Asked by ${approval.requested_by}. Approval ${approval.approval_id}, version ${approval.artifact_version} of ${approval.artifact_type}.`,
      ].join('\n'),
    },
  })
}

/** The title of an event for a message. */
export async function titleOf(tx: Tx, eventId: string): Promise<string> {
  const { rows } = await tx.query(`select body ->> 'title' as title from planning.event_briefs where id = $1`, [
    eventId,
  ])
  return (rows[0]?.['title'] as string | undefined) ?? eventId
}

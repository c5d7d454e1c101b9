import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import type { Decision } from '../../kernel/decisions/schema.ts'
import { displayNameOf } from '../agents/team.ts'
import { findApproval } from '../store/approvals.ts'
import { onPlanningAnswered } from '../verbs/settle-approval.ts'
import { wake } from './questions.ts'
import { addMessage, getSession, putSession, runningSession, say } from './session-store.ts'

/** An approval was decided: it takes effect, the session hears of it and looks again, all in one transaction. */
export async function onAnswered(tx: Tx, ctx: Ctx, decision: Decision): Promise<void> {
  await onPlanningAnswered(tx, ctx, decision)
  const approval = await findApproval(tx, decision.id)
  if (!approval) return
  const session = await runningSession(tx, approval.event_brief_id)
  if (!session) return
  await say(tx, ctx, session, 'approval_decided', `${approval.approval_type} ${approval.status}`, {
    approval_id: approval.approval_id,
    approval_type: approval.approval_type,
    decision: approval.status,
    decided_by: approval.decided_by,
    agent_name: displayNameOf('event-planner'),
  })
  if (approval.status === 'rejected') {
    const locked = await getSession(tx, session.session_id, true)
    const comment = approval.comments?.trim()
    locked.notes.push(`Rejected: ${approval.artifact_id}${comment ? ` — ${comment}` : ''}`)
    await addMessage(tx, ctx, locked, {
      role: 'user',
      content: `Rejected: ${approval.approval_type.replaceAll('_', ' ')}${comment ? ` — ${comment}` : ''}`,
      metadata: { approval_id: approval.approval_id },
    })
    await putSession(tx, locked)
  }
  await wake(tx, ctx.kernel, session)
}

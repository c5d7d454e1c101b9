import type { Ctx } from '../../kernel/context.ts'
import type { Reader, Tx } from '../../kernel/db/database.ts'
import { say } from './session-store.ts'

const PENDING = `select id, body from planning.approvals where event_brief_id = $1 and status = 'pending' order by requested_at, id`

export async function pendingApprovalIds(reader: Reader, eventId: string): Promise<Set<string>> {
  return new Set((await reader.query(PENDING, [eventId])).rows.map((row) => row['id'] as string))
}

/** Approvals a session raised since it looked last, as messages of its socket. */
export async function tellRequested(
  tx: Tx,
  ctx: Ctx,
  session: { session_id: string; event_brief_id: string },
  known: ReadonlySet<string>,
): Promise<void> {
  const { rows } = await tx.query(PENDING, [session.event_brief_id])
  for (const { body } of rows)
    if (!known.has(body['approval_id']))
      await say(tx, ctx, session, 'approval_requested', `Approval needed: ${body['approval_type']}`, {
        approval_id: body['approval_id'],
        approval_type: body['approval_type'],
        due_at: body['due_at'],
      })
}

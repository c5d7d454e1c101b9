import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import { listSessions, runningSession, say } from './session-store.ts'

/** Puts a message about an event on the socket of its running session, else of its last one. Without any session nothing is said. */
export async function tellSession(
  tx: Tx,
  ctx: Ctx,
  eventId: string,
  type: string,
  message: string,
  fields: Record<string, unknown>,
): Promise<void> {
  const session =
    (await runningSession(tx, eventId)) ??
    (await listSessions(tx, { event_brief_id: eventId, limit: 1, offset: 0 })).sessions[0]
  if (session) await say(tx, ctx, session, type, message, fields)
}

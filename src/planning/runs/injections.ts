import type { Kernel } from '../../kernel/kernel.ts'

/**
 * Takes a failure a test put in the way of this event's next matching turn; each is used once. The key of the step that took it is
 * stored, so that a repeated step meets the same failure.
 */
export async function takeInjection(
  kernel: Kernel,
  eventId: string,
  types: readonly string[],
  target: string,
  key: string,
): Promise<string | null> {
  const { rows } = await kernel.db.query(
    `update planning.injections set used_at = now(), used_by = $4 where id = (
       select id from planning.injections where event_brief_id = $1 and failure_type = any($2) and (target is null or target = $3)
          and (used_by = $4 or (used_at is null and created_at > now() - interval '24 hours')) order by created_at limit 1 for update)
     returning failure_type`,
    [eventId, types, target, key],
  )
  return (rows[0]?.['failure_type'] as string | undefined) ?? null
}

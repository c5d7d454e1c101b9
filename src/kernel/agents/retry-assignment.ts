import type { Ctx } from '../context.ts'
import type { Tx } from '../db/database.ts'
import { AppError } from '../errors/app-error.ts'
import { assignmentColumns, assignmentsOfPlan } from './assignment-store.ts'
import { announce, planOf } from './complete.ts'
import type { Assignment } from './plan-types.ts'
import { poolOf } from './pool.ts'

export type RetryChanges = { input?: Record<string, unknown>; capabilities?: readonly string[] }

/**
 * Queues failed assignments of a plan again under a new attempt number; what they alone blocked waits again. Earlier results
 * stay. Throws INVALID_STATE when one of them has not failed.
 */
export async function retryAssignments(
  tx: Tx,
  ctx: Ctx,
  planId: string,
  ids: readonly string[],
  changes: RetryChanges = {},
): Promise<{ requeued: Assignment[]; unblocked: Assignment[] }> {
  const plan = await planOf(tx, planId)
  if (!plan) throw new AppError('NOT_FOUND', `No plan ${planId}`, { resource: 'plan', id: planId })
  const policy = poolOf(plan.pool)
  const { rows: requeued } = await tx.query<Assignment>(
    `update kernel.assignments a set status = 'ready', attempt = attempt + 1, error = null, output = null, finished_at = null, agent_id = null, instance = null,
        accepted_at = null, queued_at = clock_timestamp(), losses = 0, bad_results = 0, excluded = '{}', blocked_by = '{}', checkpoint = null, not_before = null,
        input = case when $2::jsonb is null then input else input || $2::jsonb end, capabilities = coalesce($3::text[], capabilities)
      where id = any ($1) and status = 'failed' returning ${assignmentColumns('a')}`,
    [ids, changes.input ? JSON.stringify(changes.input) : null, changes.capabilities ?? null],
  )
  if (requeued.length !== ids.length)
    throw new AppError('INVALID_STATE', 'Only a failed subtask can be retried', { requested: ids })
  const unblocked = await unblock(tx, planId)
  await tx.query(`update kernel.plans set status = 'open', settled_at = null where id = $1`, [planId])
  await announce(tx, ctx.kernel, policy, new Map([[planId, plan]]), [
    ...requeued.map((assignment) => ({ kind: 'retried' as const, assignment })),
    ...unblocked.map((assignment) => ({ kind: 'unblocked' as const, assignment })),
  ])
  tx.afterCommit(() => ctx.kernel.notifier.touch('assignments', plan.pool))
  return { requeued: requeued.sort((a, b) => a.ordinal - b.ordinal), unblocked }
}

/** Recomputes blocked assignments from what is failed now: blocked by nothing any more means pending (or ready) again. */
async function unblock(tx: Tx, planId: string): Promise<Assignment[]> {
  const all = await assignmentsOfPlan(tx, planId)
  const byKey = new Map(all.map((a) => [a.key, a]))
  const rootsOf = (a: Assignment, seen = new Set<string>()): Set<string> => {
    const roots = new Set<string>()
    for (const key of a.depends_on) {
      if (seen.has(key)) continue
      seen.add(key)
      const needed = byKey.get(key)
      if (!needed) continue
      if (needed.status === 'failed') roots.add(key)
      for (const root of rootsOf(needed, seen)) roots.add(root)
    }
    return roots
  }
  const unblocked: Assignment[] = []
  for (const a of all.filter((one) => one.status === 'blocked')) {
    const roots = [...rootsOf(a)]
    const free = roots.length === 0
    const { rows } = await tx.query<Assignment>(
      `update kernel.assignments a set blocked_by = $2,
          status = case when $3 then (case when open_prerequisites = 0 then 'ready' else 'pending' end) else 'blocked' end,
          queued_at = case when $3 and open_prerequisites = 0 then clock_timestamp() else queued_at end
        where id = $1 returning ${assignmentColumns('a')}`,
      [a.id, roots, free],
    )
    if (free && rows[0]) unblocked.push(rows[0])
  }
  return unblocked
}

import type { Ctx } from '../context.ts'
import type { Tx } from '../db/database.ts'
import { assignmentColumns } from './assignment-store.ts'
import { announce, freeAgents, planOf } from './complete.ts'
import type { Assignment } from './plan-types.ts'
import { poolOf } from './pool.ts'
import { tellAgentToStop } from './stop-work.ts'

/** Ends every open assignment of a plan; running agents are told to stop after commit. Returns the cancelled ones. */
export async function cancelPlan(tx: Tx, ctx: Ctx, planId: string): Promise<Assignment[]> {
  const plan = await planOf(tx, planId)
  if (!plan) return []
  const policy = poolOf(plan.pool)
  // In id order, as whoever else locks several assignments does.
  const open = await tx.query<Assignment>(
    `select id, agent_id, status from kernel.assignments
      where plan_id = $1 and status in ('pending', 'ready', 'running', 'blocked') order by id for update`,
    [planId],
  )
  const running = open.rows.filter(({ status }) => status === 'running')
  const { rows } = await tx.query<Assignment>(
    `update kernel.assignments a set status = 'cancelled', finished_at = now(), lease_until = null, waiting_reason = null
      where id = any ($1) returning ${assignmentColumns('a')}`,
    [open.rows.map(({ id }) => id)],
  )
  const runningIds = new Set(running.map(({ id }) => id))
  await tx.query(
    `update kernel.attempts set status = 'cancelled', ended_at = now() where assignment_id = any ($1) and status = 'running'`,
    [[...runningIds]],
  )
  await freeAgents(
    tx,
    plan.pool,
    running.map(({ agent_id }) => agent_id),
  )
  await tx.query(`update kernel.plans set status = 'cancelled', settled_at = now() where id = $1`, [planId])
  await announce(
    tx,
    ctx.kernel,
    policy,
    new Map([[planId, plan]]),
    rows.map((assignment) => ({ kind: 'cancelled' as const, assignment })),
  )
  tx.afterCommit(() => {
    ctx.kernel.notifier.touch('assignments', plan.pool)
    for (const assignment of rows)
      if (runningIds.has(assignment.id)) void tellAgentToStop(ctx.kernel, policy, assignment)
  })
  return rows
}

import type { Tx } from '../db/database.ts'
import type { Kernel } from '../kernel.ts'
import { assignmentColumns } from './assignment-store.ts'
import { announce, blockDescendants, freeAgents, planOf, settleIfDone } from './complete.ts'
import type { Assignment, AssignmentChange } from './plan-types.ts'
import type { PoolPolicy } from './pool.ts'

export type RequeueOptions = {
  /** `lost`: the attempt counts as lost, the next one gets a new number and goes to the front of its priority class. */
  kind: 'lost' | 'refused' | 'unreachable'
  reason: string
  notBeforeMs?: number
  excludeAgent?: string
}

/**
 * Puts a running assignment back into the queue with its checkpoint. Lost too often, it fails AGENT_LOST and its descendants are
 * blocked. An assignment that is no longer running under this attempt is left alone.
 */
export async function requeue(
  tx: Tx,
  kernel: Kernel,
  policy: PoolPolicy,
  id: string,
  attempt: number,
  options: RequeueOptions,
): Promise<Assignment | undefined> {
  const before = await tx.query<Assignment & { plan_id: string }>(
    'select plan_id, agent_id, losses from kernel.assignments where id = $1',
    [id],
  )
  if (!before.rows[0]) return undefined
  const plan = await planOf(tx, before.rows[0].plan_id)
  if (!plan) return undefined
  const lost = options.kind === 'lost'
  const counts = options.kind !== 'refused'
  const tooOften = lost && before.rows[0].losses >= policy.maxLosses
  const error = `AGENT_LOST: the agent working on it was lost ${before.rows[0].losses + 1} times, last: ${options.reason}`
  const { rows } = await tx.query<Assignment>(
    `update kernel.assignments a set
        status = case when $3 then 'failed' else 'ready' end, error = case when $3 then $4 else null end,
        finished_at = case when $3 then now() end,
        attempt = case when $5 and not $3 then attempt + 1 else attempt end, losses = losses + case when $6 then 1 else 0 end,
        front = front or $6, lease_until = null, accepted_at = null, token_hash = null, agent_id = null, instance = null, missed = 0,
        not_before = case when $7::float8 > 0 then now() + make_interval(secs => $7::float8 / 1000) end,
        excluded = case when $8::text is null then excluded else array_append(array_remove(excluded, $8), $8) end
      where id = $1 and status = 'running' and attempt = $2 returning ${assignmentColumns('a')}`,
    [id, attempt, tooOften, error, counts, lost, options.notBeforeMs ?? 0, options.excludeAgent ?? null],
  )
  const assignment = rows[0]
  if (!assignment) return undefined
  const agentId = before.rows[0].agent_id
  await tx.query('update kernel.attempts set status = $3, ended_at = now() where assignment_id = $1 and attempt = $2', [
    id,
    attempt,
    lost ? 'lost' : 'refused',
  ])
  await tx.query('delete from kernel.shared_locks where owner = $1', [`${id}/${attempt}`])
  await freeAgents(tx, policy.name, [agentId])
  const changes: AssignmentChange[] = [
    tooOften
      ? {
          kind: 'failed',
          assignment,
          result: { status: 'failed', error, executionTime: 0.001 },
          resultAttempt: attempt,
          ...(agentId ? { agentId } : {}),
        }
      : { kind: lost ? 'requeued' : 'refused', assignment, reason: options.reason, ...(agentId ? { agentId } : {}) },
  ]
  if (tooOften)
    for (const blocked of await blockDescendants(tx, assignment)) changes.push({ kind: 'blocked', assignment: blocked })
  await announce(tx, kernel, policy, new Map([[plan.id, plan]]), changes)
  if (tooOften) await settleIfDone(tx, kernel, [plan])
  tx.afterCommit(() => kernel.notifier.touch('assignments', policy.name))
  return assignment
}

/** Ends an assignment from the server's side: time limit, no capable agent, unusable results. */
export async function failAssignment(
  tx: Tx,
  kernel: Kernel,
  policy: PoolPolicy,
  id: string,
  error: string,
  attemptStatus: 'failed' | 'timed_out' = 'failed',
  executionTime = 0.001,
): Promise<Assignment | undefined> {
  const before = await tx.query<Assignment>('select plan_id, agent_id, status from kernel.assignments where id = $1', [
    id,
  ])
  if (!before.rows[0]) return undefined
  const plan = await planOf(tx, before.rows[0].plan_id)
  if (!plan) return undefined
  const { rows } = await tx.query<Assignment>(
    `update kernel.assignments a set status = 'failed', error = $2, finished_at = now(), lease_until = null, token_hash = null, waiting_reason = null
      where id = $1 and status in ('ready', 'running') returning ${assignmentColumns('a')}`,
    [id, error],
  )
  const assignment = rows[0]
  if (!assignment) return undefined
  await tx.query(
    `update kernel.attempts set status = $3, ended_at = now() where assignment_id = $1 and attempt = $2 and status = 'running'`,
    [id, assignment.attempt, attemptStatus],
  )
  await tx.query('delete from kernel.shared_locks where owner = $1', [`${id}/${assignment.attempt}`])
  if (before.rows[0].status === 'running') await freeAgents(tx, policy.name, [assignment.agent_id])
  const changes: AssignmentChange[] = [
    {
      kind: 'failed',
      assignment,
      result: { status: 'failed', error, executionTime },
      resultAttempt: assignment.attempt,
      ...(assignment.agent_id ? { agentId: assignment.agent_id } : {}),
    },
  ]
  for (const blocked of await blockDescendants(tx, assignment)) changes.push({ kind: 'blocked', assignment: blocked })
  await announce(tx, kernel, policy, new Map([[plan.id, plan]]), changes)
  await settleIfDone(tx, kernel, [plan])
  tx.afterCommit(() => kernel.notifier.touch('assignments', policy.name))
  return assignment
}

import type { Kernel } from '../kernel.ts'
import type { PoolPolicy } from './pool.ts'
import { requeue } from './requeue.ts'

/**
 * A claim commits, and the connection dies before the answer comes: this process holds work it knows nothing of. Whatever is claimed in its name and not
 * among `held` (`assignment/attempt`) goes back to the queue under the next attempt number, as an agent may have been told.
 */
export async function returnUnknownClaims(
  kernel: Kernel,
  policy: PoolPolicy,
  held: ReadonlySet<string>,
): Promise<number> {
  const { rows } = await kernel.db.query(
    `select id, attempt from kernel.assignments
      where pool = $1 and claimer = $2 and status = 'running' and (accepted_at is null or instance = $2)
        and not (id || '/' || attempt = any ($3)) order by id`,
    [policy.name, kernel.processId, [...held]],
  )
  for (const { id, attempt } of rows)
    await kernel.db.transaction((tx) =>
      requeue(tx, kernel, policy, id, attempt, {
        kind: 'unreachable',
        reason: 'the answer to the claim was lost with the database connection',
      }),
    )
  return rows.length
}

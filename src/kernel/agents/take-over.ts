import type { Tx } from '../db/database.ts'
import type { Assignment } from './plan-types.ts'

type Done = Pick<Assignment, 'key' | 'output' | 'agent_id' | 'started_at' | 'finished_at'>

/**
 * Marks assignments of a plan just delegated as done, with the outputs of another plan; what waited for nothing else is ready when the
 * transaction commits. The caller keeps at least one assignment of the plan open.
 */
export async function takeOver(tx: Tx, planId: string, done: readonly Done[]): Promise<void> {
  if (done.length === 0) return
  await tx.query(
    `update kernel.assignments a set status = 'completed', output = g.output, agent_id = g.agent_id, attempt = 1, started_attempts = 1,
            started_at = g.started_at, finished_at = g.finished_at
       from jsonb_to_recordset($2::jsonb) as g (key text, output jsonb, agent_id text, started_at timestamptz, finished_at timestamptz)
      where a.plan_id = $1 and a.key = g.key`,
    [
      planId,
      JSON.stringify(
        done.map(({ key, output, agent_id, started_at, finished_at }) => ({
          key,
          output,
          agent_id,
          started_at,
          finished_at,
        })),
      ),
    ],
  )
  await tx.query(
    `update kernel.assignments a
        set open_prerequisites = n.open, status = case when n.open = 0 then 'ready' else 'pending' end,
            queued_at = case when n.open = 0 then coalesce(a.queued_at, clock_timestamp()) end
       from (select d.id, count(p.id) filter (where p.status <> 'completed')::int as open
               from kernel.assignments d join kernel.assignment_edges e on e.dependent = d.id join kernel.assignments p on p.id = e.prerequisite
              where d.plan_id = $1 and d.status in ('pending', 'ready') group by d.id) n
      where a.id = n.id`,
    [planId],
  )
}

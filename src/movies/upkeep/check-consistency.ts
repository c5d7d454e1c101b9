import type { Kernel } from '../../kernel/kernel.ts'

export type Difference = { kind: string; id: string; was: unknown; is: unknown }

/** Repairs what has drifted apart and logs it: load of agents, status of agents, status of projects (contract 3.8). */
export async function checkConsistency(kernel: Kernel): Promise<Difference[]> {
  const differences = await kernel.db.transaction(async (tx) => {
    const load = await tx.query(
      `with actual as (select a.agent_id, a.running as was, (select count(*)::int from movies.tasks t where t.agent_id = a.agent_id and t.status = 'running') as is
                         from movies.agents a for update of a)
       update movies.agents a set running = actual.is,
              status = case when a.status in ('available', 'busy') then case when actual.is >= a.max_concurrent_tasks then 'busy' else 'available' end else a.status end
         from actual where a.agent_id = actual.agent_id and actual.was <> actual.is returning a.agent_id as id, actual.was, actual.is`,
    )
    const busy = await tx.query(
      `update movies.agents set status = 'available' where status = 'busy' and running < max_concurrent_tasks returning agent_id as id`,
    )
    const projects = await tx.query(
      `update movies.projects p set status = 'in_production' where status <> 'in_production'
          and exists (select 1 from movies.workflows w where w.project_id = p.project_id and w.status in ('running', 'paused')) returning project_id as id`,
    )
    const idle = await tx.query(
      `update movies.projects p set status = case when exists (select 1 from movies.workflows w where w.project_id = p.project_id and w.status = 'completed')
            then 'completed' else 'draft' end
        where status = 'in_production'
          and not exists (select 1 from movies.workflows w where w.project_id = p.project_id and w.status in ('running', 'paused')) returning project_id as id, status as is`,
    )
    return [
      ...load.rows.map((row) => ({ kind: 'agent load', id: row['id'], was: row['was'], is: row['is'] })),
      ...busy.rows.map((row) => ({ kind: 'agent status', id: row['id'], was: 'busy', is: 'available' })),
      ...projects.rows.map((row) => ({ kind: 'project status', id: row['id'], was: null, is: 'in_production' })),
      ...idle.rows.map((row) => ({ kind: 'project status', id: row['id'], was: 'in_production', is: row['is'] })),
    ]
  })
  for (const difference of differences) kernel.log.warn(difference, 'movie records had drifted apart and were repaired')
  return differences
}

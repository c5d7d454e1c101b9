import type { Tx } from '../../kernel/db/database.ts'
import type { EngineState } from '../engine/engine-state.ts'

/**
 * A project is in production while a workflow of it is active; completed when the last one has completed; cancelled when
 * the film was finally rejected. Otherwise it keeps its status (contract 1.8).
 */
export async function writeProjectStatus(tx: Tx, s: EngineState) {
  const rejected =
    s.decisions.some((d) => d.point === 'final_approval' && d.choice === 'rejected') && s.status === 'cancelled'
  await tx.query(
    `update movies.projects p set updated_at = now(), status = case
        when exists (select 1 from movies.workflows w where w.project_id = p.project_id and w.status in ('running', 'paused')) then 'in_production'
        when $2 then 'cancelled'
        when $3 = 'completed' then 'completed'
        else p.status end
      where project_id = $1`,
    [s.project_id, rejected, s.status],
  )
}

import { systemCtx } from '../../kernel/context.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { checkClock, serviceDown } from '../engine/control-inputs.ts'
import { TASK_SERVICE } from '../execute/execute-task.ts'
import { changeIn } from '../workflow/change-workflow.ts'

const OUTAGE = "interval '30 minutes'"

/** Running longer than twice the expected time fails a workflow; a service away for half an hour pauses it. */
export async function watchClock(kernel: Kernel): Promise<void> {
  const ctx = systemCtx(kernel)
  const limit = kernel.config.movies.timeoutHours * 3600 * 2
  const late = await kernel.db.query(
    `select workflow_id from movies.workflows where status = 'running' and not queued and created_at < now() - make_interval(secs => $1)`,
    [limit],
  )
  for (const row of late.rows)
    await kernel.db.transaction((tx) =>
      changeIn(tx, ctx, row['workflow_id'], (w) => void checkClock(w, { timeLimitSeconds: limit })),
    )
  const away = await kernel.db.query(
    `select workflow_id from movies.workflows where status = 'running' and (engine::jsonb->>'outage_since')::timestamptz < now() - ${OUTAGE}`,
  )
  for (const row of away.rows)
    await kernel.db.transaction((tx) => changeIn(tx, ctx, row['workflow_id'], (w) => serviceDown(w, TASK_SERVICE)))
}

/** While work is under way a checkpoint is made at least this often. */
export async function keepCheckpoints(kernel: Kernel): Promise<void> {
  const ctx = systemCtx(kernel)
  const { rows } = await kernel.db.query(
    `select w.workflow_id from movies.workflows w
      where w.status = 'running' and exists (select 1 from movies.tasks t where t.workflow_id = w.workflow_id and t.status = 'running')
        and not exists (select 1 from movies.checkpoints c where c.workflow_id = w.workflow_id and c.created_at > now() - make_interval(secs => $1))`,
    [kernel.config.movies.checkpointSeconds],
  )
  for (const row of rows)
    await kernel.db.transaction((tx) =>
      changeIn(tx, ctx, row['workflow_id'], () => undefined, { checkpoint: 'interval' }),
    )
}

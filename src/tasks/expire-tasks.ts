import { systemCtx } from '../kernel/context.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Expired } from '../kernel/module.ts'
import { deleteTask } from './control-task.ts'

const ENDED = `status in ('completed', 'failed', 'cancelled') and finished_at < $1`
const BATCH = 100

/** Tasks that ended before a time go with their results, files, logs and events; logs without a task go by their own time. */
export async function expireTasks(kernel: Kernel, before: Date, dry: boolean): Promise<Expired[]> {
  const { db } = kernel
  const count = async (sql: string) => (await db.query(sql, [before])).rows[0]!['n'] as number
  const expired = [
    {
      what: 'tasks with results and files',
      count: await count(`select count(*)::int as n from tasks.tasks where ${ENDED}`),
    },
    {
      what: 'log entries',
      count: await count('select count(*)::int as n from tasks.agent_logs where created_at < $1'),
    },
  ]
  if (dry) return expired
  for (;;) {
    const { rows } = await db.query(`select id from tasks.tasks where ${ENDED} order by finished_at limit ${BATCH}`, [
      before,
    ])
    for (const { id } of rows) {
      await deleteTask(systemCtx(kernel), id)
      await db.transaction(async (tx) => {
        await tx.query('delete from kernel.events where stream = $1', [id])
        await tx.query('delete from kernel.event_streams where stream = $1', [id])
      })
    }
    if (rows.length < BATCH) break
  }
  await db.query('delete from tasks.agent_logs where created_at < $1', [before])
  return expired
}

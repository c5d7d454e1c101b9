import os from 'node:os'
import { systemCtx } from '../../kernel/context.ts'
import { isProcessAlive } from '../../kernel/db/embedded-server.ts'
import type { SilenceWatch } from '../../kernel/db/watch-silence.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { failTask, releaseTask } from '../engine/task-inputs.ts'
import { retryPolicy } from '../execute/execute-task.ts'
import { changeIn, lockWorkflow } from '../workflow/change-workflow.ts'

const SILENT = "interval '10 seconds'"

/** Says that this process lives. Answers the store's clock in ms. */
export async function beat(kernel: Kernel): Promise<number> {
  const { rows } = await kernel.db.query(
    `insert into movies.executors (executor, host, pid) values ($1, $2, $3) on conflict (executor) do update set seen_at = now()
     returning extract(epoch from now())::float8 * 1000 as now`,
    [kernel.processId, os.hostname(), process.pid],
  )
  return rows[0]!['now']
}

export const sayGoodbye = (kernel: Kernel) =>
  kernel.db.query('delete from movies.executors where executor = $1', [kernel.processId])

/**
 * Gives back what nobody works on any more: tasks of a process that is gone and claims of this process that it does not hold, because the answer
 * to the claim was lost with the connection (neither counted as a try), tasks whose lease has ended and tasks of an agent that went offline
 * (the agent is lost, at most three times). `holds` is asked after the look: a claim that it saw was known here before. Answers how many.
 */
export async function recoverTasks(
  kernel: Kernel,
  holds: (claim: string) => boolean,
  silence: SilenceWatch,
): Promise<number> {
  const dead = await deadExecutors(kernel, silence)
  const { rows } = await kernel.db.query(
    `select t.task_id, t.workflow_id, t.claim, case when t.executor is null or t.executor = any ($1) then 'executor'
            when t.lease_until < now() then 'lease' else 'offline' end as reason
       from movies.tasks t left join movies.agents a using (agent_id)
      where t.status = 'running' and (t.executor is null or t.executor = any ($1) or t.lease_until < now()
            or not exists (select 1 from movies.executors e where e.executor = t.executor)
            or (a.status = 'offline' and a.offline_reason in ('health', 'operator') and a.transport <> 'builtin')
            or (a.agent_id is null))`,
    [dead],
  )
  const { rows: own } = await kernel.db.query(
    `select task_id, workflow_id, claim, 'executor' as reason from movies.tasks where status = 'running' and executor = $1`,
    [kernel.processId],
  )
  const lost = [...rows, ...own.filter((row) => !holds(row['claim']))] as Lost[]
  for (const row of lost) await giveBack(kernel, row)
  if (dead.length > 0) await kernel.db.query('delete from movies.executors where executor = any ($1)', [dead])
  return lost.length
}

type Lost = { task_id: string; workflow_id: string; claim: string | null; reason: 'executor' | 'lease' | 'offline' }

async function giveBack(kernel: Kernel, { workflow_id, task_id, claim, reason }: Lost) {
  const ctx = systemCtx(kernel)
  await kernel.db.transaction(async (tx) => {
    await lockWorkflow(tx, ctx, workflow_id)
    const { rows } = await tx.query(
      `select 1 from movies.tasks where task_id = $1 and claim is not distinct from $2 and status = 'running'`,
      [task_id, claim],
    )
    if (rows.length === 0) return // ended or given to somebody else meanwhile
    await changeIn(tx, ctx, workflow_id, (w) => {
      if (reason === 'executor') releaseTask(w, task_id)
      else
        failTask(
          w,
          task_id,
          {
            type: 'AGENT_LOST',
            message: reason === 'lease' ? 'The agent did not report within its time' : 'The agent went offline',
            category: 'agent_lost',
          },
          retryPolicy(kernel),
        )
    })
    tx.afterCommit(() => kernel.notifier.touch('movies-stop-task', task_id))
  })
}

/** Not seen for a while that counts, or last seen in a future that the clock was set back from; or of this host and without a process. */
async function deadExecutors(kernel: Kernel, silence: SilenceWatch): Promise<string[]> {
  const { rows } = await kernel.db.query(
    `select executor, host, pid, seen_at not between now() - ${SILENT} and now() + ${SILENT} as silent from movies.executors where executor <> $1`,
    [kernel.processId],
  )
  return rows
    .filter(
      (row) => (row['silent'] && silence.counts) || (row['host'] === os.hostname() && !isProcessAlive(row['pid'])),
    )
    .map((row) => row['executor'] as string)
}

import { gather } from '../kernel/agents/gather.ts'
import type { GivenAssignment } from '../kernel/agents/plan-types.ts'
import type { Reader } from '../kernel/db/database.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { modelBudgetFor } from '../kernel/runs/run-limits.ts'
import type { RunLimits } from '../kernel/runs/schema.ts'
import type { FileAttachment, SubTask } from './schema.ts'
import { writeContext } from './write-context.ts'

type StepRow = {
  attachments: FileAttachment[]
  uploads_folder: string | null
  subtask: SubTask
  run_id: string | null
  limits: RunLimits | null
}

/** Steps handed out together are read together. Undefined: the task was removed meanwhile. */
const readStep = gather(async (kernel: Kernel, _scope: Kernel, asked: readonly { taskId: string; key: string }[]) => {
  const { rows } = await kernel.db.query<StepRow & { asked: number }>(
    `select g.n as asked, t.attachments, t.uploads_folder, s as subtask, t.run_id, r.limits
         from unnest($1::text[], $2::text[]) with ordinality as g (task_id, key, n)
         join tasks.tasks t on t.id = g.task_id
         left join kernel.runs r on r.id = t.run_id
         cross join lateral jsonb_path_query_first(t.subtasks, '$[*] ? (@.id == $key)', jsonb_build_object('key', g.key)) s`,
    [asked.map(({ taskId }) => taskId), asked.map(({ key }) => key)],
  )
  const found = new Map(rows.map((row) => [row.asked, row]))
  return asked.map((_, i) => found.get(i + 1))
})

/** Steps that models may still work for. */
async function unfinishedOf(db: Reader, planId: string): Promise<number> {
  const { rows } = await db.query(
    `select count(*)::int as n from kernel.assignments where plan_id = $1 and status not in ('completed', 'failed', 'cancelled')`,
    [planId],
  )
  return rows[0]!['n']
}

/** Body of POST /execute (2.3): the subtask with everything its agent may need to know. */
export async function executeRequest(
  kernel: Kernel,
  assignment: GivenAssignment,
  prerequisites: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const task = await readStep(kernel, kernel, { taskId: assignment.subject, key: assignment.key })
  const step = {
    ...task?.subtask,
    id: assignment.key,
    required_capabilities: assignment.capabilities,
  } as SubTask
  await writeContext(kernel, {
    taskId: assignment.subject,
    subtask: step,
    previousResults: prerequisites,
    attachments: task?.attachments ?? [],
  })
  const limits = task?.limits ?? {}
  const budget =
    task?.run_id &&
    (await modelBudgetFor(kernel, task.run_id, limits, () => unfinishedOf(kernel.db, assignment.plan_id)))
  return {
    task_id: assignment.subject,
    subtask: step,
    task_context: {
      previous_results: prerequisites,
      attachments: task?.attachments ?? [],
      uploads_folder: task?.uploads_folder ?? null,
      ...(limits.model ? { model: limits.model } : {}),
      ...(budget ? { model_budget: budget } : {}),
      ...(assignment.checkpoint ? { checkpoint: assignment.checkpoint } : {}),
    },
  }
}

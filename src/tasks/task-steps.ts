import type { Reader } from '../kernel/db/database.ts'
import type { RunRef } from '../kernel/runs/flow.ts'
import type { RunStep } from '../kernel/runs/schema.ts'

type Row = {
  key: string
  ordinal: number
  status: string
  attempts: number
  agent_id: string | null
  output: Record<string, unknown> | null
  error: string | null
  started_at: Date | null
  finished_at: Date | null
  subtask: { description?: string; input_data?: unknown; dependencies?: string[] } | null
}

const STEPS = `select a.key, a.ordinal, a.status, greatest(1, a.started_attempts) as attempts, a.agent_id, a.output, a.error, a.started_at, a.finished_at,
         (select s from jsonb_array_elements(t.subtasks) s where s ->> 'id' = a.key) as subtask
    from tasks.tasks t join kernel.assignments a on a.plan_id = t.plan_id where t.id = $1 and a.started_at is not null order by a.ordinal`

const STATUS: Readonly<Record<string, RunStep['status']>> = {
  completed: 'completed',
  failed: 'failed',
  cancelled: 'failed',
}

/** The subtasks of a task that have begun, as steps of its run: one stage each, in the order of the plan. */
export async function taskSteps(db: Reader, { id, state }: RunRef): Promise<RunStep[]> {
  const { rows } = await db.query<Row>(STEPS, [state['task_id']])
  return rows.map(({ key, ordinal, status, subtask, ...row }) => ({
    run_id: id,
    stage_no: ordinal + 1,
    stage: key,
    step: key,
    title: subtask?.description ?? key,
    kind: 'perform',
    status: STATUS[status] ?? 'running',
    attempts: row.attempts,
    agent_id: row.agent_id,
    input: { input_data: subtask?.input_data ?? {}, after: subtask?.dependencies ?? [] },
    output: row.output,
    error: row.error === null ? null : { message: row.error },
    usage: null,
    started_at: row.started_at!.toISOString(),
    finished_at: row.finished_at?.toISOString() ?? null,
  }))
}

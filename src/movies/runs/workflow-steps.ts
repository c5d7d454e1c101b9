import type { Reader } from '../../kernel/db/database.ts'
import type { RunRef } from '../../kernel/runs/flow.ts'
import type { RunStep } from '../../kernel/runs/schema.ts'
import type { EngineTask } from '../engine/engine-state.ts'
import type { WorkflowType } from '../schema.ts'
import { stateIndex } from '../workflows/workflow-defs.ts'

const TASKS = `select t.data, w.workflow_type,
    (select jsonb_agg(jsonb_build_object('name', a.name, 'version', a.version, 'draft', a.data -> 'draft', 'content', a.content) order by a.version)
       from movies.artifacts a where a.workflow_id = t.workflow_id and a.data ->> 'task_id' = t.task_id::text
        and length(a.content::text) < 20000) as made
  from movies.tasks t join movies.workflows w using (workflow_id) where t.workflow_id = $1 and t.started_at is not null order by t.ordinal`

const STATUS: Readonly<Record<string, RunStep['status']>> = {
  completed: 'completed',
  running: 'running',
  pending: 'running',
}

/** The tasks of a film that have begun, as steps of its run: the states are the stages. */
export async function workflowSteps(db: Reader, { id, state }: RunRef): Promise<RunStep[]> {
  const { rows } = await db.query(TASKS, [state['workflow_id']])
  return rows.map((row) => {
    const task = row['data'] as EngineTask
    const item = task.index === null ? '' : ` ${task.index + 1}`
    return {
      run_id: id,
      stage_no: stateIndex(row['workflow_type'] as WorkflowType, task.state) + 1,
      stage: task.state,
      step: `${task.task_type}${item}${task.run > 1 ? ` (${task.run})` : ''}`,
      kind: 'perform',
      status: STATUS[task.status] ?? 'failed',
      attempts: task.retry_count + 1,
      agent_id: task.agent_id,
      input: task.input,
      output: row['made'],
      error: task.error_message === null ? null : { code: task.error_type, message: task.error_message },
      usage: Object.keys(task.resource_usage).length > 0 ? task.resource_usage : null,
      started_at: task.started_at ?? task.created_at,
      finished_at: task.completed_at,
    }
  })
}

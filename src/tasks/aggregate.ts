import type { SettledPlan } from '../kernel/agents/plan-types.ts'
import type { SubTaskResult, TaskResult } from './schema.ts'

type Latest = Pick<SubTaskResult, 'subtask_id' | 'agent_id' | 'status' | 'output' | 'execution_time'>

/** The combined result of a completed task (3.1.1). Later subtasks win on equal keys; `exact` stays when any step set it. */
export function aggregate(results: readonly Latest[], wallSeconds: number): TaskResult {
  const outputs: Record<string, Record<string, unknown>> = {}
  const data: Record<string, unknown> = {}
  let exact: unknown
  const files: string[] = []
  for (const { subtask_id, output } of results) {
    const own = output?.data ?? {}
    outputs[subtask_id] = own
    Object.assign(data, own)
    exact = own['exact'] ?? exact
    files.push(...(output?.files_created ?? []))
  }
  if (exact !== undefined) data['exact'] = exact
  return {
    subtask_results: results.map(({ subtask_id, agent_id, status, output, execution_time }) => ({
      subtask_id,
      agent_id,
      status,
      output,
      execution_time,
    })),
    outputs,
    data,
    files: [...new Set(files)],
    total_execution_time: results.reduce((sum, result) => sum + result.execution_time, 0),
    wall_time: wallSeconds,
    summary: `Completed ${results.length} subtasks`,
  }
}

/** `Subtask {id} failed: {message}.` per failure, then `Blocked: {ids}.`, in subtask order (3.1.1). */
export function failureText(plan: Pick<SettledPlan, 'assignments'>): string {
  const stop = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`)
  const failed = plan.assignments
    .filter((a) => a.status === 'failed')
    .map((a) => stop(`Subtask ${a.key} failed: ${a.error ?? 'unknown'}`))
  const blocked = plan.assignments.filter((a) => a.status === 'blocked').map((a) => a.key)
  return [...failed, ...(blocked.length > 0 ? [`Blocked: ${blocked.join(', ')}.`] : [])].join(' ')
}

import type { EngineState } from '../engine/engine-state.ts'
import type { News } from './tell-services.ts'

/** Jobs of the Task Service that nobody waits for any more: their task was cancelled, replaced, or took too long. */
export function jobNews(before: EngineState, s: EngineState): News[] {
  const was = new Map(before.tasks.map((t) => [t.task_id, t]))
  return s.tasks.flatMap((task) => {
    const old = was.get(task.task_id)
    const job = old?.external_job_id
    if (!job || old === task || (old.status !== 'pending' && old.status !== 'running')) return []
    const late = task.error_type === 'TIMEOUT' && (task.status === 'failed' || task.external_job_id === null)
    if (task.status !== 'cancelled' && !late) return []
    return [{ lane: `job:${job}`, operation: 'cancel', payload: { project_id: s.project_id, job } }]
  })
}

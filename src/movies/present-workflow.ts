import { currentArtifacts } from './engine/artifacts.ts'
import { deliverablesOf } from './engine/deliverables.ts'
import { type EngineState, type EngineTask, pauseReason, pendingDecision } from './engine/engine-state.ts'
import { estimateCompletion } from './engine/progress.ts'
import type { PendingDecision, TaskResponse, WorkflowResponse } from './schema.ts'

/** The workflow as the contract shows it (2.2.2). `results` hold references; the contents are added where one is read. */
export function presentWorkflow(s: EngineState, version: number, now: string): WorkflowResponse {
  return {
    workflow_id: s.workflow_id,
    project_id: s.project_id,
    workflow_type: s.type,
    title: s.title,
    description: s.description,
    genre: s.genre,
    target_duration: s.target_duration,
    style_preferences: s.style_preferences,
    priority: s.priority,
    custom_parameters: s.custom_parameters,
    current_state: s.current_state,
    completed_states: s.completed_states,
    status: s.status,
    pause_reason: pauseReason(s),
    progress_percentage: s.progress,
    estimated_completion: estimateCompletion(s, now),
    created_at: s.created_at,
    updated_at: s.updated_at,
    started_at: s.started_at,
    completed_at: s.completed_at,
    results: resultsOf(s),
    pending_decision: presentPending(s),
    error_details: s.error_details,
    deliverables: deliverablesOf(s),
    queue_position: null,
    draft: isDraft(s),
    waiting_on: s.waiting_on,
    pending_tasks: s.tasks.filter((t) => t.status === 'pending' && !t.superseded).map((t) => t.task_id),
    assigned_agents: [...new Set(s.tasks.flatMap((t) => (t.agent_id ? [t.agent_id] : [])))],
    user_decisions: s.decisions
      .filter((d) => d.status === 'answered')
      .map(({ decision_id, point, choice, feedback, actor, automatic, at }) => ({
        decision_id,
        point,
        choice,
        feedback,
        actor,
        automatic,
        at,
      })),
    error_history: s.error_history.slice(-50),
    version,
  }
}

/** Contains template or placeholder material. */
export const isDraft = (s: EngineState) => s.artifacts.some((a) => a.draft && !a.dropped)

export function presentPending(s: EngineState): PendingDecision | null {
  const pending = pendingDecision(s)
  if (!pending) return null
  const { decision_id, point, prompt, options, context, timeout } = pending
  return { decision_id, point, prompt, options, context, timeout: timeout ?? s.updated_at }
}

/** By state, then by name: one reference an artifact; the items of a fan-out share one. */
function resultsOf(s: EngineState): Record<string, Record<string, unknown>> {
  const results: Record<string, Record<string, any>> = {}
  for (const a of currentArtifacts(s)) {
    if (a.origin === 'inherited') continue
    const named = (results[a.state] ??= {})
    const location = `/api/v1/workflows/${s.workflow_id}/artifacts/${a.name}`
    const known = named[a.name]
    if (a.index === null || !known)
      named[a.name] = {
        artifact_id: a.artifact_id,
        name: a.name,
        version: a.version,
        draft: a.draft,
        generated_by: a.generated_by,
        location,
        ...(a.index === null ? {} : { count: 1 }),
        ...(a.file ? { file: a.file } : {}),
      }
    else {
      known.count = (known.count ?? 0) + 1
      known.version = Math.max(known.version, a.version)
      known.draft ||= a.draft
      if (known.generated_by !== a.generated_by) known.generated_by = null
      delete known.file
    }
  }
  return results
}

export function presentTask(task: EngineTask, s: EngineState, progress: number | null = null): TaskResponse {
  const product =
    task.status === 'completed'
      ? s.artifacts.findLast((a) => a.task_id === task.task_id && a.name === task.produces)
      : undefined
  return {
    task_id: task.task_id,
    workflow_id: s.workflow_id,
    project_id: s.project_id,
    agent_id: task.agent_id,
    capability: task.capability,
    task_type: task.task_type,
    state: task.state,
    name: task.name,
    description: task.description,
    input_data: task.input,
    output_data: product?.content ?? null,
    dependencies: task.dependencies,
    status: task.status,
    priority: task.priority,
    optional: task.optional,
    fan_out: task.index === null ? null : { of: task.of ?? task.task_type, index: task.index, count: task.count ?? 1 },
    retry_count: task.retry_count,
    max_retries: task.max_retries,
    timeout: task.timeout,
    created_at: task.created_at,
    started_at: task.started_at,
    completed_at: task.completed_at,
    next_retry_at: task.next_retry_at,
    error_message: task.error_message,
    error_type: task.error_type,
    resource_usage: task.resource_usage,
    quality_score: task.quality_score,
    external_job_id: task.external_job_id,
    progress: task.status === 'completed' ? 1 : progress,
    warnings: task.warnings,
  }
}

import type { Kernel } from '../../kernel/kernel.ts'
import type { EngineEvent, EngineState } from '../engine/engine-state.ts'
import type { Outcome } from '../store/agent-load.ts'
import { movieMetrics } from './movie-metrics.ts'

/** Counts what a saved transition says. Called after commit: what was rolled back was never counted. */
export function countWorkflowEvents(
  kernel: Kernel,
  before: EngineState,
  after: EngineState,
  events: readonly EngineEvent[],
  outcomes: readonly Outcome[],
) {
  const m = movieMetrics(kernel)
  const workflow = { project_id: after.project_id, workflow_type: after.type }
  const tasks = new Map(after.tasks.map((t) => [t.task_id, t]))
  const known = new Set(before.tasks.map((t) => t.task_id))
  for (const t of after.tasks)
    if (!known.has(t.task_id))
      m.taskCreated.inc({ workflow_type: after.type, task_type: t.task_type, priority: t.priority })
  for (const { type, data } of events) {
    const task = tasks.get(String(data['task_id'] ?? ''))
    if (type === 'workflow.created') m.workflowCreated.inc({ ...workflow, priority: after.priority })
    else if (type === 'workflow.error') m.workflowErrors.inc({ ...workflow, error_type: String(data['error_type']) })
    else if (type === 'workflow.status_changed' && ['completed', 'failed', 'cancelled'].includes(String(data['to'])))
      countEnd(m, after, String(data['to']))
    else if (type === 'workflow.decision_resolved') countDecision(m, after, String(data['decision_id']))
    else if (task) countTask(m, after, task, type)
  }
  for (const o of outcomes) {
    m.agentCompleted.inc({ agent_id: o.agentId, status: o.ok ? 'completed' : 'failed' })
    if (o.errorType) m.agentErrors.inc({ agent_id: o.agentId, error_type: o.errorType })
  }
}

type M = ReturnType<typeof movieMetrics>

function countEnd(m: M, s: EngineState, status: string) {
  const workflow = { project_id: s.project_id, workflow_type: s.type }
  m.workflowCompleted.inc({ ...workflow, status })
  if (s.started_at && s.completed_at) m.workflowSeconds.observe(workflow, seconds(s.started_at, s.completed_at))
}

function countDecision(m: M, s: EngineState, id: string) {
  const decision = s.decisions.find((d) => d.decision_id === id)
  if (decision?.at) m.decisionWait.observe({ point: decision.point }, seconds(decision.raised_at, decision.at))
}

function countTask(m: M, s: EngineState, task: EngineState['tasks'][number], type: string) {
  const labels = { workflow_type: s.type, task_type: task.task_type }
  if (type === 'task.started') m.agentAssigned.inc({ agent_id: task.agent_id ?? '', task_type: task.task_type })
  else if (type === 'task.retrying') m.taskRetries.inc({ ...labels, status: 'retrying' })
  else if (type === 'task.failed') m.taskCompleted.inc({ ...labels, status: 'failed' })
  else if (type === 'task.completed') {
    m.taskCompleted.inc({ ...labels, status: 'completed' })
    if (!task.started_at || !task.completed_at) return
    const took = seconds(task.started_at, task.completed_at)
    m.taskSeconds.observe({ task_type: task.task_type }, took)
    m.agentSeconds.observe({ agent_id: task.agent_id ?? '', task_type: task.task_type }, took)
    if (task.media) m.videoSeconds.observe({ kind: task.task_type }, took)
  }
}

const seconds = (from: string, to: string) => Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000)

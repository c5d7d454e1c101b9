import { toMs } from '../../../lib/format.ts'
import { stateLook, type Tone } from '../../../lib/states.ts'
import type { GraphEdge, GraphNode } from '../../../viewers/graph-layout.ts'
import type { TimelineBar, TimelineLane } from '../../../viewers/timeline-rows.ts'
import type { SubTask, SubTaskResult } from '../types.ts'

const tone = (status: string): Tone => stateLook(status).tone

/** A task's steps as a graph of what needs what. */
export function taskGraph(subtasks: readonly SubTask[]): { nodes: GraphNode[]; edges: GraphEdge[] } {
  const nodes = subtasks.map(
    (one): GraphNode => ({
      id: one.id,
      title: one.description,
      status: one.status,
      tone: tone(one.status),
      attempts: one.attempts,
      faint: one.status === 'cancelled',
      ...(one.assigned_agent ? { agent: one.assigned_agent } : {}),
      ...(one.assigned_agent ? {} : { sub: one.required_capabilities.join(', ') }),
    }),
  )
  return { nodes, edges: subtasks.flatMap((one) => one.dependencies.map((from) => ({ from, to: one.id }))) }
}

/** A lane per agent with a bar per attempt: finished ones from their results, the running one from the subtask. */
export function taskTimeline(
  subtasks: readonly SubTask[],
  results: readonly SubTaskResult[],
): { lanes: TimelineLane[]; bars: TimelineBar[] } {
  const titles = new Map(subtasks.map((one) => [one.id, one.description]))
  const bars = results.map((result): TimelineBar => {
    const end = toMs(result.created_at) ?? 0
    return {
      id: `${result.subtask_id}#${result.attempt}`,
      lane: result.agent_id,
      start: end - result.execution_time * 1000,
      end,
      title: titles.get(result.subtask_id) ?? result.subtask_id,
      tone: tone(result.status),
      attempt: result.attempt,
    }
  })
  for (const one of subtasks) {
    const start = toMs(one.started_at)
    if (one.status === 'running' && start !== undefined)
      bars.push({
        id: `${one.id}#${one.attempts}`,
        lane: one.assigned_agent ?? 'agent',
        start,
        title: one.description,
        tone: 'running',
        attempt: one.attempts,
      })
  }
  const lanes = [...new Set(bars.map((bar) => bar.lane))].sort((a, b) =>
    a.localeCompare(b, undefined, { numeric: true }),
  )
  return { lanes: lanes.map((id) => ({ id, label: id })), bars }
}

/** The newest result of each subtask. */
export function latestResults(results: readonly SubTaskResult[]): Map<string, SubTaskResult> {
  const latest = new Map<string, SubTaskResult>()
  for (const result of results) {
    const before = latest.get(result.subtask_id)
    if (!before || result.attempt >= before.attempt) latest.set(result.subtask_id, result)
  }
  return latest
}

/** Ids of steps in a text as the numbers they have on the screen. */
export function withStepNumbers(text: string, subtasks: readonly SubTask[]): string {
  const numbers = new Map(subtasks.map(({ id }, at) => [id, String(at + 1)]))
  return text.replace(/subtask_[0-9a-f]{12}/g, (id) => numbers.get(id) ?? id)
}

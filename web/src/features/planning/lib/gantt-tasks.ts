import type { GanttTask } from '../../../viewers/critical-path.ts'
import type { PlanTask, Timeline } from '../types.ts'

const DAY = 86_400_000

/** Phases, tasks and milestones as rows of the plan drawing; slack and critical path as the service worked them out. */
export function ganttTasks(timeline: Timeline | null, tasks: readonly PlanTask[]): GanttTask[] {
  if (!timeline) return []
  const critical = new Set([...(timeline.computed_critical_path ?? []), ...timeline.critical_path])
  const known = critical.size > 0
  const phases = timeline.phases.map(
    (phase, i): GanttTask => ({
      id: `phase-${i}`,
      title: phase.name,
      start: Date.parse(phase.start),
      end: Date.parse(phase.end) + DAY,
      status: 'none',
      slackMs: 0,
      critical: false,
    }),
  )
  const work = tasks.map(
    (task): GanttTask => ({
      id: task.id,
      title: task.title,
      start: Date.parse(task.start_date),
      end: Date.parse(task.end_date),
      dependsOn: task.dependencies,
      status: task.status,
      ...(task.status === 'Completed' ? { progress: 1 } : {}),
      ...(typeof task.slack === 'number' ? { slackMs: task.slack * DAY } : {}),
      ...(known ? { critical: critical.has(task.id) } : {}),
    }),
  )
  const milestones = timeline.milestones.map((milestone): GanttTask => {
    const at = Date.parse(milestone.date)
    return {
      id: milestone.id,
      title: milestone.name,
      start: at,
      end: at,
      dependsOn: milestone.dependencies ?? [],
      status: 'planned',
      milestone: true,
      slackMs: 0,
      ...(known ? { critical: critical.has(milestone.id) } : {}),
    }
  })
  return [...phases, ...[...work, ...milestones].sort((a, b) => a.start - b.start || a.end - b.end)]
}

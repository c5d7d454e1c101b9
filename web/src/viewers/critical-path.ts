export type GanttTask = {
  id: string
  title: string
  /** Milliseconds since 1970. A milestone's end equals its start. */
  start: number
  end: number
  dependsOn?: string[]
  status: string
  group?: string
  milestone?: boolean
  /** 0 to 1. */
  progress?: number
  /** When the plan's own engine has worked them out, these win over what is computed here. */
  slackMs?: number
  critical?: boolean
}
export type GanttRow = GanttTask & { slackMs: number; critical: boolean }

/**
 * How long each task may slip without moving the end (critical path method on the dates as planned): the latest finish is the
 * least latest start of what depends on it, the project's end where nothing does. Slack below a second counts as none.
 * Tasks on a cycle are treated as if their dependents were absent.
 */
export function criticalPath(tasks: readonly GanttTask[]): GanttRow[] {
  const byId = new Map(tasks.map((task) => [task.id, task]))
  const dependents = new Map<string, GanttTask[]>()
  for (const task of tasks)
    for (const id of task.dependsOn ?? []) if (byId.has(id)) dependents.set(id, [...(dependents.get(id) ?? []), task])
  const end = Math.max(...tasks.map((task) => task.end))
  const latest = new Map<string, number>()
  const visiting = new Set<string>()
  const latestFinish = (task: GanttTask): number => {
    const known = latest.get(task.id)
    if (known !== undefined) return known
    if (visiting.has(task.id)) return end
    visiting.add(task.id)
    const after = (dependents.get(task.id) ?? []).map((next) => latestFinish(next) - (next.end - next.start))
    const finish = Math.min(end, ...after)
    visiting.delete(task.id)
    latest.set(task.id, finish)
    return finish
  }
  return tasks.map((task) => {
    const slackMs = task.slackMs ?? Math.max(0, latestFinish(task) - task.end)
    return { ...task, slackMs, critical: task.critical ?? slackMs < 1000 }
  })
}

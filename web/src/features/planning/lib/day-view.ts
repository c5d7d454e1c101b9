import type { Contingency, PlanTask, Session } from '../types.ts'

export type DayItem = {
  id: string
  title: string
  where: string
  startMs: number
  endMs: number
  state: 'over' | 'now' | 'next' | 'later'
  minutes: number
}
export type LateTask = { task: PlanTask; lateMs: number; blocks: PlanTask[] }

/** The programme seen from now: what runs (minutes left), what comes next (minutes until), what is over. */
export function dayItems(sessions: readonly Session[], now: number): DayItem[] {
  const rows = [...sessions].sort((a, b) => Date.parse(a.start) - Date.parse(b.start) || (a.id < b.id ? -1 : 1))
  const next = rows.find((session) => Date.parse(session.start) > now)
  const nextStart = next ? Date.parse(next.start) : undefined
  return rows.map((session) => {
    const [startMs, endMs] = [Date.parse(session.start), Date.parse(session.end)]
    const state = endMs <= now ? 'over' : startMs <= now ? 'now' : startMs === nextStart ? 'next' : 'later'
    const minutes = Math.ceil(((state === 'now' ? endMs : startMs) - now) / 60_000)
    return { id: session.id, title: session.title, where: session.location, startMs, endMs, state, minutes }
  })
}

/** Open tasks past their end, the latest first, each with the open tasks that wait for it, directly or not. */
export function lateTasks(tasks: readonly PlanTask[], now: number): LateTask[] {
  const open = tasks.filter((task) => task.status !== 'Completed' && task.status !== 'Cancelled')
  const blockedBy = (id: string, seen: Set<string>): PlanTask[] =>
    open
      .filter((task) => task.dependencies.includes(id) && !seen.has(task.id))
      .flatMap((task) => {
        seen.add(task.id)
        return [task, ...blockedBy(task.id, seen)]
      })
  return open
    .filter((task) => Date.parse(task.end_date) < now)
    .map((task) => ({ task, lateMs: now - Date.parse(task.end_date), blocks: blockedBy(task.id, new Set([task.id])) }))
    .sort((a, b) => b.lateMs - a.lateMs)
}

/** The severity an incident needs to start a scenario by itself is at or above its threshold; the button always offers the first one. */
export function severityFor(scenario: Contingency): string {
  return scenario.severity_threshold ?? 'high'
}

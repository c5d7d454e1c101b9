/** A task that waits for an agent, with what the order of contract 3.9 looks at. */
export type WaitingTask = {
  task_id: string
  workflow_id: string
  project_id: string
  task_type: string
  state: string
  capability: string
  priority: number
  /** Milliseconds since the epoch. */
  readySince: number
  createdAt: number
  /** Longest expected time from here to the end of its workflow, in seconds. */
  remaining: number
  tried: Readonly<Record<string, number>>
  specializations: readonly string[]
}

const AGE_MS = 10 * 60 * 1000
const MAX_PRIORITY = 10

/** One point more for every ten minutes of waiting, ten at most: nobody starves. */
export const agedPriority = (priority: number, readySince: number, now: number) =>
  Math.min(MAX_PRIORITY, priority + Math.floor(Math.max(0, now - readySince) / AGE_MS))

/** Priority with age, then the critical path, then the older one. */
export const orderTasks = <T extends WaitingTask>(tasks: readonly T[], now: number): T[] =>
  [...tasks].sort(
    (a, b) =>
      agedPriority(b.priority, b.readySince, now) - agedPriority(a.priority, a.readySince, now) ||
      b.remaining - a.remaining ||
      a.createdAt - b.createdAt ||
      (a.task_id < b.task_id ? -1 : 1),
  )

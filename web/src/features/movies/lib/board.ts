import type * as M from '../../../../../src/movies/schema.ts'

export type BoardCard = {
  key: string
  title: string
  tasks: M.TaskResponse[]
  agents: string[]
  status: string
  done: number
  score: number | undefined
  retries: number
}

const ORDER = ['failed', 'running', 'pending', 'completed', 'cancelled']

/** Tasks of one kind as one card: the most urgent status, how many are done, the mean score. In the order they were created. */
export function groupTasks(tasks: readonly M.TaskResponse[]): BoardCard[] {
  const groups = new Map<string, M.TaskResponse[]>()
  for (const task of tasks) groups.set(task.task_type, [...(groups.get(task.task_type) ?? []), task])
  return [...groups].map(([title, own]) => {
    const scores = own.flatMap((task) => (task.quality_score === null ? [] : [task.quality_score]))
    return {
      key: title,
      title,
      tasks: own,
      agents: [...new Set(own.flatMap((task) => task.agent_id ?? []))],
      status: ORDER.find((status) => own.some((task) => task.status === status)) ?? 'pending',
      done: own.filter((task) => task.status === 'completed').length,
      score: scores.length > 0 ? scores.reduce((sum, score) => sum + score, 0) / scores.length : undefined,
      retries: Math.max(0, ...own.map((task) => task.retry_count)),
    }
  })
}

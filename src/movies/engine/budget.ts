import type { EngineState } from './engine-state.ts'

/** What all tasks of the workflow have used, superseded runs included. */
export function usedResources(s: EngineState): { cost: number; gpu_minutes: number } {
  return s.tasks.reduce(
    (sum, task) => ({
      cost: sum.cost + (task.resource_usage.cost ?? 0),
      gpu_minutes: sum.gpu_minutes + (task.resource_usage.gpu_seconds ?? 0) / 60,
    }),
    { cost: 0, gpu_minutes: 0 },
  )
}

/** Limits of the project that are exceeded, in words. */
export function budgetOverrun(s: EngineState): string[] {
  const used = usedResources(s)
  const { max_cost, max_gpu_minutes } = s.project.budget_constraints
  const over = (name: string, value: number, limit: number | undefined) =>
    limit !== undefined && value > limit ? [`${name} ${Math.round(value * 100) / 100} of ${limit}`] : []
  return [...over('cost', used.cost, max_cost), ...over('GPU minutes', used.gpu_minutes, max_gpu_minutes)]
}

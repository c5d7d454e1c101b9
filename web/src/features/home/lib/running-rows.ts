import type { Home } from '../api/home.ts'

export type RunningRow = {
  id: string
  domain: string
  title: string
  status: string
  percent: number
  since: string
  agents: string[]
  to: string
}

/** Runs and open plans as one list, newest first; `titles` names plans by their subject. A plan that belongs to a listed run is not shown twice. */
export function runningRows(
  { runs, plans }: Pick<Home['running'], 'runs' | 'plans'>,
  titles: ReadonlyMap<string, string> = new Map(),
): RunningRow[] {
  const subjects = new Set(runs.flatMap((run) => [run.id, run.key ?? '']))
  const fromRuns = runs.map((run) => ({
    ...{
      id: run.id,
      domain: run.domain,
      title: run.title,
      status: run.status,
      since: run.started_at ?? run.created_at,
      agents: [],
      to: `/runs/${run.id}`,
    },
    percent: Math.round(run.progress <= 1 ? run.progress * 100 : run.progress),
  }))
  const fromPlans = plans
    .filter((plan) => !subjects.has(plan.subject))
    .map((plan) => ({
      ...{
        id: plan.id,
        domain: plan.domain,
        title: titles.get(plan.subject) ?? plan.subject,
        status: plan.running > 0 ? 'running' : 'queued',
        since: plan.created_at,
      },
      ...{ agents: plan.agents, to: plan.domain === 'tasks' ? `/tasks/${plan.subject}` : '/runs' },
      percent: plan.total === 0 ? 0 : Math.round((100 * plan.completed) / plan.total),
    }))
  return [...fromRuns, ...fromPlans].sort((a, b) => b.since.localeCompare(a.since))
}

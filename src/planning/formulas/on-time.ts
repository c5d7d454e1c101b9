import { round } from './round.ts'

export type TimedTask = {
  status: string
  completed_at?: string | null | undefined
  planned_end_date?: string | null | undefined
  end_date: string
  created_at: string
}

/** Entered after its planned end: left out of rates and forecasts. */
export const isRetrospective = (task: Pick<TimedTask, 'planned_end_date' | 'end_date' | 'created_at'>): boolean =>
  Date.parse(task.planned_end_date ?? task.end_date) < Date.parse(task.created_at)

/** Tasks done by their planned end over tasks done or due, in percent; 100 when none is due yet, null without tasks. Contract 6.8. */
export function onTimeRate(tasks: readonly TimedTask[], now: Date): number | null {
  if (tasks.length === 0) return null
  const planned = (task: TimedTask) => Date.parse(task.planned_end_date ?? task.end_date)
  const counted = tasks.filter(
    (task) =>
      !isRetrospective(task) &&
      task.status !== 'Cancelled' &&
      (task.status === 'Completed' || planned(task) < now.getTime()),
  )
  if (counted.length === 0) return 100
  const onTime = counted.filter((task) => task.completed_at && Date.parse(task.completed_at) <= planned(task))
  return round((onTime.length / counted.length) * 100)
}

/** The longest resolution of a resolved incident in minutes; 0 when there was none. */
export const incidentResolutionTime = (
  incidents: readonly { status: string; resolution_minutes?: number | null }[],
): number =>
  round(
    Math.max(0, ...incidents.filter(({ status }) => status === 'resolved').map((one) => one.resolution_minutes ?? 0)),
  )

/** Resolved executions over all, in percent; null without any. */
export const contingencyEffectiveness = (executions: readonly { status: string }[]): number | null =>
  executions.length === 0
    ? null
    : round((executions.filter(({ status }) => status === 'resolved').length / executions.length) * 100)

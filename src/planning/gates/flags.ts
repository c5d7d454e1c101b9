import { criticalPath, findCycle, type PathNode } from '../formulas/critical-path.ts'
import type { ContingencyPlan, LogisticsPlan, Milestone, Phase, Task } from '../schema.ts'
import { type OwnerSource, ownerResolves } from './owner.ts'

export type TaskLike = Pick<Task, 'id' | 'start_date' | 'end_date' | 'dependencies'>
export type TimelineLike = {
  phases: readonly Phase[]
  milestones: readonly Milestone[]
  critical_path: readonly string[]
}

/** Tasks and milestones as one network. */
export const pathNodes = (milestones: readonly Milestone[], tasks: readonly TaskLike[]): PathNode[] => [
  ...milestones.map(({ id, date, dependencies }) => ({
    id,
    kind: 'milestone' as const,
    start: `${date}T00:00:00Z`,
    end: `${date}T00:00:00Z`,
    dependencies,
  })),
  ...tasks.map(({ id, start_date, end_date, dependencies }) => ({
    id,
    kind: 'task' as const,
    start: start_date,
    end: end_date,
    dependencies,
  })),
]

/** Tasks without any link, whose dates do not lie within one phase (contract 1.6). */
export function orphanTasks(timeline: TimelineLike, tasks: readonly TaskLike[]): string[] {
  const needed = new Set([...tasks, ...timeline.milestones].flatMap(({ dependencies }) => dependencies))
  return tasks
    .filter(({ id, dependencies }) => dependencies.length === 0 && !needed.has(id))
    .filter(({ start_date, end_date }) => {
      const [start, end] = [start_date.slice(0, 10), end_date.slice(0, 10)]
      return !timeline.phases.some((phase) => phase.start <= start && end <= phase.end)
    })
    .map(({ id }) => id)
}

export type TimelineFlags = {
  has_milestones: boolean
  has_dependencies: boolean
  has_critical_path: boolean
  has_orphan_tasks: boolean
  computed_critical_path: string[]
  slack: Record<string, number>
}

/** The gate flags of a timeline with its computed path and slack per node. A cycle gives an empty path, not an error. */
export function timelineFlags(timeline: TimelineLike, tasks: readonly TaskLike[]): TimelineFlags {
  const nodes = pathNodes(timeline.milestones, tasks)
  const known = new Set(nodes.map(({ id }) => id))
  const { path, slack } = findCycle(nodes) ? { path: [], slack: {} } : criticalPath(nodes)
  return {
    has_milestones: timeline.milestones.length > 0,
    has_dependencies: nodes.some(({ dependencies }) => dependencies.length > 0),
    has_critical_path: timeline.critical_path.length > 0 && timeline.critical_path.every((id) => known.has(id)),
    has_orphan_tasks: tasks.length === 0 || orphanTasks(timeline, tasks).length > 0,
    computed_critical_path: path,
    slack,
  }
}

export type PlanningWindow = { from: string; to: string }
const DAY_MS = 86_400_000
const dateOf = (time: number) => new Date(time).toISOString().slice(0, 10)

/** Contract 3.4: from creation or a year before the event, to 30 days after it, as dates. */
export const planningWindow = (event: {
  created_at: string
  date_range_start: string
  date_range_end: string
}): PlanningWindow => ({
  from: dateOf(Math.min(Date.parse(event.created_at), Date.parse(event.date_range_start) - 365 * DAY_MS)),
  to: dateOf(Date.parse(event.date_range_end) + 30 * DAY_MS),
})

export const outsideWindow = (
  milestones: readonly Pick<Milestone, 'name' | 'date'>[],
  { from, to }: PlanningWindow,
): string[] => milestones.filter(({ date }) => date < from || date > to).map(({ name }) => name)

export type LogisticsFlags = {
  workflows_linked_to_tasks: boolean
  contingency_triggers_defined: boolean
  owners_assigned: boolean
  unlinked: string[]
  unowned: string[]
}

/** The gate flags of a logistics plan, with the workflows and scenarios that break them. */
export function logisticsFlags(
  plan: Pick<LogisticsPlan, 'workflows'>,
  taskIds: ReadonlySet<string>,
  contingency: Pick<ContingencyPlan, 'scenarios'> | null,
  owners: OwnerSource,
): LogisticsFlags {
  const unlinked = plan.workflows
    .filter(({ task_ids }) => task_ids.length === 0 || !task_ids.every((id) => taskIds.has(id)))
    .map(({ workflow }) => workflow)
  const scenarios = contingency?.scenarios ?? []
  const unowned = [
    ...plan.workflows.filter(({ owner }) => !ownerResolves(owner, owners)).map(({ workflow }) => workflow),
    ...scenarios.filter(({ owner }) => !ownerResolves(owner, owners)).map(({ scenario }) => scenario),
  ]
  return {
    workflows_linked_to_tasks: unlinked.length === 0,
    contingency_triggers_defined: scenarios.length > 0 && scenarios.every(({ trigger }) => trigger.trim() !== ''),
    owners_assigned: unowned.length === 0,
    unlinked,
    unowned,
  }
}

import { AppError } from '../../kernel/errors/app-error.ts'
import { findCycle } from '../formulas/critical-path.ts'
import { isRetrospective } from '../formulas/on-time.ts'
import { type ForecastNode, forecastEnd } from '../formulas/slippage.ts'
import { outsideWindow, pathNodes, planningWindow, timelineFlags } from '../gates/flags.ts'
import type { ArtifactProblem, Milestone, Task, TaskInput, Timeline, TimelineInput } from '../schema.ts'
import type { Board } from './board.ts'
import type { ArtifactDefinition, Body, RuleInput, Stored } from './definition.ts'
import { invalid, requireOwner, requireUnique, unknownReference } from './rules-initiation.ts'

type Rules = Pick<ArtifactDefinition, 'prepare' | 'recompute' | 'validate'>

const DAY_MS = 86_400_000

export function circular(cycle: string[]): AppError {
  return new AppError('CIRCULAR_DEPENDENCY', `Dependencies form a cycle: ${[...cycle, cycle[0]].join(' → ')}`, {
    cycle,
  })
}

/** Ids instead of names; ids and names unique; every dependency known; none before one it depends on. */
function resolveMilestones(input: TimelineInput['milestones'], tasks: readonly Task[]): Milestone[] {
  const given = new Set(input.flatMap(({ id }) => (id ? [id] : [])))
  const withIds = input.map((milestone, index) => {
    let id = milestone.id ?? `milestone-${index + 1}`
    while (!milestone.id && given.has(id)) id = `${id}-a`
    given.add(id)
    return { ...milestone, id }
  })
  requireUnique(
    withIds.map(({ id }) => id),
    'milestones.id',
    'milestone id',
  )
  requireUnique(
    withIds.map(({ name }) => name),
    'milestones.name',
    'milestone name',
  )
  const idOf = new Map<string, string>([
    ...withIds.map(({ id, name }) => [name, id] as const),
    ...tasks.map(({ id }) => [id, id] as const),
    ...withIds.map(({ id }) => [id, id] as const),
  ])
  const byId = new Map(withIds.map((milestone) => [milestone.id, milestone]))
  return withIds.map((milestone, index) => {
    const dependencies = [...new Set(milestone.dependencies)].map((reference) => {
      const id = idOf.get(reference)
      if (!id) throw unknownReference(reference, 'Milestone or task')
      if (id === milestone.id) throw circular([id])
      const before = byId.get(id)
      if (before && before.date > milestone.date)
        throw invalid(
          `milestones.${index}.date`,
          `"${milestone.name}" (${milestone.date}) is before "${before.name}" (${before.date}), which it depends on`,
        )
      return id
    })
    return { id: milestone.id, name: milestone.name, date: milestone.date, dependencies }
  })
}

/** The forecast end of today's network, as a date (6.9). */
export function timelineForecast(
  board: Board,
  timeline: Timeline,
): { baseline: string | null; forecast: string | null } {
  const base = board.baselineTimeline ?? timeline
  const first = (id: string) => board.firstTasks[id]
  const current = pathNodes(timeline.milestones, board.artifacts.TaskRegister)
  if (current.length === 0 || findCycle(current)) return { baseline: null, forecast: null }
  const firstTasks = board.artifacts.TaskRegister.map((task) => {
    const initial = first(task.id) ?? task
    return { ...task, start_date: initial.start_date, end_date: task.planned_end_date }
  })
  const basePath = timelineFlags(base, firstTasks).computed_critical_path
  const endId = basePath.at(-1)
  const known = new Set(current.map(({ id }) => id))
  const end =
    endId && known.has(endId)
      ? endId
      : timelineFlags(timeline, board.artifacts.TaskRegister).computed_critical_path.at(-1)
  const task = board.artifacts.TaskRegister.find(({ id }) => id === endId)
  const milestone = base.milestones.find(({ id }) => id === endId)
  const baseline = task?.planned_end_date ?? (milestone ? `${milestone.date}T00:00:00Z` : null)
  const nodes = current.map((node): ForecastNode => {
    const own = board.artifacts.TaskRegister.find(({ id }) => id === node.id)
    const initial = own ? (first(own.id) ?? own) : undefined
    const planned = base.milestones.find(({ id }) => id === node.id)
    return {
      ...node,
      planned_end: own ? own.planned_end_date : planned ? `${planned.date}T00:00:00Z` : node.end,
      planned_duration_days: initial ? (Date.parse(initial.end_date) - Date.parse(initial.start_date)) / DAY_MS : 0,
      finished: own ? own.status === 'Completed' || own.status === 'Cancelled' : false,
      retrospective: own ? isRetrospective(own) : false,
      // a milestone that moved is as late as its new date
      ...(own ? {} : { kind: 'milestone' as const }),
    }
  })
  const moved = nodes.map((node) =>
    node.kind === 'milestone' && node.end > node.planned_end ? { ...node, planned_end: node.end } : node,
  )
  const forecast = forecastEnd(moved, new Date(board.now), end)
  return { baseline, forecast }
}

const cut = (value: string | null) => value?.slice(0, 10) ?? null

export const timelineRules: Rules = {
  prepare({ input, board }: RuleInput<TimelineInput>) {
    requireUnique(
      input.phases.map(({ name }) => name),
      'phases.name',
      'phase name',
    )
    for (const [index, { start, end, name }] of input.phases.entries())
      if (end < start) throw invalid(`phases.${index}.end`, `phase "${name}" ends before it starts`, end)
    const milestones = resolveMilestones(input.milestones, board.artifacts.TaskRegister)
    const cycle = findCycle(pathNodes(milestones, board.artifacts.TaskRegister))
    if (cycle) throw circular(cycle)
    const window = planningWindow(board.brief)
    const outside = [
      ...outsideWindow(milestones, window),
      ...input.phases.filter(({ start, end }) => start < window.from || end > window.to).map(({ name }) => name),
    ]
    if (outside.length > 0)
      throw new AppError(
        'MILESTONE_OUT_OF_RANGE',
        `Outside the planning window ${window.from} to ${window.to}: ${outside.join(', ')}`,
        { names: outside, ...window },
      )
    for (const milestone of board.artifacts.Timeline?.milestones ?? [])
      if (!milestones.some(({ id }) => id === milestone.id)) {
        const user = board.artifacts.TaskRegister.find(({ milestone_id, dependencies }) =>
          [milestone_id, ...dependencies].includes(milestone.id),
        )
        if (user)
          throw new AppError(
            'UNKNOWN_REFERENCE',
            `Milestone ${milestone.id} is still used by task ${user.id}: keep it or change the task first`,
            { reference: milestone.id },
          )
      }
    const idOf = new Map<string, string>([
      ...milestones.map(({ id, name }) => [name, id] as const),
      ...milestones.map(({ id }) => [id, id] as const),
      ...board.artifacts.TaskRegister.map(({ id }) => [id, id] as const),
    ])
    const supplied = (input.critical_path ?? []).map((reference) => {
      const id = idOf.get(reference)
      if (!id) throw unknownReference(reference, 'Critical path entry')
      return id
    })
    const own = {
      event_brief_id: board.brief.id,
      phases: input.phases,
      milestones,
      critical_path: supplied,
      critical_path_supplied: supplied.length > 0,
    }
    return { ...own, ...timelineSystem({ ...own } as never, board) }
  },
  recompute: (stored, board) => timelineSystem(stored as never, board),
}

function timelineSystem(timeline: Timeline, board: Board): Body {
  const computed = timelineFlags(timeline, board.artifacts.TaskRegister).computed_critical_path
  const critical_path = timeline.critical_path_supplied ? timeline.critical_path : computed
  const { slack: _slack, ...flags } = timelineFlags({ ...timeline, critical_path }, board.artifacts.TaskRegister)
  const { baseline, forecast } = timelineForecast(board, timeline)
  return { ...flags, critical_path, baseline_end: cut(baseline), forecast_end: cut(forecast) }
}

const FINAL = new Set(['Completed', 'Cancelled'])

export const taskRules: Rules = {
  prepare({ input, board, current, id }: RuleInput<TaskInput>) {
    if (input.end_date <= input.start_date) throw invalid('end_date', 'must be after start_date', input.end_date)
    if (!current || current['owner'] !== input.owner) requireOwner(input.owner, board)
    const milestones = board.artifacts.Timeline?.milestones ?? []
    if (input.milestone_id && !milestones.some((milestone) => milestone.id === input.milestone_id))
      throw unknownReference(input.milestone_id, 'Milestone')
    const known = new Set(board.artifacts.TaskRegister.map((task) => task.id))
    for (const dependency of input.dependencies)
      if (dependency === id) throw circular([id])
      else if (!known.has(dependency)) throw unknownReference(dependency, 'Task')
    if (current && FINAL.has(current['status']) && input.status !== current['status'])
      throw new AppError('INVALID_TRANSITION', `Invalid transition from ${current['status']} to ${input.status}`, {
        current: current['status'],
        target: input.status,
      })
    const dependencies = [...new Set(input.dependencies)]
    const others = board.artifacts.TaskRegister.filter((task) => task.id !== id)
    const cycle = findCycle([
      ...pathNodes(milestones, others),
      ...pathNodes([], [{ id, start_date: input.start_date, end_date: input.end_date, dependencies }]),
    ])
    if (cycle) throw circular(cycle)
    const body = {
      timeline_id: board.artifacts.Timeline!.id,
      ...input,
      dependencies,
      completed_at: input.status === 'Completed' ? ((current?.['completed_at'] as string | null) ?? board.now) : null,
      planned_end_date: current?.['planned_end_date'] ?? input.end_date,
    }
    const task = { ...body, id } as never as Task
    return {
      ...body,
      ...taskSystem(task as never, { ...board, artifacts: { ...board.artifacts, TaskRegister: [...others, task] } }),
    }
  },
  recompute: taskSystem,
}

function taskSystem(stored: Stored, board: Board): Body {
  const slack = board.artifacts.Timeline
    ? timelineFlags(board.artifacts.Timeline, board.artifacts.TaskRegister).slack[stored.id]
    : undefined
  const open = (stored['dependencies'] as string[]).some(
    (id) => board.artifacts.TaskRegister.find((task) => task.id === id)?.status !== 'Completed',
  )
  return { slack: slack ?? null, dependency_warning: stored['status'] === 'In Progress' && open }
}

export const ownerProblem = (stored: Stored, board: Board, field = 'owner'): ArtifactProblem[] => {
  try {
    requireOwner(stored['owner'], board, field)
    return []
  } catch (error) {
    if (error instanceof AppError) return [{ code: error.code, message: error.message, field }]
    throw error
  }
}

import { AppError } from '../../kernel/errors/app-error.ts'
import { logisticsFlags } from '../gates/flags.ts'
import type {
  ContingencyPlan,
  ContingencyPlanInput,
  LogisticsPlan,
  LogisticsPlanInput,
  ResourceRosterInput,
  Schedule,
  ScheduleInput,
  ScheduleSession,
  StoredResource,
} from '../schema.ts'
import type { Board } from './board.ts'
import type { ArtifactDefinition, Body, RuleInput } from './definition.ts'
import { invalid, ownersOf, requireOwner, requireUnique, unknownReference } from './rules-initiation.ts'
import { type Conflict, overbooked, scheduleConflicts } from './schedule-conflicts.ts'

type Rules = Pick<ArtifactDefinition, 'prepare' | 'recompute' | 'validate'>

const DAY_MS = 86_400_000

/** Calendar days (UTC) on which the event takes place. */
export const servingDays = ({ date_range_start, date_range_end }: Board['brief']): number =>
  Math.max(
    1,
    Math.round(
      (Date.parse(new Date(Date.parse(date_range_end) - 1).toISOString().slice(0, 10)) -
        Date.parse(date_range_start.slice(0, 10))) /
        DAY_MS,
    ) + 1,
  )

function planSystem(plan: Pick<LogisticsPlan, 'workflows'>, board: Board): Body {
  const tasks = new Set(board.artifacts.TaskRegister.map(({ id }) => id))
  const {
    unlinked: _unlinked,
    unowned: _unowned,
    ...flags
  } = logisticsFlags(plan, tasks, board.artifacts.ContingencyPlan, ownersOf(board))
  return flags
}

export const logisticsRules: Rules = {
  prepare({ input, board }: RuleInput<LogisticsPlanInput>) {
    requireUnique(
      input.workflows.map(({ workflow }) => workflow),
      'workflows.workflow',
      'workflow name',
    )
    const tasks = new Set(board.artifacts.TaskRegister.map(({ id }) => id))
    for (const [index, flow] of input.workflows.entries()) {
      for (const id of flow.task_ids) if (!tasks.has(id)) throw unknownReference(id, 'Task')
      if (flow.start && flow.end && flow.end < flow.start)
        throw invalid(`workflows.${index}.end`, 'must not be before start', flow.end)
    }
    const vendors = new Set(board.artifacts.VendorContracts.map(({ id }) => id))
    for (const id of input.vendor_ids) if (!vendors.has(id)) throw unknownReference(id, 'Vendor contract')
    const { resources, contingency_scenarios: _scenarios, ...fields } = input
    const roster = new Set([
      ...(board.artifacts.ResourceRoster?.resources ?? []).map(({ id }) => id),
      ...withResourceIds(resources ?? []).map(({ id }) => id),
    ])
    for (const id of input.resource_ids) if (!roster.has(id)) throw unknownReference(id, 'Resource')
    const catering = input.catering && {
      ...input.catering,
      total_cost:
        Math.round(input.catering.cost_per_person * board.brief.audience_size * servingDays(board.brief) * 100) / 100,
    }
    const body = { event_brief_id: board.brief.id, ...fields, catering }
    return { ...body, ...planSystem(body as never, board) }
  },
  recompute: (stored, board) => planSystem(stored as never, board),
}

function conflictError(conflicts: Conflict[]): AppError {
  const [first] = conflicts as [Conflict]
  return new AppError(
    'RESOURCE_CONFLICT',
    `${first.kind === 'location' ? 'Location' : 'Resource'} ${first.key} is taken twice from ${first.overlap_start} to ${first.overlap_end}: move ${first.sessions[1]}`,
    { conflicts },
  )
}

export const scheduleRules: Rules = {
  prepare({ input, board }: RuleInput<ScheduleInput>) {
    const event = board.brief
    const sessions = input.sessions.map(
      (session, index): ScheduleSession => ({
        ...session,
        id: session.id ?? `ses-${String(index + 1).padStart(3, '0')}`,
      }),
    )
    requireUnique(
      sessions.map(({ id }) => id),
      'sessions.id',
      'session id',
    )
    for (const [index, { start, end, title }] of sessions.entries()) {
      if (Date.parse(end) <= Date.parse(start)) throw invalid(`sessions.${index}.end`, 'must be after start', end)
      if (
        Date.parse(start) < Date.parse(event.date_range_start) ||
        Date.parse(end) > Date.parse(event.date_range_end)
      ) {
        const message = `session "${title}" is outside the event (${event.date_range_start} to ${event.date_range_end})`
        throw new AppError('SESSION_OUT_OF_RANGE', message, { fields: [{ field: `sessions.${index}`, message }] })
      }
    }
    const conflicts = scheduleConflicts(sessions, board.artifacts.ResourceRoster)
    if (conflicts.length > 0) throw conflictError(conflicts)
    return { logistics_plan_id: board.artifacts.LogisticsPlan!.id, sessions, has_resource_conflicts: false }
  },
  recompute: (stored, board) => ({
    has_resource_conflicts:
      scheduleConflicts((stored as never as Schedule).sessions, board.artifacts.ResourceRoster).length > 0,
  }),
  validate: (stored, { brief: event }) =>
    (stored as never as Schedule).sessions
      .filter(
        ({ start, end }) =>
          Date.parse(start) < Date.parse(event.date_range_start) || Date.parse(end) > Date.parse(event.date_range_end),
      )
      .map(({ id, title }) => ({
        code: 'SESSION_OUT_OF_RANGE',
        message: `session "${title}" (${id}) is outside the event's dates`,
        field: 'sessions',
      })),
}

function withResourceIds(resources: ResourceRosterInput['resources']): StoredResource[] {
  const taken = new Set(resources.flatMap(({ id }) => (id ? [id] : [])))
  let next = 1
  return resources.map((resource) => {
    let { id } = resource
    while (!id) {
      const candidate = `res-${String(next++).padStart(3, '0')}`
      if (!taken.has(candidate)) id = candidate
    }
    taken.add(id)
    return { ...resource, id }
  })
}

export const rosterRules: Rules = {
  prepare({ input, board }: RuleInput<ResourceRosterInput>) {
    const resources = withResourceIds(input.resources)
    requireUnique(
      resources.map(({ id }) => id),
      'resources.id',
      'resource id',
    )
    const tasks = new Set(board.artifacts.TaskRegister.map(({ id }) => id))
    for (const [index, resource] of resources.entries()) {
      const where = `resources.${index}`
      const spans = [
        ...resource.availability.map((span) => ({ ...span, at: 'availability' })),
        ...resource.assignments.map((span) => ({ ...span, at: 'assignments' })),
      ]
      for (const { start, end, at } of spans)
        if (Date.parse(end) <= Date.parse(start)) throw invalid(`${where}.${at}`, 'end must be after start', end)
      for (const { task_id } of resource.assignments)
        if (task_id && !tasks.has(task_id)) throw unknownReference(task_id, 'Task')
      const uses = (items: readonly { start: string; end: string; units?: number | undefined }[], name: string) =>
        items.map(({ start, end, units }, at) => ({ id: `${name}-${at + 1}`, start, end, units: units ?? 1 }))
      const twice = overbooked('resource', resource.id, uses(resource.availability, 'availability'), 1)
      if (twice.length > 0) throw conflictError(twice)
      const over = overbooked('resource', resource.id, uses(resource.assignments, 'assignment'), resource.quantity)
      if (over.length > 0) throw conflictError(over)
      for (const { start, end } of resource.assignments)
        if (
          !resource.availability.some(
            (span) => Date.parse(span.start) <= Date.parse(start) && Date.parse(span.end) >= Date.parse(end),
          )
        )
          throw new AppError(
            'RESOURCE_CONFLICT',
            `${resource.id} (${resource.name}) is not available from ${start} to ${end}: extend availability or move the assignment`,
            { conflicts: [], resource: resource.id, start, end },
          )
    }
    return { logistics_plan_id: board.artifacts.LogisticsPlan!.id, resources }
  },
}

const keyOf = (scenario: string) =>
  scenario
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '') || 'scenario'

function uncovered(plan: Pick<ContingencyPlan, 'scenarios'>, board: Board): string[] {
  const covered = new Set(plan.scenarios.flatMap(({ risk_ids }) => risk_ids))
  return board.artifacts.RiskRegister.filter(
    ({ id, rating, status }) => rating >= 8 && status !== 'closed' && !covered.has(id),
  ).map(({ id, rating }) => `Risk ${id} rated ${rating} has no contingency scenario`)
}

export const contingencyRules: Rules = {
  prepare({ input, board }: RuleInput<ContingencyPlanInput>) {
    const known = (list: readonly { id: string }[]) => new Set(list.map(({ id }) => id))
    const [tasks, risks, venues] = [
      known(board.artifacts.TaskRegister),
      known(board.artifacts.RiskRegister),
      known(board.artifacts.VenueShortlist),
    ]
    const scenarios = input.scenarios.map((scenario) => ({
      ...scenario,
      trigger_key: scenario.trigger_key ?? keyOf(scenario.scenario),
    }))
    for (const [index, scenario] of scenarios.entries()) {
      requireOwner(scenario.owner, board, `scenarios.${index}.owner`)
      for (const id of scenario.task_ids) if (!tasks.has(id)) throw unknownReference(id, 'Task')
      for (const id of scenario.risk_ids) if (!risks.has(id)) throw unknownReference(id, 'Risk')
      const fallback = scenario.fallback_venue_id
      if (fallback && !venues.has(fallback)) throw unknownReference(fallback, 'Shortlisted venue')
    }
    return {
      logistics_plan_id: board.artifacts.LogisticsPlan!.id,
      scenarios,
      warnings: uncovered({ scenarios }, board),
    }
  },
  recompute: (stored, board) => ({ warnings: uncovered(stored as never, board) }),
}

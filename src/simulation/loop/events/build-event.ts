import { EventClock } from '../core/clock.ts'
import { formatMicros } from '../core/timestamp.ts'
import { processIds, type UlidSource } from '../core/ulid.ts'
import {
  type Cause,
  type Details,
  type EventType,
  MAX_DESCRIPTION,
  type MilestoneType,
  type SimEvent,
  type StateScope,
  type SystemStatus,
} from './event.ts'
import { normalise } from './normalise.ts'
import { builtProblem, codePoints, EventValidationError } from './validate-event.ts'

type Extra = Readonly<Record<string, unknown>>
export type Common = {
  simulationId: string
  turnNumber: number
  description?: string | undefined
  causedBy?: readonly Cause[] | undefined
  extra?: Extra | undefined
}
export type Interaction = { readonly type: string; readonly participants: readonly string[] }
export type MilestoneInput = Common & { milestoneType: MilestoneType }
export type DecisionInput = Common & { agentId: string; decisionType: string; oldValue?: unknown; newValue?: unknown }
export type ActionInput = Common & {
  agentId: string
  actionType: string
  actionPayload: unknown
  interaction?: Interaction | undefined
}
export type StateInput = Common & {
  variableName: string
  oldValue: unknown
  newValue: unknown
  agentId?: string | undefined
  scope?: StateScope | undefined
}
export type DetailInput = Common & {
  calculationType: string
  intermediateValues: unknown
  agentId?: string | undefined
}
export type SystemInput = Common & {
  status: SystemStatus
  errorType?: string | undefined
  retryCount?: number | undefined
  systemEventType?: string | undefined
}

export type Stamp = { id: string; timestamp: string }
export type StampSource = () => Stamp

/** Stamps whose id and timestamp come from the same instant. */
export const stampSource =
  (clock: EventClock, ids: UlidSource): StampSource =>
  () => {
    const micros = clock.nextMicros()
    return { id: ids.next(Math.floor(micros / 1000)), timestamp: formatMicros(micros) }
  }

/** Distinct event ids of the given causes, in order of citation. */
export function causeIds(causes: readonly Cause[] | undefined): string[] {
  const ids: string[] = []
  for (const cause of causes ?? []) {
    if (typeof cause === 'string') {
      if (!ids.includes(cause)) ids.push(cause)
    } else for (const id of cause.causeIds) if (!ids.includes(id)) ids.push(id)
  }
  return ids
}

function shorten(description: string): string {
  if (description.length <= MAX_DESCRIPTION || codePoints(description) <= MAX_DESCRIPTION) return description
  return `${[...description].slice(0, MAX_DESCRIPTION - 1).join('')}…`
}

function addExtra(details: Record<string, unknown>, extra: Extra | undefined): Record<string, unknown> {
  if (extra) for (const key of Object.keys(extra)) if (!(key in details)) details[key] = extra[key]
  return details
}

/** Stamps, shortens, normalises, validates (V1–V16) and freezes one event. Throws EventValidationError. */
export function buildEvent(
  stamp: Stamp,
  type: EventType,
  common: Common,
  agentId: string | undefined,
  details: Record<string, unknown>,
): SimEvent {
  const event: Record<string, unknown> = {
    event_id: stamp.id,
    timestamp: stamp.timestamp,
    turn_number: common.turnNumber,
    event_type: type,
    simulation_id: common.simulationId,
  }
  if (agentId !== undefined) event['agent_id'] = agentId
  if (typeof common.simulationId !== 'string')
    throw new EventValidationError({
      code: 'missing_field',
      path: 'simulation_id',
      message: 'simulation_id is missing',
    })
  if (common.causedBy !== undefined && common.causedBy.length > 0) {
    const ids = causeIds(common.causedBy)
    if (ids.includes(stamp.id))
      throw new EventValidationError({
        code: 'bad_caused_by',
        path: 'caused_by',
        message: 'An event cannot cause itself',
      })
    if (ids.length > 0) event['caused_by'] = Object.freeze(ids)
  }
  if (common.description !== undefined) event['description'] = shorten(common.description)
  event['details'] = Object.freeze(normalise(addExtra(details, common.extra)) as Details)
  const problem = builtProblem(event)
  if (problem) throw new EventValidationError(problem)
  lastBuilt = Object.freeze(event) as unknown as SimEvent
  return lastBuilt
}

let lastBuilt: SimEvent | undefined

/** Whoever emits the event built last (the usual case) need not check it again: it is valid and frozen. */
export const isLastBuilt = (event: unknown): boolean => event === lastBuilt

/** One factory per event type, all stamping from one source. */
export function createEventFactory(stamp: StampSource) {
  return {
    milestone: (p: MilestoneInput) =>
      buildEvent(stamp(), 'MILESTONE', p, undefined, { milestone_type: p.milestoneType }),
    decision: (p: DecisionInput) => {
      const details: Record<string, unknown> = { decision_type: p.decisionType }
      if (p.oldValue !== undefined) details['old_value'] = p.oldValue
      if (p.newValue !== undefined) details['new_value'] = p.newValue
      return buildEvent(stamp(), 'DECISION', p, p.agentId, details)
    },
    action: (p: ActionInput) => {
      const details: Record<string, unknown> = { action_type: p.actionType, action_payload: p.actionPayload }
      if (p.interaction) {
        details['interaction_type'] = p.interaction.type
        details['participating_agent_ids'] = p.interaction.participants
      }
      return buildEvent(stamp(), 'ACTION', p, p.agentId, details)
    },
    state: (p: StateInput) =>
      buildEvent(stamp(), 'STATE', p, p.agentId, {
        variable_name: p.variableName,
        old_value: p.oldValue === undefined ? null : p.oldValue,
        new_value: p.newValue === undefined ? null : p.newValue,
        scope: p.scope ?? (p.agentId === undefined ? 'global' : 'agent'),
      }),
    detail: (p: DetailInput) =>
      buildEvent(stamp(), 'DETAIL', p, p.agentId, {
        calculation_type: p.calculationType,
        intermediate_values: p.intermediateValues,
      }),
    system: (p: SystemInput) => {
      const details: Record<string, unknown> = {}
      if (p.systemEventType !== undefined) details['system_event_type'] = p.systemEventType
      if (p.errorType !== undefined) details['error_type'] = p.errorType
      details['status'] = p.status
      if (p.retryCount !== undefined) details['retry_count'] = p.retryCount
      return buildEvent(stamp(), 'SYSTEM', p, undefined, details)
    },
  }
}

export type EventFactory = ReturnType<typeof createEventFactory>

const shared = createEventFactory(stampSource(new EventClock(), processIds))

export const createMilestoneEvent = shared.milestone
export const createDecisionEvent = shared.decision
export const createActionEvent = shared.action
export const createStateEvent = shared.state
export const createDetailEvent = shared.detail
export const createSystemEvent = shared.system

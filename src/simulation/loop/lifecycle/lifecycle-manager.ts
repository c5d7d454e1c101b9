import type { Action, LifecycleOperation } from '../components/action.ts'
import { isAgentName } from '../config/sections.ts'
import { messageOf } from '../core/errors.ts'
import { isMap, type JsonMap } from '../core/json.ts'
import type { Cause, EventRef } from '../events/event.ts'
import { emitAction } from '../run/engine-context.ts'
import type { AgentSlot, RunParts } from '../run/run-parts.ts'
import { newAgentState } from '../state/initial-state.ts'
import type { SimulationState } from '../state/state.ts'
import { freeName, tickAutoResume, withAgent, withoutAgent, withoutPause, withPause } from './population.ts'

export type AddAgentInput = {
  name: string
  type: string
  initial_state: JsonMap
  config?: Record<string, any>
  location?: string
}
export type AddResult = { added: boolean; name: string; reason?: string }
export type OperationResult = { ok: boolean; reason?: string }

export type Operation =
  | {
      operation: 'add_agent'
      target: string
      type: string | undefined
      initial_state: unknown
      config?: Record<string, any>
      location?: string
    }
  | { operation: 'remove_agent'; target: string }
  | { operation: 'pause_agent'; target: string; turns: unknown }
  | { operation: 'resume_agent'; target: string }

type Applied = { state: SimulationState; name: string; from: Status; to: Status }
type Status = 'absent' | 'active' | 'paused'
export type Outcome = { state: SimulationState; ok: boolean; name: string; reason?: string }

class Refused extends Error {}
const refuse = (reason: string): never => {
  throw new Refused(reason)
}

const statusOf = (state: SimulationState, name: string): Status =>
  !Object.hasOwn(state.agents, name) ? 'absent' : state.pausedAgents.includes(name) ? 'paused' : 'active'

export type MakeSlot = (name: string, type: string, config: Record<string, any>) => Promise<AgentSlot>

/** Adds, removes, pauses and resumes agents. A refused operation changes nothing, is told, and never stops the turn. */
export class LifecycleManager {
  readonly #parts: RunParts
  readonly #makeSlot: MakeSlot

  constructor(parts: RunParts, makeSlot: MakeSlot) {
    this.#parts = parts
    this.#makeSlot = makeSlot
  }

  /**
   * Carries out one operation. `announce` gives what the events about it cite and may emit; a refusal cites `refusalCause`,
   * else the phase.
   */
  async apply(
    state: SimulationState,
    operation: Operation,
    initiator: AgentSlot | undefined,
    announce: () => readonly Cause[],
    refusalCause?: EventRef,
  ): Promise<Outcome> {
    try {
      const applied = await this.#perform(state, operation, initiator)
      this.#report(applied.name, applied.from, applied.to, announce())
      return { state: applied.state, ok: true, name: applied.name }
    } catch (error) {
      const reason = messageOf(error)
      this.#refused(operation, initiator, reason, refusalCause)
      return { state, ok: false, name: String(operation.target), reason }
    }
  }

  /** What an agent asked for through its action: an ACTION when done, a SYSTEM warning when refused. */
  async applyRequest(state: SimulationState, action: Action, decision: EventRef | undefined): Promise<Outcome> {
    const initiator = this.#parts.slots.get(action.agentName)
    const operation = readRequest(action)
    if (typeof operation === 'string') {
      const { operation: name = 'unknown', target = '' } = action.lifecycle ?? {}
      this.#refused({ operation: name, target }, initiator, operation, decision)
      return { state, ok: false, name: '', reason: operation }
    }
    const parameters = { ...action.parameters, ...requestPayload(operation) }
    const executed = { ...action, actionName: operation.operation, parameters, validated: true }
    const announce = () => [emitAction(this.#parts, executed, [decision ?? this.#parts.events.phase], undefined)]
    return this.apply(state, operation, initiator, announce, decision)
  }

  /** One turn less to wait for everyone paused for a number of turns. */
  tick(state: SimulationState): SimulationState {
    const { state: next, resumed } = tickAutoResume(state)
    for (const name of resumed) this.#report(name, 'paused', 'active', [this.#parts.events.phase])
    return next
  }

  async #perform(state: SimulationState, operation: Operation, initiator: AgentSlot | undefined): Promise<Applied> {
    const { target } = operation
    if (typeof target !== 'string' || target === '') return refuse('a target agent is needed')
    if (operation.operation === 'add_agent') return this.#add(state, operation, initiator)
    const from = statusOf(state, target)
    if (from === 'absent') return refuse(`there is no agent ${target}`)
    if (operation.operation === 'remove_agent') {
      this.#parts.slots.delete(target)
      return { state: withoutAgent(state, target), name: target, from, to: 'absent' }
    }
    if (operation.operation === 'pause_agent') {
      if (from === 'paused') return refuse(`${target} is paused already`)
      const turns = operation.turns ?? null
      if (turns !== null && !(Number.isSafeInteger(turns) && (turns as number) >= 1))
        return refuse('auto_resume_turns must be null or a whole number of at least 1')
      return { state: withPause(state, target, turns as number | null), name: target, from, to: 'paused' }
    }
    if (from === 'active') return refuse(`${target} is not paused`)
    return { state: withoutPause(state, target), name: target, from, to: 'active' }
  }

  async #add(
    state: SimulationState,
    operation: Extract<Operation, { operation: 'add_agent' }>,
    initiator: AgentSlot | undefined,
  ): Promise<Applied> {
    const { target, location } = operation
    const { max_agents: most } = this.#parts.loaded.config.simulation
    if (Object.keys(state.agents).length >= most) return refuse(`the population has reached max_agents (${most})`)
    if (!isAgentName(target))
      return refuse(`${JSON.stringify(target)} is no agent name: 1 to 100 characters without spaces and slashes`)
    if (!isMap(operation.initial_state)) return refuse('initial_state is needed')
    const type = operation.type ?? initiator?.type ?? refuse('a type is needed')
    if (location !== undefined && !(state.spatialState && Object.hasOwn(state.spatialState.locations, location)))
      return refuse(`there is no location ${location}`)
    const name = freeName(state, target)
    if (!isAgentName(name)) return refuse(`the free name ${name} is too long`)
    const agentState = newAgentState(name, operation.initial_state, this.#parts.loaded.definitions)
    const config = operation.config ?? (type === initiator?.type ? initiator.config : {})
    const slot = await this.#makeSlot(name, type, config)
    this.#parts.slots.set(name, slot)
    return { state: withAgent(state, agentState, location), name, from: 'absent', to: 'active' }
  }

  #report(name: string, from: Status, to: Status, causedBy: readonly Cause[]): void {
    this.#parts.log.info('agent_lifecycle_changed', { agent_id: name, from, to })
    this.#parts.events.state({
      variableName: 'lifecycle_status',
      oldValue: from,
      newValue: to,
      agentId: name,
      description: `${name}: ${from} -> ${to}`,
      causedBy,
      extra: { phase: 'lifecycle' },
    })
  }

  #refused(
    operation: { operation: string; target: unknown },
    initiator: AgentSlot | undefined,
    message: string,
    decision?: EventRef,
  ): void {
    const { events, log } = this.#parts
    const fields = { operation: operation.operation, target: String(operation.target), message }
    log.warning('lifecycle_validation_failed', fields)
    events.system({
      status: 'warning',
      systemEventType: 'lifecycle_rejected',
      errorType: 'lifecycle_rejected',
      description: `${operation.operation} of ${String(operation.target)} refused: ${message}`,
      causedBy: [decision ?? events.phase],
      extra: { ...fields, ...(initiator ? { agent_name: initiator.name } : {}) },
    })
  }
}

/** A request in an action -> operation, or what is wrong with it. */
function readRequest(action: Action): Operation | string {
  const raw: unknown = action.lifecycle
  if (!isMap(raw)) return 'lifecycle must be a map with operation and target'
  const { operation, target } = raw
  switch (operation as LifecycleOperation) {
    case 'add_agent':
      return { operation, target, type: raw['type'] ?? undefined, initial_state: raw['initial_state'] }
    case 'remove_agent':
    case 'resume_agent':
      return { operation, target }
    case 'pause_agent':
      return { operation, target, turns: raw['auto_resume_turns'] }
    default:
      return `unknown operation ${JSON.stringify(operation)}: use add_agent, remove_agent, pause_agent or resume_agent`
  }
}

function requestPayload(operation: Operation): Record<string, any> {
  if (operation.operation === 'add_agent')
    return {
      target: operation.target,
      initial_state: operation.initial_state,
      ...(operation.type === undefined ? {} : { type: operation.type }),
    }
  if (operation.operation === 'pause_agent')
    return {
      target: operation.target,
      ...(operation.turns === undefined || operation.turns === null ? {} : { auto_resume_turns: operation.turns }),
    }
  return { target: operation.target }
}

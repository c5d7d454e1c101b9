import { type Action, completeAction } from '../components/action.ts'
import { messageOf, typeOf } from '../core/errors.ts'
import type { EventRef } from '../events/event.ts'
import { buildObservation } from '../observe/build-observation.ts'
import type { SimulationState } from '../state/state.ts'
import { AgentRunContext } from './contexts.ts'
import type { AgentSlot, RunParts } from './run-parts.ts'

export type Decisions = {
  actions: Action[]
  /** DECISION of each agent. */
  refs: Map<string, EventRef>
  /** The model call behind each DECISION. */
  llmRefs: Map<string, EventRef>
}

const YIELD_EVERY = 50

/** An agent threw and the run does not go on; `ref` is the SYSTEM event about it. */
export class AgentFailure extends Error {
  readonly ref: EventRef
  constructor(cause: unknown, ref: EventRef) {
    super(messageOf(cause), { cause })
    this.name = typeOf(cause)
    this.ref = ref
  }
}

export const activeSlots = (parts: RunParts, state: SimulationState): AgentSlot[] =>
  [...parts.slots.values()].filter(
    ({ name }) => Object.hasOwn(state.agents, name) && !state.pausedAgents.includes(name),
  )

/** Reports an agent that threw; gives the failure to throw, unless the run is to go on without it. */
function agentThrew(parts: RunParts, slot: AgentSlot, error: unknown): AgentFailure | undefined {
  const { events, log } = parts
  const llmRef = slot.llm?.takeRef()
  log.error('agent_error', { agent_id: slot.name, error_type: typeOf(error), message: messageOf(error) })
  const ref = events.system({
    status: 'failure',
    systemEventType: 'agent_error',
    errorType: typeOf(error),
    description: `${slot.name} failed: ${messageOf(error)}`,
    causedBy: llmRef ? [llmRef] : [events.phase],
    extra: { agent_name: slot.name, message: messageOf(error) },
  })
  return parts.loaded.config.simulation.on_agent_error === 'skip' ? undefined : new AgentFailure(error, ref)
}

/** Phase observe: each active agent gets what it may see. Returns the observations of those who did not fail. */
export async function observe(parts: RunParts, state: SimulationState, slots: readonly AgentSlot[]) {
  const observations = new Map<string, SimulationState>()
  const isShared = !parts.rules.visibility && (state.spatialState === null || parts.rules.proximityRadius === null)
  let shared: SimulationState | undefined
  for (const [i, slot] of slots.entries()) {
    if (i % YIELD_EVERY === YIELD_EVERY - 1) await parts.breathe()
    if (isShared) shared ??= buildObservation(slot.name, state, parts.rules)
    const observation = shared ?? buildObservation(slot.name, state, parts.rules)
    if (!isShared)
      parts.log.debug('observation_filtered', {
        agent_id: slot.name,
        visible_agents: Object.keys(observation.agents).length,
      })
    try {
      await slot.agent.receiveState(observation)
      observations.set(slot.name, observation)
    } catch (error) {
      const failure = agentThrew(parts, slot, error)
      if (failure) throw failure
    }
  }
  return observations
}

/** Phase decide: one action of every agent that observed. DECISIONs in order of completion, actions in agent order. */
export async function decide(
  parts: RunParts,
  slots: readonly AgentSlot[],
  observations: ReadonlyMap<string, SimulationState>,
  turnStart: EventRef,
): Promise<Decisions> {
  const refs = new Map<string, EventRef>()
  const llmRefs = new Map<string, EventRef>()
  const deciding = slots.filter(({ name }) => observations.has(name))
  const one = async (slot: AgentSlot): Promise<Action | undefined> => {
    const observation = observations.get(slot.name)!
    const log = parts.log.bind({ agent_id: slot.name, component: 'agent' })
    const ctx = new AgentRunContext(parts, log)
    ctx.lookAt(observation.spatialState)
    const started = performance.now()
    log.debug('decision_started', { turn: ctx.turn })
    try {
      const { action, wrongName } = completeAction(await slot.agent.decideAction(observation, ctx), slot.name)
      if (wrongName !== undefined) log.warning('action_agent_name_corrected', { given: wrongName })
      const llmRef = slot.llm?.takeRef()
      if (llmRef) llmRefs.set(slot.name, llmRef)
      refs.set(slot.name, emitDecision(parts, slot, action, [turnStart, ...(llmRef ? [llmRef] : []), ...ctx.cited]))
      log.debug('decision_completed', {
        turn: ctx.turn,
        duration_ms: Math.round(performance.now() - started),
        action: action.actionName,
      })
      return action
    } catch (error) {
      const failure = agentThrew(parts, slot, error)
      if (failure) throw failure
      return undefined
    }
  }
  const actions = parts.loaded.config.simulation.parallel_decisions
    ? await together(deciding, one)
    : await inTurn(parts, deciding, one)
  return { actions, refs, llmRefs }
}

async function inTurn(
  parts: RunParts,
  slots: readonly AgentSlot[],
  one: (slot: AgentSlot) => Promise<Action | undefined>,
): Promise<Action[]> {
  const actions: Action[] = []
  for (const [i, slot] of slots.entries()) {
    if (i % YIELD_EVERY === YIELD_EVERY - 1) await parts.breathe()
    const action = await one(slot)
    if (action) actions.push(action)
  }
  return actions
}

async function together(
  slots: readonly AgentSlot[],
  one: (slot: AgentSlot) => Promise<Action | undefined>,
): Promise<Action[]> {
  const results = await Promise.allSettled(slots.map(one))
  for (const result of results) if (result.status === 'rejected') throw result.reason
  return results.flatMap((result) => (result.status === 'fulfilled' && result.value ? [result.value] : []))
}

function emitDecision(
  parts: RunParts,
  slot: AgentSlot,
  action: Action,
  causedBy: readonly (EventRef | string)[],
): EventRef {
  const chosen = { action_name: action.actionName, parameters: action.parameters ?? {} }
  const policy = action.policyDecision
  const ref = parts.events.decision({
    agentId: slot.name,
    decisionType: action.decisionType || 'agent_action',
    oldValue: slot.previous,
    newValue: chosen,
    description: `${slot.name} decided: ${action.actionName}`,
    causedBy,
    extra: policy
      ? {
          reasoning: policy.reasoning,
          confidence: policy.confidence,
          ...(slot.agent.llm ? { model: slot.agent.llm.model } : {}),
        }
      : undefined,
  })
  slot.previous = chosen
  return ref
}

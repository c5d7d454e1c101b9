import { setEngineState, setTurnRunner } from '../components/base-engine.ts'
import { deepFreeze } from '../core/json.ts'
import type { EventRef } from '../events/event.ts'
import type { LifecycleManager, Operation, Outcome } from '../lifecycle/lifecycle-manager.ts'
import type { ReasoningChain, SimulationState } from '../state/state.ts'
import { activeSlots, type Decisions, decide, observe } from './decide.ts'
import { EngineRunContext } from './engine-context.ts'
import { runEngineTurn, type TurnCounts } from './engine-turn.ts'
import { judgeActions } from './judge.ts'
import { openPhase } from './phases.ts'
import type { RunParts } from './run-parts.ts'

/** An operation asked for from outside during a turn; `done` tells the caller. */
export type QueuedOperation = { operation: Operation; done: (outcome: Outcome) => void }

export type TurnInput = {
  state: SimulationState
  /** What this turn follows from: the last turn_end, else simulation_start. */
  previous: EventRef
  lifecycle: LifecycleManager
  /** Takes what was asked for from outside, in order of arrival. */
  takeQueued: () => QueuedOperation[]
  initialState: () => SimulationState
}

/** One whole turn, steps 2 to 8 of the loop. Throws what stops the run; the state given stays as it is. */
export async function runTurn(parts: RunParts, input: TurnInput): Promise<{ state: SimulationState; end: EventRef }> {
  const { events, log } = parts
  const started = performance.now()
  const turn = input.state.turn + 1
  events.turn = turn
  setEngineState(parts.engine, input.state)
  const slots = activeSlots(parts, input.state)
  const counters = { active_agents: slots.length, paused_agents: input.state.pausedAgents.length }
  const turnStart = events.milestone({
    milestoneType: 'turn_start',
    description: `Turn ${turn} started`,
    causedBy: [input.previous],
    extra: counters,
  })
  events.phase = turnStart
  log.info('turn_started', { turn, ...counters })
  const observations = await observe(parts, input.state, slots)
  await openPhase(parts, 'observe', 'decide')
  const decisions = await decide(parts, slots, observations, turnStart)
  await openPhase(parts, 'decide', 'validate')
  const requests = decisions.actions.filter(({ lifecycle }) => lifecycle !== undefined && lifecycle !== null)
  const actions = decisions.actions.filter((action) => !requests.includes(action))
  const judged = await judgeActions(parts, actions, input.state, decisions)
  const counts: TurnCounts = { applied: 0, rejected: judged.filter(({ valid }) => !valid).length, changes: 0 }
  const ctx = new EngineRunContext(parts, input.initialState)
  setTurnRunner(parts.engine, (engine, verdicts) => runEngineTurn(parts, engine, verdicts, decisions.refs, ctx, counts))
  const ruled = { ...(await parts.engine.runTurn(judged, ctx)), turn }
  const lived = await runLifecycle(parts, input, ruled, requests, decisions, counts)
  const state = deepFreeze({ ...lived, turn, reasoningChains: collectChains(parts) })
  const duration = Math.round(performance.now() - started)
  await parts.breathe()
  const end = events.milestone({
    milestoneType: 'turn_end',
    description: `Turn ${turn} ended`,
    causedBy: [events.phase],
    extra: {
      duration_ms: duration,
      actions_applied: counts.applied,
      actions_rejected: counts.rejected,
      ...(events.wants('STATE') ? { state_changes: counts.changes } : {}),
    },
  })
  const paused = state.pausedAgents.length
  log.info('turn_completed', {
    turn,
    duration_ms: duration,
    active_agents: Object.keys(state.agents).length - paused,
    paused_agents: paused,
  })
  return { state, end }
}

/** Phase lifecycle, opened only when there is something to do: counters, requests of agents, calls from outside. */
async function runLifecycle(
  parts: RunParts,
  input: TurnInput,
  start: SimulationState,
  requests: Decisions['actions'],
  decisions: Decisions,
  counts: TurnCounts,
): Promise<SimulationState> {
  const { lifecycle } = input
  await parts.breathe()
  const first = input.takeQueued()
  if (first.length === 0 && requests.length === 0 && Object.keys(start.autoResume).length === 0) return start
  await openPhase(parts, 'rules', 'lifecycle')
  let state = lifecycle.tick(start)
  for (const action of requests) {
    const outcome = await lifecycle.applyRequest(state, action, decisions.refs.get(action.agentName))
    state = outcome.state
    if (outcome.ok) counts.applied++
    else counts.rejected++
  }
  for (let queued = first; queued.length > 0; queued = input.takeQueued())
    for (const { operation, done } of queued) {
      const outcome = await lifecycle.apply(state, operation, undefined, () => [parts.events.phase])
      state = outcome.state
      done(outcome)
    }
  return state
}

/** The reasoning of this turn: agents in order, then validator, then engine. */
function collectChains(parts: RunParts): readonly ReasoningChain[] {
  const chains = [...parts.slots.values()].flatMap(({ llm }) => llm?.takeChains() ?? [])
  chains.push(...(parts.validatorLlm?.takeChains() ?? []), ...(parts.engineLlm?.takeChains() ?? []))
  return chains
}

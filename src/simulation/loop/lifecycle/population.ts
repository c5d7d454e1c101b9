import { deepFreeze, sortKeys } from '../core/json.ts'
import type { AgentState, SimulationState } from '../state/state.ts'

// Pure changes of who is in the world and who acts. Preconditions are checked by the caller.

const without = <T>(map: Readonly<Record<string, T>>, name: string): Record<string, T> =>
  Object.fromEntries(Object.entries(map).filter(([key]) => key !== name))

/** The name itself, else the first free of name_1, name_2, … */
export function freeName(state: SimulationState, name: string): string {
  let free = name
  for (let n = 1; Object.hasOwn(state.agents, free); n++) free = `${name}_${n}`
  return free
}

export function withAgent(state: SimulationState, agent: AgentState, location: string | undefined): SimulationState {
  const space = state.spatialState
  const spatialState =
    space && location !== undefined
      ? { ...space, agentPositions: sortKeys({ ...space.agentPositions, [agent.name]: location }) }
      : space
  return deepFreeze({ ...state, agents: { ...state.agents, [agent.name]: agent }, spatialState })
}

/** Removal also clears pause, counter and position. */
export function withoutAgent(state: SimulationState, name: string): SimulationState {
  const space = state.spatialState
  return deepFreeze({
    ...state,
    agents: without(state.agents, name),
    pausedAgents: state.pausedAgents.filter((other) => other !== name),
    autoResume: without(state.autoResume, name),
    spatialState: space && { ...space, agentPositions: without(space.agentPositions, name) },
  })
}

/** `turns` skips exactly that many turns; null pauses until resumed. */
export const withPause = (state: SimulationState, name: string, turns: number | null): SimulationState =>
  deepFreeze({
    ...state,
    pausedAgents: [...state.pausedAgents, name].sort(),
    autoResume: turns === null ? state.autoResume : sortKeys({ ...state.autoResume, [name]: turns }),
  })

/** Resuming cancels the counter. */
export const withoutPause = (state: SimulationState, name: string): SimulationState =>
  deepFreeze({
    ...state,
    pausedAgents: state.pausedAgents.filter((other) => other !== name),
    autoResume: without(state.autoResume, name),
  })

/** One turn has passed: every counter falls by one; who reaches 0 is active again from the next turn. */
export function tickAutoResume(state: SimulationState): { state: SimulationState; resumed: string[] } {
  const counters = Object.entries(state.autoResume).map(([name, turns]) => [name, turns - 1] as const)
  if (counters.length === 0) return { state, resumed: [] }
  const resumed = counters.filter(([, turns]) => turns <= 0).map(([name]) => name)
  const next = deepFreeze({
    ...state,
    pausedAgents: state.pausedAgents.filter((name) => !resumed.includes(name)),
    autoResume: Object.fromEntries(counters.filter(([, turns]) => turns > 0)),
  })
  return { state: next, resumed }
}

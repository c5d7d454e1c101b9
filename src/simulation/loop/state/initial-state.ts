import { StateConstraintError } from '../core/errors.ts'
import { deepFreeze, type Json } from '../core/json.ts'
import { checkValue } from './check-value.ts'
import type { Definitions } from './definitions.ts'
import type { AgentState, SimulationState, SpatialState } from './state.ts'
import type { VariableDefinition } from './variable-definition.ts'

function fill(
  given: Readonly<Record<string, unknown>>,
  definitions: ReadonlyMap<string, VariableDefinition>,
  path: string,
): Record<string, Json> {
  const result: Record<string, Json> = {}
  for (const key of Object.keys(given))
    if (!definitions.has(key))
      throw new StateConstraintError(
        `${path}.${key} is not a defined variable; defined are ${[...definitions.keys()].join(', ') || 'none'}`,
      )
  for (const [name, definition] of definitions) {
    if (!Object.hasOwn(given, name)) {
      result[name] = definition.default
      continue
    }
    const checked = checkValue(definition, given[name], `${path}.${name}`)
    if (checked.problem) {
      const { path: at, expected, actual } = checked.problem
      throw new StateConstraintError(`${at} must be ${expected}, but is ${actual}`)
    }
    result[name] = checked.value
  }
  return result
}

/** An agent with its defaults overridden. Throws StateConstraintError with the path of the first wrong value. */
export const newAgentState = (
  name: string,
  initial: Readonly<Record<string, unknown>>,
  definitions: Definitions,
): AgentState => deepFreeze({ name, ...fill(initial, definitions.agent, `agents.${name}`) })

/** The state before the first turn. Throws StateConstraintError. */
export function initialState(
  agents: readonly { name: string; initial_state: Readonly<Record<string, unknown>> }[],
  globals: Readonly<Record<string, unknown>>,
  definitions: Definitions,
  spatialState: SpatialState | null = null,
): SimulationState {
  const states = agents.map(
    ({ name, initial_state }) => [name, newAgentState(name, initial_state, definitions)] as const,
  )
  return deepFreeze({
    turn: 0,
    agents: Object.fromEntries(states),
    globalState: fill(globals, definitions.global, 'global_state'),
    reasoningChains: [],
    pausedAgents: [],
    autoResume: {},
    spatialState,
  })
}

/** Checks every variable of a state (an engine's initial state, a checkpoint). Returns it frozen; throws StateConstraintError. */
export function checkedState(state: SimulationState, definitions: Definitions): SimulationState {
  const agents: Record<string, AgentState> = {}
  for (const [key, agent] of Object.entries(state.agents)) {
    if (agent.name !== key) throw new StateConstraintError(`agents.${key}.name must be ${key}, but is ${agent.name}`)
    const { name, ...variables } = agent
    agents[key] = { name, ...complete(variables, definitions.agent, `agents.${key}`) }
  }
  for (const name of state.pausedAgents)
    if (!Object.hasOwn(agents, name)) throw new StateConstraintError(`paused_agents names ${name}, who is no agent`)
  for (const [name, turns] of Object.entries(state.autoResume))
    if (!state.pausedAgents.includes(name) || !Number.isSafeInteger(turns) || turns < 1)
      throw new StateConstraintError(`auto_resume.${name} must be a whole number of at least 1 for a paused agent`)
  return deepFreeze({ ...state, agents, globalState: complete(state.globalState, definitions.global, 'global_state') })
}

function complete(
  given: Readonly<Record<string, unknown>>,
  definitions: ReadonlyMap<string, VariableDefinition>,
  path: string,
): Record<string, Json> {
  for (const name of definitions.keys())
    if (!Object.hasOwn(given, name)) throw new StateConstraintError(`${path}.${name} is missing`)
  return fill(given, definitions, path)
}

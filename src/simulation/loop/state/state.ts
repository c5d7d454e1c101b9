import { deepFreeze, type Json, type JsonMap, sortKeys } from '../core/json.ts'

export type AgentState = { readonly name: string; readonly [variable: string]: any }

export type LocationState = { readonly id: string; readonly attributes: JsonMap; readonly metadata: JsonMap }
export type Connection = {
  readonly from: string
  readonly to: string
  readonly type: string
  readonly attributes: JsonMap
  readonly bidirectional: boolean
}
export type NetworkState = {
  readonly name: string
  readonly edges: readonly (readonly [string, string])[]
  readonly attributes: JsonMap
}
export type SpatialState = {
  readonly topologyType: string
  readonly agentPositions: Readonly<Record<string, string>>
  readonly locations: Readonly<Record<string, LocationState>>
  readonly connections: readonly Connection[]
  readonly networks: Readonly<Record<string, NetworkState>>
}

export type ReasoningChain = {
  readonly component: 'agent' | 'validator' | 'engine'
  readonly agent_name?: string
  readonly prompt: string
  readonly response: string
  readonly reasoning: string
  readonly timestamp: string
  readonly duration_ms: number
  readonly model: string
  readonly retry_count: number
}

/** The world after a turn. Plain, frozen, never mutated: an update is a new object. */
export type SimulationState = {
  readonly turn: number
  readonly agents: Readonly<Record<string, AgentState>>
  readonly globalState: Readonly<Record<string, any>>
  readonly reasoningChains: readonly ReasoningChain[]
  readonly pausedAgents: readonly string[]
  readonly autoResume: Readonly<Record<string, number>>
  readonly spatialState: SpatialState | null
}

/** A copy with some variables of one agent changed. Throws when there is no such agent. */
export function updateAgent(
  state: SimulationState,
  name: string,
  changes: Readonly<Record<string, unknown>>,
): SimulationState {
  const agent = Object.hasOwn(state.agents, name) ? state.agents[name] : undefined
  if (!agent) throw new Error(`There is no agent ${name}; agents are ${Object.keys(state.agents).join(', ') || 'none'}`)
  return { ...state, agents: { ...state.agents, [name]: { ...agent, ...changes, name } } }
}

/** A copy with some global variables changed. */
export const updateGlobal = (state: SimulationState, changes: Readonly<Record<string, unknown>>): SimulationState => ({
  ...state,
  globalState: { ...state.globalState, ...changes },
})

/** As files hold it: snake_case fields; names and variables as they are. */
export const stateToDisk = (state: SimulationState): Record<string, Json> => ({
  turn: state.turn,
  agents: state.agents as unknown as Json,
  global_state: state.globalState as Json,
  reasoning_chains: state.reasoningChains as unknown as Json,
  paused_agents: [...state.pausedAgents].sort(),
  auto_resume: state.autoResume as Json,
  spatial_state: spatialToDisk(state.spatialState),
})

export function spatialToDisk(spatial: SpatialState | null): Json {
  if (!spatial) return null
  return {
    topology_type: spatial.topologyType,
    agent_positions: sortKeys(spatial.agentPositions),
    locations: spatial.locations as unknown as Json,
    connections: spatial.connections as unknown as Json,
    networks: spatial.networks as unknown as Json,
  }
}

const spatialFromDisk = (disk: any): SpatialState | null =>
  disk === null || disk === undefined
    ? null
    : {
        topologyType: disk.topology_type,
        agentPositions: disk.agent_positions,
        locations: disk.locations,
        connections: disk.connections,
        networks: disk.networks,
      }

/** The reverse of `stateToDisk`; what is read must have passed the checks of the checkpoint loader. */
export const stateFromDisk = (disk: any): SimulationState =>
  deepFreeze({
    turn: disk.turn,
    agents: disk.agents,
    globalState: disk.global_state,
    reasoningChains: disk.reasoning_chains ?? [],
    pausedAgents: disk.paused_agents ?? [],
    autoResume: disk.auto_resume ?? {},
    spatialState: spatialFromDisk(disk.spatial_state),
  })

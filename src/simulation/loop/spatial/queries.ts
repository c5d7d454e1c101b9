import { byText, type Json } from '../core/json.ts'
import type { AgentState, Connection, SimulationState, SpatialState } from '../state/state.ts'

type Adjacency = ReadonlyMap<string, readonly string[]>

/** Neighbours per network, built once for each edge list: states are immutable. */
const adjacencies = new WeakMap<object, Adjacency>()

function adjacencyOf(spatial: SpatialState, network: string): Adjacency | undefined {
  if (!Object.hasOwn(spatial.networks, network)) return undefined
  const { edges } = spatial.networks[network]!
  const known = adjacencies.get(edges)
  if (known) return known
  const sets = new Map<string, Set<string>>()
  const link = (a: string, b: string) => {
    if (a === b) return
    const set = sets.get(a)
    if (set) set.add(b)
    else sets.set(a, new Set([b]))
  }
  for (const [a, b] of edges) {
    link(a, b)
    link(b, a)
  }
  const built = new Map([...sets].map(([id, set]) => [id, [...set].sort(byText)]))
  adjacencies.set(edges, built)
  return built
}

const has = (spatial: SpatialState, location: unknown): location is string =>
  typeof location === 'string' && Object.hasOwn(spatial.locations, location)

/** Hops from a location, nearest first, at most `radius` away. Breadth first, no recursion. */
function hopsFrom(
  adjacency: Adjacency,
  start: string,
  radius: number,
  until?: string,
): { hops: Map<string, number>; from: Map<string, string> } {
  const hops = new Map([[start, 0]])
  const from = new Map<string, string>()
  const queue = [start]
  for (let i = 0; i < queue.length; i++) {
    const here = queue[i]!
    const distance = hops.get(here)!
    if (here === until || distance >= radius) continue
    for (const next of adjacency.get(here) ?? []) {
      if (hops.has(next)) continue
      hops.set(next, distance + 1)
      from.set(next, here)
      queue.push(next)
    }
  }
  return { hops, from }
}

const EMPTY: Adjacency = new Map()

/** Questions about a spatial state. None throws for missing data; without a spatial state all give their default. */
export class SpatialQueries {
  readonly #spatial: SpatialState | null
  #byLocation: Map<string, string[]> | undefined

  constructor(spatial: SpatialState | null | undefined) {
    this.#spatial = spatial ?? null
  }

  #network(name: string): Adjacency | undefined {
    return this.#spatial ? adjacencyOf(this.#spatial, name) : undefined
  }

  /** Adjacent locations without the location itself, in text order. */
  getNeighbors(location: string, network = 'default'): string[] {
    return [...(this.#network(network)?.get(location) ?? [])]
  }

  /** Hops; 0 for the same place, −1 when there is no way. */
  getDistance(a: string, b: string, network = 'default'): number {
    const spatial = this.#spatial
    if (!spatial || !has(spatial, a) || !has(spatial, b)) return -1
    const adjacency = this.#network(network)
    if (!adjacency) return -1
    return hopsFrom(adjacency, a, Number.POSITIVE_INFINITY, b).hops.get(b) ?? -1
  }

  isAdjacent(a: string, b: string, network = 'default'): boolean {
    const spatial = this.#spatial
    if (!spatial || !has(spatial, a) || !has(spatial, b)) return false
    return a === b || (this.#network(network)?.get(a)?.includes(b) ?? false)
  }

  hasConnection(a: string, b: string, network = 'default'): boolean {
    return this.isAdjacent(a, b, network)
  }

  /** Ids from a to b, both included; empty when there is no way. */
  shortestPath(a: string, b: string, network = 'default'): string[] {
    const spatial = this.#spatial
    if (!spatial || !has(spatial, a) || !has(spatial, b)) return []
    const adjacency = this.#network(network)
    if (!adjacency) return []
    const { hops, from } = hopsFrom(adjacency, a, Number.POSITIVE_INFINITY, b)
    if (!hops.has(b)) return []
    const path = [b]
    for (let at = b; at !== a; path.push(at)) at = from.get(at)!
    return path.reverse()
  }

  getAgentPosition(name: string): string | null {
    const positions = this.#spatial?.agentPositions
    return positions && Object.hasOwn(positions, name) ? positions[name]! : null
  }

  #occupants(): Map<string, string[]> {
    if (this.#byLocation) return this.#byLocation
    const result = new Map<string, string[]>()
    for (const [name, location] of Object.entries(this.#spatial?.agentPositions ?? {})) {
      const there = result.get(location)
      if (there) there.push(name)
      else result.set(location, [name])
    }
    this.#byLocation = result
    return result
  }

  getAgentsAt(location: string): string[] {
    return [...(this.#occupants().get(location) ?? [])].sort(byText)
  }

  /** Names of agents at most `radius` hops away, that distance included. */
  getAgentsWithin(location: string, radius: number, network = 'default'): string[] {
    return this.locationsWithin(location, radius, network)
      .flatMap((id) => this.#occupants().get(id) ?? [])
      .sort(byText)
  }

  locationsWithin(location: string, radius: number, network = 'default'): string[] {
    if (!this.#spatial || !has(this.#spatial, location) || !(radius >= 0)) return []
    return [...hopsFrom(this.#network(network) ?? EMPTY, location, radius).hops.keys()]
  }

  getLocationAttribute(location: string, key: string): Json {
    if (!this.#spatial || !has(this.#spatial, location)) return null
    const { attributes } = this.#spatial.locations[location]!
    return Object.hasOwn(attributes, key) ? attributes[key]! : null
  }

  getLocationsByAttribute(key: string, value: Json): string[] {
    const wanted = JSON.stringify(value)
    return Object.values(this.#spatial?.locations ?? {})
      .filter(({ attributes }) => Object.hasOwn(attributes, key) && JSON.stringify(attributes[key]) === wanted)
      .map(({ id }) => id)
      .sort(byText)
  }

  getConnectionAttribute(a: string, b: string, key: string): Json {
    const connection = findConnection(this.#spatial?.connections ?? [], a, b)
    return connection && Object.hasOwn(connection.attributes, key) ? connection.attributes[key]! : null
  }

  /** The state limited to what is within `radius` hops of the agent; an agent without position sees the state unchanged. */
  filterStateByProximity(agent: string, state: SimulationState, radius: number, network = 'default'): SimulationState {
    return filterByProximity(agent, state, radius, network)
  }
}

export const findConnection = (connections: readonly Connection[], a: string, b: string): Connection | undefined =>
  connections.find((c) => (c.from === a && c.to === b) || (c.from === b && c.to === a))

/** The queries on any spatial state. */
export const spatial = (state: SpatialState | null | undefined): SpatialQueries => new SpatialQueries(state)

const pick = <T>(map: Readonly<Record<string, T>>, keep: (key: string) => boolean): Record<string, T> =>
  Object.fromEntries(Object.entries(map).filter(([key]) => keep(key)))

export function filterByProximity(
  agent: string,
  state: SimulationState,
  radius: number,
  network = 'default',
): SimulationState {
  const world = state.spatialState
  if (!world) return state
  const queries = new SpatialQueries(world)
  const position = queries.getAgentPosition(agent)
  if (position === null) return state
  const near = new Set(queries.locationsWithin(position, radius, network))
  const sees = (name: string) => name === agent || near.has(queries.getAgentPosition(name) ?? '')
  const agents: Record<string, AgentState> = pick(state.agents, sees)
  const networks = Object.fromEntries(
    Object.entries(world.networks).map(([name, { edges, ...rest }]) => [
      name,
      { ...rest, edges: edges.filter(([a, b]) => near.has(a) && near.has(b)) },
    ]),
  )
  return {
    ...state,
    agents,
    pausedAgents: state.pausedAgents.filter((name) => Object.hasOwn(agents, name)),
    autoResume: pick(state.autoResume, (name) => Object.hasOwn(agents, name)),
    spatialState: {
      ...world,
      agentPositions: pick(world.agentPositions, (name) => Object.hasOwn(agents, name)),
      locations: pick(world.locations, (id) => near.has(id)),
      connections: world.connections.filter(({ from, to }) => near.has(from) && near.has(to)),
      networks,
    },
  }
}

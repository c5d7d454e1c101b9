import { SpatialError } from '../core/errors.ts'
import { byText, type Json, type JsonMap, sortKeys } from '../core/json.ts'
import type { Connection, NetworkState, SpatialState } from '../state/state.ts'
import { findConnection } from './queries.ts'

export const edgeOf = (a: string, b: string): readonly [string, string] => (a <= b ? [a, b] : [b, a])
export const byEdge = (x: readonly [string, string], y: readonly [string, string]): number =>
  byText(x[0], y[0]) || byText(x[1], y[1])
export const byConnection = (x: Connection, y: Connection): number =>
  byText(x.from, y.from) || byText(x.to, y.to) || byText(x.type, y.type)

/** Sorted pairs, each once. */
export function sortedEdges(edges: readonly (readonly [string, string])[]): (readonly [string, string])[] {
  const sorted = edges.map(([a, b]) => edgeOf(a, b)).sort(byEdge)
  return sorted.filter((edge, i) => i === 0 || byEdge(edge, sorted[i - 1]!) !== 0)
}

const listed = (names: readonly string[]): string => {
  const shown = names.slice(0, 20).join(', ')
  return names.length > 20 ? `${shown} … (${names.length} in all)` : shown || 'none'
}

function need(spatial: SpatialState | null): SpatialState {
  if (!spatial) throw new SpatialError('This simulation has no map: add a spatial section to the configuration')
  return spatial
}

function needLocation(spatial: SpatialState, location: string): void {
  if (!Object.hasOwn(spatial.locations, location))
    throw new SpatialError(`Unknown location ${location}; locations are ${listed(Object.keys(spatial.locations))}`)
}

function needNetwork(spatial: SpatialState, network: string): NetworkState {
  if (!Object.hasOwn(spatial.networks, network))
    throw new SpatialError(`Unknown network ${network}; networks are ${listed(Object.keys(spatial.networks))}`)
  return spatial.networks[network]!
}

const withNetwork = (spatial: SpatialState, network: NetworkState): SpatialState => ({
  ...spatial,
  networks: sortKeys({ ...spatial.networks, [network.name]: network }),
})

function withAttributes(spatial: SpatialState, location: string, attributes: JsonMap): SpatialState {
  const place = spatial.locations[location]!
  return { ...spatial, locations: { ...spatial.locations, [location]: { ...place, attributes } } }
}

/** An edge that has no attributes yet: edges of a grid are not listed as connections until they get some. */
function bareConnection(world: SpatialState, a: string, b: string): Connection | undefined {
  const edge = edgeOf(a, b)
  const network = Object.values(world.networks).find(({ edges }) => edges.some((other) => byEdge(other, edge) === 0))
  return network && { from: edge[0], to: edge[1], type: network.name, attributes: {}, bidirectional: true }
}

/** Changes of the map. Each returns a new spatial state and leaves the given one as it was; SpatialError lists what would do. */
export const spatialMutations = {
  moveAgent: (spatial: SpatialState | null, name: string, location: string): SpatialState =>
    spatialMutations.moveAgentsBatch(spatial, { [name]: location }),

  /** All or nothing. */
  moveAgentsBatch(spatial: SpatialState | null, moves: Readonly<Record<string, string>>): SpatialState {
    const world = need(spatial)
    for (const location of Object.values(moves)) needLocation(world, location)
    return { ...world, agentPositions: sortKeys({ ...world.agentPositions, ...moves }) }
  },

  setLocationAttribute(spatial: SpatialState | null, location: string, key: string, value: Json): SpatialState {
    return spatialMutations.updateLocationAttributes(spatial, location, { [key]: value })
  },

  updateLocationAttributes(spatial: SpatialState | null, location: string, attributes: JsonMap): SpatialState {
    const world = need(spatial)
    needLocation(world, location)
    return withAttributes(world, location, { ...world.locations[location]!.attributes, ...attributes })
  },

  /** Gives each location the attributes the function returns for it. All or nothing. */
  applyToRegion(
    spatial: SpatialState | null,
    locations: readonly string[],
    change: (attributes: JsonMap, id: string) => JsonMap,
  ): SpatialState {
    let world = need(spatial)
    for (const location of locations) needLocation(world, location)
    for (const location of locations)
      world = withAttributes(world, location, change(world.locations[location]!.attributes, location))
    return world
  },

  addConnection(
    spatial: SpatialState | null,
    a: string,
    b: string,
    network = 'default',
    attributes: JsonMap = {},
  ): SpatialState {
    const world = need(spatial)
    needLocation(world, a)
    needLocation(world, b)
    const net = needNetwork(world, network)
    const linked = withNetwork(world, { ...net, edges: sortedEdges([...net.edges, edgeOf(a, b)]) })
    const others = world.connections.filter((c) => !isBetween(c, a, b, network))
    const connection: Connection = { from: a, to: b, type: network, attributes, bidirectional: true }
    return { ...linked, connections: [...others, connection].sort(byConnection) }
  },

  /** Removing what is not there changes nothing. */
  removeConnection(spatial: SpatialState | null, a: string, b: string, network = 'default'): SpatialState {
    const world = need(spatial)
    if (!Object.hasOwn(world.networks, network)) return world
    const net = world.networks[network]!
    const edge = edgeOf(a, b)
    const edges = net.edges.filter((other) => byEdge(other, edge) !== 0)
    const connections = world.connections.filter((c) => !isBetween(c, a, b, network))
    if (edges.length === net.edges.length && connections.length === world.connections.length) return world
    return { ...withNetwork(world, { ...net, edges }), connections }
  },

  updateConnectionAttribute(
    spatial: SpatialState | null,
    a: string,
    b: string,
    key: string,
    value: Json,
  ): SpatialState {
    const world = need(spatial)
    const found = findConnection(world.connections, a, b) ?? bareConnection(world, a, b)
    if (!found) {
      const names = Object.values(world.networks).flatMap(({ edges }) => edges.map(([x, y]) => `${x} – ${y}`))
      throw new SpatialError(`No connection between ${a} and ${b}; connections are ${listed(names)}`)
    }
    const changed = { ...found, attributes: { ...found.attributes, [key]: value } }
    const others = world.connections.filter((c) => c !== found)
    return { ...world, connections: [...others, changed].sort(byConnection) }
  },

  createNetwork(
    spatial: SpatialState | null,
    name: string,
    edges: readonly (readonly [string, string])[] = [],
  ): SpatialState {
    const world = need(spatial)
    if (Object.hasOwn(world.networks, name))
      throw new SpatialError(`Network ${name} exists already; networks are ${listed(Object.keys(world.networks))}`)
    for (const location of edges.flat()) needLocation(world, location)
    return withNetwork(world, { name, edges: sortedEdges(edges), attributes: {} })
  },

  removeNetwork(spatial: SpatialState | null, name: string): SpatialState {
    const world = need(spatial)
    if (name === 'default') throw new SpatialError('The network "default" cannot be removed')
    if (!Object.hasOwn(world.networks, name)) return world
    const networks = Object.fromEntries(Object.entries(world.networks).filter(([key]) => key !== name))
    return { ...world, networks, connections: world.connections.filter(({ type }) => type !== name) }
  },
}

const isBetween = (c: Connection, a: string, b: string, network: string): boolean =>
  c.type === network && ((c.from === a && c.to === b) || (c.from === b && c.to === a))

export type SpatialMutations = typeof spatialMutations

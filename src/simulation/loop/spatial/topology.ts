import { isMap, type Json, type JsonMap } from '../core/json.ts'

/** A map before it becomes a state: places, edges per network, attributes of edges. */
export type MapDraft = {
  topologyType: string
  places: Map<string, { attributes: JsonMap; metadata: JsonMap }>
  /** Network name → edges. `default` is always there. */
  networks: Map<string, { edges: [string, string][]; attributes: JsonMap }>
  connections: { a: string; b: string; network: string; attributes: JsonMap }[]
}

export const newDraft = (topologyType: string): MapDraft => ({
  topologyType,
  places: new Map(),
  networks: new Map([['default', { edges: [], attributes: {} }]]),
  connections: [],
})

/** What a file or section has wrong. */
export class TopologyProblem extends Error {
  readonly expected: string
  readonly actual: string
  constructor(expected: string, actual: string) {
    super(`must be ${expected}, but is ${actual}`)
    this.expected = expected
    this.actual = actual
  }
}

const CARDINAL = [
  [1, 0],
  [0, 1],
] as const
const DIAGONAL = [
  [1, 1],
  [-1, 1],
] as const

/** Ids "x,y", origin top left, x right, y down. */
export function gridDraft(width: number, height: number, connectivity: 4 | 8, wrapping: boolean): MapDraft {
  const draft = newDraft('grid')
  const { edges } = draft.networks.get('default')!
  const steps = connectivity === 8 ? [...CARDINAL, ...DIAGONAL] : CARDINAL
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      draft.places.set(`${x},${y}`, { attributes: {}, metadata: { x, y } })
      for (const [dx, dy] of steps) {
        const [tx, ty] = wrapping ? [(x + dx + width) % width, (y + dy + height) % height] : [x + dx, y + dy]
        const inside = tx >= 0 && tx < width && ty >= 0 && ty < height
        if (inside && !(tx === x && ty === y)) edges.push([`${x},${y}`, `${tx},${ty}`])
      }
    }
  return draft
}

const HEX_STEPS = [
  [1, 0],
  [1, -1],
  [0, -1],
] as const

/** Ids "q,r" in axial coordinates, everything at most `radius` steps from "0,0". */
export function hexDraft(radius: number): MapDraft {
  const draft = newDraft('hex_grid')
  const { edges } = draft.networks.get('default')!
  const inside = (q: number, r: number) => Math.max(Math.abs(q), Math.abs(r), Math.abs(q + r)) <= radius
  for (let q = -radius; q <= radius; q++)
    for (let r = -radius; r <= radius; r++) {
      if (!inside(q, r)) continue
      draft.places.set(`${q},${r}`, { attributes: {}, metadata: { q, r } })
      for (const [dq, dr] of HEX_STEPS) if (inside(q + dq, r + dr)) edges.push([`${q},${r}`, `${q + dq},${r + dr}`])
    }
  return draft
}

export type EdgeInput = { a: string; b: string; network: string | undefined; attributes: JsonMap }

/** `[a, b]` or `{source, target, network?, attributes?}`. Throws TopologyProblem. */
export function readEdge(raw: unknown, at: string): EdgeInput {
  if (Array.isArray(raw) && raw.length === 2 && raw.every((end) => typeof end === 'string'))
    return { a: raw[0]!, b: raw[1]!, network: undefined, attributes: {} }
  if (isMap(raw) && typeof raw['source'] === 'string' && typeof raw['target'] === 'string') {
    const network = raw['network'] ?? undefined
    if (network !== undefined && typeof network !== 'string')
      throw new TopologyProblem(`a network name as ${at}.network`, typeof network)
    return {
      a: raw['source'],
      b: raw['target'],
      network,
      attributes: isMap(raw['attributes']) ? raw['attributes'] : {},
    }
  }
  throw new TopologyProblem(`[a, b] or {source, target} as ${at}`, JSON.stringify(raw) ?? 'nothing')
}

export function addEdge(draft: MapDraft, edge: EdgeInput, at: string, layer = 'default'): void {
  for (const end of [edge.a, edge.b])
    if (!draft.places.has(end)) throw new TopologyProblem(`a known location in ${at}`, `"${end}"`)
  const names = edge.network === undefined || edge.network === layer ? [layer] : [layer, edge.network]
  for (const name of names) {
    const network = draft.networks.get(name) ?? { edges: [], attributes: {} }
    draft.networks.set(name, network)
    if (edge.a !== edge.b) network.edges.push([edge.a, edge.b])
  }
  draft.connections.push({ a: edge.a, b: edge.b, network: edge.network ?? layer, attributes: edge.attributes })
}

/** Network file: nodes, edges, optional attributes (of nodes by id, else of the network). Throws TopologyProblem. */
export function networkDraft(file: unknown): MapDraft {
  if (!isMap(file) || !Array.isArray(file['nodes']) || !Array.isArray(file['edges']))
    throw new TopologyProblem('a JSON file with nodes and edges', 'something else')
  const draft = newDraft('network')
  file['nodes'].forEach((node: unknown, i: number) => {
    const id = typeof node === 'string' ? node : isMap(node) ? node['id'] : undefined
    if (typeof id !== 'string' || id === '')
      throw new TopologyProblem(`an id as nodes[${i}]`, JSON.stringify(node) ?? 'nothing')
    if (draft.places.has(id)) throw new TopologyProblem(`distinct ids in nodes`, `"${id}" twice`)
    const described = isMap(node) ? node : {}
    const metadata: JsonMap = described['type'] === undefined ? {} : { type: described['type'] as Json }
    draft.places.set(id, { attributes: isMap(described['attributes']) ? described['attributes'] : {}, metadata })
  })
  file['edges'].forEach((edge: unknown, i: number) => {
    addEdge(draft, readEdge(edge, `edges[${i}]`), `edges[${i}]`)
  })
  const extra: Record<string, Json> = {}
  for (const [key, value] of Object.entries(isMap(file['attributes']) ? file['attributes'] : {})) {
    const place = draft.places.get(key)
    if (place && isMap(value)) draft.places.set(key, { ...place, attributes: { ...place.attributes, ...value } })
    else extra[key] = value as Json
  }
  draft.networks.get('default')!.attributes = extra
  return draft
}

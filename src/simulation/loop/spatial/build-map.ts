import fs from 'node:fs'
import path from 'node:path'
import { choice, type FieldTable, flag, integer, list, map, nullable, readSection, text } from '../config/fields.ts'
import type { Findings, Path } from '../config/problem.ts'
import { messageOf } from '../core/errors.ts'
import { byText, deepFreeze, isMap, type JsonMap, show, sortKeys } from '../core/json.ts'
import type { SpatialState } from '../state/state.ts'
import { geojsonDraft } from './geojson.ts'
import { byConnection, edgeOf, sortedEdges } from './mutations.ts'
import { addEdge, gridDraft, hexDraft, type MapDraft, networkDraft, readEdge, TopologyProblem } from './topology.ts'

const TOPOLOGIES = ['grid', 'hex_grid', 'network', 'geojson'] as const

/** Beyond this a state would not fit a checkpoint any more. */
const MAX_CELLS = 1_000_000

const type = { type: text(1, 20), required: true }
const TOPOLOGY_FIELDS: Record<(typeof TOPOLOGIES)[number], FieldTable> = {
  grid: {
    type,
    width: { type: integer(1, 10_000), required: true },
    height: { type: integer(1, 10_000), required: true },
    connectivity: {
      type: { expected: '4 or 8', read: (value) => (value === 4 || value === 8 ? { value } : undefined) },
      fallback: 4,
    },
    wrapping: { type: flag, fallback: false },
  },
  hex_grid: {
    type,
    radius: { type: integer(0, 500), required: true },
    coord_system: { type: choice(['axial']), fallback: 'axial' },
  },
  network: { type, edges_file: { type: text(1, 4096), required: true } },
  geojson: { type, geojson_file: { type: text(1, 4096), required: true } },
}

const NETWORK_FIELDS: FieldTable = {
  name: { type: text(1, 200), required: true },
  edges_file: { type: nullable(text(1, 4096)), fallback: null },
  edges: { type: nullable(list), fallback: null },
  attributes: { type: map, fallback: {} },
}

export type MapFiles = {
  /** Where relative paths start: the folder of the configuration file. */
  baseDir: string
  /** When set, files must lie inside this folder. */
  within?: string | undefined
}

type Reader = { findings: Findings; files: MapFiles }

class Unusable extends Error {}

function readJsonFile(file: string, at: Path, { findings, files }: Reader): { file: string; json: unknown } {
  const full = path.resolve(files.baseDir, file)
  try {
    const real = fs.realpathSync(full)
    if (files.within !== undefined && !real.startsWith(fs.realpathSync(files.within) + path.sep))
      throw new Error(`outside ${files.within}`)
    return { file: full, json: JSON.parse(fs.readFileSync(real, 'utf8')) }
  } catch (error) {
    findings.add(at, 'a readable JSON file', `${full} (${messageOf(error)})`, 'Correct the path or the file.')
    throw new Unusable()
  }
}

/** Runs one step; what a file has wrong is a problem at its key. */
function attempt<T>(at: Path, findings: Findings, step: () => T): T {
  try {
    return step()
  } catch (error) {
    if (!(error instanceof TopologyProblem)) throw error
    findings.add(at, error.expected, error.actual, 'Correct the map.')
    throw new Unusable()
  }
}

function readTopology(
  raw: Record<string, any>,
  at: Path,
  reader: Reader,
): { draft: MapDraft; topology: Record<string, any> } {
  const kind = TOPOLOGIES.find((name) => name === raw['type'])
  if (!kind) {
    reader.findings.add([...at, 'type'], `one of ${TOPOLOGIES.join(', ')}`, show(raw['type']), 'Choose a topology.')
    throw new Unusable()
  }
  const before = reader.findings.problems.length
  const topology = readSection(raw, at, TOPOLOGY_FIELDS[kind], reader.findings)
  if (reader.findings.problems.length > before) throw new Unusable()
  if (kind === 'grid') {
    const { width, height, connectivity, wrapping } = topology
    if (width * height > MAX_CELLS) {
      reader.findings.add(
        [...at, 'width'],
        `a grid of at most ${MAX_CELLS} cells`,
        `${width * height} cells`,
        'Make the grid smaller.',
      )
      throw new Unusable()
    }
    return { draft: gridDraft(width, height, connectivity, wrapping), topology }
  }
  if (kind === 'hex_grid') return { draft: hexDraft(topology['radius']), topology }
  const key = kind === 'network' ? 'edges_file' : 'geojson_file'
  const { file, json } = readJsonFile(topology[key], [...at, key], reader)
  const draft = attempt([...at, key], reader.findings, () =>
    kind === 'network' ? networkDraft(json) : geojsonDraft(json),
  )
  return { draft, topology: { ...topology, [key]: file } }
}

function addNetwork(draft: MapDraft, raw: unknown, at: Path, reader: Reader): Record<string, any> {
  const { findings } = reader
  const section = readSection(raw, at, NETWORK_FIELDS, findings)
  const { name, edges_file: edgesFile } = section
  if (typeof name !== 'string') return section
  if (draft.networks.has(name)) {
    findings.add([...at, 'name'], 'a new network name', `"${name}", which exists`, 'Choose another name.')
    return section
  }
  draft.networks.set(name, { edges: [], attributes: section['attributes'] as JsonMap })
  const source = edgesFile === null ? undefined : readJsonFile(edgesFile, [...at, 'edges_file'], reader)
  const edges = source ? (isMap(source.json) ? source.json['edges'] : source.json) : section['edges']
  const place = [...at, source ? 'edges_file' : 'edges']
  if (!Array.isArray(edges)) {
    findings.add(place, 'a list of edges', show(edges), 'Give edges or edges_file.')
    return section
  }
  edges.forEach((edge, i) => {
    const where = source ? place : [...place, i]
    attempt(where, findings, () => {
      addEdge(draft, { ...readEdge(edge, `edges[${i}]`), network: undefined }, `edges[${i}]`, name)
    })
  })
  return source ? { ...section, edges_file: source.file } : section
}

function toState(draft: MapDraft): SpatialState {
  const locations = Object.fromEntries([...draft.places].map(([id, place]) => [id, { id, ...place }]))
  const networks = Object.fromEntries(
    [...draft.networks].map(([name, { edges, attributes }]) => [name, { name, edges: sortedEdges(edges), attributes }]),
  )
  const connections = draft.connections.map(({ a, b, network, attributes }) => {
    const [from, to] = edgeOf(a, b)
    return { from, to, type: network, attributes, bidirectional: true }
  })
  return deepFreeze({
    topologyType: draft.topologyType,
    agentPositions: {},
    locations,
    connections: connections.sort(byConnection),
    networks: sortKeys(networks),
  })
}

/**
 * A checked `spatial` section -> the section with absolute files, and the map without agents. Problems go to `findings`;
 * undefined when there is no usable map.
 */
export function buildMap(section: Record<string, any>, at: Path, findings: Findings, files: MapFiles) {
  const reader = { findings, files }
  try {
    const { draft, topology } = readTopology(section['topology'], [...at, 'topology'], reader)
    const attributes = section['location_attributes'] as Record<string, unknown>
    for (const [id, values] of Object.entries(attributes)) {
      const place = draft.places.get(id)
      if (!isMap(values))
        findings.add([...at, 'location_attributes', id], 'a map of attributes', show(values), 'Write keys below it.')
      else if (place) draft.places.set(id, { ...place, attributes: { ...place.attributes, ...values } })
      else
        findings.warn(
          'unknown_location',
          [...at, 'location_attributes', id],
          `Attributes of the unknown location ${id} are skipped`,
        )
    }
    const networks = (section['additional_networks'] as unknown[]).map((raw, i) =>
      addNetwork(draft, raw, [...at, 'additional_networks', i], reader),
    )
    return { section: { ...section, topology, additional_networks: networks }, map: toState(draft) }
  } catch (error) {
    if (error instanceof Unusable) return undefined
    throw error
  }
}

/** The map with agents on it, by name. */
export const placeAgents = (world: SpatialState, positions: Readonly<Record<string, string>>): SpatialState =>
  deepFreeze({ ...world, agentPositions: sortKeys({ ...world.agentPositions, ...positions }) })

export const locationNames = (world: SpatialState): string[] => Object.keys(world.locations).sort(byText)

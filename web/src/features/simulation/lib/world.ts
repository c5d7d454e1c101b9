import type { MapLink, MapPlace, MapShape, MapToken } from '../../../viewers/map-layout.ts'
import type { SpatialState } from '../types.ts'

export type World = { shape: MapShape; places: MapPlace[]; links: MapLink[]; tokens: MapToken[] }

const SHAPES: Record<string, MapShape> = { grid: 'square', hex_grid: 'hex' }

/** A world's map at one moment, ready to be drawn. Grids need no links drawn; networks and regions do. */
export function worldOf(spatial: SpatialState | null | undefined): World | undefined {
  if (!spatial) return undefined
  const ids = Object.keys(spatial.locations)
  if (ids.length === 0) return undefined
  const shape = SHAPES[spatial.topology_type] ?? 'circle'
  const centres = centresOf(spatial, ids)
  const places = ids.map((id, i): MapPlace => {
    const name = spatial.locations[id]?.attributes?.name
    return { id, ...(typeof name === 'string' ? { label: name } : {}), ...centres?.[i] }
  })
  const edges =
    spatial.networks?.default?.edges ?? spatial.connections?.map(({ from, to }): [string, string] => [from, to]) ?? []
  const links = shape === 'circle' ? edges.map(([from, to]) => ({ from, to })) : []
  const tokens = Object.entries(spatial.agent_positions).map(([id, place]) => ({ id, label: id, place }))
  return { shape, places, links, tokens }
}

/** Regions lie where their middles are, north up, in steps that keep neighbours apart; undefined when some have none. */
function centresOf({ locations }: SpatialState, ids: readonly string[]): { x: number; y: number }[] | undefined {
  const centres = ids.map((id) => locations[id]?.metadata?.centroid as [number, number] | undefined)
  if (!centres.every((centre) => Array.isArray(centre) && centre.length === 2)) return undefined
  const known = centres as [number, number][]
  const [xs, ys] = [known.map(([x]) => x), known.map(([, y]) => y)]
  const span = Math.max(1e-9, Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys))
  const scale = (Math.sqrt(ids.length) * 1.6) / span
  return known.map(([x, y]) => ({ x: x * scale, y: -y * scale }))
}

/** Variables of agents that can colour their tokens: words, truths and numbers. */
export function colourVariables(agents: Record<string, Record<string, unknown>>): string[] {
  const names = new Set<string>()
  for (const agent of Object.values(agents))
    for (const [name, value] of Object.entries(agent))
      if (name !== 'name' && ['string', 'boolean', 'number'].includes(typeof value)) names.add(name)
  return [...names]
}

export type Legend = { label: string; color: string }[]

/** A colour for each agent by one variable: a series colour for each word, a shade for a number. */
export function tokenColours(
  agents: Record<string, Record<string, unknown>>,
  variable: string,
  values: readonly string[] = [],
): { of: (agent: string) => string | undefined; legend: Legend } {
  const all = Object.values(agents).map((agent) => agent[variable])
  const numbers = all.filter((value): value is number => typeof value === 'number')
  if (numbers.length > 0) {
    const [min, max] = [Math.min(...numbers), Math.max(...numbers)]
    const shade = (value: number) => {
      const share = max === min ? 0.5 : (value - min) / (max - min)
      return `color-mix(in oklab, var(--series-2) ${Math.round(12 + share * 88)}%, var(--surface))`
    }
    const legend = [min, max].map((value) => ({ label: String(Number(value.toPrecision(4))), color: shade(value) }))
    return { of: (agent) => shadeOf(agents[agent]?.[variable], shade), legend }
  }
  const words = [
    ...new Set([
      ...values,
      ...all
        .filter((value) => value !== undefined)
        .map(String)
        .sort(),
    ]),
  ]
  const colour = (word: string) => `var(--series-${(words.indexOf(word) % 8) + 1})`
  const of = (agent: string) => {
    const value = agents[agent]?.[variable]
    return value === undefined ? undefined : colour(String(value))
  }
  return { of, legend: words.slice(0, 8).map((word) => ({ label: word, color: colour(word) })) }
}

const shadeOf = (value: unknown, shade: (value: number) => string) =>
  typeof value === 'number' ? shade(value) : undefined

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
  const places = ids.map((id): MapPlace => {
    const name = spatial.locations[id]?.attributes?.name
    return { id, ...(typeof name === 'string' ? { label: name } : {}) }
  })
  const edges =
    spatial.networks?.default?.edges ?? spatial.connections?.map(({ from, to }): [string, string] => [from, to]) ?? []
  const links = shape === 'circle' ? edges.map(([from, to]) => ({ from, to })) : []
  const tokens = Object.entries(spatial.agent_positions).map(([id, place]) => ({ id, label: id, place }))
  return { shape, places, links, tokens }
}

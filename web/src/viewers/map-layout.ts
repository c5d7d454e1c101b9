import { forceLayout } from './force-layout.ts'

export type MapPlace = { id: string; label?: string; x?: number; y?: number; value?: number }
export type MapLink = { from: string; to: string }
export type MapToken = { id: string; label: string; place: string }
export type PlacedPlace = MapPlace & { px: number; py: number }
export type MapShape = 'square' | 'hex' | 'circle'

/** Grid ids such as "5,3" carry their own coordinates. */
function coordinates(place: MapPlace): [number, number] | undefined {
  if (place.x !== undefined && place.y !== undefined) return [place.x, place.y]
  const match = /^(-?\d+),(-?\d+)$/.exec(place.id)
  return match ? [Number(match[1]), Number(match[2])] : undefined
}

/**
 * Where the places of a world lie, from 0 to 1 in both directions. Coordinates are kept in proportion (hex cells by axial
 * coordinates); a network without coordinates is spread by its links, or put on a circle in the given order when it is large.
 */
export function mapLayout(
  places: readonly MapPlace[],
  shape: MapShape = 'square',
  links: readonly MapLink[] = [],
): { places: PlacedPlace[]; aspect: number; cell: number } {
  if (places.length === 0) return { places: [], aspect: 1, cell: 0.1 }
  const points = places.map(coordinates)
  if (points.some((point) => point === undefined)) {
    const spread = forceLayout(
      places.map(({ id }) => id),
      links,
    )
    if (spread) {
      const placed = places.map((place, i) => ({ ...place, px: spread[i]![0], py: spread[i]![1] }))
      return { places: placed, aspect: 1.25, cell: Math.min(0.12, 0.6 / Math.sqrt(places.length)) }
    }
    const turn = (2 * Math.PI) / places.length
    const placed = places.map((place, i) => ({
      ...place,
      px: 0.5 + 0.42 * Math.sin(i * turn),
      py: 0.5 - 0.42 * Math.cos(i * turn),
    }))
    return { places: placed, aspect: 1, cell: Math.min(0.12, 1.6 / places.length) }
  }
  const flat = points.map((point) => {
    const [q, r] = point!
    return shape === 'hex' ? [q + r / 2, (r * Math.sqrt(3)) / 2] : [q, r]
  }) as [number, number][]
  const [xs, ys] = [flat.map((p) => p[0]), flat.map((p) => p[1])]
  const [minX, maxX, minY, maxY] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
  const [width, height] = [maxX - minX + 1, maxY - minY + 1]
  const placed = places.map((place, i) => ({
    ...place,
    px: (flat[i]![0] - minX + 0.5) / width,
    py: (flat[i]![1] - minY + 0.5) / height,
  }))
  return { places: placed, aspect: width / height, cell: 1 / width }
}

/** Spreads several tokens of one place around its middle; offsets are shares of a cell. */
export function spreadTokens(tokens: readonly MapToken[]): (MapToken & { dx: number; dy: number })[] {
  const byPlace = new Map<string, MapToken[]>()
  for (const token of tokens) byPlace.set(token.place, [...(byPlace.get(token.place) ?? []), token])
  return tokens.map((token) => {
    const own = byPlace.get(token.place)!
    if (own.length === 1) return { ...token, dx: 0, dy: 0 }
    const angle = (2 * Math.PI * own.indexOf(token)) / own.length
    return { ...token, dx: 0.26 * Math.cos(angle), dy: 0.26 * Math.sin(angle) }
  })
}

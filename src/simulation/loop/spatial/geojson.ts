import { isMap, type JsonMap } from '../core/json.ts'
import { type MapDraft, newDraft, TopologyProblem } from './topology.ts'

type Point = readonly [number, number]
type Ring = readonly Point[]
type Polygon = readonly Ring[]
type Box = { minX: number; minY: number; maxX: number; maxY: number }
type Region = { id: string; polygons: readonly Polygon[]; box: Box; key: string }

const isPoint = (value: unknown): value is Point =>
  Array.isArray(value) && value.length >= 2 && Number.isFinite(value[0]) && Number.isFinite(value[1])

const isPolygon = (value: unknown): value is Polygon =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((ring) => Array.isArray(ring) && ring.length >= 4 && ring.every(isPoint))

function polygonsOf(geometry: unknown, at: string): readonly Polygon[] {
  if (isMap(geometry)) {
    const { type, coordinates } = geometry
    if (type === 'Polygon' && isPolygon(coordinates)) return [coordinates]
    if (type === 'MultiPolygon' && Array.isArray(coordinates) && coordinates.length > 0 && coordinates.every(isPolygon))
      return coordinates
  }
  throw new TopologyProblem(
    `Polygon or MultiPolygon as ${at}.geometry`,
    JSON.stringify(isMap(geometry) ? geometry['type'] : geometry) ?? 'nothing',
  )
}

function boxOf(polygons: readonly Polygon[]): Box {
  const box: Box = { minX: Infinity, minY: Infinity, maxX: -Infinity, maxY: -Infinity }
  for (const [x, y] of polygons.flat(2)) {
    box.minX = Math.min(box.minX, x)
    box.minY = Math.min(box.minY, y)
    box.maxX = Math.max(box.maxX, x)
    box.maxY = Math.max(box.maxY, y)
  }
  return box
}

const boxesMeet = (a: Box, b: Box): boolean =>
  a.minX <= b.maxX && b.minX <= a.maxX && a.minY <= b.maxY && b.minY <= a.maxY

/** > 0: c lies left of a → b; 0: on the line. */
const side = (a: Point, b: Point, c: Point): number => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

const within = (a: Point, b: Point, c: Point): boolean =>
  Math.min(a[0], b[0]) <= c[0] &&
  c[0] <= Math.max(a[0], b[0]) &&
  Math.min(a[1], b[1]) <= c[1] &&
  c[1] <= Math.max(a[1], b[1])

/** Do two segments share a point, ends included? */
function segmentsMeet(a: Point, b: Point, c: Point, d: Point): boolean {
  const [s1, s2, s3, s4] = [side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)]
  if (((s1 > 0 && s2 < 0) || (s1 < 0 && s2 > 0)) && ((s3 > 0 && s4 < 0) || (s3 < 0 && s4 > 0))) return true
  return (
    (s1 === 0 && within(a, b, c)) ||
    (s2 === 0 && within(a, b, d)) ||
    (s3 === 0 && within(c, d, a)) ||
    (s4 === 0 && within(c, d, b))
  )
}

/** Even-odd rule over all rings, so holes count as outside. */
function contains(polygon: Polygon, [x, y]: Point): boolean {
  let inside = false
  for (const ring of polygon)
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [a, b] = [ring[i]!, ring[j]!]
      if (a[1] > y !== b[1] > y && x < ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0]) inside = !inside
    }
  return inside
}

function polygonsMeet(p: Polygon, q: Polygon): boolean {
  for (const ring of p)
    for (let i = 1; i < ring.length; i++)
      for (const other of q)
        for (let j = 1; j < other.length; j++)
          if (segmentsMeet(ring[i - 1]!, ring[i]!, other[j - 1]!, other[j]!)) return true
  return contains(p, q[0]![0]!) || contains(q, p[0]![0]!)
}

const regionsMeet = (a: Region, b: Region): boolean =>
  a.key !== b.key && boxesMeet(a.box, b.box) && a.polygons.some((p) => b.polygons.some((q) => polygonsMeet(p, q)))

function readFeature(feature: unknown, i: number): { id: string; properties: JsonMap; polygons: readonly Polygon[] } {
  const at = `features[${i}]`
  if (!isMap(feature)) throw new TopologyProblem(`a feature as ${at}`, typeof feature)
  const properties = isMap(feature['properties']) ? (feature['properties'] as JsonMap) : {}
  if (typeof properties['name'] !== 'string' || properties['name'] === '')
    throw new TopologyProblem(`text as ${at}.properties.name`, JSON.stringify(properties['name']) ?? 'missing')
  const id = feature['id']
  const isId = typeof id === 'string' || typeof id === 'number'
  return { id: isId ? String(id) : properties['name'], properties, polygons: polygonsOf(feature['geometry'], at) }
}

/** Regions that touch or overlap without being equal are neighbours. Throws TopologyProblem. */
export function geojsonDraft(file: unknown): MapDraft {
  if (
    !isMap(file) ||
    file['type'] !== 'FeatureCollection' ||
    !Array.isArray(file['features']) ||
    file['features'].length === 0
  )
    throw new TopologyProblem('a FeatureCollection with at least one feature', 'something else')
  const draft = newDraft('regions')
  const regions: Region[] = []
  file['features'].forEach((feature: unknown, i: number) => {
    const { id, properties, polygons } = readFeature(feature, i)
    if (draft.places.has(id)) throw new TopologyProblem('distinct feature ids', `"${id}" twice`)
    const box = boxOf(polygons)
    const centroid = [(box.minX + box.maxX) / 2, (box.minY + box.maxY) / 2]
    const metadata = { bbox: [box.minX, box.minY, box.maxX, box.maxY], centroid }
    draft.places.set(id, { attributes: properties, metadata })
    regions.push({ id, polygons, box, key: JSON.stringify(polygons) })
  })
  const { edges } = draft.networks.get('default')!
  for (let i = 0; i < regions.length; i++)
    for (let j = i + 1; j < regions.length; j++)
      if (regionsMeet(regions[i]!, regions[j]!)) edges.push([regions[i]!.id, regions[j]!.id])
  return draft
}

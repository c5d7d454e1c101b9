import type { Point } from './svg.ts'

export type View = { left: number; top: number; right: number; bottom: number }

type Edge = { inside: (p: Point) => boolean; cross: (a: Point, b: Point) => Point }
const edges = (view: View): Edge[] => {
  const vertical = (x: number, inside: Edge['inside']): Edge => ({
    inside,
    cross: (a, b) => [x, a[1] + ((b[1] - a[1]) * (x - a[0])) / (b[0] - a[0])],
  })
  const horizontal = (y: number, inside: Edge['inside']): Edge => ({
    inside,
    cross: (a, b) => [a[0] + ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]), y],
  })
  return [
    vertical(view.left, (p) => p[0] >= view.left),
    vertical(view.right, (p) => p[0] <= view.right),
    horizontal(view.top, (p) => p[1] >= view.top),
    horizontal(view.bottom, (p) => p[1] <= view.bottom),
  ]
}

/** The part of a polygon inside the view (Sutherland and Hodgman). */
export function clipPolygon(points: Point[], view: View): Point[] {
  return edges(view).reduce<Point[]>((shape, edge) => {
    const out: Point[] = []
    shape.forEach((point, i) => {
      const before = shape[(i + shape.length - 1) % shape.length]!
      if (edge.inside(point) !== edge.inside(before)) out.push(edge.cross(before, point))
      if (edge.inside(point)) out.push(point)
    })
    return out
  }, points)
}

type Segment = readonly [Point, Point]

function clipSegment(whole: Segment, view: View): Segment | undefined {
  return edges(view).reduce<Segment | undefined>((segment, edge) => {
    if (!segment) return undefined
    const [a, b] = segment
    const [inA, inB] = [edge.inside(a), edge.inside(b)]
    if (inA && inB) return segment
    if (!inA && !inB) return undefined
    return inA ? [a, edge.cross(a, b)] : [edge.cross(a, b), b]
  }, whole)
}

/** The parts of an open line inside the view. */
export function clipLine(points: Point[], view: View): Point[][] {
  const parts: Point[][] = []
  for (let i = 0; i + 1 < points.length; i++) {
    const segment = clipSegment([points[i]!, points[i + 1]!], view)
    if (!segment) continue
    const last = parts.at(-1)
    const joins = last && last.at(-1)![0] === segment[0][0] && last.at(-1)![1] === segment[0][1]
    if (joins) last.push(segment[1])
    else parts.push([...segment])
  }
  return parts
}

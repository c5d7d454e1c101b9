import { el, group } from '../draw/svg.ts'
import { measure, textPath } from './text.ts'

type Box = { x: number; y: number; width: number; height: number }
const hits = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
const overlap = (a: Box, b: Box) =>
  hits(a, b)
    ? (Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)) *
      (Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y))
    : 0

export type Labelled = { name: string; head: Box }

/** Puts each name beside its head: where it covers least, always inside the picture. */
export function placeLabels(people: Labelled[], width: number, height: number, unit: number): string {
  const size = Math.max(20, 21 * unit)
  const taken: Box[] = people.map((p) => p.head)
  const out: string[] = []
  for (const person of people) {
    const [w, h] = [Math.min(width * 0.45, measure(person.name, size) + size * 0.9), size * 1.5]
    const { head } = person
    const gap = size * 0.35
    const middle = head.y + head.height / 2 - h / 2
    const wanted: [number, number][] = [
      [head.x + head.width + gap, middle],
      [head.x - w - gap, middle],
      [head.x + head.width / 2 - w / 2, head.y - h - gap],
      [head.x + head.width + gap, head.y + head.height],
      [head.x - w - gap, head.y + head.height],
      [head.x + head.width / 2 - w / 2, head.y + head.height + gap],
    ]
    const inside = wanted.map(([x, y], i): { box: Box; cost: number } => {
      const box = {
        x: Math.max(gap, Math.min(width - w - gap, x)),
        y: Math.max(gap, Math.min(height - h - gap, y)),
        width: w,
        height: h,
      }
      const away = Math.hypot(box.x - x, box.y - y)
      return { box, cost: taken.reduce((sum, other) => sum + overlap(box, other), 0) + away * 20 + i }
    })
    const best = inside.reduce((a, b) => (b.cost < a.cost ? b : a)).box
    taken.push(best)
    out.push(
      el('rect', {
        x: best.x,
        y: best.y,
        width: best.width,
        height: best.height,
        rx: h * 0.28,
        fill: '#fbf7ee',
        'fill-opacity': '0.92',
        stroke: '#1c1a1c',
        'stroke-width': unit * 1.4,
      }),
      textPath(
        person.name,
        best.x + size * 0.45,
        best.y + size * 1.08,
        fitted(person.name, size, w - size * 0.9),
        '#1c1a1c',
        true,
      ),
    )
  }
  return group({}, ...out)
}

const fitted = (name: string, size: number, room: number) =>
  Math.min(size, (size * room) / Math.max(1, measure(name, size)))

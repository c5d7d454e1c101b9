import { el, group, num, type Point } from '../draw/svg.ts'
import type { Move } from '../read/camera.ts'
import { measure, textPath } from './text.ts'

/** The camera's movement as an artist notes it: block arrows, a frame that shrinks or grows. */
const RED = '#e2472f'

/** A block arrow from one point to another. */
function arrow(from: Point, to: Point, width: number): string {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]]
  const length = Math.hypot(dx, dy) || 1
  const [ux, uy] = [dx / length, dy / length]
  const neck = length - width * 1.5
  const p = (along: number, across: number): string =>
    `${num(from[0] + ux * along - uy * across)} ${num(from[1] + uy * along + ux * across)}`
  const h = width / 2
  return `M${p(0, h * 0.7)}L${p(neck, h)}L${p(neck, h * 2.1)}L${p(length, 0)}L${p(neck, -h * 2.1)}L${p(neck, -h)}L${p(0, -h * 0.7)}Z`
}

const painted = (d: string, unit: number) =>
  el('path', {
    d,
    fill: RED,
    'fill-opacity': '0.9',
    stroke: '#fff8ee',
    'stroke-width': unit * 2.4,
    'stroke-linejoin': 'round',
  })

function curved(points: [Point, Point, Point], width: number, unit: number): string {
  const [a, b, c] = points
  const line = `M${num(a[0])} ${num(a[1])}Q${num(b[0])} ${num(b[1])} ${num(c[0])} ${num(c[1])}`
  const [dx, dy] = [c[0] - b[0], c[1] - b[1]]
  const length = Math.hypot(dx, dy) || 1
  const tip: Point = [c[0] + (dx / length) * width * 1.6, c[1] + (dy / length) * width * 1.6]
  return (
    el('path', { d: line, fill: 'none', stroke: '#fff8ee', 'stroke-width': width + unit * 4 }) +
    el('path', { d: line, fill: 'none', stroke: RED, 'stroke-width': width }) +
    painted(arrow([c[0] - (dx / length) * 2, c[1] - (dy / length) * 2], tip, width * 1.05), unit)
  )
}

const frameBox = (x: number, y: number, w: number, h: number, unit: number, dashed: boolean) =>
  [
    { stroke: '#fff8ee', 'stroke-width': unit * 5.2 },
    { stroke: RED, 'stroke-width': unit * 2.8 },
  ]
    .map((pen) =>
      el('rect', {
        x,
        y,
        width: w,
        height: h,
        fill: 'none',
        ...pen,
        'stroke-dasharray': dashed ? `${num(unit * 14)} ${num(unit * 9)}` : undefined,
      }),
    )
    .join('')

function cornerArrows(w: number, h: number, unit: number, inward: boolean): string {
  const [ix, iy] = [w * 0.2, h * 0.19]
  const [ox, oy] = [w * 0.045, h * 0.06]
  const corners: [Point, Point][] = [
    [
      [ox, oy],
      [ix, iy],
    ],
    [
      [w - ox, oy],
      [w - ix, iy],
    ],
    [
      [ox, h - oy],
      [ix, h - iy],
    ],
    [
      [w - ox, h - oy],
      [w - ix, h - iy],
    ],
  ]
  return corners
    .map(([outer, inner]) => painted(inward ? arrow(outer, inner, unit * 15) : arrow(inner, outer, unit * 15), unit))
    .join('')
}

type Draw = (w: number, h: number, unit: number) => string

const sideways =
  (right: boolean, y: number): Draw =>
  (w, h, unit) => {
    const [from, to] = right ? [0.34, 0.66] : [0.66, 0.34]
    return painted(arrow([w * from, h * y], [w * to, h * y], unit * 24), unit)
  }
const upright =
  (up: boolean): Draw =>
  (w, h, unit) => {
    const [from, to] = up ? [0.72, 0.26] : [0.26, 0.72]
    return painted(arrow([w * 0.95, h * from], [w * 0.95, h * to], unit * 24), unit)
  }
const bending =
  (right: boolean): Draw =>
  (w, h, unit) => {
    const s = right ? 1 : -1
    return curved(
      [
        [w * (0.5 - s * 0.17), h * 0.12],
        [w * 0.5, h * 0.035],
        [w * (0.5 + s * 0.15), h * 0.1],
      ],
      unit * 14,
      unit,
    )
  }

const DRAW: Record<Move, Draw> = {
  static: (w, h, unit) => {
    const s = unit * 26
    const tick = (x: number, y: number, dx: number, dy: number) =>
      `M${num(x + dx * s)} ${num(y)}L${num(x)} ${num(y)}L${num(x)} ${num(y + dy * s)}`
    const m = unit * 18
    const d = [tick(m, m, 1, 1), tick(w - m, m, -1, 1), tick(m, h - m, 1, -1), tick(w - m, h - m, -1, -1)].join('')
    return (
      el('path', { d, fill: 'none', stroke: '#fff8ee', 'stroke-width': unit * 6 }) +
      el('path', { d, fill: 'none', stroke: RED, 'stroke-width': unit * 3 })
    )
  },
  push_in: (w, h, unit) => frameBox(w * 0.21, h * 0.2, w * 0.58, h * 0.6, unit, true) + cornerArrows(w, h, unit, true),
  zoom_in: (w, h, unit) => frameBox(w * 0.21, h * 0.2, w * 0.58, h * 0.6, unit, false) + cornerArrows(w, h, unit, true),
  pull_out: (w, h, unit) =>
    frameBox(w * 0.21, h * 0.2, w * 0.58, h * 0.6, unit, true) + cornerArrows(w, h, unit, false),
  zoom_out: (w, h, unit) =>
    frameBox(w * 0.21, h * 0.2, w * 0.58, h * 0.6, unit, false) + cornerArrows(w, h, unit, false),
  pan_left: bending(false),
  pan_right: bending(true),
  whip_pan: (w, h, unit) =>
    bending(true)(w, h, unit) +
    el('path', {
      d: [0.2, 0.24, 0.28].map((y, i) => `M${num(w * (0.3 + i * 0.03))} ${num(h * y)}h${num(w * 0.36)}`).join(''),
      stroke: RED,
      'stroke-width': unit * 3,
      fill: 'none',
      opacity: '0.8',
    }),
  tilt_up: upright(true),
  tilt_down: upright(false),
  track_left: sideways(false, 0.93),
  track_right: sideways(true, 0.93),
  crane_up: (w, h, unit) =>
    curved(
      [
        [w * 0.9, h * 0.84],
        [w * 0.97, h * 0.5],
        [w * 0.94, h * 0.24],
      ],
      unit * 15,
      unit,
    ),
  crane_down: (w, h, unit) =>
    curved(
      [
        [w * 0.94, h * 0.16],
        [w * 0.97, h * 0.5],
        [w * 0.9, h * 0.76],
      ],
      unit * 15,
      unit,
    ),
  orbit: (w, h, unit) =>
    curved(
      [
        [w * 0.24, h * 0.82],
        [w * 0.5, h * 1.04],
        [w * 0.74, h * 0.82],
      ],
      unit * 14,
      unit,
    ),
  handheld: (w, h, unit) => {
    const wave = (x: number) =>
      `M${num(x)} ${num(h * 0.32)}${Array.from({ length: 5 }, (_, i) => `q${num((i % 2 ? -1 : 1) * unit * 16)} ${num(h * 0.035)} 0 ${num(h * 0.07)}`).join('')}`
    const d = wave(w * 0.025) + wave(w * 0.975)
    return (
      el('path', { d, fill: 'none', stroke: '#fff8ee', 'stroke-width': unit * 7 }) +
      el('path', { d, fill: 'none', stroke: RED, 'stroke-width': unit * 4 })
    )
  },
}

/** The marks of a camera movement over a picture of this size, with the movement's name. */
export function cameraMarks(move: Move, w: number, h: number, unit: number): string {
  const name = move.replace('_', ' ').toUpperCase()
  const size = Math.max(16, unit * 17)
  const [tw, pad] = [measure(name, size), size * 0.5]
  const [x, y] = [w - tw - pad * 2 - unit * 14, unit * 14]
  return group(
    {},
    DRAW[move](w, h, unit),
    el('rect', {
      x,
      y,
      width: tw + pad * 2,
      height: size * 1.6,
      rx: size * 0.3,
      fill: '#16181d',
      'fill-opacity': '0.78',
    }),
    textPath(name, x + pad, y + size * 1.14, size, '#ffd9cf', true),
  )
}

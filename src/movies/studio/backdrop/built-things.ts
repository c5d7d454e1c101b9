import { darker } from '../draw/colour.ts'
import { el, ellipse, type Point, smooth } from '../draw/svg.ts'
import type { Canvas } from './canvas.ts'

/** Buildings, lamps and goods. Positions and sizes are metres. */

/** Lit or dark windows of a façade facing the camera. */
function windows(c: Canvas, x: number, z: number, w: number, h: number, rows: number, columns: number): string {
  const night = c.light.time === 'night' || c.light.time === 'dusk'
  const out: string[] = []
  for (let i = 0; i < columns; i++)
    for (let k = 0; k < rows; k++) {
      const lit = night && c.random.next() < 0.45
      const [x0, y0] = [x - w / 2 + (w * (i + 0.5)) / columns - (w / columns) * 0.22, (h * (k + 0.4)) / rows]
      const [x1, y1] = [x0 + (w / columns) * 0.44, y0 + (h / rows) * 0.42]
      const fill = lit ? c.light.lamp : c.far('#3e4a54', z)
      out.push(
        c.shape(
          [
            [x0, y0, z],
            [x1, y0, z],
            [x1, y1, z],
            [x0, y1, z],
          ],
          fill,
          z,
        ),
      )
      if (lit && c.random.next() < 0.5)
        c.glow(c.stage.project((x0 + x1) / 2, (y0 + y1) / 2, z), c.stage.scale(z) * 1.6, 0.35)
    }
  return out.join('')
}

export function house(c: Canvas, x: number, z: number, w: number, h: number, colour: string): void {
  if (!c.stage.visible(z)) return
  c.box(x, 0, z, w, h, w * 0.8, colour)
  const roof = c.far(darker(c.light.cloth, 0.1), z)
  c.add(
    z - 0.01,
    c.shape(
      [
        [x - w * 0.58, h, z],
        [x + w * 0.58, h, z],
        [x, h + w * 0.42, z],
      ],
      roof,
      z,
    ),
    windows(c, x, z, w * 0.86, h, Math.max(1, Math.round(h / 2.6)), Math.max(2, Math.round(w / 1.8))),
    c.shape(
      [
        [x - 0.45, 0, z],
        [x + 0.45, 0, z],
        [x + 0.45, 1.95, z],
        [x - 0.45, 1.95, z],
      ],
      c.far(darker(c.light.wood, 0.25), z),
      z,
    ),
  )
}

/** A block of a city street: front and the side toward the street. */
export function block(c: Canvas, x: number, z: number, w: number, h: number, d: number, colour: string): void {
  if (!c.stage.visible(z)) return
  c.add(
    z,
    c.boxSvg(x, 0, z, w, h, d, colour),
    windows(c, x, z - 0.01, w * 0.9, h, Math.round(h / 3), Math.max(2, Math.round(w / 2))),
  )
  const face = x > 0 ? x - w / 2 : x + w / 2
  const rows = Math.min(7, Math.round(h / 3))
  const night = c.light.time === 'night' || c.light.time === 'dusk'
  const out: string[] = []
  for (let i = 0; i < Math.round(d / 2.4); i++)
    for (let k = 0; k < rows; k++) {
      const [z0, y0] = [z + 0.7 + i * 2.4, 1 + k * 3]
      if (!c.stage.visible(z0)) continue
      const lit = night && c.random.next() < 0.4
      out.push(
        c.shape(
          [
            [face, y0, z0],
            [face, y0, z0 + 1.2],
            [face, y0 + 1.6, z0 + 1.2],
            [face, y0 + 1.6, z0],
          ],
          lit ? c.light.lamp : c.far('#39444e', z0),
          z0,
        ),
      )
    }
  c.add(z - 0.02, ...out)
}

export function streetLamp(c: Canvas, x: number, z: number, h = 4.2): void {
  if (!c.stage.visible(z)) return
  const s = c.stage.scale(z)
  const top = c.stage.project(x, h, z)
  const pole = c.line(
    [
      [x, 0, z],
      [x, h, z],
      [x + (x > 0 ? -0.5 : 0.5), h + 0.12, z],
    ],
    { 'stroke-width': Math.max(1.4, s * 0.07) },
  )
  const bulb: Point = c.stage.project(x + (x > 0 ? -0.55 : 0.55), h + 0.02, z)
  const on = c.light.time !== 'day'
  c.add(
    z,
    pole,
    el('path', { d: ellipse(bulb, s * 0.16, s * 0.1), fill: on ? c.light.lamp : '#d8d4c8', ...c.inkAt(z) }),
  )
  if (on) c.glow([bulb[0], bulb[1]], s * 2.6, 0.7)
  c.shadow(x, z, 0.2, 0.1)
  void top
}

/** The tower, its gallery and lantern, and after dark its beams. */
export function lighthouse(c: Canvas, x: number, z: number, h: number): void {
  if (!c.stage.visible(z)) return
  const p = (dx: number, y: number): Point => c.stage.project(x + dx, y, z)
  const white = c.far('#e6dfd0', z)
  const red = c.far('#a8402f', z)
  const [b, t] = [h * 0.13, h * 0.075]
  const at = (y: number) => b + (t - b) * (y / (h * 0.82))
  const parts: string[] = []
  for (let i = 0; i < 5; i++) {
    const [y0, y1] = [(h * 0.82 * i) / 5, (h * 0.82 * (i + 1)) / 5]
    parts.push(
      el('path', {
        d: c.stage.hand([p(-at(y0), y0), p(at(y0), y0), p(at(y1), y1), p(-at(y1), y1)]),
        fill: i % 2 ? red : white,
        ...c.inkAt(z),
      }),
    )
  }
  const shade = c.light.from
  parts.push(
    el('path', {
      d: c.stage.hand([
        p(-shade * at(0) * 0.2, 0),
        p(-shade * at(0), 0),
        p(-shade * t, h * 0.82),
        p(-shade * t * 0.2, h * 0.82),
      ]),
      fill: '#15161c',
      opacity: '0.22',
    }),
  )
  for (const y of [0.14, 0.4, 0.62])
    parts.push(
      el('path', {
        d: c.stage.hand([
          p(-h * 0.012, h * y),
          p(h * 0.012, h * y),
          p(h * 0.012, h * (y + 0.04)),
          p(-h * 0.012, h * (y + 0.04)),
        ]),
        fill: c.far('#2f3a44', z),
      }),
    )
  parts.push(
    el('path', {
      d: c.stage.hand([p(-t * 1.7, h * 0.82), p(t * 1.7, h * 0.82), p(t * 1.7, h * 0.845), p(-t * 1.7, h * 0.845)]),
      fill: c.far('#3a3f45', z),
      ...c.inkAt(z),
    }),
  )
  parts.push(
    el('path', {
      d: c.stage.hand([p(-t * 0.9, h * 0.845), p(t * 0.9, h * 0.845), p(t * 0.9, h * 0.93), p(-t * 0.9, h * 0.93)]),
      fill: c.light.time === 'day' ? '#b9cdd4' : '#fff0be',
      ...c.inkAt(z),
    }),
  )
  parts.push(
    el('path', { d: c.stage.hand([p(-t * 1.15, h * 0.93), p(t * 1.15, h * 0.93), p(0, h)]), fill: red, ...c.inkAt(z) }),
  )
  if (c.light.time !== 'day') {
    const lamp = p(0, h * 0.885)
    const reach = c.stage.width
    const spread = c.stage.height * 0.13
    for (const side of [-1, 1]) {
      const fill = c.gradient(
        lamp,
        [lamp[0] + side * reach * 0.7, lamp[1]],
        [
          [0, '#fff3cb', 0.75],
          [1, '#fff3cb', 0],
        ],
      )
      const d = `M${lamp[0]} ${lamp[1]}L${lamp[0] + side * reach} ${lamp[1] - spread * 1.1}L${lamp[0] + side * reach} ${lamp[1] + spread * 0.5}Z`
      c.back.push(el('path', { d, fill }))
    }
    c.glow(lamp, c.stage.height * 0.24, 0.8)
  }
  c.add(z, ...parts)
}

export function fence(c: Canvas, x0: number, x1: number, z: number): void {
  const parts: string[] = []
  for (let x = x0; x <= x1; x += 1.4)
    parts.push(
      c.line(
        [
          [x, 0, z],
          [x, 1.1, z],
        ],
        { 'stroke-width': Math.max(1.4, c.stage.scale(z) * 0.08), stroke: c.far(darker(c.light.wood, 0.2), z) },
      ),
    )
  for (const y of [0.5, 0.95])
    parts.push(
      c.line(
        [
          [x0, y, z],
          [x1, y, z],
        ],
        { 'stroke-width': Math.max(1.2, c.stage.scale(z) * 0.06), stroke: c.far(darker(c.light.wood, 0.1), z) },
      ),
    )
  c.add(z, ...parts)
}

export function tower(c: Canvas, x: number, z: number, w: number, h: number): void {
  if (!c.stage.visible(z)) return
  c.box(x, 0, z, w, h, w, c.light.stone)
  const teeth: string[] = []
  const n = 4
  for (let i = 0; i < n; i++)
    teeth.push(c.boxSvg(x - w / 2 + (w * (i + 0.5)) / n, h, z - 0.02, w / n / 1.7, w * 0.14, 0.3, c.light.stone))
  const slit = c.shape(
    [
      [x - w * 0.05, h * 0.6, z],
      [x + w * 0.05, h * 0.6, z],
      [x + w * 0.05, h * 0.78, z],
      [x - w * 0.05, h * 0.78, z],
    ],
    c.far('#23252b', z),
    z,
  )
  c.add(z - 0.02, ...teeth, slit)
}

export function bench(c: Canvas, x: number, z: number): void {
  c.box(x, 0, z, 0.1, 0.42, 0.4, darker(c.light.metal, 0.3))
  c.box(x + 1.3, 0, z, 0.1, 0.42, 0.4, darker(c.light.metal, 0.3))
  c.add(
    z - 0.01,
    c.boxSvg(x + 0.65, 0.42, z, 1.7, 0.06, 0.45, c.light.wood),
    c.boxSvg(x + 0.65, 0.62, z + 0.42, 1.7, 0.28, 0.05, c.light.wood),
  )
}

export function crate(c: Canvas, x: number, z: number, w: number, y = 0): void {
  c.box(x, y, z, w, w * 0.86, w * 0.9, c.light.wood)
  const h = w * 0.86
  c.add(
    z - 0.01,
    c.line([
      [x - w / 2, y, z],
      [x + w / 2, y + h, z],
    ]),
    c.line(
      [
        [x - w / 2, y + h * 0.5, z],
        [x + w / 2, y + h * 0.5, z],
      ],
      { opacity: '0.6' },
    ),
  )
}

export function barrel(c: Canvas, x: number, z: number): void {
  const p = (dx: number, y: number): Point => c.stage.project(x + dx, y, z)
  const fill = c.far(darker(c.light.wood, 0.12), z)
  c.shadow(x, z, 0.4, 0.3)
  c.add(
    z,
    el('path', {
      d: smooth(
        [p(-0.27, 0), p(-0.34, 0.42), p(-0.27, 0.86), p(0, 0.9), p(0.27, 0.86), p(0.34, 0.42), p(0.27, 0)],
        true,
        8,
      ),
      fill,
      ...c.inkAt(z),
    }),
    c.line([
      [x - 0.32, 0.26, z],
      [x + 0.32, 0.26, z],
    ]),
    c.line([
      [x - 0.32, 0.62, z],
      [x + 0.32, 0.62, z],
    ]),
  )
}

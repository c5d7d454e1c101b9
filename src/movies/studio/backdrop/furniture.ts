import { darker, lighter } from '../draw/colour.ts'
import { el, ellipse, type Point } from '../draw/svg.ts'
import type { Canvas } from './canvas.ts'

/** Furniture and lamps. Positions and sizes are metres. */

export function table(c: Canvas, x: number, z: number, w: number, d: number, h = 0.75, colour = c.light.wood): void {
  c.shadow(x, z + d / 2, w * 0.6, d * 0.7)
  for (const [dx, dz] of [
    [-1, 1],
    [1, 1],
    [-1, 0],
    [1, 0],
  ] as const)
    c.add(z + dz * d, c.boxSvg(x + dx * (w / 2 - 0.06), 0, z + dz * (d - 0.08), 0.07, h, 0.07, darker(colour, 0.2)))
  c.add(z - 0.005, c.boxSvg(x, h, z, w, 0.06, d, colour))
}

export function chair(c: Canvas, x: number, z: number, colour = c.light.wood): void {
  c.box(x - 0.19, 0, z, 0.05, 0.45, 0.05, darker(colour, 0.2))
  c.box(x + 0.19, 0, z, 0.05, 0.45, 0.05, darker(colour, 0.2))
  c.add(z, c.boxSvg(x, 0.44, z, 0.46, 0.06, 0.44, colour))
  c.add(z + 0.42, c.boxSvg(x, 0.5, z + 0.42, 0.46, 0.5, 0.05, darker(colour, 0.1)))
}

/** Shelves with things on them: books, bottles or boxes. */
export function shelf(
  c: Canvas,
  x: number,
  z: number,
  w: number,
  h: number,
  goods: 'books' | 'bottles' | 'boxes',
): void {
  const wood = darker(c.light.wood, 0.15)
  c.add(z, c.boxSvg(x, 0, z, w, h, 0.34, darker(wood, 0.25)))
  const rows = Math.max(2, Math.round(h / 0.42))
  const parts: string[] = []
  const colours = [
    c.light.cloth,
    c.light.green,
    c.light.water,
    c.light.stone,
    c.light.wood,
    lighter(c.light.cloth, 0.3),
  ]
  for (let k = 0; k < rows; k++) {
    const y0 = (h * k) / rows + 0.04
    for (let at = x - w / 2 + 0.05; at < x + w / 2 - 0.08; ) {
      const t = goods === 'boxes' ? c.random.between(0.16, 0.3) : c.random.between(0.04, 0.1)
      const tall = (h / rows) * c.random.between(0.5, 0.82)
      if (at + t > x + w / 2 - 0.04) break
      if (c.random.next() > 0.12) {
        const fill = c.far(c.random.pick(colours), z)
        if (goods === 'bottles') {
          const mid = at + t / 2
          parts.push(
            c.shape(
              [
                [at, y0, z],
                [at + t, y0, z],
                [at + t, y0 + tall * 0.6, z],
                [mid + 0.015, y0 + tall * 0.7, z],
                [mid + 0.015, y0 + tall, z],
                [mid - 0.015, y0 + tall, z],
                [mid - 0.015, y0 + tall * 0.7, z],
                [at, y0 + tall * 0.6, z],
              ],
              fill,
              z,
            ),
          )
        } else
          parts.push(
            c.shape(
              [
                [at, y0, z],
                [at + t, y0, z],
                [at + t, y0 + tall, z],
                [at, y0 + tall, z],
              ],
              fill,
              z,
              { 'stroke-width': 0.8 },
            ),
          )
      }
      at += t + (goods === 'books' ? 0.006 : 0.06)
    }
    parts.push(
      c.line(
        [
          [x - w / 2, y0 - 0.03, z],
          [x + w / 2, y0 - 0.03, z],
        ],
        { stroke: lighter(wood, 0.15), 'stroke-width': Math.max(1, c.stage.scale(z) * 0.03) },
      ),
    )
  }
  c.add(z - 0.01, ...parts)
}

/** A desk of instruments: screens with curves, buttons, dials. */
export function instruments(c: Canvas, x: number, z: number, w: number): void {
  const metal = darker(c.light.metal, 0.25)
  c.box(x, 0, z, w, 0.78, 0.7, metal)
  const screens = Math.max(2, Math.round(w / 0.8))
  const glow = c.light.key === '#fff9ee' ? '#a5e0d0' : '#9fe6dc'
  for (let i = 0; i < screens; i++) {
    const sx = x - w / 2 + (w * (i + 0.5)) / screens
    const sw = (w / screens) * 0.74
    const zz = z + 0.34
    const curve: [number, number, number][] = Array.from({ length: 9 }, (_, k) => [
      sx - sw * 0.42 + (sw * 0.84 * k) / 8,
      1.08 + c.random.around(0, 0.1),
      zz - 0.01,
    ])
    c.add(
      zz,
      c.boxSvg(sx, 0.8, zz, sw, 0.52, 0.1, darker(metal, 0.3)),
      c.shape(
        [
          [sx - sw * 0.44, 0.85, zz - 0.005],
          [sx + sw * 0.44, 0.85, zz - 0.005],
          [sx + sw * 0.44, 1.27, zz - 0.005],
          [sx - sw * 0.44, 1.27, zz - 0.005],
        ],
        '#16323a',
        zz,
      ),
      c.line(curve, { stroke: glow, 'stroke-width': Math.max(1.2, c.stage.scale(zz) * 0.022) }),
    )
    c.glow(c.stage.project(sx, 1.06, zz), c.stage.scale(zz) * 0.85, 0.42, glow)
  }
  const dials: string[] = []
  for (let i = 0; i < Math.round(w / 0.16); i++) {
    const [px, py] = c.stage.project(x - w / 2 + 0.1 + i * 0.16, 0.64, z - 0.005)
    const r = Math.max(1, c.stage.scale(z) * 0.028)
    dials.push(
      el('path', {
        d: ellipse([px, py], r, r),
        fill: i % 4 === 0 ? '#d2553a' : i % 3 === 0 ? '#d9b04a' : '#cfd5d4',
        ...c.inkAt(z),
        'stroke-width': 0.8,
      }),
    )
  }
  c.add(z - 0.01, ...dials)
}

export function pendant(c: Canvas, x: number, z: number, ceiling: number, y = ceiling - 0.7): void {
  const p = (dx: number, dy: number): Point => c.stage.project(x + dx, y + dy, z)
  c.add(
    z,
    c.line([
      [x, ceiling, z],
      [x, y + 0.2, z],
    ]),
    el('path', {
      d: c.stage.hand([p(-0.07, 0.2), p(0.07, 0.2), p(0.24, 0), p(-0.24, 0)]),
      fill: c.far(darker(c.light.metal, 0.35), z),
      ...c.inkAt(z),
    }),
  )
  if (c.light.time === 'day') return
  c.add(z, el('path', { d: ellipse(p(0, 0), c.stage.scale(z) * 0.1, c.stage.scale(z) * 0.06), fill: '#fff0c4' }))
  c.glow(p(0, -0.5), c.stage.scale(z) * 2.3, 0.68)
}

export function floorLamp(c: Canvas, x: number, z: number): void {
  const p = (dx: number, dy: number): Point => c.stage.project(x + dx, dy, z)
  const on = c.light.time !== 'day'
  c.add(
    z,
    c.line(
      [
        [x, 0, z],
        [x, 1.35, z],
      ],
      { 'stroke-width': Math.max(1.4, c.stage.scale(z) * 0.04) },
    ),
    el('path', {
      d: c.stage.hand([p(-0.14, 1.75), p(0.14, 1.75), p(0.26, 1.35), p(-0.26, 1.35)]),
      fill: on ? '#ffe2a3' : '#d9cdb4',
      ...c.inkAt(z),
    }),
  )
  if (on) c.glow(p(0, 1.45), c.stage.scale(z) * 1.9, 0.66)
}

export function sofa(c: Canvas, x: number, z: number, colour: string): void {
  c.box(x, 0, z + 0.5, 2.1, 0.86, 0.28, darker(colour, 0.12))
  c.box(x, 0, z, 2.1, 0.44, 0.7, colour)
  c.box(x - 1.1, 0, z, 0.24, 0.62, 0.78, darker(colour, 0.08))
  c.box(x + 1.1, 0, z, 0.24, 0.62, 0.78, darker(colour, 0.08))
}

export function bed(c: Canvas, x: number, z: number, colour: string): void {
  c.box(x, 0, z + 2.0, 1.5, 1.05, 0.1, darker(c.light.wood, 0.1))
  c.box(x, 0, z, 1.5, 0.5, 2.0, colour)
  c.add(
    z + 1.55,
    c.boxSvg(x - 0.32, 0.5, z + 1.5, 0.5, 0.14, 0.4, '#ece6d8'),
    c.boxSvg(x + 0.32, 0.5, z + 1.5, 0.5, 0.14, 0.4, '#ece6d8'),
  )
}

export function column(c: Canvas, x: number, z: number, h: number, w = 0.6): void {
  if (!c.stage.visible(z)) return
  c.box(x, 0, z, w * 1.4, 0.3, w * 1.4, c.light.stone)
  c.add(
    z,
    c.boxSvg(x, 0.3, z + w * 0.2, w, h - 0.6, w, c.light.stone),
    c.boxSvg(x, h - 0.3, z, w * 1.4, 0.3, w * 1.4, c.light.stone),
  )
  for (const dx of [-0.25, 0, 0.25])
    c.add(
      z - 0.01,
      c.line(
        [
          [x + dx * w, 0.4, z + w * 0.2],
          [x + dx * w, h - 0.4, z + w * 0.2],
        ],
        { opacity: '0.35' },
      ),
    )
}

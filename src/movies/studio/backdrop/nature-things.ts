import { darker, lighter, mix } from '../draw/colour.ts'
import { el, type Point, smooth } from '../draw/svg.ts'
import type { Canvas } from './canvas.ts'

/** Grown, worn and floating things outside. Positions and sizes are metres. */

/** Things that stand outside. Positions and sizes are metres. */

export function tree(c: Canvas, x: number, z: number, h: number, kind: 'pine' | 'round' | 'bare'): void {
  if (!c.stage.visible(z)) return
  const p = (dx: number, y: number): Point => c.stage.project(x + dx, y, z)
  const leaf = c.far(kind === 'pine' ? darker(c.light.green, 0.25) : c.light.green, z)
  const bark = c.far('#5c4634', z)
  const ink = c.inkAt(z)
  c.shadow(x, z, h * 0.22, h * 0.1)
  const trunk = el('path', {
    d: c.stage.hand([p(-h * 0.03, 0), p(h * 0.03, 0), p(h * 0.015, h * 0.7), p(-h * 0.015, h * 0.7)]),
    fill: bark,
    ...ink,
  })
  if (kind === 'pine') {
    const tiers = [0.22, 0.45, 0.68].map((y, i) => {
      const w = h * (0.26 - i * 0.06)
      return el('path', {
        d: c.stage.hand(
          [
            p(-w, h * y),
            p(-w * 0.35, h * (y + 0.1)),
            p(0, h * (y + 0.34)),
            p(w * 0.35, h * (y + 0.1)),
            p(w, h * y),
            p(0, h * (y + 0.05)),
          ],
          3,
        ),
        fill: mix(leaf, '#ffffff', i * 0.05),
        ...ink,
      })
    })
    c.add(z, trunk, ...tiers)
    return
  }
  if (kind === 'bare') {
    const twigs = [-0.32, -0.16, 0.12, 0.3, 0.02].map((dx, i) =>
      c.line(
        [
          [x, h * (0.4 + i * 0.06), z],
          [x + dx * h * 0.6, h * (0.66 + i * 0.05), z],
          [x + dx * h, h * (0.8 + i * 0.05), z],
        ],
        { stroke: bark, 'stroke-width': Math.max(1, c.stage.scale(z) * 0.06) },
      ),
    )
    c.add(z, trunk, ...twigs)
    return
  }
  const crown: Point[] = Array.from({ length: 10 }, (_, i) => {
    const a = (i / 10) * Math.PI * 2
    const q = h * c.random.between(0.26, 0.34)
    return p(Math.cos(a) * q, h * 0.68 + Math.sin(a) * q * 0.9)
  })
  const side = c.light.from
  const shade: Point[] = [
    p(-side * h * 0.3, h * 0.66),
    p(-side * h * 0.16, h * 0.44),
    p(side * h * 0.1, h * 0.42),
    p(-side * h * 0.02, h * 0.62),
  ]
  c.add(
    z,
    trunk,
    el('path', { d: smooth(crown, true), fill: leaf, ...ink }),
    el('path', { d: smooth(shade, true), fill: darker(leaf, 0.25), opacity: '0.7' }),
  )
}

export function rock(c: Canvas, x: number, z: number, w: number): void {
  const p = (dx: number, y: number): Point => c.stage.project(x + dx * w, y * w, z)
  const fill = c.far(c.light.stone, z)
  const body: Point[] = [
    p(-0.5, 0),
    p(-0.42, 0.28),
    p(-0.12, c.random.between(0.4, 0.56)),
    p(0.2, 0.4),
    p(0.46, 0.2),
    p(0.54, 0),
  ]
  const dark: Point[] = [p(0.1, 0), p(0.02, 0.3), p(0.2, 0.4), p(0.46, 0.2), p(0.54, 0)]
  c.shadow(x, z, w * 0.6, w * 0.25)
  c.add(
    z,
    el('path', { d: c.stage.hand(body, 3), fill, ...c.inkAt(z) }),
    el('path', {
      d: c.stage.hand(c.light.from < 0 ? dark : dark.map(([a, b]) => [2 * p(0, 0)[0] - a, b] as Point), 3),
      fill: darker(fill, 0.28),
      opacity: '0.8',
    }),
  )
}

export function boat(c: Canvas, x: number, z: number, w: number): void {
  const p = (dx: number, y: number): Point => c.stage.project(x + dx * w, y * w, z)
  const hull = c.far(darker(c.light.cloth, 0.1), z)
  c.add(
    z,
    c.line([
      [x, 0, z],
      [x, w * 0.9, z],
    ]),
    el('path', {
      d: c.stage.hand([p(0.03, 0.2), p(0.03, 0.85), p(0.4, 0.24)]),
      fill: lighter(c.light.haze, 0.4),
      ...c.inkAt(z),
    }),
    el('path', {
      d: smooth([p(-0.5, 0.18), p(-0.36, -0.02), p(0.3, -0.02), p(0.56, 0.2), p(0, 0.14)], true, 8),
      fill: hull,
      ...c.inkAt(z),
    }),
  )
}

/** A broken wall or column. */
export function ruin(c: Canvas, x: number, z: number, w: number, h: number): void {
  const p = (dx: number, y: number): Point => c.stage.project(x + dx * w, y * h, z)
  const fill = c.far(c.light.stone, z)
  c.shadow(x, z, w * 0.6, 0.5)
  c.add(
    z,
    el('path', {
      d: c.stage.hand(
        [
          p(-0.5, 0),
          p(-0.5, c.random.between(0.7, 1)),
          p(-0.25, 0.8),
          p(-0.1, c.random.between(0.55, 0.95)),
          p(0.15, 0.6),
          p(0.3, c.random.between(0.4, 0.8)),
          p(0.5, 0.35),
          p(0.5, 0),
        ],
        3,
      ),
      fill,
      ...c.inkAt(z),
    }),
    ...[0.2, 0.42, 0.62].map((y) =>
      c.line(
        [
          [x - w * 0.48, h * y, z],
          [x + w * (0.42 - y * 0.3), h * y, z],
        ],
        { opacity: '0.5' },
      ),
    ),
  )
}

export function grave(c: Canvas, x: number, z: number): void {
  const fill = c.far(c.light.stone, z)
  const h = c.random.between(0.7, 1.1)
  const p = (dx: number, y: number): Point => c.stage.project(x + dx, y, z)
  c.shadow(x, z, 0.5, 0.3)
  if (c.random.next() < 0.4)
    c.add(
      z,
      c.boxSvg(x, 0, z, 0.14, h * 1.3, 0.14, c.light.stone),
      c.boxSvg(x, h * 0.8, z - 0.01, 0.7, 0.14, 0.14, c.light.stone),
    )
  else
    c.add(
      z,
      el('path', {
        d: smooth([p(-0.32, 0), p(-0.32, h * 0.7), p(0, h), p(0.32, h * 0.7), p(0.32, 0)], true, 9),
        fill,
        ...c.inkAt(z),
      }),
    )
}

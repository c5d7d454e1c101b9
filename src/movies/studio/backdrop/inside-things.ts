import { darker, lighter } from '../draw/colour.ts'
import { el, ellipse, num, type Point, smooth } from '../draw/svg.ts'
import type { Canvas } from './canvas.ts'
import { ground } from './sky.ts'

/** Things that stand or hang in rooms. Positions and sizes are metres. */

/** The great lens of a lighthouse on its stand. */
export function lens(c: Canvas, x: number, z: number): void {
  const p = (dx: number, y: number): Point => c.stage.project(x + dx, y, z)
  c.box(x, 0, z, 0.9, 0.7, 0.9, darker(c.light.metal, 0.3))
  const body: Point[] = [
    p(-0.4, 0.7),
    p(-0.62, 1.3),
    p(-0.52, 2.1),
    p(0, 2.45),
    p(0.52, 2.1),
    p(0.62, 1.3),
    p(0.4, 0.7),
  ]
  const glass = c.gradient(p(-0.6, 2), p(0.6, 0.9), [
    [0, '#f6fbf4'],
    [0.5, '#b9d3cf'],
    [1, '#7fa6a6'],
  ])
  const rings = [0.95, 1.2, 1.5, 1.8, 2.08].map((y) =>
    c.line(
      [
        [x - 0.56, y, z],
        [x + 0.56, y + 0.04, z],
      ],
      { stroke: '#52706f', opacity: '0.8' },
    ),
  )
  c.add(
    z - 0.05,
    el('path', { d: smooth(body, true, 8), fill: glass, ...c.inkAt(z) }),
    ...rings,
    el('path', {
      d: ellipse(p(0, 1.52), c.stage.scale(z) * 0.17, c.stage.scale(z) * 0.22),
      fill: '#fff6d6',
      ...c.inkAt(z),
    }),
  )
  if (c.light.time === 'day') return
  c.glow(p(0, 1.5), c.stage.scale(z) * 2.6, 0.85)
  const from = p(0, 1.5)
  for (const side of [-1, 1]) {
    const fill = c.gradient(
      from,
      [from[0] + side * c.stage.width * 0.6, from[1]],
      [
        [0, '#fff0bd', 0.5],
        [1, '#fff0bd', 0],
      ],
    )
    const spread = c.stage.height * 0.17
    c.back.push(
      el('path', {
        d: `M${from[0]} ${from[1]}L${from[0] + side * c.stage.width} ${from[1] - spread}L${from[0] + side * c.stage.width} ${from[1] + spread}Z`,
        fill,
      }),
    )
  }
}

export function railing(c: Canvas, x0: number, x1: number, z: number): void {
  const parts: string[] = []
  for (let x = x0; x <= x1; x += 0.8)
    parts.push(
      c.line([
        [x, 0, z],
        [x, 1, z],
      ]),
    )
  for (const y of [0.5, 1])
    parts.push(
      c.line(
        [
          [x0, y, z],
          [x1, y, z],
        ],
        { 'stroke-width': Math.max(1.4, c.stage.scale(z) * 0.03) },
      ),
    )
  c.add(z, ...parts)
}

export function cables(c: Canvas, z: number, h: number): void {
  for (let i = 0; i < 4; i++) {
    const x = -3 + i * 1.9
    c.back.push(
      c.line(
        [
          [x, h, z],
          [x + 0.4, h - 0.35, z],
          [x + 1.2, h - 0.2, z],
          [x + 1.7, h, z],
        ],
        { opacity: '0.7' },
      ),
    )
  }
}

export function flasks(c: Canvas, x: number, z: number, y: number): void {
  const tints = ['#7fc9b8', '#d99a5a', '#a58fd0']
  for (let i = 0; i < 4; i++) {
    const fx = x - 0.7 + i * 0.45
    const p = (dx: number, dy: number): Point => c.stage.project(fx + dx, y + dy, z)
    c.add(
      z - 0.05,
      el('path', {
        d: c.stage.hand([p(-0.03, 0.3), p(0.03, 0.3), p(0.03, 0.18), p(0.12, 0), p(-0.12, 0), p(-0.03, 0.18)]),
        fill: tints[i % 3],
        'fill-opacity': '0.8',
        ...c.inkAt(z),
      }),
    )
  }
}

export function pots(c: Canvas, x: number, z: number): void {
  for (const dx of [-0.22, 0.24]) {
    const p = (ax: number, y: number): Point => c.stage.project(x + dx + ax, 0.92 + y, z)
    c.add(
      z - 0.3,
      el('path', {
        d: c.stage.hand([p(-0.16, 0), p(0.16, 0), p(0.18, 0.22), p(-0.18, 0.22)]),
        fill: c.far(darker(c.light.metal, 0.2), z),
        ...c.inkAt(z),
      }),
    )
  }
}

export function stool(c: Canvas, x: number, z: number): void {
  c.add(
    z,
    c.line([
      [x - 0.16, 0, z],
      [x - 0.05, 0.72, z],
    ]),
    c.line([
      [x + 0.16, 0, z],
      [x + 0.05, 0.72, z],
    ]),
    c.boxSvg(x, 0.72, z, 0.4, 0.07, 0.34, c.light.cloth),
  )
}

export function sideDoor(c: Canvas, x: number, z: number): void {
  if (!c.stage.visible(z)) return
  c.back.push(
    c.shape(
      [
        [x, 0, z],
        [x, 0, z + 1],
        [x, 2.05, z + 1],
        [x, 2.05, z],
      ],
      darker(c.light.wood, 0.15),
      z,
    ),
  )
}

export function ceilingLight(c: Canvas, x: number, z: number, y: number): void {
  if (!c.stage.visible(z)) return
  c.back.push(
    c.shape(
      [
        [x - 0.5, y, z],
        [x + 0.5, y, z],
        [x + 0.5, y, z + 0.5],
        [x - 0.5, y, z + 0.5],
      ],
      '#f5f3e4',
      z,
    ),
  )
  c.glow(c.stage.project(x, y - 0.2, z + 0.2), c.stage.scale(z) * 1.7, 0.45, '#f2f4ea')
}

export function caveWalls(c: Canvas): void {
  const { width, height } = c.stage
  const floor = darker(c.light.stone, 0.18)
  const deep = c.gradient(
    [width / 2, 0],
    [width / 2, height],
    [
      [0, darker(c.light.stone, 0.5)],
      [1, darker(c.light.stone, 0.2)],
    ],
  )
  c.back.push(el('rect', { x: 0, y: 0, width, height, fill: deep }))
  ground(c, floor, 'stone', Math.max(c.stage.horizon, c.stage.project(0, 0, 9)[1]))
  // Three arches of rock, each nearer one darker and wider: the way in.
  for (const [i, open] of [0.24, 0.34, 0.45].entries()) {
    const tone = darker(c.light.stone, 0.22 + i * 0.13)
    const rough = () => c.random.between(0.94, 1.06)
    const inner: Point[] = [
      [width * (0.5 - open), height],
      [width * (0.5 - open * 1.02 * rough()), height * 0.72],
      [width * (0.5 - open * 0.94 * rough()), height * 0.42],
      [width * (0.5 - open * 0.6 * rough()), height * (0.27 - i * 0.09)],
      [width * (0.5 - open * 0.1), height * (0.2 - i * 0.08)],
      [width * (0.5 + open * 0.5 * rough()), height * (0.26 - i * 0.09)],
      [width * (0.5 + open * 0.92 * rough()), height * 0.44],
      [width * (0.5 + open * 1.02 * rough()), height * 0.74],
      [width * (0.5 + open), height],
    ]
    const d = `M0 ${num(height)}L0 0L${num(width)} 0L${num(width)} ${num(height)}L${smooth([...inner].reverse(), false).slice(1)}Z`
    c.back.push(el('path', { d, fill: tone, ...c.inkAt(4 - i) }))
  }
}

export function stalagmite(c: Canvas, x: number, z: number, h: number): void {
  const p = (dx: number, y: number): Point => c.stage.project(x + dx, y, z)
  c.add(
    z,
    el('path', {
      d: c.stage.hand([p(-h * 0.3, 0), p(-h * 0.12, h * 0.5), p(0, h), p(h * 0.14, h * 0.45), p(h * 0.32, 0)], 3),
      fill: c.far(darker(c.light.stone, 0.15), z),
      ...c.inkAt(z),
    }),
  )
}

export function fire(c: Canvas, x: number, z: number, size = 0.8): void {
  const p = (dx: number, y: number): Point => c.stage.project(x + dx * size, y * size, z)
  c.add(
    z,
    c.boxSvg(x, 0, z, size * 0.9, 0.1, 0.2, darker(c.light.wood, 0.3)),
    el('path', {
      d: smooth(
        [p(-0.32, 0.1), p(-0.24, 0.5), p(-0.06, 0.44), p(0.02, 0.95), p(0.16, 0.5), p(0.3, 0.6), p(0.32, 0.1)],
        true,
        5,
      ),
      fill: '#e9812f',
    }),
    el('path', {
      d: smooth([p(-0.16, 0.1), p(-0.06, 0.42), p(0.04, 0.56), p(0.14, 0.34), p(0.16, 0.1)], true, 5),
      fill: '#ffd76a',
    }),
  )
  c.glow(p(0, 0.4), c.stage.scale(z) * 2.4, 0.75, '#ffae57')
}

export function archWindow(c: Canvas, x: number, y: number, w: number, h: number, z: number): void {
  const p = (dx: number, dy: number): Point => c.stage.project(x + dx, y + dy, z)
  const outline = [
    p(0, 0),
    p(0, h * 0.65),
    p(w * 0.2, h * 0.9),
    p(w / 2, h),
    p(w * 0.8, h * 0.9),
    p(w, h * 0.65),
    p(w, 0),
  ]
  c.back.push(
    el('path', {
      d: c.stage.hand(outline),
      fill: c.gradient(p(0, h), p(0, 0), [
        [0, c.light.skyLow],
        [1, lighter(c.light.water, 0.3)],
      ]),
      ...c.inkAt(z),
    }),
  )
  c.back.push(
    c.line([
      [x + w / 2, y, z],
      [x + w / 2, y + h, z],
    ]),
    c.line([
      [x, y + h * 0.4, z],
      [x + w, y + h * 0.4, z],
    ]),
  )
  c.glow(p(w / 2, h * 0.5), c.stage.scale(z) * 2.2, 0.4, c.light.skyLow)
}

export function curtain(c: Canvas, x0: number, x1: number, z: number, h: number, colour: string): void {
  const folds = Math.max(4, Math.round((x1 - x0) / 0.28))
  const parts: string[] = []
  for (let i = 0; i < folds; i++) {
    const [a, b] = [x0 + ((x1 - x0) * i) / folds, x0 + ((x1 - x0) * (i + 1)) / folds]
    parts.push(
      c.shape(
        [
          [a, 0, z],
          [b, 0, z],
          [b, h, z],
          [a, h, z],
        ],
        c.far(i % 2 ? colour : darker(colour, 0.2), z),
        z,
        { 'stroke-width': 0.8 },
      ),
    )
  }
  c.add(z, ...parts)
}

export function spot(c: Canvas, x: number, z: number, h: number): void {
  const [a, b] = [c.stage.project(x - 0.2, h, z), c.stage.project(x + 0.2, h, z)]
  const [l, r] = [c.stage.project(x - 1.5, 0, z), c.stage.project(x + 1.5, 0, z)]
  const fill = c.gradient(
    a,
    [a[0], l[1]],
    [
      [0, '#fff4d2', 0.5],
      [1, '#fff4d2', 0.12],
    ],
  )
  c.back.push(el('path', { d: `M${a.join(' ')}L${b.join(' ')}L${r.join(' ')}L${l.join(' ')}Z`, fill }))
  c.glow(c.stage.project(x, 0.9, z), c.stage.scale(z) * 2, 0.5, '#fff1cf')
}

export function monitor(c: Canvas, x: number, z: number, y: number): void {
  c.add(
    z - 0.06,
    c.boxSvg(x, y, z, 0.6, 0.38, 0.05, '#2a2f35'),
    c.shape(
      [
        [x - 0.26, y + 0.04, z - 0.005],
        [x + 0.26, y + 0.04, z - 0.005],
        [x + 0.26, y + 0.34, z - 0.005],
        [x - 0.26, y + 0.34, z - 0.005],
      ],
      '#a9cfd8',
      z,
    ),
  )
  if (c.light.time === 'night') c.glow(c.stage.project(x, y + 0.2, z), c.stage.scale(z) * 0.9, 0.45, '#b6dfea')
}

export function spaceWindow(c: Canvas, z: number): void {
  const p = (x: number, y: number): Point => c.stage.project(x, y, z)
  const frame: Point[] = [
    p(-1.9, 0.9),
    p(-1.4, 0.7),
    p(1.4, 0.7),
    p(1.9, 0.9),
    p(1.7, 2.2),
    p(1.3, 2.4),
    p(-1.3, 2.4),
    p(-1.7, 2.2),
  ]
  c.back.push(el('path', { d: c.stage.hand(frame), fill: '#0b1120', ...c.inkAt(z), 'stroke-width': 4 }))
  const s = c.stage.scale(z)
  const stars = Array.from({ length: 26 }, () =>
    ellipse(
      p(c.random.between(-1.5, 1.5), c.random.between(0.9, 2.2)),
      Math.max(0.7, s * 0.008),
      Math.max(0.7, s * 0.008),
    ),
  )
  c.back.push(el('path', { d: stars.join(''), fill: '#eef3fb' }))
  c.back.push(
    el('path', {
      d: ellipse(p(0.75, 1.35), s * 0.42, s * 0.42),
      fill: c.gradient(p(0.4, 1.8), p(1.1, 1), [
        [0, c.light.water],
        [1, '#14202f'],
      ]),
    }),
  )
  c.glow(p(0, 1.5), s * 1.4, 0.25, '#9fc2e8')
}

export function ribs(c: Canvas, back: number, w: number, h: number): void {
  for (let z = 0.3; z < back; z += 1.1)
    c.back.push(
      c.line(
        [
          [-w / 2, 0, z],
          [-w / 2, h, z],
          [w / 2, h, z],
          [w / 2, 0, z],
        ],
        { 'stroke-width': Math.max(2, c.stage.scale(z) * 0.06), stroke: darker(c.light.metal, 0.35) },
      ),
    )
}

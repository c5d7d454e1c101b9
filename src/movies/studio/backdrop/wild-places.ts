import { darker, lighter, mix } from '../draw/colour.ts'
import { el, ellipse, num, type Point, smooth } from '../draw/svg.ts'
import type { OutsideKind } from '../read/place.ts'
import { fence, house, lighthouse } from './built-things.ts'
import type { Canvas } from './canvas.ts'
import { boat, rock, tree } from './nature-things.ts'
import { ground, hills, sea, sky } from './sky.ts'

/** Backdrops of the open country. The person of the shot stands at x 0, z 0: things stand beside and behind. */
export const WILD = {
  lighthouse(c) {
    sky(c)
    hills(c, 0.05, c.light.stone)
    const y = shore(c, 16)
    sea(c, y + 4)
    ground(c, mix(c.light.green, c.light.ground, 0.4), 'grass', y)
    lighthouse(c, c.light.from * (c.stage.close ? 3.4 : 5), 9, 15)
    house(c, c.light.from * (c.stage.close ? 5.6 : 8.6), 8.5, 3.2, 2.4, lighter(c.light.wall, 0.2))
    for (const [x, z, w] of [
      [-4.5, 3, 1.5],
      [-3.1, 1.4, 0.8],
      [4.2, 2.2, 1.1],
      [2.6, 0.9, 0.6],
    ] as const)
      rock(c, x, z, w)
  },
  sea(c) {
    sky(c)
    sea(c, c.stage.height)
    boat(c, -7, 26, 6)
    const z0 = -c.stage.distance + 0.4
    c.back.push(
      c.shape(
        [
          [-2.2, 0, z0],
          [2.2, 0, z0],
          [1.5, 0, 3.4],
          [-1.5, 0, 3.4],
        ],
        c.light.wood,
        0,
      ),
    )
    for (const side of [-1, 1])
      c.add(
        1.2,
        c.line(
          [
            [side * 2.1, 0.9, -1.4],
            [side * 1.8, 0.9, 1.4],
            [side * 1.45, 0.95, 3.3],
          ],
          { 'stroke-width': Math.max(2, c.stage.scale(1) * 0.06) },
        ),
      )
    for (const [x, z] of [
      [-2, -0.6],
      [2, -0.6],
      [-1.7, 1.6],
      [1.7, 1.6],
      [-1.45, 3.2],
      [1.45, 3.2],
    ] as const)
      c.box(x, 0, z, 0.09, 0.9, 0.09, c.light.wood)
    c.add(
      2.6,
      c.line(
        [
          [0.9, 0, 2.6],
          [0.9, 6, 2.6],
        ],
        { 'stroke-width': Math.max(3, c.stage.scale(2.6) * 0.12) },
      ),
    )
  },
  coast(c) {
    sky(c)
    hills(c, 0.08, c.light.stone)
    sea(c, shore(c, 7) + 2)
    ground(c, c.light.ground, 'sand', shore(c, 7))
    const cliff = c.light.from
    const points: [number, number, number][] = [
      [cliff * 5, 0, 9],
      [cliff * 5.6, 3.4, 9],
      [cliff * 7.4, 5.4, 9],
      [cliff * 22, 6.6, 9],
      [cliff * 22, 0, 9],
    ]
    c.add(9, c.shape(points, c.far(c.light.stone, 9), 9))
    for (const [x, z, w] of [
      [-3.6, 2.4, 1.5],
      [-2.4, 1, 0.6],
      [3.4, 1.6, 1],
    ] as const)
      rock(c, x, z, w)
  },
  forest(c) {
    sky(c)
    hills(c, 0.14, darker(c.light.green, 0.2))
    ground(c, mix(c.light.green, c.light.ground, 0.35), 'grass')
    for (const [x, z, h] of [
      [-7, 11, 10],
      [-4.6, 14, 11],
      [3.6, 12, 11],
      [6.6, 15, 12],
      [0.8, 18, 12],
      [-2, 20, 12],
      [9.5, 10, 10],
      [-10, 16, 12],
    ] as const)
      tree(c, x, z, h, c.random.next() < 0.75 ? 'pine' : 'round')
    for (const [x, z, h] of [
      [-3.3, 4, 8],
      [4.1, 3.4, 8.5],
      [-5.6, 2, 8],
      [6, 5.6, 9],
    ] as const)
      tree(c, x, z, h, 'pine')
    trunk(c, -2.5, 0.7)
    trunk(c, 3.2, -0.5)
  },
  mountain(c) {
    sky(c)
    hills(c, 0.46, mix(c.light.stone, c.light.water, 0.3), true)
    hills(c, 0.2, c.light.stone, true)
    ground(c, c.light.stone, 'stone')
    for (const [x, z, w] of [
      [-3.8, 2, 2],
      [3.6, 2.8, 1.7],
      [5, 1.2, 1],
      [-2.2, 5, 1],
    ] as const)
      rock(c, x, z, w)
    tree(c, -5.4, 7, 5, 'pine')
    tree(c, 6.4, 8, 5, 'pine')
  },
  desert(c) {
    sky(c)
    hills(c, 0.1, c.light.ground)
    ground(c, mix(c.light.ground, '#d9b06a', 0.45), 'sand')
    dunes(c)
    for (const [x, z] of [
      [-4, 5],
      [5.4, 8],
    ] as const)
      cactus(c, x, z, 2.4)
    for (const [x, z, w] of [
      [3.2, 2, 1],
      [-2.6, 1.4, 0.5],
    ] as const)
      rock(c, x, z, w)
  },
  snowfield(c) {
    sky(c)
    hills(c, 0.28, '#aebccb', true)
    ground(c, mix('#e9edf0', c.light.haze, 0.25), 'snow')
    for (const [x, z, h] of [
      [-5.6, 7, 5],
      [6, 9, 6],
      [8, 6, 5],
    ] as const)
      tree(c, x, z, h, 'pine')
    for (const [x, z, w] of [
      [-3, 2.6, 1.2],
      [3.4, 3.4, 1.5],
    ] as const)
      rock(c, x, z, w)
  },
  space(c) {
    const { width, height } = c.stage
    c.back.push(
      el('rect', {
        x: 0,
        y: 0,
        width,
        height,
        fill: c.gradient(
          [0, 0],
          [width, height],
          [
            [0, '#070a14'],
            [1, mix('#151d38', c.light.water, 0.2)],
          ],
        ),
      }),
    )
    const stars = Array.from({ length: 130 }, () => {
      const r = c.random.between(0.6, 2)
      return ellipse([c.random.between(0, width), c.random.between(0, height)], r, r)
    })
    c.back.push(el('path', { d: stars.join(''), fill: '#eef2fa', opacity: '0.9' }))
    const [px, py, pr]: [number, number, number] = [width * (0.5 + c.light.from * 0.27), height * 0.32, height * 0.24]
    c.back.push(
      el('path', {
        d: ellipse([px, py], pr, pr),
        fill: c.gradient(
          [px - pr * c.light.from, py - pr],
          [px + pr * c.light.from, py + pr],
          [
            [0, '#10182a'],
            [1, c.light.water],
          ],
        ),
      }),
    )
    c.back.push(
      el('path', {
        d: smooth(
          [
            [px - pr * 1.7, py + pr * 0.3],
            [px, py + pr * 0.12],
            [px + pr * 1.7, py - pr * 0.2],
          ],
          false,
        ),
        fill: 'none',
        stroke: mix(c.light.ground, '#ffffff', 0.3),
        'stroke-width': pr * 0.09,
        opacity: '0.7',
      }),
    )
    ground(c, mix('#5b606e', c.light.stone, 0.5), 'stone', shore(c, 14))
    for (const [x, z, w] of [
      [-4, 4, 1.4],
      [4.4, 3, 1],
      [2, 8, 1.2],
    ] as const)
      rock(c, x, z, w)
  },
  landscape(c) {
    sky(c)
    hills(c, 0.16, c.light.green)
    hills(c, 0.07, c.light.ground)
    ground(c, mix(c.light.green, c.light.ground, 0.45), 'grass')
    tree(c, -c.light.from * 5.6, 8, 6, 'round')
    tree(c, c.light.from * 8, 14, 7, 'round')
    for (const [x, z, w] of [
      [3.4, 2.4, 1],
      [-3, 1.6, 0.7],
    ] as const)
      rock(c, x, z, w)
  },
  field(c) {
    sky(c)
    hills(c, 0.09, c.light.green)
    ground(c, mix(c.light.green, '#c9b25a', 0.35), 'grass')
    fence(c, -14, 14, 8)
    tree(c, c.light.from * 5.4, 9, 7, 'round')
    house(c, -c.light.from * 11, 24, 5, 3.4, c.light.cloth)
    grassFront(c)
  },
} satisfies Partial<Record<OutsideKind, (c: Canvas) => void>>

const atGround = (c: Canvas, z: number) => c.stage.project(0, 0, z)[1]

/** A band of ground in front of water. */
const shore = (c: Canvas, z: number) => Math.min(c.stage.height, atGround(c, z))

/** A trunk at the edge of the picture, close to the camera. */
function trunk(c: Canvas, x: number, z: number): void {
  if (!c.stage.visible(z)) return
  const bark = c.far('#4a3a2c', z)
  c.add(
    z,
    c.shape(
      [
        [x - 0.34, 0, z],
        [x + 0.34, 0, z],
        [x + 0.26, 9, z],
        [x - 0.26, 9, z],
      ],
      bark,
      z,
    ),
    c.line(
      [
        [x - 0.1, 0.4, z],
        [x - 0.06, 4, z],
      ],
      { opacity: '0.5' },
    ),
    c.line(
      [
        [x + 0.12, 1, z],
        [x + 0.1, 5, z],
      ],
      { opacity: '0.5' },
    ),
  )
}

function dunes(c: Canvas): void {
  const { width, height, horizon } = c.stage
  for (const [y, tone] of [
    [0.12, 0.02],
    [0.3, 0.1],
  ] as const) {
    const top = horizon + (height - horizon) * y
    const line: Point[] = [
      [0, top + 10],
      [width * 0.25, top - 14],
      [width * 0.5, top + 16],
      [width * 0.78, top - 10],
      [width, top + 8],
    ]
    c.back.push(
      el('path', {
        d: `${smooth(line, false)}L${num(width)} ${num(height)}L0 ${num(height)}Z`,
        fill: darker(mix(c.light.ground, '#d9b06a', 0.45), tone),
        ...c.inkAt(6),
      }),
    )
  }
}

function cactus(c: Canvas, x: number, z: number, h: number): void {
  const w = Math.max(2, c.stage.scale(z) * 0.3)
  const style = { stroke: c.far(darker(c.light.green, 0.1), z), 'stroke-width': w }
  c.shadow(x, z, 0.6, 0.3)
  c.add(
    z,
    c.line(
      [
        [x, 0, z],
        [x, h, z],
      ],
      style,
    ),
    c.line(
      [
        [x, h * 0.45, z],
        [x + 0.6, h * 0.45, z],
        [x + 0.6, h * 0.8, z],
      ],
      style,
    ),
    c.line(
      [
        [x, h * 0.58, z],
        [x - 0.55, h * 0.58, z],
        [x - 0.55, h * 0.85, z],
      ],
      style,
    ),
  )
}

/** High grass before the camera. */
function grassFront(c: Canvas): void {
  const { width, height } = c.stage
  const blades = Array.from({ length: 70 }, () => {
    const [x, h] = [c.random.between(0, width), height * c.random.between(0.04, 0.11)]
    return `M${num(x)} ${num(height)}q${num(c.random.around(0, 8))} ${num(-h * 0.6)} ${num(c.random.around(0, 18))} ${num(-h)}`
  })
  c.things.push({
    z: -90,
    svg: el('path', {
      d: blades.join(''),
      fill: 'none',
      stroke: darker(c.light.green, 0.35),
      'stroke-width': height / 260,
      'stroke-linecap': 'round',
    }),
  })
}

import { darker, lighter, mix } from '../draw/colour.ts'
import { el, ellipse, num } from '../draw/svg.ts'
import type { OutsideKind } from '../read/place.ts'
import { barrel, bench, block, crate, fence, house, streetLamp, tower } from './built-things.ts'
import type { Canvas } from './canvas.ts'
import { boat, grave, rock, ruin, tree } from './nature-things.ts'
import { ground, hills, sea, sky } from './sky.ts'

/** Backdrops where people live. The person of the shot stands at x 0, z 0: things stand beside and behind. */
export const TOWN = {
  harbour(c) {
    sky(c)
    hills(c, 0.06, c.light.green)
    sea(c, shore(c, 3.2) + 2)
    for (const [x, z, w] of [
      [-9, 22, 5],
      [6, 16, 4.4],
      [12, 30, 6],
    ] as const)
      boat(c, x, z, w)
    ground(c, c.light.wood, 'planks', shore(c, 3.2))
    for (const x of [-3.4, -1.2, 1.3, 3.6]) c.box(x, 0, 2.9, 0.22, 0.62, 0.22, darker(c.light.wood, 0.3))
    crate(c, -3, 1, 1)
    crate(c, -3.7, 0.6, 0.8)
    barrel(c, 3.1, 1.1)
    streetLamp(c, 2.3, 2.4)
  },
  rooftop(c) {
    sky(c)
    skyline(c)
    ground(c, c.light.stone, 'paving', Math.max(c.stage.horizon, shore(c, 5.5)))
    c.add(5.4, c.boxSvg(0, 0, 5.4, 26, 0.95, 0.3, lighter(c.light.stone, 0.1)))
    c.box(3.6, 0, 2.6, 1.8, 1.5, 1.4, c.light.metal)
    c.box(-4, 0, 3, 2.2, 2.3, 1.8, c.light.wall)
    c.add(
      3.4,
      c.line([
        [-1.9, 0, 3.4],
        [-1.9, 3.6, 3.4],
      ]),
      c.line([
        [-2.5, 2.9, 3.4],
        [-1.3, 2.9, 3.4],
      ]),
      c.line([
        [-2.3, 3.3, 3.4],
        [-1.5, 3.3, 3.4],
      ]),
    )
  },
  platform(c) {
    sky(c)
    hills(c, 0.1, c.light.green)
    ground(c, c.light.stone, 'paving')
    for (const x of [2.6, 3.7])
      c.back.push(
        c.line(
          [
            [x, 0, -c.stage.distance + 0.6],
            [x, 0, 40],
          ],
          { stroke: '#5c6166', 'stroke-width': 4 },
        ),
      )
    for (let z = -2; z < 24; z += 1.2)
      if (c.stage.visible(z))
        c.back.push(
          c.line(
            [
              [2.2, 0, z],
              [4.1, 0, z],
            ],
            { opacity: '0.6', 'stroke-width': Math.max(1.5, c.stage.scale(z) * 0.08) },
          ),
        )
    for (const z of [0.6, 4.6, 8.6, 13]) {
      c.box(-2.6, 0, z, 0.2, 3.2, 0.2, darker(c.light.metal, 0.25))
      if (z > 1) streetLamp(c, 1.7, z, 3.2)
    }
    c.add(
      14,
      c.shape(
        [
          [-6, 3.2, 0.4],
          [-0.9, 3.2, 0.4],
          [-0.9, 3.2, 14],
          [-6, 3.2, 14],
        ],
        darker(c.light.metal, 0.35),
        2,
      ),
    )
    bench(c, -4.3, 2.6)
    const face = c.stage.project(-1.2, 2.75, 4.6)
    const s = c.stage.scale(4.6)
    c.add(
      4.5,
      el('path', { d: ellipse(face, s * 0.34, s * 0.34), fill: '#f2efe2', ...c.inkAt(4.6) }),
      el('path', {
        d: `M${num(face[0])} ${num(face[1])}l0 ${num(-s * 0.22)}M${num(face[0])} ${num(face[1])}l${num(s * 0.15)} ${num(s * 0.06)}`,
        ...c.inkAt(4),
      }),
    )
  },
  street(c) {
    sky(c)
    skyline(c, 0.5)
    ground(c, darker(c.light.stone, 0.12), 'paving')
    const tones = [c.light.wall, c.light.cloth, c.light.stone, mix(c.light.wall, c.light.wood, 0.5)]
    for (let i = 0; i < 4; i++)
      for (const side of [-1, 1])
        block(
          c,
          side * (7.6 + (i % 2) * 0.5),
          i * 8 - 1,
          6,
          9 + ((i * 3 + (side > 0 ? 2 : 0)) % 5) * 1.8,
          7.2,
          tones[(i + (side > 0 ? 1 : 0)) % tones.length]!,
        )
    for (const z of [0.8, 7, 14]) streetLamp(c, -3.6, z)
    for (const z of [3.4, 10]) streetLamp(c, 3.6, z)
    for (const side of [-1, 1])
      c.back.push(
        c.line(
          [
            [side * 3.3, 0, -c.stage.distance + 0.6],
            [side * 3.3, 0, 40],
          ],
          { opacity: '0.7' },
        ),
      )
  },
  road(c) {
    sky(c)
    hills(c, 0.12, c.light.green)
    hills(c, 0.06, c.light.ground)
    ground(c, mix(c.light.green, c.light.ground, 0.5), 'grass')
    const near = -c.stage.distance + 0.5
    c.back.push(
      c.shape(
        [
          [-2.6, 0, near],
          [2.6, 0, near],
          [2.6, 0, 60],
          [-2.6, 0, 60],
        ],
        darker(c.light.stone, 0.28),
        4,
      ),
    )
    for (let z = Math.ceil(near); z < 40; z += 3)
      c.back.push(
        c.shape(
          [
            [-0.07, 0, z],
            [0.07, 0, z],
            [0.07, 0, z + 1.4],
            [-0.07, 0, z + 1.4],
          ],
          '#e4dcc0',
          z,
          { stroke: 'none' },
        ),
      )
    for (const z of [2, 9, 17, 28]) {
      c.add(
        z,
        c.line(
          [
            [4.2, 0, z],
            [4.2, 5.4, z],
          ],
          { 'stroke-width': Math.max(1.6, c.stage.scale(z) * 0.12) },
        ),
        c.line(
          [
            [3.5, 4.9, z],
            [4.9, 4.9, z],
          ],
          { 'stroke-width': Math.max(1.2, c.stage.scale(z) * 0.08) },
        ),
      )
      c.add(
        z + 1,
        c.line(
          [
            [3.6, 4.9, z],
            [3.6, 4.5, z + 3.5],
            [3.6, 4.9, z + 7.5],
          ],
          { opacity: '0.6' },
        ),
      )
    }
    tree(c, -6, 9, 5, 'round')
  },
  village(c) {
    sky(c)
    hills(c, 0.16, c.light.green)
    ground(c, mix(c.light.green, c.light.ground, 0.4), 'grass')
    for (const [x, z, w, h, t] of [
      [-6.4, 9, 4.4, 3, c.light.wall],
      [5.8, 7.6, 4.6, 3.2, lighter(c.light.cloth, 0.3)],
      [0.6, 18, 4.6, 3.2, c.light.wall],
      [-12, 15, 4, 3, c.light.stone],
    ] as const)
      house(c, x, z, w, h, t)
    tree(c, -3, 11, 5, 'round')
    tree(c, 9.6, 10, 6, 'round')
    fence(c, -6.4, -2.6, 3.6)
    fence(c, 2.8, 6.8, 3.2)
  },
  castle(c) {
    sky(c)
    hills(c, 0.22, c.light.green)
    ground(c, mix(c.light.green, c.light.stone, 0.5), 'grass')
    c.box(0, 0, 15, 16, 5.4, 1.4, c.light.stone)
    tower(c, -8, 14, 3.4, 9)
    tower(c, 8, 14, 3.4, 9)
    tower(c, 2.6, 18, 4, 13)
    c.add(
      14.9,
      c.shape(
        [
          [-1.4, 0, 14.98],
          [1.4, 0, 14.98],
          [1.4, 2.6, 14.98],
          [0, 3.7, 14.98],
          [-1.4, 2.6, 14.98],
        ],
        '#2a211c',
        14.9,
      ),
    )
    rock(c, -3.6, 2.4, 1)
    tree(c, 5, 8, 5, 'round')
  },
  ruins(c) {
    sky(c)
    hills(c, 0.14, c.light.stone)
    ground(c, c.light.ground, 'stone')
    for (const [x, z, w, h] of [
      [-4.6, 5, 3.2, 4],
      [4.6, 6, 2.8, 5],
      [-1, 12, 4.4, 4.4],
      [7, 3, 1.2, 3.4],
      [-7.4, 8, 1.2, 4.6],
    ] as const)
      ruin(c, x, z, w, h)
    for (const [x, z, w] of [
      [-2.5, 1.6, 0.9],
      [3, 1, 0.7],
      [1.8, 3.4, 0.8],
    ] as const)
      rock(c, x, z, w)
    smoke(c, -4, 9)
  },
  graveyard(c) {
    sky(c)
    hills(c, 0.1, c.light.green)
    ground(c, darker(c.light.green, 0.1), 'grass')
    for (const [x, z] of [
      [-2.6, 1.2],
      [-3.6, 3],
      [-1.6, 4.6],
      [1.8, 3.2],
      [2.8, 1.4],
      [3.8, 4.6],
      [0.6, 7],
      [-4.6, 6],
    ] as const)
      grave(c, x, z)
    tree(c, -5.4, 6, 7, 'bare')
    tree(c, 6, 9, 7, 'bare')
    fence(c, -12, 12, 11)
  },
  garden(c) {
    sky(c)
    hills(c, 0.1, c.light.green)
    ground(c, c.light.green, 'grass')
    c.back.push(
      c.shape(
        [
          [-0.9, 0, -c.stage.distance + 0.5],
          [0.9, 0, -c.stage.distance + 0.5],
          [0.4, 0, 16],
          [-0.4, 0, 16],
        ],
        lighter(c.light.ground, 0.15),
        3,
      ),
    )
    for (const side of [-1, 1]) c.box(side * 3.6, 0, 3.4, 2.6, 1, 1, darker(c.light.green, 0.2))
    tree(c, -5.2, 6, 6, 'round')
    tree(c, 5, 8, 6.6, 'round')
    tree(c, 8.4, 5, 5, 'round')
    bench(c, 2.2, 2)
    streetLamp(c, -2.3, 4, 3.4)
  },
} satisfies Partial<Record<OutsideKind, (c: Canvas) => void>>

const atGround = (c: Canvas, z: number) => c.stage.project(0, 0, z)[1]

/** A band of ground in front of water. */
const shore = (c: Canvas, z: number) => Math.min(c.stage.height, atGround(c, z))

/** Rows of far houses on the horizon. */
function skyline(c: Canvas, height = 1): void {
  const { width, horizon, height: h } = c.stage
  const far = mix(c.light.stone, c.light.haze, 0.5)
  const night = c.light.time === 'night' || c.light.time === 'dusk'
  for (let x = -20; x < width; ) {
    const w = h * c.random.between(0.06, 0.12)
    const tall = h * c.random.between(0.08, 0.34) * height
    c.back.push(
      el('path', {
        d: c.stage.hand(
          [
            [x, horizon + 4],
            [x, horizon - tall],
            [x + w, horizon - tall],
            [x + w, horizon + 4],
          ],
          1,
        ),
        fill: darker(far, c.random.between(0, 0.16)),
        stroke: mix(c.light.ink, c.light.haze, 0.55),
        'stroke-width': 1,
      }),
    )
    if (night) {
      const lights = Array.from(
        { length: 5 },
        () =>
          `M${num(x + w * c.random.between(0.15, 0.8))} ${num(horizon - tall * c.random.between(0.15, 0.9))}h${num(w * 0.1)}v${num(w * 0.12)}h${num(-w * 0.1)}Z`,
      )
      c.back.push(el('path', { d: lights.join(''), fill: c.light.lamp, opacity: '0.8' }))
    }
    x += w * c.random.between(0.9, 1.15)
  }
}

function smoke(c: Canvas, x: number, z: number): void {
  const s = c.stage.scale(z)
  const [px, py] = c.stage.project(x, 1, z)
  const puffs = [0, 1, 2, 3].map((i) =>
    ellipse([px + i * s * 0.4, py - i * s * 0.9], s * (0.4 + i * 0.22), s * (0.3 + i * 0.16)),
  )
  c.add(z, el('path', { d: puffs.join(''), fill: '#5f5f60', opacity: '0.35' }))
}

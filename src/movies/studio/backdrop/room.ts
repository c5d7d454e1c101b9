import { darker, lighter, mix } from '../draw/colour.ts'
import { el, ellipse, type Point } from '../draw/svg.ts'
import type { Canvas } from './canvas.ts'
import { floorLines } from './sky.ts'

export type RoomShape = {
  width: number
  height: number
  back: number
  wall?: string
  floor?: string
  texture?: 'planks' | 'paving' | 'plain'
}

/** A room in one-point perspective: floor, ceiling, side walls and the wall behind. Measures in metres. */
export function room(c: Canvas, shape: RoomShape): void {
  const { width: w, height: h, back } = shape
  const near = -c.stage.distance + 0.35
  const wall = shape.wall ?? c.light.wall
  const floor = shape.floor ?? c.light.floor
  const [l, r] = [-w / 2, w / 2]
  const p = (x: number, y: number, z: number): Point => c.stage.project(x, y, z)
  const flat = (points: Point[], fill: string, extra = {}) =>
    c.back.push(el('path', { d: c.stage.hand(points, 1), fill, ...c.inkAt(back), ...extra }))
  const towardLight = (side: -1 | 1) => (c.light.from === side ? darker(wall, 0.3) : darker(wall, 0.08))
  c.back.push(el('rect', { x: 0, y: 0, width: c.stage.width, height: c.stage.height, fill: darker(wall, 0.2) }))
  flat(
    [p(l, h, near), p(r, h, near), p(r, h, back), p(l, h, back)],
    c.gradient(p(0, h, near), p(0, h, back), [
      [0, darker(wall, 0.42)],
      [1, darker(wall, 0.22)],
    ]),
  )
  flat(
    [p(l, 0, near), p(l, h, near), p(l, h, back), p(l, 0, back)],
    c.gradient(p(l, 1, near), p(l, 1, back), [
      [0, darker(towardLight(-1), 0.2)],
      [1, towardLight(-1)],
    ]),
  )
  flat(
    [p(r, 0, near), p(r, h, near), p(r, h, back), p(r, 0, back)],
    c.gradient(p(r, 1, near), p(r, 1, back), [
      [0, darker(towardLight(1), 0.2)],
      [1, towardLight(1)],
    ]),
  )
  flat(
    [p(l, 0, back), p(r, 0, back), p(r, h, back), p(l, h, back)],
    c.gradient(p(c.light.from * w * 0.5, h, back), p(-c.light.from * w * 0.5, 0, back), [
      [0, lighter(wall, 0.08)],
      [1, darker(wall, 0.12)],
    ]),
  )
  flat(
    [p(l, 0, near), p(r, 0, near), p(r, 0, back), p(l, 0, back)],
    c.gradient(p(0, 0, back), p(0, 0, near), [
      [0, floor],
      [1, darker(floor, 0.28)],
    ]),
  )
  if (shape.texture !== 'plain')
    c.back.push(floorLines(c, shape.texture ?? 'planks', darker(floor, 0.45), { left: l, right: r, back }))
  const skirting = [p(l, 0.12, back), p(r, 0.12, back)]
  c.back.push(el('path', { d: c.stage.hand(skirting, 1, false), fill: 'none', ...c.inkAt(back), opacity: '0.6' }))
}

/** A window in the wall behind, with the hour's sky in it and its light on the floor. */
export function backWindow(c: Canvas, x: number, y: number, w: number, h: number, z: number, bars = 2): void {
  const p = (dx: number, dy: number): Point => c.stage.project(x + dx, y + dy, z)
  const sky = c.gradient(p(0, h), p(0, 0), [
    [0, c.light.skyTop],
    [1, c.light.skyLow],
  ])
  const frame = darker(c.light.wood, 0.1)
  const parts = [
    c.shape(
      [
        [x - 0.09, y - 0.09, z],
        [x + w + 0.09, y - 0.09, z],
        [x + w + 0.09, y + h + 0.09, z],
        [x - 0.09, y + h + 0.09, z],
      ],
      frame,
      z,
    ),
    el('path', { d: c.stage.hand([p(0, 0), p(w, 0), p(w, h), p(0, h)]), fill: sky, ...c.inkAt(z) }),
  ]
  const hill = c.gradient(p(0, h * 0.3), p(0, 0), [
    [0, mix(c.light.skyLow, c.light.ink, 0.3)],
    [1, mix(c.light.skyLow, c.light.ink, 0.45)],
  ])
  parts.push(
    el('path', {
      d: c.stage.hand(
        [p(0, 0), p(w, 0), p(w, h * 0.2), p(w * 0.6, h * 0.32), p(w * 0.25, h * 0.22), p(0, h * 0.28)],
        2,
      ),
      fill: hill,
    }),
  )
  for (let i = 1; i < bars; i++)
    parts.push(
      c.line(
        [
          [x + (w * i) / bars, y, z],
          [x + (w * i) / bars, y + h, z],
        ],
        { stroke: frame, 'stroke-width': Math.max(1.5, c.stage.scale(z) * 0.05) },
      ),
    )
  parts.push(
    c.line(
      [
        [x, y + h * 0.55, z],
        [x + w, y + h * 0.55, z],
      ],
      { stroke: frame, 'stroke-width': Math.max(1.5, c.stage.scale(z) * 0.05) },
    ),
  )
  c.back.push(...parts)
  const centre = p(w / 2, h / 2)
  const colour = c.light.time === 'night' ? '#9db8dc' : c.light.skyLow
  c.glow(
    centre,
    c.stage.scale(z) * Math.max(w, h) * (c.light.time === 'night' ? 0.8 : 1.25),
    c.light.time === 'night' ? 0.28 : 0.42,
    colour,
  )
  const side = -c.light.from
  const spill: [number, number, number][] = [
    [x, 0, z - 0.2],
    [x + w, 0, z - 0.2],
    [x + w + side * 1.1, 0, z - 2.6],
    [x + side * 1.1, 0, z - 2.6],
  ]
  const shaft = spill.map(([a, b, d]) => c.stage.project(a, b, d))
  c.back.push(
    el('path', {
      d: c.stage.hand(shaft, 1),
      fill: mix(colour, '#ffffff', 0.3),
      opacity: c.light.time === 'night' ? '0.1' : '0.24',
    }),
  )
}

export function door(c: Canvas, x: number, z: number, open = false): void {
  const wood = darker(c.light.wood, 0.12)
  c.back.push(
    c.shape(
      [
        [x - 0.08, 0, z],
        [x + 0.98, 0, z],
        [x + 0.98, 2.12, z],
        [x - 0.08, 2.12, z],
      ],
      darker(wood, 0.3),
      z,
    ),
    c.shape(
      [
        [x, 0, z],
        [x + 0.9, 0, z],
        [x + 0.9, 2.04, z],
        [x, 2.04, z],
      ],
      open ? '#191b22' : wood,
      z,
    ),
  )
  if (open)
    c.back.push(
      c.shape(
        [
          [x, 0, z],
          [x + 0.3, 0, z - 0.7],
          [x + 0.3, 2.04, z - 0.7],
          [x, 2.04, z],
        ],
        wood,
        z,
      ),
    )
  else {
    for (const y of [0.25, 1.2])
      c.back.push(
        c.shape(
          [
            [x + 0.14, y, z],
            [x + 0.76, y, z],
            [x + 0.76, y + 0.66, z],
            [x + 0.14, y + 0.66, z],
          ],
          darker(wood, 0.1),
          z,
        ),
      )
    const knob = c.stage.project(x + 0.8, 1.02, z)
    c.back.push(el('path', { d: ellipse(knob, c.stage.scale(z) * 0.04, c.stage.scale(z) * 0.04), fill: '#c9a550' }))
  }
}

export function picture(c: Canvas, x: number, y: number, w: number, h: number, z: number): void {
  const tone = c.random.pick([c.light.green, c.light.water, c.light.cloth])
  c.back.push(
    c.shape(
      [
        [x, y, z],
        [x + w, y, z],
        [x + w, y + h, z],
        [x, y + h, z],
      ],
      darker(c.light.wood, 0.3),
      z,
    ),
    c.shape(
      [
        [x + 0.06, y + 0.06, z],
        [x + w - 0.06, y + 0.06, z],
        [x + w - 0.06, y + h - 0.06, z],
        [x + 0.06, y + h - 0.06, z],
      ],
      lighter(tone, 0.35),
      z,
    ),
  )
}

export function rug(c: Canvas, x: number, z: number, w: number, d: number): void {
  c.back.push(
    c.shape(
      [
        [x - w / 2, 0, z],
        [x + w / 2, 0, z],
        [x + w / 2, 0, z + d],
        [x - w / 2, 0, z + d],
      ],
      darker(c.light.cloth, 0.08),
      z,
    ),
    c.shape(
      [
        [x - w * 0.42, 0, z + d * 0.1],
        [x + w * 0.42, 0, z + d * 0.1],
        [x + w * 0.42, 0, z + d * 0.9],
        [x - w * 0.42, 0, z + d * 0.9],
      ],
      lighter(c.light.cloth, 0.12),
      z,
    ),
  )
}

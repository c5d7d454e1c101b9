import { darker, lighter, mix } from '../draw/colour.ts'
import type { InsideKind } from '../read/place.ts'
import { barrel, crate } from './built-things.ts'
import type { Canvas } from './canvas.ts'
import { bed, chair, column, floorLamp, instruments, pendant, shelf, sofa, table } from './furniture.ts'
import {
  archWindow,
  cables,
  caveWalls,
  ceilingLight,
  curtain,
  fire,
  flasks,
  lens,
  monitor,
  pots,
  railing,
  ribs,
  sideDoor,
  spaceWindow,
  spot,
  stalagmite,
  stool,
} from './inside-things.ts'
import { backWindow, door, picture, room, rug } from './room.ts'

/** One backdrop a kind of room. The person of the shot stands at x 0, z 0: things stand beside and behind. */
const BACK = 2.6

/** How far the wall behind may be, so that it is seen beside a person standing close to the camera. */
const behind = (c: Canvas, far: number) => (c.stage.close ? Math.max(1.5, far * 0.72) : far)

export const INSIDE: Record<InsideKind, (c: Canvas) => void> = {
  room(c) {
    const z = behind(c, BACK)
    room(c, { width: 6.4, height: 2.9, back: z })
    backWindow(c, -2.3 * c.light.from - 0.7, 0.95, 1.4, 1.3, z)
    door(c, c.light.from * 1.6, z)
    table(c, -2.1, 0.9, 1.2, 0.7)
    chair(c, 2.3, 1.2)
    pendant(c, 0.2, 0.8, 2.9)
  },
  lantern_room(c) {
    const z = behind(c, 3)
    room(c, {
      width: 7,
      height: 3.4,
      back: z,
      wall: mix(c.light.wall, c.light.metal, 0.5),
      floor: mix(c.light.floor, c.light.metal, 0.4),
      texture: 'paving',
    })
    for (let i = -2; i <= 2; i++) backWindow(c, i * 1.36 - 0.62, 0.7, 1.24, 2.3, z, 2)
    lens(c, 1.35 * (c.stage.close ? 1 : 1.15), 1.1)
    railing(c, -3.2, 3.2, z - 0.5)
  },
  control_room(c) {
    const z = behind(c, 2.7)
    room(c, {
      width: 7,
      height: 2.8,
      back: z,
      wall: mix(c.light.wall, c.light.metal, 0.45),
      floor: mix(c.light.floor, c.light.metal, 0.5),
      texture: 'paving',
    })
    backWindow(c, -0.9, 1.45, 1.8, 0.9, z, 3)
    instruments(c, -2.1, z - 1.15, 2.1)
    instruments(c, 2.05, z - 1.15, 2.1)
    shelf(c, 3.0, 0.4, 0.7, 2.1, 'boxes')
    pendant(c, 0, 0.9, 2.8)
    cables(c, z, 2.8)
  },
  laboratory(c) {
    const z = behind(c, 2.8)
    room(c, { width: 7, height: 3, back: z, wall: lighter(c.light.wall, 0.2), texture: 'paving' })
    backWindow(c, -2.9, 1.1, 1.7, 1.3, z, 3)
    table(c, 2.1, 0.5, 2.2, 0.8, 0.92, lighter(c.light.metal, 0.2))
    table(c, -2.2, 0.9, 1.8, 0.7, 0.92, lighter(c.light.metal, 0.2))
    flasks(c, 2.1, 0.6, 0.98)
    flasks(c, -2.2, 1, 0.98)
    shelf(c, 0.6, z - 0.36, 1.6, 2.2, 'bottles')
    pendant(c, 1.6, 0.7, 3)
  },
  spaceship(c) {
    const z = behind(c, 3)
    room(c, {
      width: 5.6,
      height: 2.7,
      back: z,
      wall: mix(c.light.metal, '#ffffff', 0.25),
      floor: darker(c.light.metal, 0.3),
      texture: 'paving',
    })
    spaceWindow(c, z)
    instruments(c, -1.9, z - 1, 1.7)
    instruments(c, 1.9, z - 1, 1.7)
    ribs(c, z, 5.6, 2.7)
  },
  kitchen(c) {
    const z = behind(c, 2.5)
    room(c, { width: 6, height: 2.8, back: z, texture: 'paving' })
    c.box(-1.6, 0, z - 0.65, 2.4, 0.9, 0.62, lighter(c.light.wood, 0.2))
    c.box(1.9, 0, z - 0.65, 1.0, 0.92, 0.62, lighter(c.light.metal, 0.35))
    shelf(c, -1.8, z - 0.3, 1.8, 0.01, 'bottles')
    backWindow(c, -2.2, 1.15, 1.4, 1.1, z)
    c.box(2.9, 0, z - 0.7, 0.8, 1.9, 0.65, lighter(c.light.metal, 0.5))
    pots(c, 1.9, z - 0.5)
    table(c, 2.1, -0.2, 1.2, 0.8)
    pendant(c, 0.3, 0.6, 2.8)
  },
  bedroom(c) {
    const z = behind(c, 2.9)
    room(c, { width: 5.6, height: 2.8, back: z })
    rug(c, 0, -0.4, 2.8, 1.9)
    bed(c, -1.75, z - 2.3, mix(c.light.cloth, '#ffffff', 0.2))
    backWindow(c, 0.5, 0.95, 1.3, 1.4, z)
    floorLamp(c, 2.3, z - 0.5)
    picture(c, -2.2, 1.6, 0.8, 0.6, z)
  },
  bar(c) {
    const z = behind(c, 2.8)
    room(c, { width: 7, height: 3, back: z, wall: darker(c.light.wood, 0.1) })
    shelf(c, -1.4, z - 0.34, 3.2, 2.3, 'bottles')
    c.box(-1.3, 0, z - 1.3, 3.8, 1.08, 0.55, c.light.wood)
    for (const x of [-2.4, -1.4, -0.4]) stool(c, x, z - 1.75)
    backWindow(c, 1.5, 0.9, 1.6, 1.5, z, 3)
    table(c, 2.5, 0.4, 0.9, 0.9)
    pendant(c, -1.2, 0.9, 3)
    pendant(c, 1.7, 0.7, 3)
  },
  corridor(c) {
    room(c, { width: 3.2, height: 2.7, back: 11, texture: 'paving' })
    for (const z of [0.8, 3.6, 6.4]) {
      for (const side of [-1, 1]) sideDoor(c, side * 1.6, z)
      ceilingLight(c, 0, z, 2.68)
    }
    door(c, -0.45, 11)
  },
  stairs(c) {
    const z = behind(c, 3.4)
    room(c, { width: 5.4, height: 4.2, back: z, wall: c.light.stone, texture: 'paving' })
    for (let i = 7; i >= 0; i--)
      c.add(0.9 + i * 0.3, c.boxSvg(1.5, i * 0.22, 0.9 + i * 0.3, 2, 0.22, 0.32, lighter(c.light.stone, 0.1)))
    c.add(
      0.9,
      c.line(
        [
          [0.5, 1, 0.9],
          [0.5, 2.8, 3.1],
        ],
        { 'stroke-width': Math.max(2, c.stage.scale(1) * 0.05) },
      ),
    )
    backWindow(c, -2, 1.6, 0.9, 1.6, z)
    pendant(c, -1.4, 1, 4.2, 2.6)
  },
  cave(c) {
    caveWalls(c)
    for (const [x, z, w] of [
      [-2.6, 1.2, 1.4],
      [2.7, 0.8, 1.2],
      [3, 3, 1.6],
    ] as const)
      stalagmite(c, x, z, w)
    fire(c, 1.9, 1.4)
  },
  church(c) {
    const z = behind(c, 8)
    room(c, {
      width: 9,
      height: 7.5,
      back: z,
      wall: c.light.stone,
      floor: lighter(c.light.stone, 0.1),
      texture: 'paving',
    })
    for (const x of [-2.6, -0.55, 1.5]) archWindow(c, x, 2.4, 1.1, 3, z)
    for (const d of [0.5, 3.2, 5.9]) for (const side of [-1, 1]) column(c, side * 3.3, d, 6.5)
    for (let d = 0.9; d < z - 2; d += 1.25)
      for (const side of [-1, 1]) c.box(side * 1.9, 0, d, 1.9, 0.85, 0.2, c.light.wood)
    c.box(0, 0, z - 0.9, 1.6, 1, 0.6, lighter(c.light.stone, 0.2))
  },
  warehouse(c) {
    const z = behind(c, 7)
    room(c, {
      width: 11,
      height: 5.4,
      back: z,
      wall: mix(c.light.metal, c.light.wall, 0.4),
      floor: c.light.stone,
      texture: 'paving',
    })
    for (const x of [-3.6, -1, 1.6]) backWindow(c, x, 3.2, 1.6, 1.2, z, 4)
    for (const [x, d, w, y] of [
      [-3.4, 1.6, 1.3, 0],
      [-3.1, 1.8, 1, 1.12],
      [-2.2, 2.6, 1.1, 0],
      [3.5, 1, 1.4, 0],
      [3.4, 2.8, 1.2, 0],
      [3.4, 2.9, 1, 1.03],
    ] as const)
      crate(c, x, d, w, y)
    barrel(c, 2.2, 1.5)
    barrel(c, 2.7, 1.2)
    for (const d of [1, 4])
      c.add(
        d,
        c.line(
          [
            [-5.5, 5, d],
            [5.5, 5, d],
          ],
          { 'stroke-width': Math.max(2, c.stage.scale(d) * 0.14), stroke: darker(c.light.metal, 0.35) },
        ),
      )
    pendant(c, 0, 1.4, 5.4, 3.6)
  },
  library(c) {
    const z = behind(c, 3)
    room(c, { width: 7, height: 3.6, back: z, wall: darker(c.light.wood, 0.05) })
    shelf(c, -2.2, z - 0.36, 2.3, 3, 'books')
    shelf(c, 2.2, z - 0.36, 2.3, 3, 'books')
    backWindow(c, -0.65, 1, 1.3, 1.9, z, 3)
    table(c, 2.3, 0.4, 1.5, 0.8)
    floorLamp(c, -2.6, 0.9)
    rug(c, 0, -0.6, 2.8, 1.8)
  },
  hospital(c) {
    const z = behind(c, 2.8)
    room(c, {
      width: 6.4,
      height: 2.9,
      back: z,
      wall: lighter(c.light.wall, 0.35),
      floor: lighter(c.light.floor, 0.25),
      texture: 'paving',
    })
    backWindow(c, 0.9, 1, 1.7, 1.3, z, 2)
    bed(c, -1.9, z - 2.3, '#e9ebe8')
    c.add(
      z - 1.6,
      c.line(
        [
          [-0.85, 0, z - 1.6],
          [-0.85, 2, z - 1.6],
        ],
        { 'stroke-width': 2 },
      ),
      c.shape(
        [
          [-1.0, 1.6, z - 1.6],
          [-0.7, 1.6, z - 1.6],
          [-0.72, 2, z - 1.6],
          [-0.98, 2, z - 1.6],
        ],
        '#dfe9ea',
        z,
      ),
    )
    curtain(c, -2.9, -1.9, z - 0.4, 2.5, lighter(c.light.water, 0.4))
    ceilingLight(c, 0.4, 0.8, 2.88)
  },
  classroom(c) {
    const z = behind(c, 3.2)
    room(c, { width: 7.4, height: 3.1, back: z })
    c.back.push(
      c.shape(
        [
          [-1.9, 1, z],
          [1.3, 1, z],
          [1.3, 2.4, z],
          [-1.9, 2.4, z],
        ],
        '#2f4a40',
        z,
        { 'stroke-width': 5, stroke: c.light.wood },
      ),
    )
    backWindow(c, 2, 1, 1.3, 1.5, z, 2)
    for (const [x, d] of [
      [-2.5, 0.3],
      [-2.2, 1.7],
      [2.4, 0.5],
      [2.2, 1.8],
    ] as const)
      table(c, x, d, 1.1, 0.5, 0.72)
    ceilingLight(c, 0, 1.2, 3.08)
  },
  stage(c) {
    room(c, { width: 9, height: 5, back: 4.5, wall: '#2a2224', floor: c.light.wood })
    curtain(c, -4.4, -2.4, 2.4, 4.6, '#8c2f2b')
    curtain(c, 2.4, 4.4, 2.4, 4.6, '#8c2f2b')
    curtain(c, -4.5, 4.5, 4.4, 4.8, '#5f2424')
    spot(c, 0, 0, 5)
  },
  prison(c) {
    const z = behind(c, 2.3)
    room(c, {
      width: 4.2,
      height: 2.7,
      back: z,
      wall: c.light.stone,
      floor: darker(c.light.stone, 0.2),
      texture: 'paving',
    })
    backWindow(c, 0.7, 1.75, 0.6, 0.5, z, 4)
    c.box(-1.5, 0.4, z - 1.9, 0.9, 0.12, 1.9, c.light.wood)
    for (let x = -2; x <= 2; x += 0.26)
      if (Math.abs(x) > 0.9)
        c.add(
          -0.55,
          c.line(
            [
              [x, 0, -0.55],
              [x, 2.7, -0.55],
            ],
            { 'stroke-width': Math.max(2, c.stage.scale(-0.55) * 0.045), stroke: '#2b2f36' },
          ),
        )
  },
  vehicle(c) {
    const z = behind(c, 1.7)
    room(c, { width: 3.4, height: 2.1, back: z, wall: darker(c.light.cloth, 0.25), floor: '#3b3a3a', texture: 'plain' })
    backWindow(c, -1.5, 0.95, 1.35, 0.8, z, 1)
    backWindow(c, 0.15, 0.95, 1.35, 0.8, z, 1)
    for (const x of [-1.2, 1.2]) {
      c.box(x, 0, 0.5, 0.7, 0.45, 0.6, c.light.cloth)
      c.box(x, 0.45, 1.0, 0.7, 0.75, 0.16, darker(c.light.cloth, 0.1))
    }
  },
  office(c) {
    const z = behind(c, 2.7)
    room(c, { width: 6.8, height: 2.8, back: z, texture: 'paving' })
    backWindow(c, -2.6, 0.9, 2.4, 1.5, z, 4)
    table(c, 2, 0.7, 1.7, 0.8)
    monitor(c, 2.1, 0.95, 0.82)
    chair(c, 2, 1.7, darker(c.light.metal, 0.3))
    shelf(c, 2.6, z - 0.36, 1.3, 2, 'books')
    table(c, -2.4, 1, 1.5, 0.7)
    pendant(c, 0.9, 0.8, 2.8)
  },
  living_room(c) {
    const z = behind(c, 2.8)
    room(c, { width: 6.6, height: 2.8, back: z })
    rug(c, 0, -0.5, 3, 2)
    sofa(c, -1.9, z - 1.1, c.light.cloth)
    backWindow(c, -2.5, 1.05, 1.4, 1.25, z)
    picture(c, -0.5, 1.5, 0.8, 0.6, z)
    c.box(2.1, 0, z - 0.5, 1.5, 1.3, 0.5, c.light.stone)
    c.add(
      z - 0.52,
      c.shape(
        [
          [1.7, 0.1, z - 0.51],
          [2.5, 0.1, z - 0.51],
          [2.5, 0.8, z - 0.51],
          [1.7, 0.8, z - 0.51],
        ],
        '#1d1714',
        z,
      ),
    )
    if (c.light.time !== 'day') fire(c, 2.1, z - 0.53, 0.6)
    floorLamp(c, 2.9, 0.6)
  },
}

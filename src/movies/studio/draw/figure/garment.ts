import type { Look } from '../../read/look.ts'
import { darker, lighter } from '../colour.ts'
import { type Attributes, el, ellipse, type Point, polygon, smooth, taper } from '../svg.ts'
import type { Skeleton } from './skeleton.ts'

export type Cloth = { ink: string; line: number; top: string; bottom: string; accent: string; skin: string }
type Pen = (extra: Attributes) => Attributes

const LENGTH: Partial<Record<Look['garment'], number>> = {
  coat: 0.24,
  raincoat: 0.22,
  dress: 0.26,
  robe: 0.46,
  uniform: 0.07,
}
const BULK: Partial<Record<Look['garment'], number>> = {
  spacesuit: 1.35,
  armour: 1.15,
  raincoat: 1.1,
  coat: 1.06,
  jumper: 1.05,
}

export const bulk = (look: Look) => (BULK[look.garment] ?? 1) * look.breadth

/** A point seen from the trunk: along it (0 hip, 1 chest) and across it. */
const trunk = (s: Skeleton) => {
  const [dx, dy] = [s.chest[0] - s.hip[0], s.chest[1] - s.hip[1]]
  const length = Math.hypot(dx, dy) || 1
  const [ux, uy] = [dx / length, dy / length]
  return (along: number, across: number): Point => [
    s.hip[0] + dx * along - uy * across,
    s.hip[1] + dy * along + ux * across,
  ]
}

/** Sleeve and hand, or bare arm. */
export function drawArm(
  look: Look,
  s: Skeleton,
  joints: readonly [Point, Point, Point],
  cloth: Cloth,
  pen: Pen,
): string {
  const w = s.h * 0.029 * bulk(look)
  const bare = look.garment === 'vest' || (look.garment === 'dress' && look.age !== 'old')
  const sleeve = look.garment === 'overalls' || look.garment === 'vest' ? lighter(cloth.accent, 0.2) : cloth.top
  const [a, b, c] = joints
  const [dx, dy] = [c[0] - b[0], c[1] - b[1]]
  const length = Math.hypot(dx, dy) || 1
  const hand: Point = [c[0] + (dx / length) * s.h * 0.018, c[1] + (dy / length) * s.h * 0.018]
  const rolled = look.garment === 'shirt'
  const lower = bare || rolled ? cloth.skin : sleeve
  const upper = bare ? cloth.skin : sleeve
  const parts: Part[] = [
    { d: taper(c, hand, w * 0.62, w * 0.72), fill: cloth.skin },
    { d: taper(b, c, w * 0.92, w * 0.68), fill: lower },
    { d: taper(a, b, w * 1.18, w * 0.94), fill: upper },
  ]
  // The seam of the sleeve at the shoulder is covered, so that arm and trunk are one piece of cloth.
  const seam: Point = [a[0] * 0.8 + s.chest[0] * 0.2, a[1] + s.h * 0.004]
  const cover =
    bare || look.garment === 'vest' || look.garment === 'overalls'
      ? ''
      : el('path', { d: ellipse(seam, w * 0.95, w * 0.9), fill: upper })
  return merged(parts, pen) + cover
}

type Part = { d: string; fill: string }
/** Several shapes with one common outline: all outlines first, the fills over them. */
const merged = (parts: Part[], pen: Pen) =>
  parts.map((part) => el('path', pen({ d: part.d, fill: part.fill }))).join('') +
  parts.map((part) => el('path', { d: part.d, fill: part.fill })).join('')

/** Trouser leg and shoe. */
export function drawLeg(
  look: Look,
  s: Skeleton,
  joints: readonly [Point, Point, Point],
  cloth: Cloth,
  pen: Pen,
): string {
  const w = s.h * 0.043 * bulk(look)
  const [a, b, c] = joints
  const stocking = look.garment === 'dress' ? cloth.skin : cloth.bottom
  const fill = look.garment === 'overalls' || look.garment === 'spacesuit' ? cloth.top : stocking
  const out = Math.abs(s.facing) > 0.3 ? s.side * s.h * 0.05 : (c[0] >= s.hip[0] ? 1 : -1) * s.h * 0.022
  const heel: Point = [c[0] - Math.sign(out) * s.h * 0.008, c[1] + s.h * 0.012]
  const toe: Point = [c[0] + out, c[1] + s.h * 0.016]
  return (
    el('path', pen({ d: taper(heel, toe, w * 0.52, w * 0.38), fill: '#2b2624' })) +
    merged(
      [
        { d: taper(b, c, w * 0.86, w * 0.56), fill },
        { d: taper(a, b, w * 1.08, w * 0.88), fill },
      ],
      pen,
    )
  )
}

/** Trunk with its garment, hem following the legs. */
export function drawTrunk(look: Look, s: Skeleton, back: boolean, cloth: Cloth, pen: Pen): string {
  const p = trunk(s)
  const k = bulk(look)
  const sh = s.shoulder * (look.garment === 'spacesuit' ? 1.18 : 1.04)
  const hip = s.hipWidth * 1.25 * k
  const waist = Math.min(sh * 0.86, hip * (look.garment === 'dress' ? 0.86 : 1.02))
  const neck = s.h * 0.028
  const body: Point[] = [
    p(1.06, -neck),
    p(1.0, -sh * 0.9),
    p(0.9, -sh * 1.06),
    p(0.55, -waist * 1.04),
    p(0.3, -waist),
    p(-0.04, -hip),
    p(-0.04, hip),
    p(0.3, waist),
    p(0.55, waist * 1.04),
    p(0.9, sh * 1.06),
    p(1.0, sh * 0.9),
    p(1.06, neck),
  ]
  const parts = [skirt(look, s, hip, cloth, pen), el('path', pen({ d: smooth(body, true, 7), fill: cloth.top }))]
  const d = s.lightFrom > 0 ? -1 : 1
  const shade = [
    p(0.98, d * sh * 0.5),
    p(0.9, d * sh * 1.04),
    p(0.55, d * waist),
    p(0.3, d * waist * 0.96),
    p(-0.03, d * hip * 0.96),
    p(0, d * hip * 0.35),
    p(0.5, d * waist * 0.42),
  ]
  parts.push(el('path', { d: smooth(shade, true, 8), fill: cloth.ink, opacity: '0.16' }))
  parts.push(details(look, s, p, { sh, hip, waist, neck, back }, cloth, pen))
  return parts.join('')
}

/** What hangs below the hips: coat tails, dress, robe. */
function skirt(look: Look, s: Skeleton, hip: number, cloth: Cloth, pen: Pen): string {
  const length = LENGTH[look.garment]
  if (!length) return ''
  const t = Math.min(1, length / 0.255)
  const lower = length > 0.26 ? (length - 0.255) / 0.245 : 0
  const onLeg = (leg: readonly [Point, Point, Point]): Point => {
    const [from, to, q] = lower > 0 ? [leg[1], leg[2], Math.min(0.92, lower)] : [leg[0], leg[1], t]
    return [from[0] + (to[0] - from[0]) * q, from[1] + (to[1] - from[1]) * q]
  }
  const [a, b] = [onLeg(s.nearLeg), onLeg(s.farLeg)]
  const flare = s.h * (look.garment === 'dress' ? 0.075 : 0.05)
  const [left, right] = a[0] < b[0] ? [a, b] : [b, a]
  const d = smooth(
    [
      [s.hip[0] - hip, s.hip[1] - s.h * 0.05],
      [left[0] - flare, left[1]],
      [(left[0] + right[0]) / 2, Math.max(left[1], right[1]) + s.h * 0.008],
      [right[0] + flare, right[1]],
      [s.hip[0] + hip, s.hip[1] - s.h * 0.05],
    ],
    true,
    9,
  )
  return el('path', pen({ d, fill: look.garment === 'uniform' ? cloth.top : darker(cloth.top, 0.06) }))
}

type Measures = { sh: number; hip: number; waist: number; neck: number; back: boolean }

function details(
  look: Look,
  s: Skeleton,
  p: (along: number, across: number) => Point,
  m: Measures,
  cloth: Cloth,
  pen: Pen,
): string {
  const line = (points: Point[], extra: Attributes = {}) =>
    el('path', {
      d: smooth(points, false),
      fill: 'none',
      stroke: cloth.ink,
      'stroke-width': cloth.line * 0.75,
      'stroke-linecap': 'round',
      ...extra,
    })
  const turn = s.side * Math.abs(s.facing) * m.sh * 0.45
  const out: string[] = []
  if (look.garment === 'vest')
    out.push(
      el(
        'path',
        pen({
          d: smooth(
            [
              p(1, -m.sh * 0.55),
              p(0.5, -m.waist),
              p(0, -m.hip * 0.95),
              p(0, m.hip * 0.95),
              p(0.5, m.waist),
              p(1, m.sh * 0.55),
              p(0.7, turn),
            ],
            true,
            8,
          ),
          fill: darker(cloth.top, 0.25),
        }),
      ),
    )
  if (!m.back) out.push(...front(look, s, p, m, turn, cloth, pen, line))
  if (look.garment === 'uniform' || look.garment === 'robe')
    out.push(
      line([p(0.16, -m.waist * 1.02), p(0.12, 0), p(0.16, m.waist * 1.02)], {
        stroke: darker(cloth.top, 0.5),
        'stroke-width': s.h * 0.014,
      }),
    )
  if (look.garment === 'armour')
    for (const a of [0.3, 0.5, 0.7]) out.push(line([p(a, -m.waist), p(a - 0.05, turn), p(a, m.waist)]))
  if (look.scarf) {
    const d = smooth(
      [
        p(1.1, -m.neck * 2),
        p(0.93, -m.neck * 2.2),
        p(0.88, turn * 0.5),
        p(0.93, m.neck * 2.2),
        p(1.1, m.neck * 2),
        p(1.06, 0),
      ],
      true,
    )
    out.push(
      el(
        'path',
        pen({
          d: smooth(
            [
              p(0.95, turn * 0.4 - m.neck),
              p(0.45, turn * 0.4 - m.neck * 1.3),
              p(0.42, turn * 0.4 + m.neck * 0.3),
              p(0.95, turn * 0.4 + m.neck),
            ],
            true,
            9,
          ),
          fill: look.scarf,
        }),
      ),
    )
    out.push(el('path', pen({ d, fill: look.scarf })))
  }
  if (look.bag) {
    out.push(
      line([p(1, -s.side * m.sh * 0.6), p(0.1, s.side * m.hip)], { stroke: '#4b3a2a', 'stroke-width': s.h * 0.011 }),
    )
    const c = p(0, s.side * m.hip * 1.2)
    const w = s.h * 0.055
    out.push(
      el(
        'path',
        pen({
          d: smooth(
            [
              [c[0] - w, c[1] - w * 0.7],
              [c[0] + w, c[1] - w * 0.7],
              [c[0] + w * 0.9, c[1] + w * 0.9],
              [c[0] - w * 0.9, c[1] + w * 0.9],
            ],
            true,
            12,
          ),
          fill: '#6b5138',
        }),
      ),
    )
  }
  return out.join('')
}

type LineOf = (points: Point[], extra?: Attributes) => string

/** Collar, opening, buttons, straps: what is seen from the front. */
function front(
  look: Look,
  s: Skeleton,
  p: (along: number, across: number) => Point,
  m: Measures,
  turn: number,
  cloth: Cloth,
  pen: Pen,
  line: LineOf,
): string[] {
  const dark = darker(cloth.top, 0.35)
  const inner = (fill: string, depth: number) =>
    el(
      'path',
      pen({ d: polygon([p(1.05, turn - m.neck * 1.15), p(depth, turn), p(1.05, turn + m.neck * 1.15)]), fill }),
    )
  switch (look.garment) {
    case 'coat':
    case 'raincoat':
    case 'jacket':
      return [
        inner(look.garment === 'raincoat' ? dark : lighter(cloth.accent, 0.25), 0.68),
        line([p(0.68, turn), p(0.3, turn * 1.02), p(-0.05, turn)]),
        el(
          'path',
          pen({
            d: polygon([p(1.08, turn - m.neck * 1.2), p(0.82, turn - m.sh * 0.42), p(0.7, turn - m.neck * 0.2)]),
            fill: lighter(cloth.top, 0.1),
          }),
        ),
        el(
          'path',
          pen({
            d: polygon([p(1.08, turn + m.neck * 1.2), p(0.82, turn + m.sh * 0.42), p(0.7, turn + m.neck * 0.2)]),
            fill: lighter(cloth.top, 0.1),
          }),
        ),
      ]
    case 'suit':
      return [
        inner('#ece7dc', 0.42),
        line([p(0.98, turn), p(0.5, turn)], { stroke: cloth.accent, 'stroke-width': s.h * 0.012 }),
        line([p(0.42, turn), p(0, turn)]),
      ]
    case 'uniform':
      return [
        line([p(1, turn), p(0, turn)]),
        ...[0.75, 0.55, 0.35].map((a) =>
          line([p(a, turn + m.neck * 0.5), p(a - 0.01, turn + m.neck * 0.5)], {
            stroke: '#d8b25a',
            'stroke-width': s.h * 0.012,
          }),
        ),
        line([p(0.99, -m.sh * 0.9), p(1.0, -m.sh * 0.5)], { stroke: '#d8b25a', 'stroke-width': s.h * 0.012 }),
        line([p(0.99, m.sh * 0.9), p(1.0, m.sh * 0.5)], { stroke: '#d8b25a', 'stroke-width': s.h * 0.012 }),
      ]
    case 'shirt':
      return [
        inner(cloth.skin, 0.86),
        line([p(0.86, turn), p(0, turn)]),
        line([p(0.02, -m.hip), p(-0.01, 0), p(0.02, m.hip)], { stroke: '#2d2622', 'stroke-width': s.h * 0.012 }),
      ]
    case 'jumper':
      return [
        line([p(0.97, turn - m.neck * 1.5), p(0.92, turn), p(0.97, turn + m.neck * 1.5)]),
        line([p(0.06, -m.hip), p(0.02, 0), p(0.06, m.hip)]),
        line([p(0, -m.hip), p(-0.04, 0), p(0, m.hip)]),
      ]
    case 'overalls':
      return [
        el(
          'path',
          pen({
            d: polygon([p(0.72, -m.sh * 0.5 + turn), p(0.72, m.sh * 0.5 + turn), p(0.1, m.waist), p(0.1, -m.waist)]),
            fill: darker(cloth.top, 0.1),
          }),
        ),
        line([p(1.02, -m.sh * 0.5), p(0.72, -m.sh * 0.45 + turn)], { stroke: dark, 'stroke-width': s.h * 0.014 }),
        line([p(1.02, m.sh * 0.5), p(0.72, m.sh * 0.45 + turn)], { stroke: dark, 'stroke-width': s.h * 0.014 }),
      ]
    case 'spacesuit':
      return [
        el(
          'path',
          pen({
            d: polygon([
              p(0.7, turn - m.sh * 0.35),
              p(0.7, turn + m.sh * 0.35),
              p(0.38, turn + m.sh * 0.35),
              p(0.38, turn - m.sh * 0.35),
            ]),
            fill: '#4d5663',
          }),
        ),
        line([p(1.0, -m.neck * 2), p(0.95, 0), p(1.0, m.neck * 2)], {
          stroke: cloth.accent,
          'stroke-width': s.h * 0.016,
        }),
      ]
    case 'dress':
      return [
        inner(cloth.skin, 0.84),
        line([p(0.34, -m.waist), p(0.31, turn), p(0.34, m.waist)], { stroke: dark, 'stroke-width': s.h * 0.012 }),
      ]
    case 'robe':
      return [line([p(1.02, turn - m.neck), p(0.5, turn), p(-0.1, turn)]), inner(darker(cloth.top, 0.3), 0.8)]
    default:
      return []
  }
}

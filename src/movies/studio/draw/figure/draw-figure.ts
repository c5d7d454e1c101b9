import type { Look } from '../../read/look.ts'
import { darker, lit, mix } from '../colour.ts'
import { type Attributes, el, ellipse, group, num, type Point, polygon, smooth, taper } from '../svg.ts'
import { bulk, type Cloth, drawArm, drawLeg, drawTrunk } from './garment.ts'
import { drawHead } from './head.ts'
import type { Mood } from './head-types.ts'
import { POSES, type PoseName } from './pose.ts'
import { skeleton } from './skeleton.ts'

export type FigureInput = {
  look: Look
  pose: PoseName
  /** Where the figure stands on the picture. */
  foot: Point
  /** Height of an average grown person at this place, in pixels. */
  height: number
  /** -1 looks left, 0 at the camera, 1 right. */
  facing: number
  back: boolean
  mood: Mood
  speaking: boolean
  /** Colour of the light on it, its ink, and how much darkness lies over it (0 … 1). */
  light: string
  ink: string
  lightFrom: -1 | 1
  /** Only the outline against the light. */
  silhouette: number
  prop: Prop | null
}
export type Prop = 'paper' | 'lamp' | 'box' | 'book' | 'phone' | 'tool' | 'weapon' | 'cup' | 'key' | 'bag'

export type Drawn = { svg: string; head: Point; headRadius: number; top: number }

/** One person, drawn standing on `foot`. The same input gives the same lines. */
export function drawFigure(f: FigureInput): Drawn {
  if (f.look.kind === 'dog' || f.look.kind === 'cat') return animal(f)
  const h = f.height * f.look.height
  const s = skeleton(POSES[f.pose], f.foot, h, f.back ? f.facing * 0.5 : f.facing, f.look.breadth, f.lightFrom)
  const child = f.look.age === 'child'
  const r = h * (child ? 0.092 : 0.072)
  const line = Math.max(1.1, Math.min(4.2, h * 0.0062))
  // A ghost has lost its colours, not its shape.
  const own = (colour: string) => (f.look.kind === 'ghost' ? mix(colour, '#e3edf2', 0.62) : colour)
  const tint = (colour: string) => mix(lit(own(colour), f.light), '#10131a', f.silhouette)
  const cloth: Cloth = {
    ink: f.ink,
    line,
    top: tint(f.look.top),
    bottom: tint(f.look.bottom),
    accent: tint(f.look.accent),
    skin: tint(f.look.skin),
  }
  const pen = (extra: Attributes): Attributes => ({
    stroke: f.ink,
    'stroke-width': line,
    'stroke-linejoin': 'round',
    ...extra,
  })
  const robot = f.look.kind === 'robot'
  const face = {
    ink: f.ink,
    line: Math.max(1, line * 0.85),
    skin: robot ? tint('#aeb7bd') : cloth.skin,
    hair: tint(f.look.hairColour),
    hat: tint(f.look.hatColour),
    accent: cloth.accent,
  }
  const view = { facing: f.facing, tilt: s.headTilt, back: f.back, mood: f.mood, speaking: f.speaking }
  const head = robot ? robotHead(s.head, r, f, face, pen) : drawHead(f.look, s.head, r, view, face)
  const neckEnd: Point = [s.head[0] - s.side * Math.abs(f.facing) * r * 0.2, s.head[1] + r * 0.55]
  const neck = el('path', pen({ d: taper(s.chest, neckEnd, h * 0.03, h * 0.024), fill: face.skin }))
  const hand = s.nearArm[2]
  const collar = f.look.hat === 'hood' ? '' : ''
  const parts = [
    f.look.cane
      ? el(
          'path',
          pen({
            d: taper(
              [s.farArm[2][0], s.farArm[2][1]],
              [s.farArm[2][0] + s.side * h * 0.05, f.foot[1]],
              h * 0.007,
              h * 0.006,
            ),
            fill: '#5b4330',
          }),
        )
      : '',
    drawArm(f.look, s, s.farArm, { ...cloth, top: darker(cloth.top, 0.16), skin: darker(cloth.skin, 0.1) }, pen),
    drawLeg(f.look, s, s.farLeg, { ...cloth, bottom: darker(cloth.bottom, 0.14), top: darker(cloth.top, 0.14) }, pen),
    drawLeg(f.look, s, s.nearLeg, cloth, pen),
    f.back ? '' : neck,
    drawTrunk(f.look, s, f.back, cloth, pen),
    f.back ? neck : collar,
    head,
    f.prop && !f.back ? drawProp(f.prop, hand, h, s.side, pen, f.light) : '',
    drawArm(f.look, s, s.nearArm, cloth, pen),
    f.look.garment === 'spacesuit' && f.look.hat === 'none' ? visor(s.head, r, pen) : '',
  ]
  const turned = 'lying' in POSES[f.pose]
  const transform = turned
    ? `rotate(${num(s.side * -86)} ${num(f.foot[0])} ${num(f.foot[1] - bulk(f.look) * h * 0.05)})`
    : undefined
  const svg = group({ transform }, ...parts)
  return { svg, head: s.head, headRadius: r, top: s.head[1] - r * 1.35 }
}

function robotHead(
  c: Point,
  r: number,
  f: FigureInput,
  face: { ink: string; line: number; skin: string },
  pen: (a: Attributes) => Attributes,
): string {
  const side = f.facing < 0 ? -1 : 1
  const k = Math.abs(f.facing) * 0.3
  const p = (x: number, y: number): Point => [c[0] + side * x * r, c[1] + y * r]
  const box = smooth([p(-0.8, -0.8), p(0.8, -0.8), p(0.86, 0), p(0.7, 0.85), p(-0.7, 0.85), p(-0.86, 0)], true, 10)
  const slot = smooth([p(-0.5 + k, -0.24), p(0.55 + k, -0.24), p(0.55 + k, 0.14), p(-0.5 + k, 0.14)], true, 14)
  return [
    el('path', pen({ d: taper(p(0, -0.8), p(0, -1.25), r * 0.05, r * 0.05), fill: face.skin })),
    el('path', pen({ d: ellipse(p(0, -1.32), r * 0.12, r * 0.12), fill: '#d05a3a' })),
    el('path', pen({ d: box, fill: face.skin })),
    f.back ? '' : el('path', pen({ d: slot, fill: '#182028' })),
    f.back
      ? ''
      : el('path', {
          d: ellipse(p(-0.18 + k, -0.05), r * 0.1, r * 0.1) + ellipse(p(0.28 + k, -0.05), r * 0.1, r * 0.1),
          fill: '#7fe0f0',
        }),
  ].join('')
}

const visor = (c: Point, r: number, pen: (a: Attributes) => Attributes) =>
  el('path', pen({ d: ellipse(c, r * 1.32, r * 1.4), fill: '#cfe4ee', 'fill-opacity': 0.22 })) +
  el('path', {
    d: smooth(
      [
        [c[0] - r * 0.9, c[1] - r * 0.4],
        [c[0] - r * 0.5, c[1] - r * 0.95],
      ],
      false,
    ),
    fill: 'none',
    stroke: '#ffffff',
    'stroke-width': r * 0.12,
    opacity: 0.7,
    'stroke-linecap': 'round',
  })

function drawProp(
  prop: Prop,
  hand: Point,
  h: number,
  side: number,
  pen: (a: Attributes) => Attributes,
  light: string,
): string {
  const u = h * 0.01
  const p = (x: number, y: number): Point => [hand[0] + side * x * u, hand[1] + y * u]
  const box = (x0: number, y0: number, x1: number, y1: number, fill: string) =>
    el(
      'path',
      pen({ d: polygon([p(x0, y0), p(x1, y0 + 0.6), p(x1 - 0.4, y1), p(x0 - 0.4, y1 - 0.6)]), fill: lit(fill, light) }),
    )
  switch (prop) {
    case 'paper':
      return (
        box(-2, -7, 6, 3, '#f1ead8') +
        el('path', {
          d: `M${p(-0.6, -4).join(' ')}L${p(4.4, -3.6).join(' ')}M${p(-0.7, -2).join(' ')}L${p(4.3, -1.6).join(' ')}`,
          stroke: '#8b857a',
          'stroke-width': Math.max(0.8, u * 0.4),
          fill: 'none',
        })
      )
    case 'book':
      return box(-3, -5, 6, 4, '#7a3b31') + box(-2.4, -4.4, 5.4, 3.2, '#e8dfca')
    case 'phone':
      return box(-1, -6, 3, 2, '#23272e') + box(-0.4, -5.2, 2.4, 1, '#9fd4e6')
    case 'cup':
      return box(-2, -4, 3, 2, '#e5ddcf')
    case 'box':
      return (
        box(-6, -6, 10, 6, '#8a6a45') +
        el('path', { d: `M${p(2, -6).join(' ')}L${p(2, 6).join(' ')}`, stroke: '#5c452b', 'stroke-width': u })
      )
    case 'bag':
      return box(-4, 0, 6, 11, '#5b4330')
    case 'key':
      return (
        el('path', pen({ d: ellipse(p(1, -1), u * 1.6, u * 1.6), fill: '#d1a83c' })) +
        el('path', pen({ d: taper(p(2, -1.4), p(8, -3), u * 0.5, u * 0.5), fill: '#d1a83c' }))
      )
    case 'tool':
      return el('path', pen({ d: taper(p(-2, 2), p(8, -8), u * 0.9, u * 0.9), fill: lit('#8d949a', light) }))
    case 'weapon':
      return el('path', pen({ d: taper(p(-3, 3), p(18, -16), u * 0.9, u * 0.4), fill: lit('#b9c0c6', light) }))
    case 'lamp':
      return (
        el('path', { d: ellipse(p(2, 6), u * 16, u * 16), fill: '#ffd98a', opacity: 0.28 }) +
        el('path', pen({ d: polygon([p(-1, 1), p(5, 1), p(6, 9), p(-2, 9)]), fill: '#f6cf7a' })) +
        el('path', pen({ d: polygon([p(-1.5, 9), p(5.5, 9), p(5.5, 11), p(-1.5, 11)]), fill: '#4a4440' }))
      )
  }
}

/** A four-legged companion. */
function animal(f: FigureInput): Drawn {
  const h = f.height * (f.look.kind === 'dog' ? 0.42 : 0.22)
  const side = f.facing < 0 ? -1 : 1
  const p = (x: number, y: number): Point => [f.foot[0] + side * x * h, f.foot[1] + y * h]
  const fur = mix(lit(f.look.kind === 'dog' ? '#7a5a3c' : f.look.top, f.light), '#10131a', f.silhouette)
  const line = Math.max(1.1, h * 0.012)
  const pen = (extra: Attributes): Attributes => ({
    stroke: f.ink,
    'stroke-width': line,
    'stroke-linejoin': 'round',
    fill: fur,
    ...extra,
  })
  const legs = [-0.55, -0.42, 0.3, 0.44].map((x, i) =>
    el(
      'path',
      pen({
        d: taper(p(x, -0.45), p(x + (i % 2) * 0.06, 0), h * 0.07, h * 0.045),
        fill: i % 2 ? fur : darker(fur, 0.15),
      }),
    ),
  )
  const ears =
    f.look.kind === 'cat'
      ? polygon([p(0.56, -1.02), p(0.6, -1.24), p(0.7, -1.04)]) +
        polygon([p(0.76, -1.04), p(0.86, -1.22), p(0.9, -0.98)])
      : smooth([p(0.6, -1.02), p(0.46, -0.86), p(0.5, -0.7), p(0.64, -0.86)], true)
  const svg = group(
    {},
    el('path', pen({ d: taper(p(-0.62, -0.66), p(-0.98, -0.98), h * 0.06, h * 0.03) })),
    ...legs,
    el(
      'path',
      pen({
        d: smooth(
          [p(-0.68, -0.62), p(-0.3, -0.8), p(0.3, -0.78), p(0.58, -0.7), p(0.5, -0.4), p(-0.1, -0.34), p(-0.64, -0.4)],
          true,
        ),
      }),
    ),
    el('path', pen({ d: taper(p(0.46, -0.62), p(0.68, -0.9), h * 0.16, h * 0.13) })),
    el(
      'path',
      pen({
        d: smooth([p(0.54, -0.98), p(0.76, -1.06), p(0.98, -0.9), p(1.12, -0.78), p(0.96, -0.7), p(0.66, -0.72)], true),
      }),
    ),
    el('path', pen({ d: ears, fill: darker(fur, 0.2) })),
    el('path', { d: ellipse(p(0.82, -0.9), h * 0.025, h * 0.025), fill: f.ink }),
  )
  return { svg, head: p(0.76, -0.88), headRadius: h * 0.2, top: f.foot[1] - h * 1.3 }
}

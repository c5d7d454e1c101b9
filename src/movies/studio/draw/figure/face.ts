import type { Look } from '../../read/look.ts'
import { darker, mix } from '../colour.ts'
import { type Attributes, el, ellipse, smooth } from '../svg.ts'
import type { At, HeadStyle, Mood, Pen } from './head-types.ts'

/** Outline of the face: rounder from the front, with brow, nose and chin from the side. */
function outline(p: At, k: number): string {
  if (k > 0.75)
    return smooth(
      [
        p(-0.35, -0.95),
        p(0.3, -0.98),
        p(0.66, -0.62),
        p(0.68, -0.18),
        p(0.84, 0.26),
        p(0.66, 0.36),
        p(0.7, 0.6),
        p(0.6, 0.92),
        p(0.2, 0.9),
        p(-0.2, 0.62),
        p(-0.66, 0.2),
        p(-0.76, -0.4),
      ],
      true,
    )
  const c = k * 0.16
  return smooth(
    [
      p(c * 0.4, -1.05),
      p(0.42 + c * 0.4, -0.94),
      p(0.66 + c * 0.35, -0.62),
      p(0.72 + c * 0.3, -0.28),
      p(0.68 + c * 0.8, 0.2),
      p(0.5 + c, 0.66),
      p(0.16 + c * 1.5, 0.98),
      p(-0.16 + c * 1.5, 0.98),
      p(-0.52 + c, 0.66),
      p(-0.72 + c * 0.2, 0.18),
      p(-0.76, -0.3),
      p(-0.68, -0.64),
      p(-0.44, -0.95),
    ],
    true,
  )
}

export function backOfHead(p: At, style: HeadStyle, pen: Pen): string {
  return el('path', pen({ d: outline(p, 0), fill: style.skin }))
}

function ear(p: At, k: number, style: HeadStyle, pen: Pen): string {
  const shapes: string[] = []
  const one = (x: number, y: number, w: number) =>
    el(
      'path',
      pen({
        d: ellipse(p(x, y), Math.abs(p(w, 0)[0] - p(0, 0)[0]), Math.abs(p(0, 0.2)[1] - p(0, 0)[1])),
        fill: style.skin,
      }),
    )
  if (k > 0.75) shapes.push(one(-0.12, 0.02, 0.12))
  else {
    shapes.push(one(-0.76 + k * 0.3, 0.04, 0.12))
    if (k < 0.35) shapes.push(one(0.76, 0.04, 0.1))
  }
  return shapes.join('')
}

const BROWS: Record<Mood, readonly [inner: number, outer: number]> = {
  calm: [-0.24, -0.24],
  happy: [-0.28, -0.27],
  sad: [-0.34, -0.2],
  angry: [-0.12, -0.3],
  afraid: [-0.38, -0.24],
  surprised: [-0.38, -0.38],
  determined: [-0.16, -0.27],
}

/** Mouth: how far the corners rise, and how far it opens. */
const MOUTHS: Record<Mood, readonly [corner: number, open: number]> = {
  calm: [0, 0],
  happy: [-0.1, 0.04],
  sad: [0.08, 0],
  angry: [0.06, 0.03],
  afraid: [0.04, 0.1],
  surprised: [0, 0.16],
  determined: [0.03, 0],
}

export function face(
  look: Look,
  p: At,
  r: number,
  k: number,
  view: { mood: Mood; speaking: boolean },
  style: HeadStyle,
  pen: Pen,
): string {
  const shadow = darker(mix(style.skin, '#8a3f3a', 0.25), 0.18)
  const parts = [ear(p, k, style, pen), el('path', pen({ d: outline(p, k), fill: style.skin }))]
  if (r > 16) {
    const cheek = smooth(
      [p(-0.74, -0.2), p(-0.5, -0.05), p(-0.42, 0.45), p(-0.1, 0.9), p(-0.5, 0.66), p(-0.72, 0.2)],
      true,
    )
    parts.push(el('path', { d: cheek, fill: shadow, opacity: 0.28 }))
  }
  if (r > 7) parts.push(features(look, p, r, k, view, style, pen, shadow))
  if (look.beard) parts.push(beard(p, k, style, pen))
  return parts.join('')
}

function features(
  look: Look,
  p: At,
  r: number,
  k: number,
  view: { mood: Mood; speaking: boolean },
  style: HeadStyle,
  pen: Pen,
  shadow: string,
): string {
  const fine = Math.max(0.8, style.line * (r > 60 ? 0.7 : 0.75))
  const line = (d: string, extra: Attributes = {}) =>
    el('path', pen({ d, fill: 'none', 'stroke-width': fine, ...extra }))
  const profile = k > 0.75
  const eyes = profile ? [0.44] : [0.33 + k * 0.26, -0.33 + k * 0.3]
  const [inner, outer] = BROWS[view.mood]
  const out: string[] = []
  for (const [i, x] of eyes.entries()) {
    const inward = profile ? 1 : i === 0 ? -1 : 1
    const w = (profile ? 0.11 : 0.16) * (i === 0 && !profile ? 1 - k * 0.25 : 1)
    const [a, b] = [p(x - w, 0.03), p(x + w, 0.03)]
    const open = view.mood === 'afraid' || view.mood === 'surprised' ? 0.11 : look.age === 'old' ? 0.06 : 0.08
    if (r > 26) {
      const lid = smooth([a, p(x, 0.03 - open), b, p(x, 0.03 + open * 0.75)], true)
      out.push(el('path', { d: lid, fill: '#f6f1e8', stroke: style.ink, 'stroke-width': fine }))
      const iris = Math.max(1.2, r * open * 0.86)
      out.push(
        el('path', {
          d: ellipse(p(x + 0.03 + k * 0.03, 0.025), iris, iris),
          fill: darker(mix(style.hair, '#3f5568', 0.5), 0.2),
        }),
      )
      out.push(el('path', { d: ellipse(p(x + 0.05 + k * 0.03, 0.0), iris * 0.3, iris * 0.3), fill: '#ffffff' }))
      out.push(line(smooth([a, p(x, 0.03 - open * 1.15), b], false), { 'stroke-width': fine * 1.5 }))
    } else
      out.push(el('path', { d: ellipse(p(x, 0.03), Math.max(0.9, r * 0.07), Math.max(1, r * 0.09)), fill: style.ink }))
    const brow = [p(x + inward * w * 1.15, inner), p(x, Math.min(inner, outer) - 0.03), p(x - inward * w * 1.25, outer)]
    out.push(line(smooth(brow, false), { stroke: darker(style.hair, 0.25), 'stroke-width': Math.max(1, r * 0.055) }))
  }
  const nose = profile ? [] : [p(0.06 + k * 0.3, -0.02), p(0.13 + k * 0.42, 0.3), p(-0.02 + k * 0.34, 0.36)]
  if (nose.length > 0 && r > 12) out.push(line(smooth(nose, false), { stroke: shadow, 'stroke-width': fine * 1.2 }))
  out.push(mouth(p, r, k, view, style, fine))
  if (look.glasses) out.push(glasses(p, r, eyes, style, fine))
  if (look.age === 'old' && r > 22) {
    out.push(line(smooth([p(0.14 + k * 0.2, 0.42), p(0.28 + k * 0.2, 0.62)], false), { stroke: shadow }))
    out.push(line(smooth([p(-0.2, -0.52), p(0.2, -0.54)], false), { stroke: shadow }))
  }
  return out.join('')
}

function mouth(
  p: At,
  r: number,
  k: number,
  view: { mood: Mood; speaking: boolean },
  style: HeadStyle,
  fine: number,
): string {
  const [corner, gap] = MOUTHS[view.mood]
  const open = view.speaking ? Math.max(0.09, gap) : gap
  const x = k > 0.75 ? 0.56 : 0.02 + k * 0.3
  const w = k > 0.75 ? 0.12 : 0.2 - k * 0.04
  const [a, b] = [p(x - w, 0.6 + corner), p(x + w, 0.6 + corner)]
  if (open > 0 && r > 9) {
    const low = 0.6 + corner + open * 1.5
    const d = smooth(
      [a, p(x, 0.56 + corner), b, p(x + w * 0.62, low - 0.02), p(x, low + 0.02), p(x - w * 0.62, low - 0.02)],
      true,
    )
    return el('path', { d, fill: '#5c2424', stroke: style.ink, 'stroke-width': fine })
  }
  return el('path', {
    d: smooth([a, p(x, 0.6 - corner * 0.3), b], false),
    fill: 'none',
    stroke: style.ink,
    'stroke-width': fine * 1.2,
    'stroke-linecap': 'round',
  })
}

function glasses(p: At, r: number, eyes: number[], style: HeadStyle, fine: number): string {
  const rims = eyes.map((x) =>
    el('path', {
      d: ellipse(p(x, 0.03), r * 0.2, r * 0.19),
      fill: '#dfeaf0',
      'fill-opacity': 0.25,
      stroke: style.ink,
      'stroke-width': fine * 1.3,
    }),
  )
  const bar = eyes.length > 1 ? [p(eyes[1]! + 0.2, 0), p(eyes[0]! - 0.2, 0)] : [p(eyes[0]! - 0.2, 0), p(-0.1, -0.02)]
  return (
    rims.join('') + el('path', { d: smooth(bar, false), fill: 'none', stroke: style.ink, 'stroke-width': fine * 1.3 })
  )
}

function beard(p: At, k: number, style: HeadStyle, pen: Pen): string {
  const c = k * 0.2
  const d = smooth(
    [
      p(-0.7 + c * 0.3, 0.15),
      p(-0.4 + c, 0.42),
      p(0 + c * 1.5, 0.46),
      p(0.44 + c, 0.42),
      p(0.66 + c * 0.5, 0.15),
      p(0.58 + c, 0.72),
      p(0.1 + c * 1.5, 1.22),
      p(-0.5 + c, 0.8),
    ],
    true,
  )
  return (
    el('path', pen({ d, fill: style.hair })) +
    el('path', {
      d: smooth([p(-0.1 + c * 1.6, 0.62), p(0.05 + c * 1.6, 0.66), p(0.22 + c * 1.5, 0.61)], false),
      fill: 'none',
      stroke: style.ink,
      'stroke-width': style.line * 0.8,
    })
  )
}

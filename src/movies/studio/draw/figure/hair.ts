import type { Look } from '../../read/look.ts'
import { darker, lighter } from '../colour.ts'
import { el, ellipse, type Point, polygon, smooth } from '../svg.ts'
import type { At, HeadStyle, Pen } from './head-types.ts'

/** Hair that hangs behind the head. */
export function hairBehind(look: Look, p: At, r: number, k: number, style: HeadStyle, pen: Pen): string {
  const shape = (points: Point[]) => el('path', pen({ d: smooth(points, true), fill: darker(style.hair, 0.12) }))
  const b = -k * 0.25
  switch (look.hair) {
    case 'long':
      return shape([
        p(-0.85 + b, -0.5),
        p(0, -1.1),
        p(0.8 + b, -0.4),
        p(0.82 + b, 0.7),
        p(0.5 + b, 1.55),
        p(-0.7 + b, 1.6),
        p(-0.98 + b, 0.6),
      ])
    case 'bob':
      return shape([
        p(-0.9 + b, -0.4),
        p(0, -1.1),
        p(0.84 + b, -0.4),
        p(0.86 + b, 0.5),
        p(0.5 + b, 0.82),
        p(-0.72 + b, 0.86),
        p(-0.98 + b, 0.4),
      ])
    case 'curls': {
      const bumps: Point[] = []
      for (let i = 0; i < 14; i++) {
        const a = (i / 14) * Math.PI * 2
        const q = 1.08 + (i % 2) * 0.17
        bumps.push(p(Math.cos(a) * q * 1.02 + b, Math.sin(a) * q - 0.22))
      }
      return shape(bumps)
    }
    case 'bun':
      return el('path', pen({ d: ellipse(p(-0.35 * (k + 0.3), -1.08), r * 0.36, r * 0.34), fill: style.hair }))
    case 'ponytail':
      return shape([
        p(-0.6, -0.62),
        p(-1.05 - k * 0.2, -0.5),
        p(-1.28 - k * 0.2, 0.3),
        p(-1.02, 1.05),
        p(-0.92, 0.2),
        p(-0.6, -0.2),
      ])
    case 'braid': {
      const links = Array.from({ length: 5 }, (_, i) =>
        el(
          'path',
          pen({
            d: ellipse(p(-0.72 - k * 0.12 + (i % 2) * 0.08, 0.35 + i * 0.36), r * (0.22 - i * 0.018), r * 0.22),
            fill: style.hair,
          }),
        ),
      )
      return links.join('')
    }
    default:
      return ''
  }
}

/** Hair over the skull and forehead. */
export function hairFront(look: Look, p: At, _r: number, k: number, back: boolean, style: HeadStyle, pen: Pen): string {
  if (look.hair === 'bald') return ''
  if (back) {
    const low = ['long', 'bob', 'curls'].includes(look.hair) ? 0.9 : look.hair === 'crop' ? 0.35 : 0.6
    const d = smooth(
      [
        p(-0.8, 0.2),
        p(-0.84, -0.4),
        p(-0.4, -1.02),
        p(0.4, -1.02),
        p(0.84, -0.4),
        p(0.8, 0.2),
        p(0.4, low),
        p(-0.4, low),
      ],
      true,
    )
    return el('path', pen({ d, fill: style.hair }))
  }
  const lift = look.hair === 'crop' ? 0.06 : look.hair === 'curls' ? 0.2 : 0.14
  const line = look.hair === 'bob' ? -0.36 : look.hair === 'crop' ? -0.62 : -0.5
  const points: Point[] =
    k > 0.75
      ? [
          p(0.62, -0.62),
          p(0.3, -1 - lift),
          p(-0.4, -1.02 - lift),
          p(-0.92, -0.4),
          p(-0.78, 0.28),
          p(-0.42, 0.34),
          p(-0.3, -0.22),
          p(0.1, -0.4),
          p(0.5, line - 0.12),
        ]
      : [
          p(0.76 + k * 0.1, -0.1),
          p(0.78 + k * 0.06, -0.52),
          p(0.5, -0.98 - lift),
          p(-0.1, -1.08 - lift),
          p(-0.66, -0.9 - lift * 0.7),
          p(-0.9, -0.34),
          p(-0.8, 0.12),
          p(-0.66, -0.3 + k * 0.1),
          p(-0.3, line - 0.06),
          p(0.2, line + 0.04),
          p(0.6, line + 0.1),
        ]
  const strands =
    style.line > 1.6
      ? [
          el('path', {
            d: smooth([p(-0.5, -0.84), p(-0.1, -0.98), p(0.36, -0.86)], false),
            fill: 'none',
            stroke: lighter(style.hair, 0.25),
            'stroke-width': style.line * 0.7,
            opacity: 0.7,
          }),
        ]
      : []
  if (look.streak)
    strands.push(
      el('path', {
        d: smooth([p(0.1, -1.1), p(0.24, -0.8), p(0.2, line)], false),
        fill: 'none',
        stroke: '#e8e6e0',
        'stroke-width': style.line * 2.4,
      }),
    )
  return el('path', pen({ d: smooth(points, true), fill: style.hair })) + strands.join('')
}

export function hat(look: Look, p: At, r: number, k: number, style: HeadStyle, pen: Pen): string {
  const fill = style.hat
  const band = (y: number, w: number) =>
    el('path', {
      d: smooth([p(-w, y), p(0, y + 0.1), p(w, y)], false),
      fill: 'none',
      stroke: darker(fill, 0.4),
      'stroke-width': style.line * 1.6,
    })
  switch (look.hat) {
    case 'brim':
      return (
        el(
          'path',
          pen({
            d: smooth([p(-0.7, -0.55), p(-0.62, -1.3), p(-0.1, -1.22), p(0.55, -1.32), p(0.72, -0.55)], true),
            fill,
          }),
        ) +
        band(-0.72, 0.68) +
        el('path', pen({ d: ellipse(p(k * 0.12, -0.52), r * 1.3, r * 0.2), fill: darker(fill, 0.1) }))
      )
    case 'cap':
      return (
        el(
          'path',
          pen({
            d: smooth([p(-0.84, -0.42), p(-0.7, -1.05), p(0, -1.24), p(0.72, -1), p(0.8, -0.44), p(0, -0.5)], true),
            fill,
          }),
        ) +
        el(
          'path',
          pen({
            d: smooth([p(0.3, -0.5), p(0.85 + k * 0.5, -0.5), p(1.0 + k * 0.45, -0.34), p(0.4, -0.4)], true),
            fill: darker(fill, 0.25),
          }),
        )
      )
    case 'beanie':
      return (
        el(
          'path',
          pen({ d: smooth([p(-0.86, -0.34), p(-0.8, -1), p(0, -1.32), p(0.8, -0.98), p(0.84, -0.36)], true), fill }),
        ) +
        el(
          'path',
          pen({
            d: smooth([p(-0.9, -0.3), p(0, -0.42), p(0.88, -0.32), p(0.86, -0.6), p(0, -0.72), p(-0.88, -0.58)], true),
            fill: lighter(fill, 0.12),
          }),
        )
      )
    case 'hood':
      return el(
        'path',
        pen({
          d: `${smooth([p(-1.0, 0.9), p(-1.1, -0.3), p(-0.5, -1.25), p(0.3, -1.22), p(0.86 + k * 0.1, -0.5), p(0.86, 0.4), p(0.6, 1.05), p(0.64, 0.2), p(0.5, -0.6), p(-0.1, -0.82), p(-0.6, -0.4), p(-0.66, 0.5)], true)}`,
          fill,
        }),
      )
    case 'helmet':
      return (
        el(
          'path',
          pen({
            d: smooth(
              [p(-0.98, 0.1), p(-0.9, -0.8), p(0, -1.3), p(0.9, -0.8), p(0.98, 0.1), p(0.7, -0.36), p(-0.7, -0.36)],
              true,
            ),
            fill,
          }),
        ) +
        el('path', {
          d: smooth([p(-0.5, -0.8), p(-0.2, -1.1)], false),
          fill: 'none',
          stroke: '#ffffff',
          opacity: 0.6,
          'stroke-width': style.line * 1.4,
        })
      )
    case 'crown':
      return el(
        'path',
        pen({
          d: polygon([
            p(-0.7, -0.6),
            p(-0.78, -1.25),
            p(-0.36, -0.95),
            p(0, -1.35),
            p(0.36, -0.95),
            p(0.78, -1.25),
            p(0.7, -0.6),
          ]),
          fill: '#d1a83c',
        }),
      )
    default:
      return ''
  }
}

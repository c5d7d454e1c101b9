import type { Look } from '../../read/look.ts'
import { type Attributes, group, num, type Point } from '../svg.ts'
import { backOfHead, face } from './face.ts'
import { hairBehind, hairFront, hat } from './hair.ts'
import type { HeadStyle, Mood } from './head-types.ts'

/**
 * A head around `centre`; `r` is half its height. Shapes are drawn in units of `r`, x in the direction the face looks. The
 * nearer the camera, the more of the face is drawn.
 */
export function drawHead(
  look: Look,
  centre: Point,
  r: number,
  view: { facing: number; tilt: number; back: boolean; mood: Mood; speaking: boolean },
  style: HeadStyle,
): string {
  const side = view.facing < 0 ? -1 : 1
  const k = view.back ? 0 : Math.min(1, Math.abs(view.facing))
  const p = (x: number, y: number): Point => [centre[0] + side * x * r, centre[1] + y * r]
  const pen = (extra: Attributes = {}): Attributes => ({
    stroke: style.ink,
    'stroke-width': style.line,
    'stroke-linejoin': 'round',
    'stroke-linecap': 'round',
    ...extra,
  })
  const parts = [
    hairBehind(look, p, r, k, style, pen),
    view.back ? backOfHead(p, style, pen) : face(look, p, r, k, view, style, pen),
    hairFront(look, p, r, k, view.back, style, pen),
    look.hat === 'none' ? '' : hat(look, p, r, k, style, pen),
  ]
  return group(
    { transform: `rotate(${num(side * view.tilt * 0.55)} ${num(centre[0])} ${num(centre[1] + r)})` },
    ...parts,
  )
}

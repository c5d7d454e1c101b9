import type { Point } from '../svg.ts'
import type { Pose } from './pose.ts'

/**
 * Joints of a figure in picture coordinates (y down), standing on `foot`. `height` is the standing height; `facing` runs
 * from -1 (profile left) over 0 (to the camera) to 1 (profile right).
 */
export type Skeleton = {
  h: number
  side: 1 | -1
  facing: number
  hip: Point
  chest: Point
  neck: Point
  head: Point
  /** Half the breadth of shoulders and hips on the picture. */
  shoulder: number
  hipWidth: number
  headTilt: number
  nearArm: [Point, Point, Point]
  farArm: [Point, Point, Point]
  nearLeg: [Point, Point, Point]
  farLeg: [Point, Point, Point]
  up: Point
  /** Side the light comes from: -1 left, 1 right. */
  lightFrom: -1 | 1
}

const PART = {
  hip: 0.52,
  trunk: 0.3,
  neck: 0.035,
  head: 0.066,
  upperArm: 0.165,
  foreArm: 0.15,
  thigh: 0.255,
  shin: 0.245,
} as const
const rad = (degrees: number) => (degrees * Math.PI) / 180

export function skeleton(
  pose: Pose,
  foot: Point,
  height: number,
  facing: number,
  breadth: number,
  lightFrom: -1 | 1 = -1,
): Skeleton {
  const side: 1 | -1 = facing < 0 ? -1 : 1
  const turn = Math.abs(facing)
  const h = height
  // Seen from the front, forward movement points at the camera: it shows less, and arms swing outward a little instead.
  const forward = 0.35 + 0.65 * turn
  const step = (from: Point, angle: number, length: number): Point => [
    from[0] + side * Math.sin(rad(angle)) * length * forward,
    from[1] + Math.cos(rad(angle)) * length,
  ]
  const lean = rad(pose.lean)
  const up: Point = [side * Math.sin(lean) * forward, -Math.cos(lean)]
  const along = (from: Point, length: number, across: number): Point => [
    from[0] + up[0] * length - up[1] * across,
    from[1] + up[1] * length + up[0] * across,
  ]
  const hip: Point = [foot[0], foot[1] - h * (PART.hip - pose.drop)]
  const chest = along(hip, h * PART.trunk, 0)
  const neck = along(chest, h * PART.neck, 0)
  const tilt = pose.lean * 0.5 + pose.head
  const head: Point = [
    neck[0] + side * Math.sin(rad(tilt)) * h * PART.head * forward + side * turn * h * 0.012,
    neck[1] - Math.cos(rad(tilt)) * h * PART.head,
  ]
  const shoulder = h * 0.105 * breadth * (1 - 0.42 * turn)
  const hipWidth = h * 0.066 * breadth * (1 - 0.35 * turn)
  // The near shoulder is behind the far one when the figure turns: nearer to the camera, away from where it faces.
  const arm = (angles: readonly [number, number], across: number, out: number): [Point, Point, Point] => {
    const a = along(chest, -h * 0.022, across)
    const spread = out * (1 - turn) * 9
    const elbow = step(a, angles[0], h * PART.upperArm)
    const e: Point = [elbow[0] + (across >= 0 ? 1 : -1) * Math.abs(spread) * h * 0.0035, elbow[1]]
    return [a, e, step(e, angles[1], h * PART.foreArm)]
  }
  const leg = (angles: readonly [number, number], across: number): [Point, Point, Point] => {
    const a: Point = [hip[0] + across, hip[1]]
    const knee = step(a, angles[0], h * PART.thigh)
    return [a, knee, step(knee, angles[1], h * PART.shin)]
  }
  const s = shoulder * 0.86
  return {
    h,
    side,
    facing,
    hip,
    chest,
    neck,
    head,
    shoulder,
    hipWidth,
    headTilt: tilt,
    nearArm: arm(pose.nearArm, -side * s, 1),
    farArm: arm(pose.farArm, side * s, 1),
    nearLeg: leg(pose.nearLeg, -side * hipWidth * 0.55),
    farLeg: leg(pose.farLeg, side * hipWidth * 0.55),
    up,
    lightFrom,
  }
}

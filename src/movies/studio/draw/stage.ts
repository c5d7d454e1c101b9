import type { Angle, ShotSize } from '../read/camera.ts'
import { clipLine, clipPolygon } from './clip.ts'
import { Random } from './random.ts'
import { at, num, type Point } from './svg.ts'

/** Height of a person, in metres: the measure everything else on the stage is set against. */
export const PERSON = 1.72

/** How tall a person stands on the picture (1 = picture height), and where head or feet are put. */
const FRAMING: Record<ShotSize, { person: number; anchor: 'foot' | 'head'; at: number }> = {
  extreme_wide: { person: 0.2, anchor: 'foot', at: 0.84 },
  wide: { person: 0.42, anchor: 'foot', at: 0.9 },
  full: { person: 0.8, anchor: 'foot', at: 0.95 },
  medium_wide: { person: 1.12, anchor: 'head', at: 0.1 },
  medium: { person: 1.5, anchor: 'head', at: 0.11 },
  medium_close: { person: 2.15, anchor: 'head', at: 0.12 },
  close: { person: 3.1, anchor: 'head', at: 0.13 },
  extreme_close: { person: 5.4, anchor: 'head', at: -0.22 },
  insert: { person: 2.6, anchor: 'head', at: -0.75 },
}
const CAMERA_HEIGHT: Record<Angle, readonly [far: number, near: number]> = {
  eye: [1.5, 1.55],
  low: [0.35, 0.95],
  high: [3.4, 2.15],
  overhead: [6.5, 2.8],
  dutch: [1.3, 1.5],
}

/**
 * The camera and the world before it. The world is in metres: x to the right, y up, z away from the camera; the person the
 * shot is about stands at z = 0. Verticals stay vertical (a shift lens), the horizon says whether we look up or down.
 */
export class Stage {
  readonly width: number
  readonly height: number
  readonly focal: number
  readonly distance: number
  readonly cameraHeight: number
  readonly horizon: number
  readonly person: number
  readonly close: boolean
  readonly rough: Random

  constructor(width: number, height: number, size: ShotSize, angle: Angle, lens: number, seed: string, tallest = 1) {
    const framing = FRAMING[size]
    this.width = width
    this.height = height
    this.close = framing.person > 1.3
    this.person = framing.person * height
    // A tall picture would see hardly any breadth through the same lens.
    this.focal = (lens / 36) * Math.max(width, height * 1.1)
    this.distance = (this.focal * PERSON) / this.person
    this.cameraHeight = CAMERA_HEIGHT[angle][framing.person > 1 ? 1 : 0]
    const share = this.cameraHeight / PERSON
    this.horizon =
      framing.anchor === 'foot'
        ? framing.at * height - this.person * share
        : (framing.at + Math.max(0, tallest - 1) * framing.person * 0.85) * height + this.person * (1 - share)
    this.rough = new Random('lines', seed)
  }

  /** Where a point of the world is on the picture. Points behind the camera are drawn at its glass. */
  project(x: number, y: number, z: number): Point {
    const depth = Math.max(0.3, z + this.distance)
    return [this.width / 2 + (this.focal * x) / depth, this.horizon - (this.focal * (y - this.cameraHeight)) / depth]
  }

  /** Pixels of a metre at this depth. */
  scale(z: number): number {
    return this.focal / Math.max(0.3, z + this.distance)
  }

  /** The world's x for a place on the picture, 0 left … 1 right. */
  worldX(share: number, z = 0): number {
    return ((share - 0.5) * this.width) / this.scale(z)
  }

  visible(z: number): boolean {
    return z + this.distance > 0.45
  }

  /** 0 near … 1 far away. */
  depth(z: number): number {
    return 1 - Math.min(1, Math.max(0, (this.distance + 2) / Math.max(0.5, z + this.distance + 2)))
  }

  /** A polygon (or open line) whose edges look drawn by hand: each bends a little. What lies far outside is cut off. */
  hand(points: Point[], amount = 1.4, closed = true): string {
    const margin = this.width * 0.4
    const view = { left: -margin, top: -margin, right: this.width + margin, bottom: this.height + margin }
    if (closed) {
      const inside = clipPolygon(points, view)
      return inside.length < 3 ? '' : `${this.#bent(inside, amount, true)}Z`
    }
    return clipLine(points, view)
      .map((part) => this.#bent(part, amount, false))
      .join('')
  }

  #bent(points: Point[], amount: number, closed: boolean): string {
    let d = `M${at(points[0]!)}`
    const count = closed ? points.length : points.length - 1
    for (let i = 0; i < count; i++) {
      const [a, b] = [points[i]!, points[(i + 1) % points.length]!]
      const length = Math.hypot(b[0] - a[0], b[1] - a[1])
      const bend = this.rough.around(0, Math.min(amount, length * 0.03))
      const nx = -(b[1] - a[1]) / (length || 1)
      const ny = (b[0] - a[0]) / (length || 1)
      d += `Q${num((a[0] + b[0]) / 2 + nx * bend)} ${num((a[1] + b[1]) / 2 + ny * bend)} ${at(b)}`
    }
    return d
  }
}

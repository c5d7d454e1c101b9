import { darker, lighter, mix } from '../draw/colour.ts'
import { Random } from '../draw/random.ts'
import type { Stage } from '../draw/stage.ts'
import { type Attributes, el, num, type Point } from '../draw/svg.ts'
import type { Light } from '../read/light.ts'

/** A lamp, window or fire: where its light lies on the picture. */
export type Glow = { at: Point; radius: number; colour: string; strength: number }

/**
 * What a backdrop draws on: layers behind everything (`back`), things in the world with their depth (`things`, drawn from far
 * to near together with the people), and lights laid over the picture.
 */
export class Canvas {
  readonly stage: Stage
  readonly light: Light
  readonly random: Random
  readonly back: string[] = []
  readonly things: { z: number; svg: string }[] = []
  readonly glows: Glow[] = []
  readonly defs: string[] = []
  #ids = 0

  constructor(stage: Stage, light: Light, seed: string) {
    this.stage = stage
    this.light = light
    this.random = new Random('place', seed)
  }

  /** A name for a gradient of this picture. */
  id(): string {
    this.#ids++
    return `p${this.#ids}`
  }

  gradient(from: Point, to: Point, stops: [offset: number, colour: string, opacity?: number][]): string {
    const id = this.id()
    const children = stops.map(([offset, colour, opacity]) =>
      el('stop', {
        offset: String(offset),
        'stop-color': colour,
        'stop-opacity': opacity === undefined ? undefined : String(opacity),
      }),
    )
    this.defs.push(
      el(
        'linearGradient',
        { id, gradientUnits: 'userSpaceOnUse', x1: from[0], y1: from[1], x2: to[0], y2: to[1] },
        ...children,
      ),
    )
    return `url(#${id})`
  }

  radial(centre: Point, radius: number, stops: [offset: number, colour: string, opacity: number][]): string {
    const id = this.id()
    const children = stops.map(([offset, colour, opacity]) =>
      el('stop', { offset: String(offset), 'stop-color': colour, 'stop-opacity': String(opacity) }),
    )
    this.defs.push(
      el(
        'radialGradient',
        { id, gradientUnits: 'userSpaceOnUse', cx: centre[0], cy: centre[1], r: radius },
        ...children,
      ),
    )
    return `url(#${id})`
  }

  /** A colour as it looks at a depth: far things lose themselves in the haze. */
  far(colour: string, z: number): string {
    return mix(colour, this.light.haze, this.light.interior ? this.stage.depth(z) * 0.25 : this.stage.depth(z) * 0.72)
  }

  inkAt(z: number): Attributes {
    const depth = this.stage.depth(z)
    return {
      stroke: mix(this.light.ink, this.light.haze, depth * 0.55),
      'stroke-width': Math.max(0.8, (this.stage.height / 560) * (2.3 - depth * 1.3)),
      'stroke-linejoin': 'round',
      'stroke-linecap': 'round',
    }
  }

  add(z: number, ...svg: string[]): void {
    if (this.stage.visible(z)) this.things.push({ z, svg: svg.join('') })
  }

  /** A flat shape of the world. */
  shape(points: [number, number, number][], fill: string, z = points[0]![2], extra: Attributes = {}): string {
    const drawn = points.map(([x, y, depth]) => this.stage.project(x, y, depth))
    return el('path', { d: this.stage.hand(drawn), fill, ...this.inkAt(z), ...extra })
  }

  line(points: [number, number, number][], extra: Attributes = {}): string {
    const drawn = points.map(([x, y, depth]) => this.stage.project(x, y, depth))
    return el('path', { d: this.stage.hand(drawn, 1.2, false), fill: 'none', ...this.inkAt(points[0]![2]), ...extra })
  }

  /** The sides of a box that the camera sees, shaded by where the light comes from. `x` is its middle, `z` its front. */
  boxSvg(x: number, y: number, z: number, w: number, h: number, d: number, colour: string): string {
    const [x0, x1, y1, z1] = [x - w / 2, x + w / 2, y + h, z + d]
    const base = this.far(colour, z)
    const parts: string[] = []
    const shadowSide = (side: 1 | -1) => (side === this.light.from ? lighter(base, 0.1) : darker(base, 0.22))
    if (y1 < this.stage.cameraHeight)
      parts.push(
        this.shape(
          [
            [x0, y1, z],
            [x1, y1, z],
            [x1, y1, z1],
            [x0, y1, z1],
          ],
          lighter(base, 0.16),
          z,
        ),
      )
    if (x0 > 0)
      parts.push(
        this.shape(
          [
            [x0, y, z],
            [x0, y1, z],
            [x0, y1, z1],
            [x0, y, z1],
          ],
          shadowSide(-1),
          z,
        ),
      )
    if (x1 < 0)
      parts.push(
        this.shape(
          [
            [x1, y, z],
            [x1, y1, z],
            [x1, y1, z1],
            [x1, y, z1],
          ],
          shadowSide(1),
          z,
        ),
      )
    parts.push(
      this.shape(
        [
          [x0, y, z],
          [x1, y, z],
          [x1, y1, z],
          [x0, y1, z],
        ],
        base,
        z,
      ),
    )
    return parts.join('')
  }

  box(x: number, y: number, z: number, w: number, h: number, d: number, colour: string): void {
    if (!this.stage.visible(z)) return
    this.shadow(x, z + d / 2, w * 0.62, d * 0.8)
    this.add(z, this.boxSvg(x, y, z, w, h, d, colour))
  }

  /** The shadow of a thing on the ground, drawn away from the light. */
  shadow(x: number, z: number, rx: number, rz: number): void {
    if (this.light.contrast < 0.1) return
    const [cx, cy] = this.stage.project(x - this.light.from * rx * 0.35, 0, z)
    const s = this.stage.scale(z)
    const flat = Math.abs(this.stage.cameraHeight) / Math.max(1, z + this.stage.distance)
    this.things.push({
      z: z + 0.9,
      svg: el('ellipse', {
        cx,
        cy,
        rx: rx * s,
        ry: Math.max(1, rz * s * Math.min(0.8, flat)),
        fill: '#12131a',
        opacity: String(0.14 + this.light.contrast * 0.14),
      }),
    })
  }

  glow(at: Point, radius: number, strength = 0.6, colour = this.light.lamp): void {
    this.glows.push({ at, radius, colour, strength })
  }

  /** Parallel strokes that darken a part of the picture, as with a marker. */
  hatch(points: Point[], opacity = 0.16): string {
    const id = this.id()
    const gap = Math.max(5, this.stage.height / 70)
    const lines = el('path', {
      d: `M0 ${num(gap)}L${num(gap)} 0`,
      stroke: this.light.ink,
      'stroke-width': Math.max(0.8, gap / 6),
    })
    this.defs.push(el('pattern', { id, width: gap, height: gap, patternUnits: 'userSpaceOnUse' }, lines))
    return el('path', { d: this.stage.hand(points, 2), fill: `url(#${id})`, opacity: String(opacity) })
  }
}

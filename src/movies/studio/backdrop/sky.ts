import { darker, lighter, mix } from '../draw/colour.ts'
import { el, ellipse, group, num, type Point, smooth } from '../draw/svg.ts'
import type { Canvas, Glow } from './canvas.ts'

/** Sky down to the horizon (and a little below, where hills and sea begin), with sun or moon, clouds, stars. */
export function sky(c: Canvas): void {
  const { width, height, horizon } = c.stage
  const low = Math.max(horizon, height * 0.12)
  const fill = c.gradient(
    [0, Math.min(0, horizon - height)],
    [0, low],
    [
      [0, c.light.skyTop],
      [1, c.light.skyLow],
    ],
  )
  c.back.push(el('rect', { x: 0, y: 0, width, height, fill }))
  if (c.light.time === 'night' && c.light.weather === 'clear') stars(c, low)
  if (!['rain', 'storm', 'snow', 'fog'].includes(c.light.weather)) disc(c, low)
  clouds(c, low)
  if (c.light.time !== 'night' && c.light.weather !== 'storm') birds(c, low)
}

function stars(c: Canvas, low: number): void {
  const dots = Array.from({ length: 46 }, () => {
    const r = c.random.between(0.6, 1.7)
    return ellipse([c.random.between(0, c.stage.width), c.random.between(0, low * 0.86)], r, r)
  })
  c.back.push(el('path', { d: dots.join(''), fill: '#e9eef6', opacity: '0.75' }))
}

/** Sun or moon, on the side the light comes from. */
function disc(c: Canvas, low: number): void {
  const { width, height } = c.stage
  const { time, from } = c.light
  if (c.stage.horizon < height * 0.12) return
  const x = width * (0.5 + from * c.random.between(0.2, 0.36))
  const y = time === 'dawn' || time === 'dusk' ? low * 0.86 : low * c.random.between(0.2, 0.34)
  const r = height * (time === 'night' ? 0.045 : time === 'day' ? 0.04 : 0.075)
  const colour = time === 'night' ? '#eef1ea' : time === 'dusk' ? '#ffd9a0' : '#fff3cf'
  c.back.push(
    el('path', {
      d: ellipse([x, y], r * 5, r * 5),
      fill: c.radial([x, y], r * 5, [
        [0, colour, 0.55],
        [1, colour, 0],
      ]),
    }),
  )
  const crescent = `M${num(x)} ${num(y - r)}A${num(r)} ${num(r)} 0 1 1 ${num(x)} ${num(y + r)}A${num(r * 1.25)} ${num(r * 1.25)} 0 0 0 ${num(x)} ${num(y - r)}Z`
  c.back.push(el('path', { d: time === 'night' ? crescent : ellipse([x, y], r, r), fill: colour }))
}

function clouds(c: Canvas, low: number): void {
  const heavy = ['rain', 'storm', 'snow'].includes(c.light.weather)
  const count = heavy ? 7 : c.light.weather === 'clear' ? 3 : 4
  for (let i = 0; i < count; i++) {
    const w = c.stage.width * c.random.between(heavy ? 0.3 : 0.14, heavy ? 0.5 : 0.3)
    const x = c.random.between(-0.1, 1) * c.stage.width
    const y = low * c.random.between(heavy ? 0.02 : 0.12, heavy ? 0.45 : 0.62)
    const h = w * c.random.between(0.1, 0.16)
    const top: Point[] = Array.from({ length: 6 }, (_, k) => [
      x + (w * k) / 5,
      y - h * (k === 0 || k === 5 ? 0.2 : c.random.between(0.7, 1.25)),
    ])
    const d = smooth(
      [...top, [x + w * 1.02, y + h * 0.2], [x + w * 0.5, y + h * 0.4], [x - w * 0.02, y + h * 0.2]],
      true,
    )
    const night = c.light.time === 'night'
    const colour = heavy
      ? darker(c.light.skyLow, 0.3)
      : night
        ? lighter(c.light.skyTop, 0.12)
        : lighter(c.light.skyLow, 0.5)
    c.back.push(el('path', { d, fill: colour, opacity: heavy ? '0.62' : '0.5' }))
  }
}

function birds(c: Canvas, low: number): void {
  const x = c.stage.width * c.random.between(0.2, 0.8)
  const y = low * c.random.between(0.25, 0.5)
  const s = c.stage.height * 0.014
  const d = [0, 1, 2]
    .map((i) => {
      const [px, py] = [x + i * s * 2.6, y + (i % 2) * s * 1.6]
      return `M${num(px - s)} ${num(py)}Q${num(px - s * 0.4)} ${num(py - s * 0.7)} ${num(px)} ${num(py)}Q${num(px + s * 0.4)} ${num(py - s * 0.7)} ${num(px + s)} ${num(py)}`
    })
    .join('')
  c.back.push(el('path', { d, fill: 'none', stroke: c.light.ink, 'stroke-width': s * 0.16, opacity: '0.6' }))
}

/** A row of hills on the horizon; `height` in parts of the picture. */
export function hills(c: Canvas, height: number, colour: string, peaks = false): void {
  const { width, height: h, horizon } = c.stage
  // When the horizon is near the upper edge, the ridge still stays in the picture.
  const rise = Math.min(height, Math.max(0.03, (horizon / h) * 0.8))
  const steps = peaks ? 9 : 6
  const ridge: Point[] = []
  for (let i = 0; i <= steps; i++) {
    const up = peaks ? (i % 2 ? c.random.between(0.65, 1) : c.random.between(0.15, 0.45)) : c.random.between(0.35, 1)
    ridge.push([(width * i) / steps, horizon - up * rise * h])
  }
  const far = mix(colour, c.light.haze, 0.55)
  const body = peaks
    ? `M0 ${num(horizon + 4)}L${ridge.map(([x, y]) => `${num(x)} ${num(y)}`).join('L')}L${num(width)} ${num(horizon + 4)}Z`
    : `${smooth(ridge, false)}L${num(width)} ${num(horizon + 6)}L0 ${num(horizon + 6)}Z`
  c.back.push(el('path', { d: body, fill: far, stroke: mix(c.light.ink, c.light.haze, 0.6), 'stroke-width': h / 560 }))
  if (!peaks) return
  const snow = ridge
    .filter((_, i) => i % 2 === 1)
    .map(
      ([x, y]) =>
        `M${num(x)} ${num(y)}l${num(h * 0.03)} ${num(h * 0.05)}l${num(-h * 0.02)} ${num(-h * 0.01)}l${num(-h * 0.015)} ${num(h * 0.02)}l${num(-h * 0.02)} ${num(-h * 0.02)}Z`,
    )
  c.back.push(el('path', { d: snow.join(''), fill: lighter(far, 0.6) }))
}

/** Water from the horizon down to `to` (picture y), with waves that grow toward the camera and a path of light. */
export function sea(c: Canvas, to: number): void {
  const { width, height, horizon } = c.stage
  const top = Math.max(-2, horizon)
  if (to <= top) return
  const fill = c.gradient(
    [0, top],
    [0, to],
    [
      [0, mix(c.light.water, c.light.skyLow, 0.55)],
      [1, darker(c.light.water, 0.3)],
    ],
  )
  c.back.push(el('rect', { x: 0, y: top, width, height: to - top, fill }))
  const waves: string[] = []
  for (let y = top + 5, gap = 6; y < to; y += gap, gap *= 1.22) {
    const amount = c.light.weather === 'storm' ? 1.9 : 1
    for (let x = c.random.between(-60, 0); x < width; x += gap * c.random.between(5, 11)) {
      const w = gap * c.random.between(1.6, 4)
      waves.push(`M${num(x)} ${num(y)}q${num(w / 4)} ${num(-gap * 0.22 * amount)} ${num(w / 2)} 0t${num(w / 2)} 0`)
    }
  }
  c.back.push(
    el('path', {
      d: waves.join(''),
      fill: 'none',
      stroke: lighter(c.light.water, 0.5),
      'stroke-width': height / 420,
      opacity: '0.55',
      'stroke-linecap': 'round',
    }),
  )
  if (c.light.time !== 'day') {
    const x = width * (0.5 + c.light.from * 0.28)
    const shine = c.radial([x, top], to - top, [
      [0, '#fff1d0', 0.5],
      [1, '#fff1d0', 0],
    ])
    c.back.push(
      el('path', {
        d: `M${num(x - width * 0.02)} ${num(top)}L${num(x + width * 0.02)} ${num(top)}L${num(x + width * 0.08)} ${num(to)}L${num(x - width * 0.08)} ${num(to)}Z`,
        fill: shine,
      }),
    )
  }
}

export type Texture = 'grass' | 'sand' | 'stone' | 'paving' | 'planks' | 'snow' | 'earth'

/** Ground from the horizon to the foot of the picture, with strokes that follow the perspective. */
export function ground(c: Canvas, colour: string, texture: Texture, from = c.stage.horizon): void {
  const { width, height } = c.stage
  const top = Math.max(-2, from)
  if (top >= height) return
  const fill = c.gradient(
    [0, top],
    [0, height],
    [
      [0, mix(colour, c.light.haze, 0.5)],
      [0.5, colour],
      [1, darker(colour, 0.16)],
    ],
  )
  c.back.push(el('rect', { x: 0, y: top, width, height: height - top + 2, fill }))
  const ink = { fill: 'none', stroke: darker(colour, 0.45), 'stroke-linecap': 'round', opacity: '0.5' } as const
  if (texture === 'planks' || texture === 'paving') c.back.push(floorLines(c, texture, darker(colour, 0.42)))
  else {
    const marks: string[] = []
    for (let y = top + 8, gap = 7; y < height; y += gap, gap *= 1.25)
      for (let x = c.random.between(-40, 0); x < width; x += gap * c.random.between(2.5, 7)) {
        const s = gap * 0.5
        if (texture === 'grass')
          marks.push(
            `M${num(x)} ${num(y)}l${num(-s * 0.3)} ${num(-s)}m${num(s * 0.4)} ${num(s)}l${num(s * 0.3)} ${num(-s * 1.1)}`,
          )
        else if (texture === 'stone') marks.push(`M${num(x)} ${num(y)}q${num(s)} ${num(-s * 0.8)} ${num(s * 2)} 0`)
        else if (texture === 'snow') marks.push(`M${num(x)} ${num(y)}q${num(s * 2)} ${num(-s * 0.5)} ${num(s * 4)} 0`)
        else marks.push(`M${num(x)} ${num(y)}l${num(s * c.random.between(0.8, 2.4))} ${num(s * 0.08)}`)
      }
    c.back.push(el('path', { d: marks.join(''), ...ink, 'stroke-width': height / 480 }))
  }
}

/** Boards or slabs: lines to the vanishing point, crossed by lines of depth. */
export function floorLines(
  c: Canvas,
  texture: 'planks' | 'paving',
  colour: string,
  reach = { left: -9, right: 9, back: 14 },
): string {
  const lines: string[] = []
  const near = -c.stage.distance + 0.6
  const line = (x0: number, z0: number, x1: number, z1: number) =>
    lines.push(c.stage.hand([c.stage.project(x0, 0, z0), c.stage.project(x1, 0, z1)], 0.6, false))
  const step = texture === 'planks' ? 0.5 : 1
  for (let x = reach.left; x <= reach.right; x += step) line(x, near, x, reach.back)
  if (texture === 'paving') for (let z = Math.ceil(near); z < reach.back; z += 1) line(reach.left, z, reach.right, z)
  else
    for (let x = reach.left; x < reach.right; x += step) {
      const z = c.random.between(near, reach.back)
      line(x, z, x + step, z)
    }
  return el('path', {
    d: lines.join(''),
    fill: 'none',
    stroke: colour,
    'stroke-width': c.stage.height / 620,
    opacity: '0.5',
  })
}

/** Rain, snow, fog and wind in front of everything. */
export function weather(c: Canvas): string {
  const { width, height } = c.stage
  if (c.light.interior) return ''
  const strokes: string[] = []
  switch (c.light.weather) {
    case 'rain':
    case 'storm': {
      const lean = c.light.weather === 'storm' ? 0.5 : 0.18
      for (let i = 0; i < 170; i++) {
        const [x, y, l] = [
          c.random.between(-80, width),
          c.random.between(-40, height),
          height * c.random.between(0.03, 0.08),
        ]
        strokes.push(`M${num(x)} ${num(y)}l${num(l * lean)} ${num(l)}`)
      }
      return el('path', {
        d: strokes.join(''),
        fill: 'none',
        stroke: '#e4ecf0',
        'stroke-width': height / 500,
        opacity: '0.5',
      })
    }
    case 'snow': {
      for (let i = 0; i < 150; i++) {
        const r = height * c.random.between(0.002, 0.007)
        strokes.push(ellipse([c.random.between(0, width), c.random.between(0, height)], r, r))
      }
      return el('path', { d: strokes.join(''), fill: '#ffffff', opacity: '0.85' })
    }
    case 'fog': {
      const y = c.stage.horizon
      const band = c.gradient(
        [0, y - height * 0.4],
        [0, y + height * 0.5],
        [
          [0, '#dfe2e0', 0],
          [0.45, '#dfe2e0', 0.62],
          [1, '#dfe2e0', 0.1],
        ],
      )
      return el('rect', { x: 0, y: 0, width, height, fill: band })
    }
    case 'wind': {
      for (let i = 0; i < 9; i++) {
        const [x, y, l] = [
          c.random.between(0, width * 0.8),
          c.random.between(0, height * 0.8),
          width * c.random.between(0.08, 0.2),
        ]
        strokes.push(
          `M${num(x)} ${num(y)}q${num(l * 0.5)} ${num(-height * 0.02)} ${num(l)} 0q${num(l * 0.14)} ${num(height * 0.02)} ${num(l * 0.02)} ${num(height * 0.03)}`,
        )
      }
      return el('path', {
        d: strokes.join(''),
        fill: 'none',
        stroke: '#f4f4ee',
        'stroke-width': height / 380,
        opacity: '0.5',
        'stroke-linecap': 'round',
      })
    }
    default:
      return ''
  }
}

/** The square around a glow, cut at the edges of the picture. */
function inPicture(c: Canvas, glow: Glow): { x: number; y: number; width: number; height: number } {
  const [x, y] = [Math.max(0, glow.at[0] - glow.radius), Math.max(0, glow.at[1] - glow.radius)]
  return {
    x,
    y,
    width: Math.min(c.stage.width, glow.at[0] + glow.radius) - x,
    height: Math.min(c.stage.height, glow.at[1] + glow.radius) - y,
  }
}

const touches = (c: Canvas, glow: Glow) =>
  glow.at[0] + glow.radius > 0 &&
  glow.at[0] - glow.radius < c.stage.width &&
  glow.at[1] + glow.radius > 0 &&
  glow.at[1] - glow.radius < c.stage.height

/** Darkness of the hour, lamps and windows through it, and the dark edge that keeps the eye inside. */
export function lightOver(c: Canvas): string {
  const { width, height } = c.stage
  const parts: string[] = []
  if (c.light.dark > 0.01) {
    const shade = mix('#ffffff', c.light.interior ? '#1a1c2c' : '#17233d', Math.min(0.78, c.light.dark * 1.35))
    parts.push(el('rect', { x: 0, y: 0, width, height, fill: shade, style: 'mix-blend-mode:multiply' }))
  }
  for (const glow of c.glows.filter((g) => touches(c, g))) {
    const fill = c.radial(glow.at, glow.radius, [
      [0, glow.colour, glow.strength],
      [0.45, glow.colour, glow.strength * 0.4],
      [1, glow.colour, 0],
    ])
    const box = inPicture(c, glow)
    parts.push(el('rect', { ...box, fill, style: 'mix-blend-mode:screen' }))
  }
  const side = c.light.from > 0 ? 0 : width
  const shade = c.gradient(
    [side, 0],
    [width - side, 0],
    [
      [0, '#14161f', 0.12 + c.light.contrast * 0.26],
      [0.65, '#14161f', 0],
    ],
  )
  parts.push(el('rect', { x: 0, y: 0, width, height, fill: shade }))
  const edge = c.radial([width / 2, height * 0.48], Math.hypot(width, height) * 0.56, [
    [0, '#0e0f16', 0],
    [0.68, '#0e0f16', 0],
    [1, '#0e0f16', 0.34],
  ])
  parts.push(el('rect', { x: 0, y: 0, width, height, fill: edge }))
  return group({}, ...parts)
}

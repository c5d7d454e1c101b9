/** Numbers with one decimal: small files, and the same text on every machine. */
export const num = (value: number): string => String(Math.round(value * 10) / 10)
export type Point = readonly [x: number, y: number]

const quoted = (value: string) => value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
export const xmlText = (value: string) =>
  value
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')

export type Attributes = Record<string, string | number | undefined>

const SHAPES: ReadonlySet<string> = new Set(['path', 'rect', 'circle', 'ellipse'])

/** Opacity of a single shape as that of its fill and stroke: a renderer needs no layer of its own for it. */
function flatOpacity(attributes: Attributes): Attributes {
  const { opacity, ...rest } = attributes
  if (opacity === undefined) return attributes
  const times = (name: string) => String(Math.round(Number(opacity) * Number(rest[name] ?? 1) * 1000) / 1000)
  return { ...rest, 'fill-opacity': times('fill-opacity'), 'stroke-opacity': times('stroke-opacity') }
}

/** One SVG element. Undefined attributes are left out. */
export function el(name: string, attributes: Attributes, ...children: string[]): string {
  const written = Object.entries(SHAPES.has(name) ? flatOpacity(attributes) : attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? num(value) : quoted(value!)}"`)
    .join('')
  return children.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${children.join('')}</${name}>`
}

export const group = (attributes: Attributes, ...children: string[]) => el('g', attributes, ...children)
export const at = ([x, y]: Point) => `${num(x)} ${num(y)}`
export const polygon = (points: Point[]): string => `M${points.map(at).join('L')}Z`

/** A smooth curve through all points (Catmull-Rom as Bézier). */
export function smooth(points: Point[], closed: boolean, tension = 6): string {
  const count = points.length
  const get = (i: number): Point =>
    closed ? points[(i + count) % count]! : points[Math.max(0, Math.min(count - 1, i))]!
  let d = `M${at(get(0))}`
  const last = closed ? count : count - 1
  for (let i = 0; i < last; i++) {
    const [p0, p1, p2, p3] = [get(i - 1), get(i), get(i + 1), get(i + 2)]
    const c1: Point = [p1[0] + (p2[0] - p0[0]) / tension, p1[1] + (p2[1] - p0[1]) / tension]
    const c2: Point = [p2[0] - (p3[0] - p1[0]) / tension, p2[1] - (p3[1] - p1[1]) / tension]
    d += `C${at(c1)} ${at(c2)} ${at(p2)}`
  }
  return closed ? `${d}Z` : d
}

/** A limb: two circles joined by their outer lines. */
export function taper(a: Point, b: Point, ra: number, rb: number): string {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]]
  const length = Math.hypot(dx, dy) || 1
  const [nx, ny] = [-dy / length, dx / length]
  const p = (c: Point, r: number, side: number): Point => [c[0] + nx * r * side, c[1] + ny * r * side]
  const arc = (r: number, to: Point) => `A${num(r)} ${num(r)} 0 0 0 ${at(to)}`
  return `M${at(p(a, ra, 1))}L${at(p(b, rb, 1))}${arc(rb, p(b, rb, -1))}L${at(p(a, ra, -1))}${arc(ra, p(a, ra, 1))}Z`
}

export const ellipse = (c: Point, rx: number, ry: number): string =>
  `M${num(c[0] - rx)} ${num(c[1])}A${num(rx)} ${num(ry)} 0 1 0 ${num(c[0] + rx)} ${num(c[1])}A${num(rx)} ${num(ry)} 0 1 0 ${num(c[0] - rx)} ${num(c[1])}Z`

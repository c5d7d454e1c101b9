import type { MapLink } from './map-layout.ts'

const MOST = 250
const STEPS = 300

/**
 * Places of a network apart from each other, linked ones near: springs and repulsion, from a circle, always the same for the
 * same input. Coordinates from 0 to 1. Undefined for networks too large to settle quickly.
 */
export function forceLayout(ids: readonly string[], links: readonly MapLink[]): [number, number][] | undefined {
  const n = ids.length
  if (n > MOST || n < 2 || links.length === 0) return undefined
  const numbers = new Map(ids.map((id, i) => [id, i]))
  const pairs = links.flatMap(({ from, to }): [number, number][] => {
    const [a, b] = [numbers.get(from), numbers.get(to)]
    return a === undefined || b === undefined || a === b ? [] : [[a, b]]
  })
  const xs = ids.map((_, i) => Math.sin((2 * Math.PI * i) / n))
  const ys = ids.map((_, i) => -Math.cos((2 * Math.PI * i) / n))
  const ideal = 1.6 / Math.sqrt(n)
  for (let step = 0; step < STEPS; step++) {
    const heat = 0.12 * (1 - step / STEPS) + 0.002
    const dx = new Float64Array(n)
    const dy = new Float64Array(n)
    for (let i = 0; i < n; i++)
      for (let j = i + 1; j < n; j++) {
        const [x, y] = [xs[i]! - xs[j]!, ys[i]! - ys[j]!]
        const force = (ideal * ideal) / Math.max(1e-4, x * x + y * y)
        dx[i]! += x * force
        dy[i]! += y * force
        dx[j]! -= x * force
        dy[j]! -= y * force
      }
    for (const [i, j] of pairs) {
      const [x, y] = [xs[i]! - xs[j]!, ys[i]! - ys[j]!]
      const force = Math.hypot(x, y) / ideal
      dx[i]! -= x * force
      dy[i]! -= y * force
      dx[j]! += x * force
      dy[j]! += y * force
    }
    for (let i = 0; i < n; i++) {
      const length = Math.max(1e-9, Math.hypot(dx[i]!, dy[i]!))
      xs[i]! += (dx[i]! / length) * Math.min(length, heat)
      ys[i]! += (dy[i]! / length) * Math.min(length, heat)
    }
  }
  return fitted(xs, ys)
}

/** Shifted and scaled into a square with a margin for labels. */
function fitted(xs: readonly number[], ys: readonly number[]): [number, number][] {
  const [minX, maxX, minY, maxY] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
  const share = (value: number, min: number, max: number) => (max - min < 1e-6 ? 0.5 : (value - min) / (max - min))
  return xs.map((x, i) => [0.1 + 0.8 * share(x, minX, maxX), 0.1 + 0.76 * share(ys[i]!, minY, maxY)])
}

export type Point = { x: number; y: number }

/**
 * At most about four points for each pixel column: first, least, greatest and last, so that peaks stay visible however many
 * points there are. The points must be in order of x; those with no number are left out.
 */
export function thinPoints(points: readonly Point[], columns: number): Point[] {
  const good = points.filter((point) => Number.isFinite(point.x) && Number.isFinite(point.y))
  if (good.length <= columns * 4 || columns < 1) return good
  const [first, last] = [good[0]!.x, good.at(-1)!.x]
  const size = (last - first) / columns || 1
  const out: Point[] = []
  let i = 0
  for (let column = 0; column < columns && i < good.length; column++) {
    const until = column === columns - 1 ? Number.POSITIVE_INFINITY : first + (column + 1) * size
    const start = i
    let [least, most] = [i, i]
    for (; i < good.length && good[i]!.x < until; i++) {
      if (good[i]!.y < good[least]!.y) least = i
      if (good[i]!.y > good[most]!.y) most = i
    }
    if (i > start) for (const at of [...new Set([start, least, most, i - 1])].sort((a, b) => a - b)) out.push(good[at]!)
  }
  return out
}

/** An SVG path through points; `step` holds each value until the next, as a variable between turns does. */
export function linePath(
  points: readonly Point[],
  x: (v: number) => number,
  y: (v: number) => number,
  step = false,
): string {
  return points
    .map((point, i) => {
      const [px, py] = [x(point.x).toFixed(1), y(point.y).toFixed(1)]
      if (i === 0) return `M${px} ${py}`
      return step ? `H${px}V${py}` : `L${px} ${py}`
    })
    .join('')
}

/** The last point at or before x, which is the value that held there. */
export function valueAt(points: readonly Point[], x: number): Point | undefined {
  let [low, high] = [0, points.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (points[middle]!.x <= x) low = middle + 1
    else high = middle
  }
  return points[low - 1]
}

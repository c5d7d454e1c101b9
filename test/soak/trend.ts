// Whether a series of measurements grows: the slope of Theil and Sen, and the test of Mann and Kendall for a trend that is not chance.

export type Trend = {
  /** Growth by hour: the middle of the slopes between all pairs. */
  perHour: number
  median: number
  /** Of Mann and Kendall; above 3.09 a trend upwards is chance less than once in a thousand. */
  z: number
  grows: boolean
}

const middle = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

/**
 * The rule: a series grows when its trend upwards is significant (z > 3.09) and an hour of it would add more than `share` of its median
 * and more than `least`. Formulas: Sen 1968; Kendall 1975, with the correction for ties.
 */
export function trendOf(points: readonly { at: number; value: number }[], share: number, least: number): Trend {
  const slopes: number[] = []
  let s = 0
  const ties = new Map<number, number>()
  for (const [i, a] of points.entries()) {
    ties.set(a.value, (ties.get(a.value) ?? 0) + 1)
    for (const b of points.slice(i + 1)) {
      if (b.at > a.at) slopes.push((b.value - a.value) / ((b.at - a.at) / 3_600_000))
      s += Math.sign(b.value - a.value)
    }
  }
  const n = points.length
  const tied = [...ties.values()].reduce((sum, t) => sum + t * (t - 1) * (2 * t + 5), 0)
  const variance = (n * (n - 1) * (2 * n + 5) - tied) / 18
  const z = variance > 0 ? (s - Math.sign(s)) / Math.sqrt(variance) : 0
  const perHour = middle(slopes)
  const median = middle(points.map(({ value }) => value))
  return { perHour, median, z, grows: z > 3.09 && perHour > least && perHour > share * median }
}

/** Round numbers that divide a range into about `count` parts, ends included only when they are round. */
export function niceTicks(min: number, max: number, count = 5): number[] {
  if (!Number.isFinite(min) || !Number.isFinite(max) || count < 1) return []
  if (min === max) return [min]
  const step = niceStep((max - min) / count)
  const first = Math.ceil(min / step - 1e-9)
  const last = Math.floor(max / step + 1e-9)
  const digits = Math.max(0, -Math.floor(Math.log10(step)))
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toFixed(digits)))
}

/** 1, 2 or 5 times a power of ten, not less than `rough`. */
export function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough))
  const part = rough / power
  return (part <= 1 ? 1 : part <= 2 ? 2 : part <= 5 ? 5 : 10) * power
}

/** The range of values widened so that a flat line lies in the middle and 8 % are kept free at both ends. */
export function paddedRange(values: readonly number[]): [number, number] {
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  for (const value of values)
    if (Number.isFinite(value)) {
      if (value < min) min = value
      if (value > max) max = value
    }
  if (min > max) return [0, 1]
  if (min === max) return [min - Math.max(1, Math.abs(min) * 0.1), max + Math.max(1, Math.abs(max) * 0.1)]
  const room = (max - min) * 0.08
  return [min >= 0 && min - room < 0 ? 0 : min - room, max + room]
}

/** Where a value lies on a line from `to[0]` to `to[1]`. */
export function scaleLinear(from: readonly [number, number], to: readonly [number, number]): (value: number) => number {
  const span = from[1] - from[0]
  return (value) => (span === 0 ? (to[0] + to[1]) / 2 : to[0] + ((value - from[0]) / span) * (to[1] - to[0]))
}

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const TIME_STEPS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 7, 14, 28, 91, 182, 365].map((n) => n * DAY),
]

/** The step of a time axis: the smallest customary one that gives at most `count` parts. In milliseconds. */
export function timeStep(spanMs: number, count: number): number {
  return TIME_STEPS.find((step) => spanMs / step <= count) ?? Math.ceil(spanMs / count / (365 * DAY)) * 365 * DAY
}

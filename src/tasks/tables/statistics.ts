/** Figures of columns. All functions take finite numbers. */

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/

/** Exact in decimals: 0.1 + 0.2 is 0.3, as a person adds prices. Very large or small exponents fall back to compensated floats. */
export function sumOf(values: readonly number[]): number {
  let scale = 0
  for (const value of values) {
    const match = DECIMAL.exec(String(value))
    if (!match) return compensatedSum(values)
    scale = Math.max(scale, (match[3]?.length ?? 0) - Number(match[4] ?? 0))
    if (scale > 20 || Math.abs(Number(match[4] ?? 0)) > 25) return compensatedSum(values)
  }
  if (scale === 0) {
    const sum = values.reduce((total, value) => total + value, 0)
    if (Number.isSafeInteger(sum) && values.every(Number.isSafeInteger)) return sum
  }
  let total = 0n
  for (const value of values) {
    const [, sign, whole = '0', decimals = '', exponent = '0'] = DECIMAL.exec(String(value))!
    const digits = BigInt(whole + decimals) * 10n ** BigInt(scale - decimals.length + Number(exponent))
    total += sign === '-' ? -digits : digits
  }
  return Number(`${total}e-${scale}`)
}

function compensatedSum(values: readonly number[]): number {
  let [sum, lost] = [0, 0]
  for (const value of values) {
    const next = sum + value
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum
    sum = next
  }
  return sum + lost
}

export const meanOf = (values: readonly number[]): number => sumOf(values) / values.length

/** Linear interpolation, both ends included. `sorted` ascending. */
export function quantileOf(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share
  const [low, high] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!]
  return low + (high - low) * (place - Math.floor(place))
}

export type Spread = { stdev_sample: number | null; stdev_population: number }

/** The sample figure is the population's times √(n / (n − 1)): the rounding the contract's numbers have (8.4 I8). */
export const toSample = (population: number, count: number): number => population * Math.sqrt(count / (count - 1))

export function spreadOf(values: readonly number[], mean: number): Spread {
  let squares = 0
  for (const value of values) squares += (value - mean) ** 2
  const population = Math.sqrt(squares / values.length)
  return { stdev_sample: values.length > 1 ? toSample(population, values.length) : null, stdev_population: population }
}

export const AGGREGATES = ['sum', 'mean', 'count', 'min', 'max', 'median'] as const
export type Aggregate = (typeof AGGREGATES)[number]

/** One figure of a group; null when there is nothing to compute it from. */
export function aggregateOf(name: Aggregate, values: readonly number[]): number | null {
  if (name === 'count') return values.length
  if (values.length === 0) return null
  switch (name) {
    case 'sum':
      return sumOf(values)
    case 'mean':
      return meanOf(values)
    case 'min':
      return values.reduce((a, b) => Math.min(a, b))
    case 'max':
      return values.reduce((a, b) => Math.max(a, b))
    case 'median':
      return quantileOf(
        values.toSorted((a, b) => a - b),
        0.5,
      )
  }
}

/** Pearson over rows where both are numbers; null under 2 pairs or without spread. */
export function correlationOf(a: readonly (number | undefined)[], b: readonly (number | undefined)[]): number | null {
  const pairs: [number, number][] = []
  for (const [at, x] of a.entries()) {
    const y = b[at]
    if (x !== undefined && y !== undefined) pairs.push([x, y])
  }
  if (pairs.length < 2) return null
  const meanX = meanOf(pairs.map(([x]) => x))
  const meanY = meanOf(pairs.map(([, y]) => y))
  let [xy, xx, yy] = [0, 0, 0]
  for (const [x, y] of pairs) {
    xy += (x - meanX) * (y - meanY)
    xx += (x - meanX) ** 2
    yy += (y - meanY) ** 2
  }
  if (xx === 0 || yy === 0) return null
  return Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)))
}

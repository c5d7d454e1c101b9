import { toSample } from '../../tables/statistics.ts'
import { invalid } from '../skill-error.ts'
import { add, divide, type Fraction, fraction, multiply, subtract, toNumber, type Value } from './exact.ts'

export const STATISTICS = [
  'mean',
  'median',
  'mode',
  'stdev',
  'variance',
  'min',
  'max',
  'range',
  'sum',
  'product',
  'count',
] as const
export type Statistic = (typeof STATISTICS)[number]
export type StatisticResult = Value | Value[] | null

const compare = (a: Fraction, b: Fraction) => {
  const difference = a.n * b.d - b.n * a.d
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** Values that occur most often, ascending. */
function modes(sorted: readonly Fraction[]): Fraction[] {
  const counts = new Map<string, { value: Fraction; count: number }>()
  for (const value of sorted) {
    const key = `${value.n}/${value.d}`
    const entry = counts.get(key)
    if (entry) entry.count++
    else counts.set(key, { value, count: 1 })
  }
  const highest = Math.max(...[...counts.values()].map(({ count }) => count))
  return [...counts.values()].filter(({ count }) => count === highest).map(({ value }) => value)
}

function squaredDeviations(values: readonly Fraction[], mean: Value): Value {
  return values.reduce<Value>((total, value) => {
    const deviation = subtract(value, mean)
    return add(total, multiply(deviation, deviation))
  }, fraction(0n))
}

/** One statistic of listed numbers as the keys of `data` it fills. A sample figure of a single number is null. */
export function statisticOf(name: Statistic, values: readonly Fraction[]): Record<string, StatisticResult> {
  if (values.length === 0) throw invalid(`${name} needs at least one number`)
  const count = fraction(BigInt(values.length))
  const sorted = values.toSorted(compare)
  const [lowest, highest] = [sorted[0]!, sorted.at(-1)!]
  const sum = () => values.reduce<Value>(add, fraction(0n))
  const spread = () => {
    const squares = squaredDeviations(values, divide(sum(), count))
    return {
      population: divide(squares, count),
      sample: values.length > 1 ? divide(squares, subtract(count, fraction(1n))) : null,
    }
  }
  switch (name) {
    case 'mean':
      return { mean: divide(sum(), count) }
    case 'median': {
      const upper = sorted[Math.floor(sorted.length / 2)]!
      const lower = sorted[Math.floor((sorted.length - 1) / 2)]!
      return { median: divide(add(lower, upper), fraction(2n)) }
    }
    case 'mode':
      return { mode: modes(sorted) }
    case 'stdev': {
      const population = Math.sqrt(toNumber(spread().population))
      return {
        stdev_population: population,
        stdev_sample: values.length > 1 ? toSample(population, values.length) : null,
      }
    }
    case 'variance': {
      const { population, sample } = spread()
      return { variance_population: population, variance_sample: sample }
    }
    case 'min':
      return { min: lowest }
    case 'max':
      return { max: highest }
    case 'range':
      return { range: subtract(highest, lowest) }
    case 'sum':
      return { sum: sum() }
    case 'product':
      return { product: values.reduce<Value>(multiply, fraction(1n)) }
    case 'count':
      return { count }
  }
}

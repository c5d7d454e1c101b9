import { formatNumber } from '../pages/format-number.ts'
/** Axis arithmetic. Pure. */

/** Round steps from at or below `low` to at or above `high`. */
export function niceTicks(low: number, high: number, wanted = 6): number[] {
  if (!(high > low))
    return niceTicks(low === 0 ? 0 : low - Math.abs(low) / 2, low === 0 ? 1 : low + Math.abs(low) / 2, wanted)
  const rough = (high - low) / Math.max(1, wanted - 1)
  const magnitude = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * magnitude).find((candidate) => candidate >= rough * 0.999)!
  const first = Math.floor(low / step + 1e-9)
  const last = Math.ceil(high / step - 1e-9)
  return Array.from({ length: last - first + 1 }, (_, at) => Number(((first + at) * step).toPrecision(12)))
}

/** Value -> pixel, linear. */
export const linear =
  ([from, to]: readonly [number, number], [start, end]: readonly [number, number]) =>
  (value: number): number =>
    to === from ? (start + end) / 2 : start + ((value - from) / (to - from)) * (end - start)

const SUFFIXES: readonly [number, string][] = [
  [1e12, 'T'],
  [1e9, 'B'],
  [1e6, 'M'],
  [1e3, 'k'],
]

/** Short for axes: 1,200 -> 1.2k above 10,000; small numbers stay whole. */
export function shortNumber(value: number): string {
  const size = Math.abs(value)
  if (size !== 0 && (size < 1e-4 || size >= 1e15)) return value.toExponential(1)
  if (size >= 10_000) {
    const [unit, suffix] = SUFFIXES.find(([limit]) => size >= limit)!
    return `${Number((value / unit).toPrecision(3))}${suffix}`
  }
  return formatNumber(Number(value.toPrecision(6)), 4)
}

/** For labels beside marks: at most two decimals. */
export const labelNumber = (value: number): string =>
  Math.abs(value) >= 100_000 || (value !== 0 && Math.abs(value) < 0.01) ? shortNumber(value) : formatNumber(value, 2)

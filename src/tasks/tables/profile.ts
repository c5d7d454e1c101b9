import { meanOf, quantileOf, spreadOf, sumOf } from './statistics.ts'
import { type ColumnType, groupKey, isMissing, type Row, type Table } from './table.ts'

export type ColumnProfile = {
  name: string
  type: ColumnType
  missing: number
  distinct: number
  sum?: number
  mean?: number
  median?: number
  min?: number | string
  max?: number | string
  q1?: number
  q3?: number
  stdev_sample?: number | null
  stdev_population?: number
  /** The most frequent values of a text column. */
  top?: { value: string; count: number }[]
}

const MOST_FREQUENT = 5

export const numbersOf = (rows: readonly Row[], column: string): number[] =>
  rows.flatMap((row) => {
    const value = row[column]
    return typeof value === 'number' && Number.isFinite(value) ? [value] : []
  })

function frequent(values: readonly unknown[]): { value: string; count: number }[] {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(groupKey(value), (counts.get(groupKey(value)) ?? 0) + 1)
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, MOST_FREQUENT)
}

export function profileColumn(rows: readonly Row[], name: string, type: ColumnType): ColumnProfile {
  const present = rows.map((row) => row[name]).filter((value) => !isMissing(value))
  const base = {
    name,
    type,
    missing: rows.length - present.length,
    distinct: new Set(present.map(groupKey)).size,
  }
  if (type === 'number') {
    const numbers = numbersOf(rows, name)
    if (numbers.length === 0) return base
    const sorted = numbers.toSorted((a, b) => a - b)
    const mean = meanOf(numbers)
    return {
      ...base,
      sum: sumOf(numbers),
      mean,
      median: quantileOf(sorted, 0.5),
      min: sorted[0]!,
      max: sorted.at(-1)!,
      q1: quantileOf(sorted, 0.25),
      q3: quantileOf(sorted, 0.75),
      ...spreadOf(numbers, mean),
    }
  }
  if (type === 'date' && present.length > 0) {
    const texts = present.map(String).sort()
    return { ...base, min: texts[0]!, max: texts.at(-1)! }
  }
  return present.length > 0 ? { ...base, top: frequent(present) } : base
}

export const profileTable = ({ columns, rows }: Table): ColumnProfile[] =>
  columns.map(({ name, type }) => profileColumn(rows, name, type))

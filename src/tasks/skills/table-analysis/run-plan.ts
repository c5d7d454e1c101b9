import { dateOrderOf, parseDateCell } from '../../tables/parse-cell.ts'
import { numbersOf } from '../../tables/profile.ts'
import { aggregateOf, correlationOf } from '../../tables/statistics.ts'
import { type Column, groupKey, isMissing, keyOf, type Row, type Table } from '../../tables/table.ts'
import { filterRows } from './filter-rows.ts'
import type { GroupPlan, Measure, PeriodPlan, PeriodUnit, Plan, SortPlan, TopPlan } from './plan.ts'

/** `{"Lima": {"units": {"sum": 512}}}`, or `{"Lima": {"count": 3}}` when rows are counted. */
export type GroupFigures = Record<string, Record<string, Record<string, number | null> | number>>
export type Figures = {
  rows: Row[]
  filteredCount: number | undefined
  whole: { key: string; column: string; aggregate: string; value: number | null }[]
  groups: { plan: GroupPlan; key: string; figures: GroupFigures }[]
  periods: { plan: PeriodPlan; key: string; figures: GroupFigures }[]
  tops: { plan: TopPlan; key: string; rows: Row[] }[]
  correlation: Record<string, Record<string, number | null>> | undefined
}

function partition(rows: readonly Row[], keyFor: (row: Row) => string): Map<string, Row[]> {
  const parts = new Map<string, Row[]>()
  for (const row of rows) {
    const key = keyFor(row)
    const part = parts.get(key)
    if (part) part.push(row)
    else parts.set(key, [row])
  }
  return parts
}

const byText = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : a > b ? 1 : 0)

function figuresOf(rows: readonly Row[], measures: readonly Measure[]): Record<string, Record<string, number | null>> {
  const figures: Record<string, Record<string, number | null>> = {}
  for (const { column, aggregates } of measures) {
    const numbers = numbersOf(rows, column.name)
    figures[keyOf(column.name)] = Object.fromEntries(aggregates.map((name) => [name, aggregateOf(name, numbers)]))
  }
  return figures
}

function groupFigures(
  rows: readonly Row[],
  keyFor: (row: Row) => string,
  measures: readonly Measure[] | 'rows',
): GroupFigures {
  const parts = [...partition(rows, keyFor)].sort(byText)
  return Object.fromEntries(
    parts.map(([key, part]) => [key, measures === 'rows' ? { count: part.length } : figuresOf(part, measures)]),
  )
}

/** `2025-01`, `2025-Q1`, `2025`; undefined for what is no date. */
export function periodOf(value: unknown, unit: PeriodUnit, order: 'day-first' | 'month-first'): string | undefined {
  const date = isMissing(value) ? undefined : parseDateCell(String(value), order)
  if (!date) return undefined
  if (unit === 'year') return String(date.year)
  if (unit === 'quarter') return `${date.year}-Q${Math.ceil(date.month / 3)}`
  return `${date.year}-${String(date.month).padStart(2, '0')}`
}

function periodFigures(rows: readonly Row[], { unit, date, measures }: PeriodPlan): GroupFigures {
  const order = dateOrderOf(rows.map((row) => String(row[date.name] ?? '')))
  const dated = rows.filter((row) => periodOf(row[date.name], unit, order) !== undefined)
  return groupFigures(dated, (row) => periodOf(row[date.name], unit, order)!, measures)
}

function topRows(rows: readonly Row[], { n, lowest, group, rank, aggregate }: TopPlan): Row[] {
  const sign = lowest ? 1 : -1
  if (!group) {
    const name = (rank as Column).name
    return rows
      .filter((row) => typeof row[name] === 'number')
      .toSorted((a, b) => sign * ((a[name] as number) - (b[name] as number)))
      .slice(0, n)
  }
  const valueKey = rank === 'rows' ? 'count' : keyOf(rank.name)
  const ranked = [...partition(rows, (row) => groupKey(row[group.name]))].map(([key, part]) => ({
    [keyOf(group.name)]: key,
    [valueKey]: rank === 'rows' ? part.length : aggregateOf(aggregate, numbersOf(part, rank.name)),
  }))
  return ranked
    .filter((row) => row[valueKey] !== null)
    .sort(
      (a, b) =>
        sign * ((a[valueKey] as number) - (b[valueKey] as number)) ||
        (a[keyOf(group.name)]! < b[keyOf(group.name)]! ? -1 : 1),
    )
    .slice(0, n)
}

function compareCells(a: unknown, b: unknown, column: Column, order: 'day-first' | 'month-first'): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (column.type === 'date') {
    const [x, y] = [parseDateCell(String(a), order), parseDateCell(String(b), order)]
    if (x && y) return x.time - y.time
  }
  const [x, y] = [String(a), String(b)]
  return x < y ? -1 : x > y ? 1 : 0
}

/** Stable; missing values stay at the end in both directions. */
export function sortRows(rows: readonly Row[], { column, descending }: SortPlan): Row[] {
  const order = dateOrderOf(rows.map((row) => String(row[column.name] ?? '')))
  return rows.toSorted((a, b) => {
    const [x, y] = [a[column.name], b[column.name]]
    if (isMissing(x) || isMissing(y)) return Number(isMissing(x)) - Number(isMissing(y))
    return compareCells(x, y, column, order) * (descending ? -1 : 1)
  })
}

function correlate(rows: readonly Row[], columns: readonly Column[]): Record<string, Record<string, number | null>> {
  const values = columns.map(({ name }) =>
    rows.map((row) => (typeof row[name] === 'number' ? (row[name] as number) : undefined)),
  )
  return Object.fromEntries(
    columns.map(({ name }, i) => [
      keyOf(name),
      Object.fromEntries(columns.map((other, j) => [keyOf(other.name), correlationOf(values[i]!, values[j]!)])),
    ]),
  )
}

/** Carries a plan out: filter, sort, then every figure over the rows that are left. */
export function runPlan(table: Table, plan: Plan): Figures {
  const kept = plan.filter ? filterRows(table.rows, plan.filter) : table.rows
  const rows = plan.sort ? sortRows(kept, plan.sort) : kept
  return {
    rows,
    filteredCount: plan.filter ? rows.length : undefined,
    whole: plan.whole.flatMap(({ column, aggregates }) => {
      const numbers = numbersOf(rows, column.name)
      return aggregates.map((aggregate) => ({
        key: `${aggregate}_${keyOf(column.name)}`,
        column: column.name,
        aggregate,
        value: aggregateOf(aggregate, numbers),
      }))
    }),
    groups: plan.groups.map((group) => ({
      plan: group,
      key: `by_${keyOf(group.by.name)}`,
      figures: groupFigures(rows, (row) => groupKey(row[group.by.name]), group.measures),
    })),
    periods: plan.periods.map((period) => ({
      plan: period,
      key: `by_${period.unit}`,
      figures: periodFigures(rows, period),
    })),
    tops: plan.tops.map((top) => ({
      plan: top,
      key: `${top.lowest ? 'bottom' : 'top'}_${top.n}_${keyOf(top.group?.name ?? (top.rank as Column).name)}`,
      rows: topRows(rows, top),
    })),
    correlation: plan.correlation.length > 0 ? correlate(rows, plan.correlation) : undefined,
  }
}

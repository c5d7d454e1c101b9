import type { Chart, ChartOf } from '../../charts/chart.ts'
import { numbersOf, profileColumn } from '../../tables/profile.ts'
import { aggregateOf } from '../../tables/statistics.ts'
import { type Column, keyOf, type Row, type Table } from '../../tables/table.ts'
import type { ChartPlan, Measure, PeriodUnit, Plan } from './plan.ts'
import { type Figures, type GroupFigures, runPlan } from './run-plan.ts'

/** Which charts a result deserves, and their data. Pure. */

const MAX_CHARTS = 8
const MAX_CATEGORIES = 25
const MAX_SERIES = 4
const FEW = 20

const title = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** Series of one aggregate over the groups; the largest first when the order of the names says nothing. */
function seriesChart(
  kind: 'bar' | 'line',
  figures: GroupFigures,
  measures: readonly Measure[] | 'rows',
  by: string,
): ChartOf<'bar'> | ChartOf<'line'> | undefined {
  const figureOf = (key: string, measure: Measure | undefined) => {
    const entry = figures[key]!
    if (!measure) return entry['count'] as number
    const own = entry[keyOf(measure.column.name)] as Record<string, number | null>
    return own[measure.aggregates[0]!] ?? null
  }
  const chosen: (Measure | undefined)[] =
    measures === 'rows' ? [undefined] : sameScale(figures, measures).slice(0, MAX_SERIES)
  let keys = Object.keys(figures)
  if (kind === 'bar')
    keys = keys.sort((a, b) => (figureOf(b, chosen[0]) ?? 0) - (figureOf(a, chosen[0]) ?? 0)).slice(0, MAX_CATEGORIES)
  if (keys.length === 0) return undefined
  const series = chosen.map((measure) => ({
    name: measure?.column.name ?? 'rows',
    values: keys.map((key) => figureOf(key, measure)),
  }))
  if (series.every(({ values }) => values.every((value) => value === null))) return undefined
  const aggregate = chosen[0]?.aggregates[0]
  const names = series.map(({ name }) => name).join(' and ')
  return {
    kind,
    title: title(`${names} by ${by}`),
    subtitle: aggregate ? `${aggregate === 'mean' ? 'average' : aggregate} of ${names}` : 'number of rows',
    categories: keys,
    series,
    valueLabel: aggregate ? `${series.length === 1 ? `${names} ` : ''}(${aggregate})` : 'rows',
    categoryLabel: by,
  }
}

/** Columns that can share an axis with the first: within a factor of 20. */
function sameScale(figures: GroupFigures, measures: readonly Measure[]): Measure[] {
  const size = ({ column, aggregates }: Measure) =>
    Math.max(
      1e-12,
      ...Object.values(figures).map((entry) =>
        Math.abs((entry[keyOf(column.name)] as Record<string, number | null>)[aggregates[0]!] ?? 0),
      ),
    )
  // A series nobody can see beside a far larger one is left out; the largest leads.
  const sorted = measures.toSorted((a, b) => size(b) - size(a))
  return sorted.filter((measure) => size(sorted[0]!) / size(measure) <= 20)
}

function heatmap(matrix: Record<string, Record<string, number | null>>): Chart | undefined {
  const names = Object.keys(matrix)
  if (names.length < 2) return undefined
  return {
    kind: 'heatmap',
    title: 'Correlation of the numeric columns',
    subtitle: 'Pearson, from -1 (opposite) to 1 (alike)',
    rows: names,
    columns: names,
    values: names.map((a) => names.map((b) => matrix[a]![b] ?? null)),
    range: [-1, 1],
  }
}

function pie(rows: readonly Row[], by: Column, value: Column | undefined): Chart | undefined {
  const figures = runPlan(
    { columns: [], rows: [...rows], notes: [] },
    groupOf(by, value ? [{ column: value, aggregates: ['sum'] }] : 'rows'),
  ).groups[0]!.figures
  const slices = Object.entries(figures).map(([label, entry]) => ({
    label,
    value: value
      ? ((entry[keyOf(value.name)] as Record<string, number | null>)['sum'] ?? 0)
      : (entry['count'] as number),
  }))
  if (!slices.some((slice) => slice.value > 0)) return undefined
  return {
    kind: 'pie',
    title: title(`${value?.name ?? 'rows'} by ${by.name}`),
    subtitle: `share of ${value ? `the sum of ${value.name}` : 'all rows'}`,
    slices,
    valueLabel: value?.name ?? 'rows',
  }
}

const emptyPlan: Plan = {
  filter: undefined,
  sort: undefined,
  whole: [],
  groups: [],
  periods: [],
  tops: [],
  correlation: [],
  charts: [],
  anyCharts: false,
  save: undefined,
  isOverview: false,
}
const groupOf = (by: Column, measures: Measure[] | 'rows'): Plan => ({ ...emptyPlan, groups: [{ by, measures }] })
const periodPlan = (date: Column, unit: PeriodUnit, measures: Measure[]): Plan => ({
  ...emptyPlan,
  periods: [{ unit, date, measures }],
})

type Kinds = { numeric: Column[]; categories: Column[]; date: Column | undefined }

/** Columns by what they are good for in a chart: a category has few distinct values. */
function kindsOf({ columns, rows }: Table): Kinds {
  const categories = columns.filter(({ name, type }) => {
    if (type !== 'text' && type !== 'boolean') return false
    const { distinct } = profileColumn(rows, name, type)
    return (
      distinct >= 2 &&
      distinct <= Math.min(MAX_CATEGORIES, Math.max(FEW, rows.length / 2)) &&
      (distinct < rows.length || rows.length <= FEW)
    )
  })
  return {
    numeric: columns.filter(({ type }) => type === 'number'),
    categories,
    date: columns.find(({ type }) => type === 'date'),
  }
}

function requested(chart: ChartPlan, table: Table, kinds: Kinds): Chart | undefined {
  const { rows } = table
  const numeric = chart.columns.filter(({ type }) => type === 'number')
  const others = chart.columns.filter(({ type }) => type === 'text' || type === 'boolean')
  const value = numeric[0] ?? kinds.numeric[0]
  const category = others[0] ?? kinds.categories[0]
  const sums = (numeric.length > 0 ? numeric : kinds.numeric.slice(0, 1)).map(
    (column): Measure => ({ column, aggregates: ['sum'] }),
  )
  const overTime = (kind: 'bar' | 'line') => {
    if (!kinds.date || sums.length === 0) return undefined
    const unit = chart.unit ?? 'month'
    const [period] = runPlan(table, periodPlan(kinds.date, unit, sums)).periods
    return seriesChart(kind, period!.figures, sums, unit)
  }
  switch (chart.kind) {
    case 'bar':
      if (chart.unit) return overTime('bar')
      if (!category) return value && histogram(rows, value)
      return seriesChart(
        'bar',
        runPlan(table, groupOf(category, sums.length > 0 ? sums : 'rows')).groups[0]!.figures,
        sums.length > 0 ? sums : 'rows',
        category.name,
      )
    case 'line': {
      if (others.length === 0 && kinds.date) return overTime('line')
      if (category)
        return seriesChart(
          'line',
          runPlan(table, groupOf(category, sums.length > 0 ? sums : 'rows')).groups[0]!.figures,
          sums.length > 0 ? sums : 'rows',
          category.name,
        )
      return value && rowLine(rows, value)
    }
    case 'histogram':
      return value && histogram(rows, value)
    case 'pie':
      return (
        category &&
        pie(rows, category, numeric[0] ?? (others.length > 0 && /count|number/i.test(chart.kind) ? undefined : value))
      )
    case 'scatter': {
      const [x, y] = numeric.length >= 2 ? numeric : kinds.numeric
      return x && y && scatter(rows, x, y)
    }
    case 'heatmap': {
      const columns = numeric.length >= 2 ? numeric : kinds.numeric
      const { correlation } = runPlan(table, { ...emptyPlan, correlation: columns })
      return correlation && heatmap(correlation)
    }
  }
}

function histogram(rows: readonly Row[], column: Column): Chart | undefined {
  const values = numbersOf(rows, column.name)
  if (values.length === 0) return undefined
  return {
    kind: 'histogram',
    title: title(`distribution of ${column.name}`),
    subtitle: `${values.length} values`,
    values,
    valueLabel: column.name,
  }
}

function rowLine(rows: readonly Row[], column: Column): Chart | undefined {
  const shown = rows.slice(0, 200)
  if (numbersOf(shown, column.name).length === 0) return undefined
  return {
    kind: 'line',
    title: title(`${column.name} row by row`),
    categories: shown.map((_, at) => String(at + 1)),
    series: [
      {
        name: column.name,
        values: shown.map((row) => (typeof row[column.name] === 'number' ? (row[column.name] as number) : null)),
      },
    ],
    valueLabel: column.name,
    categoryLabel: 'row',
  }
}

function scatter(rows: readonly Row[], x: Column, y: Column): Chart | undefined {
  const points = rows.flatMap((row): [number, number][] => {
    const [a, b] = [row[x.name], row[y.name]]
    return typeof a === 'number' && typeof b === 'number' ? [[a, b]] : []
  })
  if (points.length === 0) return undefined
  return {
    kind: 'scatter',
    title: title(`${y.name} against ${x.name}`),
    subtitle: `${points.length} rows`,
    points,
    xLabel: x.name,
    yLabel: y.name,
  }
}

/** Charts of what was computed: groups as bars, periods as lines, rankings as bars, correlations as heat map. */
function ofFigures({ groups, periods, tops, correlation }: Figures): (Chart | undefined)[] {
  return [
    ...groups.map(({ plan, figures }) => seriesChart('bar', figures, plan.measures, plan.by.name)),
    ...tops.map(({ plan, rows }): Chart | undefined => {
      if (!plan.group || rows.length === 0) return undefined
      const value = plan.rank === 'rows' ? 'count' : plan.rank.name
      return {
        kind: 'bar',
        title: title(
          `${plan.lowest ? 'lowest' : 'top'} ${rows.length} by ${plan.rank === 'rows' ? 'number of rows' : plan.rank.name}`,
        ),
        subtitle: `${plan.aggregate} of ${value}`,
        categories: rows.map((row) => String(row[keyOf(plan.group!.name)])),
        series: [{ name: value, values: rows.map((row) => row[keyOf(value)] as number) }],
        valueLabel: `${value} (${plan.aggregate})`,
        categoryLabel: plan.group.name,
      }
    }),
    ...periods.map(({ plan, figures }) => seriesChart('line', figures, plan.measures, plan.unit)),
    correlation && heatmap(correlation),
  ]
}

/** Charts of a table nobody asked anything particular about. */
function ofOverview(table: Table, kinds: Kinds): (Chart | undefined)[] {
  const { numeric, categories, date } = kinds
  const value = numeric.find(({ name }) => /revenue|sales|amount|total|value|price/i.test(name)) ?? numeric[0]
  const measures: Measure[] = value ? [{ column: value, aggregates: ['sum'] }] : []
  const charts: (Chart | undefined)[] = []
  if (date && value) {
    const figures = runPlan(table, periodPlan(date, 'month', measures)).periods[0]!.figures
    if (Object.keys(figures).length > 1) charts.push(seriesChart('line', figures, measures, 'month'))
  }
  for (const category of categories.slice(0, 2))
    charts.push(
      seriesChart(
        'bar',
        runPlan(table, groupOf(category, value ? measures : 'rows')).groups[0]!.figures,
        value ? measures : 'rows',
        category.name,
      ),
    )
  if (value && table.rows.length >= 8) charts.push(histogram(table.rows, value))
  if (charts.length === 0 && value) charts.push(rowLine(table.rows, value))
  if (numeric.length >= 3) charts.push(requested({ kind: 'heatmap', columns: [] }, table, kinds))
  return charts
}

/** The charts to draw, without repeats, in reading order. */
export function chooseCharts(table: Table, plan: Plan, figures: Figures): Chart[] {
  const shown: Table = { ...table, rows: figures.rows }
  if (shown.rows.length === 0) return []
  const kinds = kindsOf(shown)
  const named = plan.charts.map((chart) => requested(chart, shown, kinds))
  const computed = ofFigures(figures)
  const wantsOverview = plan.isOverview || (plan.anyCharts && computed.length === 0 && named.length === 0)
  const all = [...named, ...computed, ...(wantsOverview ? ofOverview(shown, kinds) : [])].filter(
    (chart) => chart !== undefined,
  )
  const seen = new Set<string>()
  return all
    .filter((chart) => {
      const key = `${chart.kind}/${chart.title}`
      return !seen.has(key) && seen.add(key)
    })
    .slice(0, MAX_CHARTS)
}

/** For summaries: the leading group of a figure table. */
export function leaderOf(
  figures: GroupFigures,
  measures: readonly Measure[] | 'rows',
): { key: string; value: number; share: number | undefined; column: string; aggregate: string } | undefined {
  if (measures === 'rows') return undefined
  const measure = measures[0]
  const aggregate = measure?.aggregates[0]
  if (!measure || !aggregate) return undefined
  const values = Object.entries(figures).map(([key, entry]) => ({
    key,
    value: (entry[keyOf(measure.column.name)] as Record<string, number | null>)[aggregate] ?? null,
  }))
  const known = values.filter((entry): entry is { key: string; value: number } => entry.value !== null)
  const best = known.toSorted((a, b) => b.value - a.value)[0]
  if (!best) return undefined
  const total = aggregateOf(
    'sum',
    known.map(({ value }) => value),
  )
  const share = aggregate === 'sum' && total && known.every(({ value }) => value >= 0) ? best.value / total : undefined
  return { ...best, share, column: measure.column.name, aggregate }
}

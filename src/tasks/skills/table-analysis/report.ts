import { formatNumber } from '../../pages/format-number.ts'
import { escapeHtml, table as htmlTable, list, paragraph, readable, section } from '../../pages/html.ts'
import type { ColumnProfile } from '../../tables/profile.ts'
import { keyOf, type Row, type Table } from '../../tables/table.ts'
import { leaderOf } from './choose-charts.ts'
import { describeFilter } from './filter-rows.ts'
import type { Measure, Plan } from './plan.ts'
import type { Figures, GroupFigures } from './run-plan.ts'

export type DrawnChart = { svg: string; title: string; file: string }

const figure = (value: number | null | undefined): string =>
  value === null || value === undefined ? '–' : formatNumber(value, 2)
const plural = (n: number, word: string) => `${formatNumber(n)} ${word}${n === 1 ? '' : 's'}`

/** Sentences a reader wants first. */
export function findings({
  plan,
  figures,
  table,
  profiles,
}: {
  plan: Plan
  figures: Figures
  table: Table
  profiles: ColumnProfile[]
}): string[] {
  const lines: string[] = []
  if (plan.filter)
    lines.push(
      `${formatNumber(figures.filteredCount!)} of ${plural(table.rows.length, 'row')} match ${describeFilter(plan.filter)}.`,
    )
  for (const { aggregate, column, value } of figures.whole)
    lines.push(`The ${aggregate === 'mean' ? 'average' : aggregate} of ${column} is ${figure(value)}.`)
  for (const { plan: group, figures: entries } of figures.groups) {
    const best = leaderOf(entries, group.measures)
    if (best)
      lines.push(
        `${best.key} leads ${group.by.name} with a ${best.aggregate === 'mean' ? 'mean' : best.aggregate} of ${figure(best.value)} ${best.column}${best.share === undefined ? '' : ` (${(best.share * 100).toFixed(1)} %)`}.`,
      )
  }
  for (const { plan: top, rows } of figures.tops) {
    const [first] = rows
    if (!first) continue
    const value = top.rank === 'rows' ? 'count' : top.rank.name
    const name = top.group ? String(first[keyOf(top.group.name)]) : undefined
    lines.push(
      `${name ?? 'The first row'} is ${top.lowest ? 'lowest' : 'highest'} by ${value}: ${figure((top.group ? first[keyOf(value)] : first[value]) as number)}.`,
    )
  }
  for (const { plan: period, figures: entries } of figures.periods)
    lines.push(...trendLines(entries, askedFirst(period.measures, plan), period.unit))
  if (figures.correlation) lines.push(...strongest(figures.correlation))
  if (lines.length === 0)
    for (const profile of profiles.filter(({ mean }) => mean !== undefined).slice(0, 4))
      lines.push(
        `${profile.name}: total ${figure(profile.sum)}, average ${figure(profile.mean)}, from ${figure(profile.min as number)} to ${figure(profile.max as number)}.`,
      )
  return lines.map((line) => line.charAt(0).toUpperCase() + line.slice(1))
}

/** Columns that the job asks for elsewhere come before those that are only numeric. */
function askedFirst(measures: readonly Measure[], plan: Plan): Measure[] {
  const asked = new Set([
    ...plan.whole.map(({ column }) => column.name),
    ...plan.groups.flatMap(({ measures: own }) => (own === 'rows' ? [] : own.map(({ column }) => column.name))),
    ...plan.tops.flatMap(({ rank }) => (rank === 'rows' ? [] : rank.name)),
  ])
  return measures.toSorted((a, b) => Number(asked.has(b.column.name)) - Number(asked.has(a.column.name)))
}

function trendLines(entries: GroupFigures, measures: readonly Measure[], unit: string): string[] {
  const keys = Object.keys(entries)
  return measures.slice(0, 2).flatMap(({ column, aggregates }) => {
    const values = keys.map(
      (key) => (entries[key]![keyOf(column.name)] as Record<string, number | null>)[aggregates[0]!] ?? null,
    )
    const [first, last] = [values[0], values.at(-1)]
    if (keys.length < 2 || first === null || first === undefined || last === null || last === undefined) return []
    const best = keys[values.indexOf(Math.max(...values.map((value) => value ?? -Infinity)))]
    const change = first === 0 ? undefined : ((last - first) / Math.abs(first)) * 100
    const moved =
      change === undefined ? '' : change === 0 ? ' (unchanged)' : ` (${change > 0 ? '+' : ''}${change.toFixed(1)} %)`
    return [
      `${column.name} went from ${figure(first)} in ${keys[0]} to ${figure(last)} in ${keys.at(-1)}${moved}; the best ${unit} is ${best}.`,
    ]
  })
}

function strongest(matrix: Record<string, Record<string, number | null>>): string[] {
  const names = Object.keys(matrix)
  const pairs = names.flatMap((a, i) => names.slice(i + 1).map((b) => ({ a, b, r: matrix[a]![b] ?? null })))
  const best = pairs.filter(({ r }) => r !== null).toSorted((x, y) => Math.abs(y.r!) - Math.abs(x.r!))[0]
  return best ? [`The strongest correlation is between ${best.a} and ${best.b}: ${best.r!.toFixed(2)}.`] : []
}

const groupRows = (entries: GroupFigures, name: string): Row[] =>
  Object.entries(entries).map(([key, entry]) => {
    const row: Row = { [name]: key }
    for (const [column, value] of Object.entries(entry))
      if (typeof value === 'number') row[column] = value
      else for (const [aggregate, number] of Object.entries(value)) row[`${column} ${aggregate}`] = number
    return row
  })

function quality(table: Table, profiles: readonly ColumnProfile[]): string[] {
  const missing = profiles
    .filter(({ missing }) => missing > 0)
    .map(({ name, missing }) => `${name}: ${plural(missing, 'missing value')}`)
  const seen = new Set<string>()
  let repeated = 0
  for (const row of table.rows) {
    const key = JSON.stringify(row)
    if (seen.has(key)) repeated++
    seen.add(key)
  }
  const notes = [...table.notes, ...missing, ...(repeated > 0 ? [`${plural(repeated, 'row')} repeated exactly`] : [])]
  return notes.length > 0 ? notes : ['No missing values, no repeated rows, every cell fits its column.']
}

/** What a reader looks for first: totals of the columns that were added up, then the size of the table. */
function headline(plan: Plan, figures: Figures, profiles: readonly ColumnProfile[], table: Table): [string, unknown][] {
  const summed = new Set(
    [...plan.groups, ...plan.periods]
      .flatMap(({ measures }) => (measures === 'rows' ? [] : measures))
      .filter(({ aggregates }) => aggregates.includes('sum'))
      .map(({ column }) => column.name),
  )
  const totals = plan.filter
    ? []
    : profiles.filter(({ name, sum }) => summed.has(name) && sum !== undefined).slice(0, 3)
  return [
    ...totals.flatMap(({ name, sum, mean }): [string, unknown][] => [
      [`total ${name}`, sum],
      ...(totals.length === 1 ? [[`average ${name}`, mean] as [string, unknown]] : []),
    ]),
    ...figures.whole
      .slice(0, 4)
      .map(({ aggregate, column, value }): [string, unknown] => [
        `${aggregate === 'mean' ? 'average' : aggregate} of ${column}`,
        value ?? '–',
      ]),
    ['rows', table.rows.length],
    ...(figures.filteredCount === undefined ? [] : [['rows that match', figures.filteredCount] as [string, unknown]]),
    ['columns', table.columns.length],
  ]
}

/** Groups of a table, largest first; periods stay in their order. */
const largestFirst = (rows: Row[]): Row[] => {
  const key = Object.keys(rows[0] ?? {}).find((name) => typeof rows[0]![name] === 'number')
  return key ? rows.toSorted((a, b) => Number(b[key] ?? -Infinity) - Number(a[key] ?? -Infinity)) : rows
}

const FIGURES = [
  'missing',
  'distinct',
  'sum',
  'mean',
  'median',
  'min',
  'max',
  'q1',
  'q3',
  'stdev_sample',
  'stdev_population',
] as const

/** The report as page body: findings first, then figures, charts, a look at the rows and notes on the data. */
export function reportBody(report: {
  source: string
  table: Table
  plan: Plan
  figures: Figures
  profiles: ColumnProfile[]
  charts: readonly DrawnChart[]
  lines: readonly string[]
  files: readonly string[]
}): string {
  const { source, table, plan, figures, profiles, charts, lines, files } = report
  const cards = headline(plan, figures, profiles, table)
  const tiles = cards.map(
    ([name, value]) =>
      `<li><strong>${escapeHtml(typeof value === 'number' ? figure(value) : value)}</strong><span>${escapeHtml(name)}</span></li>`,
  )
  const statistics = profiles.map((profile) => ({
    column: profile.name,
    type: profile.type,
    ...Object.fromEntries(FIGURES.map((name) => [name.replace('_', ' '), profile[name] ?? null])),
  }))
  const drawn = charts.map(({ svg }) => `<figure>${svg}</figure>`)
  return [
    section('Summary', paragraph(`Data: ${source}`), `<ul class="cards">${tiles.join('')}</ul>`, list(lines)),
    drawn.length > 0 ? section('Charts', `<div class="charts">${drawn.join('')}</div>`) : '',
    ...figures.groups.map(({ plan: group, figures: entries }) =>
      section(`By ${group.by.name}`, htmlTable(largestFirst(groupRows(entries, group.by.name)))),
    ),
    ...figures.tops.map(({ plan: top, rows }) =>
      section(`${top.lowest ? 'Lowest' : 'Top'} ${top.n}${top.group ? `: ${top.group.name}` : ''}`, htmlTable(rows)),
    ),
    ...figures.periods.map(({ plan: period, figures: entries }) =>
      section(`Per ${period.unit}`, htmlTable(groupRows(entries, period.unit))),
    ),
    figures.correlation
      ? section(
          'Correlation',
          htmlTable(Object.entries(figures.correlation).map(([name, row]) => ({ column: name, ...row }))),
        )
      : '',
    section('Statistics of the columns', htmlTable(statistics)),
    section(
      plan.filter || plan.sort ? 'Resulting rows' : 'First rows',
      htmlTable(figures.rows.slice(0, 20)),
      figures.rows.length > 20 ? `<p class="note">20 of ${readable(figures.rows.length)} rows.</p>` : '',
    ),
    section('Data quality', list(quality(table, profiles))),
    files.length > 0 ? section('Files', list(files)) : '',
  ].join('')
}

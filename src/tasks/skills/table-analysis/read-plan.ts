import type { Column, Table } from '../../tables/table.ts'
import { TABLE_FORMATS, type TableFormat } from '../../tables/write-table.ts'
import { anyColumnPattern, columnsIn, findColumn } from './columns-in-text.ts'
import { readFilter } from './filter-rows.ts'
import type {
  ChartKind,
  ChartPlan,
  GroupPlan,
  PeriodPlan,
  PeriodUnit,
  Plan,
  SavePlan,
  SortPlan,
  TopPlan,
} from './plan.ts'
import { completeMeasures, isCountOnly, readMeasures } from './read-measures.ts'

const DEFAULT_TOP = 5
const MAX_TOP = 1000
const GROUP_DEFAULT = ['sum', 'mean', 'count'] as const
const NUMBER_WORDS: Record<string, number> = {
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
}
const MONEY = /revenue|sales|amount|total|turnover|value|price|profit|cost/i

/** A text from which understood parts are taken away, so that no part is understood twice. */
class Remaining {
  text: string
  constructor(text: string) {
    this.text = text
  }
  /** Calls `use` for each match; where it returns true the words are taken away. */
  take(pattern: RegExp, use: (match: RegExpExecArray) => boolean): void {
    const found = [...this.text.matchAll(pattern)] as RegExpExecArray[]
    for (const match of found)
      if (this.text.slice(match.index, match.index + match[0].length) === match[0] && use(match))
        this.text =
          this.text.slice(0, match.index) + ' '.repeat(match[0].length) + this.text.slice(match.index + match[0].length)
  }
  /** The clause around a place: what lies between commas, semicolons, colons and full stops. */
  clause(at: number): { text: string; start: number } {
    const starts = [',', ';', ':', '. ', '\n', ' then '].map((mark) => {
      const found = this.text.lastIndexOf(mark, Math.max(0, at - 1))
      return found < 0 ? 0 : found + mark.length
    })
    const start = Math.max(...starts)
    const ends = [',', ';', '. ', '\n', ' then '].map((mark) => this.text.indexOf(mark, at)).filter((end) => end >= 0)
    return { text: this.text.slice(start, Math.min(this.text.length, ...ends)), start }
  }
}

const CHART_WORDS: readonly [ChartKind, string][] = [
  ['bar', String.raw`bar\s+(?:charts?|graphs?|plots?|diagrams?)|column\s+charts?`],
  ['line', String.raw`line\s+(?:charts?|graphs?|plots?|diagrams?)|time\s+series(?:\s+(?:charts?|plots?))?`],
  ['histogram', String.raw`histograms?|distribution\s+(?:charts?|plots?)`],
  ['pie', String.raw`pie\s+(?:charts?|graphs?|diagrams?)|pies?`],
  ['scatter', String.raw`scatter\s*(?:charts?|plots?|graphs?|diagrams?)?|scatterplots?`],
  ['heatmap', String.raw`heat\s*-?maps?|correlation\s+(?:charts?|plots?)`],
]
const UNITS: readonly [PeriodUnit, string][] = [
  ['month', String.raw`monthly|(?:by|per|each|every|for\s+each|over\s+the|over)\s+months?`],
  ['quarter', String.raw`quarterly|(?:by|per|each|every|for\s+each)\s+quarters?`],
  ['year', String.raw`yearly|annual(?:ly)?|(?:by|per|each|every|for\s+each)\s+years?`],
]
const unitIn = (text: string): PeriodUnit | undefined =>
  UNITS.find(([, words]) => new RegExp(`\\b(?:${words})\\b`, 'i').test(text))?.[0]

function takeCharts(rest: Remaining, columns: readonly Column[]): { charts: ChartPlan[]; any: boolean } {
  const charts: ChartPlan[] = []
  const kinds = CHART_WORDS.map(([kind, words]) => `(?<${kind}>${words})`).join('|')
  // What the chart shows stands after it: "of revenue by region", "of price vs units".
  const pattern = new RegExp(
    `\\b(?:${kinds})\\b((?:\\s+(?:of|for|with|showing|comparing|over|by|per|the|vs\\.?|versus|against|and|to|each|month|quarter|year|time|total|average|mean|sum|in|all|between|${anyColumnPattern(columns)})(?![\\p{L}\\p{N}_]))*)`,
    'giu',
  )
  rest.take(pattern, (match) => {
    const kind = Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined)![0] as ChartKind
    const tail = match[0].slice(match.groups![kind]!.length)
    const unit = unitIn(tail) ?? (/\btime\b/i.test(tail) ? 'month' : undefined)
    charts.push({ kind, columns: columnsIn(columns, tail), ...(unit && { unit }) })
    return true
  })
  let any = false
  rest.take(/\b(?:charts?|graphs?|plots?|visuali[sz](?:e|ed|ing|ations?)|diagrams?)\b/gi, () => (any = true))
  return { charts, any }
}

function takeSave(rest: Remaining): SavePlan | undefined {
  let save: SavePlan | undefined
  const pattern =
    /\b(?:save|write|export|store|output)\b[^,;.]*?\b(?:to|as|in|into)\s+(?:(?:a|an|the|new|another)\s+)*(?:(?<name>[\w-]+\.(?:csv|tsv|json|xlsx|ya?ml|xml))|(?<kind>csv|tsv|json|excel|xlsx|ya?ml|xml)?(?:\s+files?)?)(?![\w.])/gi
  rest.take(pattern, ({ groups }) => {
    const written = (groups?.['name']?.split('.').at(-1) ?? groups?.['kind'] ?? 'csv').toLowerCase()
    const format = ({ excel: 'xlsx', yml: 'yaml' }[written] ?? written) as TableFormat
    save = { name: groups?.['name'], format: TABLE_FORMATS.includes(format) ? format : 'csv' }
    return true
  })
  return save
}

function takeSort(rest: Remaining, columns: readonly Column[]): SortPlan | undefined {
  let sort: SortPlan | undefined
  const pattern = new RegExp(
    `\\b(?:sort|sorted|order|ordered|rank|ranked)\\b[^,;.]*?\\bby\\s+(?:the\\s+)?(?<name>${anyColumnPattern(columns)})(?![\\p{L}\\p{N}_])(?<way>[^,;.]*?\\b(?:desc|descending|asc|ascending|high(?:est)?\\s+(?:first|to\\s+low)|low(?:est)?\\s+(?:first|to\\s+high)|largest\\s+first|smallest\\s+first))?`,
    'giu',
  )
  rest.take(pattern, ({ 0: all, groups }) => {
    sort = {
      column: findColumn(columns, groups?.['name'])!,
      descending: /desc|high|largest/i.test(groups?.['way'] ?? '') || /\b(?:desc|descending)\b/i.test(all),
    }
    return true
  })
  return sort
}

/** The numeric column a ranking goes by when none is named: one of the text, one about money, the first. */
function defaultRank(columns: readonly Column[], text: string): Column | undefined {
  const numeric = columns.filter(({ type }) => type === 'number')
  return columnsIn(numeric, text)[0] ?? numeric.find(({ name }) => MONEY.test(name)) ?? numeric[0]
}

function takeTops(rest: Remaining, columns: readonly Column[], text: string): TopPlan[] {
  const tops: TopPlan[] = []
  const pattern =
    /\b(?:(?<top>top|best)(?:\s*-?\s*(?<n>\d+|one|two|three|four|five|six|seven|eight|nine|ten))?|(?<side>highest|largest|biggest|bottom|lowest|smallest|worst)\s+(?<m>\d+|two|three|four|five|six|seven|eight|nine|ten)|bottom)\b(?<what>(?:\s+(?!and\s+(?:top|bottom)\b)[^\s,;:.]+){0,8})/gi
  rest.take(pattern, ({ groups }) => {
    const what = (groups?.['what'] ?? '').replace(/\b(?:and|with|then|monthly|quarterly|yearly|charts?)\b.*$/i, '')
    const [named, by = ''] = what.split(
      /\b(?:by|in\s+terms\s+of|according\s+to|with\s+(?:the\s+)?(?:highest|most))\b/i,
    ) as [string, string?]
    const written = groups?.['n'] ?? groups?.['m']
    const wanted = written === undefined ? DEFAULT_TOP : (NUMBER_WORDS[written.toLowerCase()] ?? Number(written))
    const n = Math.max(1, Math.min(MAX_TOP, wanted))
    const group = columnsIn(
      columns.filter(({ type }) => type !== 'number'),
      named,
    )[0]
    const numeric = columns.filter(({ type }) => type === 'number')
    const rank = columnsIn(numeric, by)[0] ?? columnsIn(numeric, named)[0] ?? defaultRank(columns, text)
    const measured = readMeasures(by || named, columns)
    const aggregate = measured.pairs[0]?.aggregates[0] ?? measured.loose[0] ?? 'sum'
    const lowest =
      /bottom|lowest|smallest|worst/i.test(groups?.['side'] ?? '') || (!groups?.['top'] && !groups?.['side'])
    if (!rank && !group) return false
    tops.push({ n, lowest, rank: rank ?? 'rows', aggregate: rank ? aggregate : 'count', ...(group && { group }) })
    return true
  })
  return tops
}

function takePeriods(rest: Remaining, columns: readonly Column[]): PeriodPlan[] {
  const date = columns.find(({ type }) => type === 'date')
  if (!date) return []
  const periods: PeriodPlan[] = []
  const add = (unit: PeriodUnit, at: number) => {
    const clause = rest.clause(at)
    const measures = completeMeasures(readMeasures(clause.text, columns), columns, ['sum'])
    if (measures.length > 0 && !periods.some((period) => period.unit === unit)) periods.push({ unit, date, measures })
    // The measures of the clause belong to the period; groupings in it are read afterwards.
    const own = clause.text.replace(/\b(?:by|per|for\s+each)\b.*$/is, '')
    rest.text = rest.text.slice(0, clause.start) + ' '.repeat(own.length) + rest.text.slice(clause.start + own.length)
  }
  for (const [unit, words] of UNITS) {
    const match = new RegExp(`\\b(?:${words})(?:\\s+trends?)?\\b`, 'i').exec(rest.text)
    if (match && !(findColumn(columns, unit) && !/ly$/i.test(match[0]))) add(unit, match.index)
  }
  const trend = /\btrends?\b|\bover\s+time\b/i.exec(rest.text)
  if (trend && periods.length === 0) add('month', trend.index)
  return periods
}

function takeGroups(rest: Remaining, columns: readonly Column[]): GroupPlan[] {
  const groups: { plan: GroupPlan; isVerb: boolean; hasMeasures: boolean }[] = []
  const any = anyColumnPattern(columns)
  const pattern = new RegExp(
    `\\b(?:(?<verb>group(?:ed|ing)?)\\s+(?:\\w+\\s+){0,3}?by|by|per|for\\s+(?:each|every)|in\\s+each|for\\s+the\\s+different)\\s+(?:the\\s+|each\\s+)?(?<names>${any}(?:(?:\\s*,\\s*|\\s+and\\s+(?:by\\s+|per\\s+)?)${any})*)(?![\\p{L}\\p{N}_])`,
    'giu',
  )
  const matches = [...rest.text.matchAll(pattern)]
  for (const match of matches) {
    const clause = rest.clause(match.index)
    const before = rest.text.slice(clause.start, match.index).replace(/^.*\b(?:and|then)\s+(?=group)/is, '')
    const end = match.index + match[0].length
    const after = rest.text.slice(end, clause.start + clause.text.length)
    const isVerb = match.groups?.['verb'] !== undefined
    const own = readMeasures(isVerb ? `${before} ${after}` : before, columns)
    const hasMeasures = own.pairs.length > 0 || own.loose.length > 0
    const measures = isCountOnly(own) ? 'rows' : completeMeasures(own, columns, GROUP_DEFAULT)
    for (const by of columnsIn(columns, match.groups?.['names'] ?? ''))
      groups.push({
        isVerb,
        hasMeasures,
        plan: { by, measures: measures === 'rows' || measures.length === 0 ? 'rows' : measures },
      })
    const blank = isVerb ? clause.start + clause.text.length : end
    rest.text = rest.text.slice(0, clause.start) + ' '.repeat(blank - clause.start) + rest.text.slice(blank)
  }
  // "group by region, calculate the average revenue": what follows belongs to the groups.
  const open = groups.filter(({ isVerb, hasMeasures }) => isVerb && !hasMeasures)
  if (open.length > 0) {
    const later = readMeasures(rest.text, columns)
    if (later.pairs.length > 0 || later.loose.length > 0) {
      const measures = isCountOnly(later) ? ('rows' as const) : completeMeasures(later, columns, GROUP_DEFAULT)
      for (const { plan } of open) plan.measures = measures
      rest.text = ''
    }
  }
  return groups.map(({ plan }) => plan)
}

/** Everything a text asks of a table with these columns. */
export function readPlan(description: string, { columns }: Pick<Table, 'columns'>): Plan {
  const withoutNames = description.replace(/https?:\/\/\S+/g, ' ')
  const filter = readFilter(withoutNames, columns)
  const rest = new Remaining(filter ? withoutNames.replace(filter.text, ' , ') : withoutNames)
  const save = takeSave(rest)
  rest.text = rest.text.replace(/[\w./-]+\.(?:csv|tsv|json|xlsx?|ods|xml|ya?ml|txt)\b/gi, ' ')
  const sort = takeSort(rest, columns)
  const { charts, any } = takeCharts(rest, columns)
  const tops = takeTops(rest, columns, withoutNames)
  let correlation: Column[] = []
  rest.take(/\b(?:correlat\w*|relationships?)\b[^,;.]*/gi, (match) => {
    const numeric = columns.filter(({ type }) => type === 'number')
    const named = columnsIn(numeric, match[0])
    correlation = named.length >= 2 ? named : numeric
    return true
  })
  const periods = takePeriods(rest, columns)
  const groups = takeGroups(rest, columns)
  const left = readMeasures(rest.text, columns)
  const hasWhole =
    left.loose.some((name) => name !== 'count') || left.pairs.some(({ aggregates }) => aggregates.length > 0)
  const whole = hasWhole
    ? completeMeasures(left, columns, ['sum', 'mean', 'count']).filter(({ aggregates }) => aggregates.length > 0)
    : []
  const isOverview =
    !filter &&
    !sort &&
    whole.length + groups.length + periods.length + tops.length + correlation.length + charts.length === 0
  return { filter, sort, whole, groups, periods, tops, correlation, charts, anyCharts: any, save, isOverview }
}

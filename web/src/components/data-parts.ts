export type TableData = { columns: string[]; rows: Record<string, unknown>[] }
export type DataParts = {
  facts: [string, string | number | boolean][]
  tables: [string, TableData][]
  groups: [string, TableData][]
  rest: Record<string, unknown>
}

/** What people read comes first, ids last. */
export const idsLast = (facts: DataParts['facts']): DataParts['facts'] => {
  const isId = ([name]: DataParts['facts'][number]) => /(^|_)id$/.test(name)
  return [...facts.filter((fact) => !isId(fact)), ...facts.filter(isId)]
}

/** Columns in their order, but the id of what is named in the same row (`venue_id` beside `venue_name`) last. */
export const namesFirst = (columns: readonly string[]): string[] => {
  const isNamed = (column: string) => column.endsWith('_id') && columns.includes(`${column.slice(0, -2)}name`)
  return [...columns.filter((column) => !isNamed(column)), ...columns.filter(isNamed)]
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isScalar = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value)

/** A list of records as a table; undefined when it is none. Columns in the order they first appear. */
export function asTable(value: unknown): TableData | undefined {
  if (!Array.isArray(value) || value.length === 0 || !value.every(isRecord)) return undefined
  const columns = [...new Set(value.flatMap((row) => Object.keys(row)))]
  return columns.length > 0 && columns.length <= 40 ? { columns, rows: value } : undefined
}

/** A mapping from group to value(s) as a table: {"North": 2700} or {"North": {"revenue": {"sum": 2700}}}. */
function asGroups(name: string, value: unknown): TableData | undefined {
  if (!isRecord(value)) return undefined
  const entries = Object.entries(value)
  if (entries.length === 0) return undefined
  const first = name.replace(/^by_/, '')
  if (entries.every(([, one]) => isScalar(one)))
    return { columns: [first, 'value'], rows: entries.map(([key, one]) => ({ [first]: key, value: one })) }
  if (!entries.every(([, one]) => isRecord(one))) return undefined
  const rows = entries.map(([key, one]) => ({ [first]: key, ...flat(one as Record<string, unknown>) }))
  return asTable(rows)
}

function flat(value: Record<string, unknown>, prefix = ''): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]) => {
      const name = prefix ? `${prefix} ${key}` : key
      return isRecord(one) && !prefix ? Object.entries(flat(one, name)) : [[name, one]]
    }),
  )
}

/** Sorts an answer's fields by how they are best shown. Nothing is left out. */
export function dataParts(data: Record<string, unknown>): DataParts {
  const parts: DataParts = { facts: [], tables: [], groups: [], rest: {} }
  for (const [name, value] of Object.entries(data)) {
    const table = asTable(value)
    const groups = table ? undefined : asGroups(name, value)
    if (isScalar(value) && String(value).length <= 60) parts.facts.push([name, value])
    else if (table) parts.tables.push([name, table])
    else if (groups) parts.groups.push([name, groups])
    else if (
      Array.isArray(value) &&
      value.length > 0 &&
      value.length <= 12 &&
      value.every(isScalar) &&
      value.join(', ').length <= 60
    )
      parts.facts.push([name, value.join(', ')])
    else parts.rest[name] = value
  }
  return parts
}

/** Longer texts are for scrolling, not for reading through. */
const LONGEST_PROSE = 4000

/** Of what is neither fact nor table: what people read as sentences, lists of them, and what is empty; the rest stays as it is. */
export function proseParts(rest: DataParts['rest']): { prose: [string, string | string[]][]; rest: DataParts['rest'] } {
  const prose: [string, string | string[]][] = []
  const left: DataParts['rest'] = {}
  for (const [name, value] of Object.entries(rest)) {
    const isEmpty = value === null || value === '' || (Array.isArray(value) && value.length === 0)
    if (isEmpty) prose.push([name, '–'])
    else if (typeof value === 'string' && value.length <= LONGEST_PROSE) prose.push([name, value])
    else if (Array.isArray(value) && value.length <= 50 && value.every(isScalar)) prose.push([name, value.map(String)])
    else left[name] = value
  }
  return { prose, rest: left }
}

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 4 })
/** Numbers below this are read without separators, and years stay years. */
const GROUPED_FROM = 10_000

/** `by_region` as "by region". */
export const labelOf = (name: string): string => name.replaceAll('_', ' ').trim() || name

/** A value as people read it: separators in large numbers, four decimals at most, lists and records as words. Ids are left alone. */
export function shownValue(value: unknown, name = ''): string {
  if (value === null || value === undefined) return '–'
  if (typeof value === 'number') {
    if (/(^|[ _])(id|code|year|no|number|zip)$/i.test(name)) return String(value)
    const isSmall = Math.abs(value) < GROUPED_FROM
    if (Number.isInteger(value)) return isSmall ? String(value) : grouped.format(value)
    return Math.abs(value) < 0.001 ? String(Number(value.toPrecision(4))) : grouped.format(value)
  }
  if (Array.isArray(value)) return value.map((one) => (isRecord(one) ? shownItem(one) : shownValue(one))).join(', ')
  if (isRecord(value))
    return Object.entries(value)
      .map(([key, one]) => `${labelOf(key)} ${shownValue(one)}`)
      .join(', ')
  return String(value)
}

/** A record in a list: `{"count": 2, "value": "North"}` is "North (2)". */
function shownItem(record: Record<string, unknown>): string {
  const { value, count, ...rest } = record
  if (value !== undefined && count !== undefined && Object.keys(rest).length === 0)
    return `${shownValue(value)} (${shownValue(count)})`
  return Object.values(record)
    .map((one) => shownValue(one))
    .join(' ')
}

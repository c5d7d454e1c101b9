import { dateOrderOf, parseBooleanCell, parseDateCell, parseNumberCell } from '../../tables/parse-cell.ts'
import { type Column, isMissing, type Row } from '../../tables/table.ts'
import { anyColumnPattern, findColumn } from './columns-in-text.ts'

export type Operator =
  | '='
  | '!='
  | '>'
  | '>='
  | '<'
  | '<='
  | 'contains'
  | 'lacks'
  | 'starts'
  | 'ends'
  | 'between'
  | 'empty'
  | 'filled'
  | 'in'
export type Condition = { column: Column; operator: Operator; values: string[] }
/** Conditions of one group must all hold; one group must. `and` binds tighter than `or`. */
export type Filter = { groups: Condition[][]; text: string }

const VALUE = String.raw`(?:"[^"]*"|'[^']*'|“[^”]*”|[+-]?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?(?:e[+-]?\d+)?(?![\w/.:-]*\w)|\d[\w/.:-]*\w|[^\s,;"'()]+(?:\s+(?!and\b|or\b|then\b|but\b|with\b|sort|sorted\b|group|calculate\b|compute\b|save\b|show\b|list\b|by\b|in\b|from\b|to\b|is\b|are\b)[^\s,;"'()<>=]+){0,3})`

/** Words for each operator, the longer first. `n` values follow. */
const OPERATORS: readonly { operator: Operator; pattern: string; values: number }[] = [
  {
    operator: 'filled',
    pattern: String.raw`(?:is|are)\s+not\s+(?:empty|missing|blank|null)|is\s+(?:filled|present|given)`,
    values: 0,
  },
  { operator: 'empty', pattern: String.raw`(?:is|are)\s+(?:empty|missing|blank|null)`, values: 0 },
  { operator: 'between', pattern: String.raw`(?:is\s+|lies\s+)?between`, values: 2 },
  {
    operator: 'lacks',
    pattern: String.raw`(?:does|do)\s+not\s+contain|doesn't\s+contain|not\s+containing|excludes`,
    values: 1,
  },
  { operator: 'contains', pattern: 'contains?|containing|includes?|including', values: 1 },
  { operator: 'starts', pattern: String.raw`(?:starts?|begins?)\s+with`, values: 1 },
  { operator: 'ends', pattern: String.raw`ends?\s+(?:with|in)`, values: 1 },
  {
    operator: '>=',
    pattern: String.raw`>=|=>|≥|(?:is\s+)?(?:at\s+least|greater\s+than\s+or\s+equal(?:\s+to)?|not\s+less\s+than|no\s+less\s+than|from)`,
    values: 1,
  },
  {
    operator: '<=',
    pattern: String.raw`<=|=<|≤|(?:is\s+)?(?:at\s+most|less\s+than\s+or\s+equal(?:\s+to)?|not\s+more\s+than|no\s+more\s+than|up\s+to)`,
    values: 1,
  },
  {
    operator: '!=',
    pattern: String.raw`!==?|<>|≠|(?:is|are|does)\s+not(?:\s+equal(?:\s+to)?)?|isn't|not\s+equal\s+to|differs\s+from|not`,
    values: 1,
  },
  {
    operator: '>',
    pattern: String.raw`>|(?:is\s+|are\s+)?(?:greater\s+than|more\s+than|larger\s+than|bigger\s+than|higher\s+than|above|over|exceeds?|exceeding|after)`,
    values: 1,
  },
  {
    operator: '<',
    pattern: String.raw`<|(?:is\s+|are\s+)?(?:less\s+than|lower\s+than|smaller\s+than|fewer\s+than|below|under|before)`,
    values: 1,
  },
  { operator: 'in', pattern: String.raw`(?:is\s+)?(?:one\s+of|in)(?=\s*\()`, values: 1 },
  { operator: '=', pattern: String.raw`={1,3}|(?:is|are)(?:\s+equal\s+to)?|equals?(?:\s+to)?|of`, values: 1 },
]

const unquote = (text: string): string =>
  text
    .trim()
    .replace(/^["'“](.*)["'”]$/s, '$1')
    .trim()

/** Reads one piece after another; each pattern must match exactly where the one before ended. */
class Scanner {
  readonly #text: string
  at: number
  constructor(text: string, at: number) {
    this.#text = text
    this.at = at
  }
  take(source: string): RegExpExecArray | undefined {
    const pattern = new RegExp(source, 'iuy')
    pattern.lastIndex = this.at
    const match = pattern.exec(this.#text)
    if (match) this.at = pattern.lastIndex
    return match ?? undefined
  }
}

function takeValues(scan: Scanner, { operator, values }: (typeof OPERATORS)[number]): string[] | undefined {
  if (values === 0) return []
  if (operator === 'in') return scan.take(String.raw`\s*\(([^)]*)\)`)?.[1]?.split(',').map(unquote)
  const first = scan.take(String.raw`\s*(${VALUE})`)?.[1]
  if (first === undefined) return undefined
  if (values === 1) return [unquote(first)]
  const second = scan.take(String.raw`\s+(?:and|to)\s+(${VALUE})`)?.[1]
  return second === undefined ? undefined : [unquote(first), unquote(second)]
}

function takeCondition(scan: Scanner, columns: readonly Column[]): Condition | undefined {
  const start = scan.at
  const name = scan.take(`(?:the\\s+)?["'\`]?(${anyColumnPattern(columns)})["'\`]?(?:\\s+(?:column|value|field))?`)?.[1]
  const column = findColumn(columns, name)
  if (column) {
    const afterName = scan.at
    for (const operator of OPERATORS) {
      scan.at = afterName
      if (!scan.take(String.raw`\s*(?:${operator.pattern})(?![a-z])`)) continue
      const values = takeValues(scan, operator)
      if (values) return { column, operator: operator.operator, values }
    }
  }
  scan.at = start
  return undefined
}

function readConditions(text: string, from: number, columns: readonly Column[]): Filter | undefined {
  const scan = new Scanner(text, from)
  const first = takeCondition(scan, columns)
  if (!first) return undefined
  const groups = [[first]]
  let end = scan.at
  for (;;) {
    const word = scan.take(String.raw`\s*,?\s*\b(and|or)\b\s*(?:where\s+|with\s+)?`)?.[1]
    const next = word && takeCondition(scan, columns)
    if (!next) break
    if (word.toLowerCase() === 'or') groups.push([next])
    else groups.at(-1)!.push(next)
    end = scan.at
  }
  return { groups, text: text.slice(from, end) }
}

const OPENING =
  /\b(?:where|whose|with|having|if|filter(?:ed)?(?:\s+(?:by|on|for|to|rows?|records?|data|the|only|where|with|it))*|rows?|records?|only|keep|for)\s+/giu

/** Reads "revenue > 1000 and region is North" after where, with, having, if … Undefined when no condition is written. */
export function readFilter(text: string, columns: readonly Column[]): Filter | undefined {
  for (const { index, 0: opening } of text.matchAll(OPENING)) {
    const filter = readConditions(text, index + opening.length, columns)
    if (filter) return { ...filter, text: opening + filter.text }
  }
  return undefined
}

type Comparable = { kind: 'number' | 'date' | 'boolean' | 'text'; value: number | string | boolean }

function toComparable(value: unknown, column: Column, order: 'day-first' | 'month-first'): Comparable {
  if (typeof value === 'number') return { kind: 'number', value }
  if (typeof value === 'boolean') return { kind: 'boolean', value }
  const text = String(value ?? '')
  if (column.type === 'number') {
    const number = parseNumberCell(text)
    if (number !== undefined) return { kind: 'number', value: number }
  }
  if (column.type === 'date') {
    const date = parseDateCell(text, order) ?? (/^\d{4}$/.test(text) ? parseDateCell(`${text}-01-01`) : undefined)
    if (date) return { kind: 'date', value: date.time }
  }
  if (column.type === 'boolean') {
    const flag = parseBooleanCell(text) ?? ({ yes: true, no: false } as Record<string, boolean>)[text.toLowerCase()]
    if (flag !== undefined) return { kind: 'boolean', value: flag }
  }
  return { kind: 'text', value: text.trim().toLowerCase() }
}

/** Negative, 0 or positive; undefined when the two cannot be compared. */
function compare(a: Comparable, b: Comparable): number | undefined {
  if (a.kind !== b.kind) return undefined
  return a.value === b.value ? 0 : a.value < b.value ? -1 : 1
}

function tester({ column, operator, values }: Condition, rows: readonly Row[]): (row: Row) => boolean {
  const order = dateOrderOf(rows.slice(0, 1000).map((row) => String(row[column.name] ?? '')))
  const wanted = values.map((value) => toComparable(value, column, order))
  const text = (row: Row) => String(row[column.name] ?? '').toLowerCase()
  const first = String(values[0] ?? '').toLowerCase()
  const cell = (row: Row) => toComparable(row[column.name], column, order)
  const versus = (row: Row, n = 0) => (isMissing(row[column.name]) ? undefined : compare(cell(row), wanted[n]!))
  const tests: Record<Operator, (row: Row) => boolean> = {
    '=': (row) => versus(row) === 0,
    '!=': (row) => versus(row) !== 0,
    '>': (row) => (versus(row) ?? 0) > 0,
    '>=': (row) => (versus(row) ?? -1) >= 0,
    '<': (row) => (versus(row) ?? 0) < 0,
    '<=': (row) => (versus(row) ?? 1) <= 0,
    between: (row) => (versus(row) ?? -1) >= 0 && (versus(row, 1) ?? 1) <= 0,
    contains: (row) => text(row).includes(first),
    lacks: (row) => !text(row).includes(first),
    starts: (row) => text(row).startsWith(first),
    ends: (row) => text(row).endsWith(first),
    empty: (row) => isMissing(row[column.name]),
    filled: (row) => !isMissing(row[column.name]),
    in: (row) => wanted.some((value) => compare(cell(row), value) === 0),
  }
  return tests[operator]
}

/** Rows that pass. A missing value passes no comparison but "is not" and "is empty". */
export function filterRows(rows: readonly Row[], { groups }: Filter): Row[] {
  const tests = groups.map((group) => group.map((condition) => tester(condition, rows)))
  return rows.filter((row) => tests.some((group) => group.every((test) => test(row))))
}

const SHOWN: Partial<Record<Operator, string>> = {
  lacks: 'does not contain',
  starts: 'starts with',
  ends: 'ends with',
  empty: 'is empty',
  filled: 'is not empty',
}

export const describeFilter = ({ groups }: Filter): string =>
  groups
    .map((group) =>
      group
        .map(({ column, operator, values }) =>
          [column.name, SHOWN[operator] ?? operator, values.join(operator === 'between' ? ' and ' : ', ')]
            .join(' ')
            .trim(),
        )
        .join(' and '),
    )
    .join(' or ')

import {
  dateOrderOf,
  hasDecimalComma,
  isCode,
  type NumberStyle,
  parseBooleanCell,
  parseDateCell,
  parseNumberCell,
} from './parse-cell.ts'
import { type Column, type ColumnType, isMissing, type Row, type Table } from './table.ts'

const SHOWN = 3
/** Above this share the column is numeric and the others are mistakes in it. */
const MOSTLY = 0.5

type Judged = { type: ColumnType; convert(text: string): unknown; note?: string }

function numberStyle(texts: readonly string[]): NumberStyle {
  return texts.some(hasDecimalComma) &&
    texts.every((text) => hasDecimalComma(text) || /^[+-]?[\d.]+$/.test(text.trim()))
    ? 'comma'
    : 'point'
}

/** What a column of texts is. One code such as 00712 keeps the whole column text, so that ids stay comparable. */
function judge(name: string, texts: readonly string[]): Judged {
  const asText: Judged = { type: 'text', convert: (text) => text }
  if (texts.length === 0 || texts.some(isCode)) return asText
  if (texts.every((text) => parseBooleanCell(text) !== undefined))
    return { type: 'boolean', convert: (text) => parseBooleanCell(text) ?? text }
  const style = numberStyle(texts)
  const wrong = texts.filter((text) => parseNumberCell(text, style) === undefined)
  if (wrong.length < texts.length * (1 - MOSTLY)) {
    const shown = [...new Set(wrong)].slice(0, SHOWN).map((text) => `"${text.slice(0, 40)}"`)
    return {
      type: 'number',
      convert: (text) => parseNumberCell(text, style) ?? text,
      ...(wrong.length > 0 && {
        note: `${wrong.length} of ${texts.length} values in ${name} are not numbers: ${shown.join(', ')}`,
      }),
    }
  }
  const order = dateOrderOf(texts)
  if (texts.every((text) => parseDateCell(text, order) !== undefined)) return { ...asText, type: 'date' }
  return asText
}

/** Types of columns whose cells are values already (JSON, XLSX): texts in them are judged like cells of a text file only for dates. */
function typeOfValues(values: readonly unknown[]): ColumnType {
  const present = values.filter((value) => !isMissing(value))
  if (present.length === 0) return 'text'
  const numbers = present.filter((value) => typeof value === 'number').length
  if (numbers > present.length * MOSTLY) return 'number'
  if (present.every((value) => typeof value === 'boolean')) return 'boolean'
  const texts = present.filter((value): value is string => typeof value === 'string')
  const order = dateOrderOf(texts)
  return texts.length === present.length && texts.every((text) => parseDateCell(text, order)) ? 'date' : 'text'
}

/** Rows of texts -> typed table. Empty cells become null. */
export function typeTexts(
  names: readonly string[],
  rows: readonly (readonly string[])[],
  notes: readonly string[] = [],
): Table {
  const judged = names.map((name, at) => {
    const texts = rows.flatMap((row) => (isMissing(row[at]) ? [] : [row[at]!]))
    return judge(name, texts)
  })
  const columns = names.map((name, at): Column => ({ name, type: judged[at]!.type }))
  const typed = rows.map((row) => {
    const record: Row = {}
    for (const [at, name] of names.entries()) {
      const text = row[at]
      record[name] = text === undefined || isMissing(text) ? null : judged[at]!.convert(text)
    }
    return record
  })
  return { columns, rows: typed, notes: [...notes, ...judged.flatMap(({ note }) => note ?? [])] }
}

/** Records with values -> table. Columns in order of first appearance. */
export function tableOfRecords(records: readonly Row[], notes: readonly string[] = []): Table {
  const names = new Set<string>()
  for (const record of records) for (const name of Object.keys(record)) names.add(name)
  const columns = [...names].map(
    (name): Column => ({ name, type: typeOfValues(records.map((record) => record[name])) }),
  )
  return { columns, rows: [...records], notes: [...notes] }
}

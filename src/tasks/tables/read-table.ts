import { SkillError } from '../skills/skill-error.ts'
import { parseJsonText, rowsOfJson } from './json-rows.ts'
import { decodeText, detectDelimiter, readDelimited } from './read-delimited.ts'
import { readMarkup } from './read-markup.ts'
import { readSheet } from './read-sheet.ts'
import { MAX_ROWS, type Row, type Table } from './table.ts'
import { tableOfRecords } from './type-columns.ts'

const FORMATS: Readonly<Record<string, string>> = {
  csv: 'delimited',
  tsv: 'delimited',
  tab: 'delimited',
  json: 'json',
  jsonl: 'json',
  ndjson: 'json',
  xlsx: 'sheet',
  xls: 'sheet',
  ods: 'sheet',
  xml: 'xml',
  yaml: 'yaml',
  yml: 'yaml',
  txt: 'text',
}

export const extensionOf = (name: string): string => /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''

/** Told by the name; `data.csv.txt` counts as CSV. */
export function formatOf(name: string): string | undefined {
  const extension = extensionOf(name)
  if (extension !== 'txt') return FORMATS[extension]
  return FORMATS[extensionOf(name.slice(0, -4))] ?? 'text'
}

export const isTabular = (name: string): boolean => {
  const format = formatOf(name)
  return format !== undefined && format !== 'text'
}

const isRecord = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Any table file -> typed table. Throws UNSUPPORTED_FORMAT, or INVALID_INPUT naming what is wrong with the file. */
export async function readTable(bytes: Uint8Array, name: string, wanted = ''): Promise<Table> {
  const format = formatOf(name)
  if (bytes.length === 0) throw new SkillError('INVALID_INPUT', `${name} is empty`)
  if (format === 'sheet') return readSheet(bytes, name, wanted)
  const text = format === undefined ? '' : decodeText(bytes).replace(/^\uFEFF/, '')
  switch (format) {
    case 'delimited':
      return readDelimited(text, extensionOf(name) === 'tsv' && !detectDelimiter(text) ? '\t' : undefined)
    case 'text':
      return readText(text, name)
    case 'json':
      return limited(tableOfRecords(readJsonRows(text, name)))
    case 'xml':
    case 'yaml':
      return limited(tableOfRecords(await readMarkup(text, format)))
    default:
      throw new SkillError(
        'UNSUPPORTED_FORMAT',
        `${name} is no table: supported are ${Object.keys(FORMATS)
          .filter((key) => key !== 'txt')
          .join(', ')}`,
      )
  }
}

function limited(table: Table): Table {
  if (table.rows.length === 0) throw new SkillError('INVALID_INPUT', 'the file has no records')
  if (table.rows.length > MAX_ROWS) throw new SkillError('INVALID_INPUT', `the file has more than ${MAX_ROWS} rows`)
  return table
}

function readJsonRows(text: string, name: string): Row[] {
  let value: unknown
  try {
    value = parseJsonText(text)
  } catch (error) {
    throw new SkillError('INVALID_INPUT', `${name} is not JSON: ${(error as Error).message}`)
  }
  const rows = rowsOfJson(value) ?? (isRecord(value) ? [value] : undefined)
  if (!rows) throw new SkillError('INVALID_INPUT', `${name} holds no records: a list of objects is needed`)
  return rows
}

/** Text without a telling name: JSON, a delimited table, else UNSUPPORTED_FORMAT. */
function readText(text: string, name: string): Table {
  if (/^\s*[[{]/.test(text))
    try {
      return limited(tableOfRecords(readJsonRows(text, name)))
    } catch (error) {
      if (!(error instanceof SkillError)) throw error
    }
  if (detectDelimiter(text)) return readDelimited(text)
  throw new SkillError(
    'UNSUPPORTED_FORMAT',
    `${name} is plain text without columns: attach a table, or ask for text statistics`,
  )
}

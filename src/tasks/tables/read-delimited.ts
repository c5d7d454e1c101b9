import { SkillError } from '../skills/skill-error.ts'
import { unguarded } from './formula-text.ts'
import { isCode, parseBooleanCell, parseDateCell, parseNumberCell } from './parse-cell.ts'
import { isMissing, MAX_ROWS, type Table } from './table.ts'
import { typeTexts } from './type-columns.ts'

const DELIMITERS = [',', ';', '\t', '|'] as const
export type Delimiter = (typeof DELIMITERS)[number]
const SAMPLE = 64 * 1024

/** UTF-8 with or without BOM, UTF-16 with BOM; what is no UTF-8 is read as Windows-1252. */
export function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

/** Splits delimited text into cells: quotes with doubled quotes inside, any line ending. Throws when there are too many rows. */
export function splitDelimited(text: string, delimiter: string, maxRows = MAX_ROWS + 1): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0
  const endRow = () => {
    if (row.length > 1 || row[0] !== '') rows.push(row)
    row = []
    if (rows.length > maxRows)
      throw new SkillError('INVALID_INPUT', `the table has more than ${MAX_ROWS} rows: split it into smaller files`)
  }
  while (at <= text.length) {
    let cell: string
    if (text[at] === '"') {
      let end = at + 1
      while (true) {
        const quote = text.indexOf('"', end)
        if (quote < 0) {
          end = text.length
          break
        }
        if (text[quote + 1] !== '"') {
          end = quote
          break
        }
        end = quote + 2
      }
      cell = text.slice(at + 1, end).replaceAll('""', '"')
      at = end + 1
      // Stray characters between the closing quote and the delimiter stay part of the cell.
      const rest = nextBreak(text, at, delimiter)
      cell += text.slice(at, rest)
      at = rest
    } else {
      const end = nextBreak(text, at, delimiter)
      cell = text.slice(at, end)
      at = end
    }
    row.push(cell.startsWith("'") ? unguarded(cell) : cell)
    const mark = text[at]
    if (mark === delimiter) {
      at++
      if (at === text.length) row.push('')
      if (at < text.length) continue
    }
    endRow()
    at += mark === '\r' && text[at + 1] === '\n' ? 2 : 1
  }
  return rows
}

function nextBreak(text: string, from: number, delimiter: string): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 10 || code === 13 || text[at] === delimiter) return at
  }
  return text.length
}

/** The delimiter that gives the most columns in the most equal rows; undefined when none splits. */
export function detectDelimiter(text: string): Delimiter | undefined {
  const cut = text.length > SAMPLE ? text.slice(0, text.lastIndexOf('\n', SAMPLE) + 1 || SAMPLE) : text
  let best: { delimiter: Delimiter; score: number } | undefined
  for (const delimiter of DELIMITERS) {
    const widths = splitDelimited(cut, delimiter).map((row) => row.length)
    const width = widths[0] ?? 1
    if (width < 2) continue
    const score = (widths.filter((other) => other === width).length / widths.length) * 100 + Math.min(width, 50) / 10
    if (!best || score > best.score) best = { delimiter, score }
  }
  return best?.delimiter
}

const isValue = (text: string) =>
  parseNumberCell(text) !== undefined ||
  isCode(text) ||
  parseBooleanCell(text) !== undefined ||
  parseDateCell(text) !== undefined

/** The first row names the columns unless it holds values, or repeats or lacks names where the next rows hold texts. */
export function hasHeader(rows: readonly (readonly string[])[]): boolean {
  const first = rows[0]
  if (!first || first.every(isMissing)) return false
  return !first.some((text) => !isMissing(text) && isValue(text))
}

/** Distinct, non-empty names; years and other numbers above columns are kept. */
export function nameColumns(cells: readonly string[]): string[] {
  const taken = new Set<string>()
  return cells.map((cell, at) => {
    const base = cell.replace(/\s+/g, ' ').trim() || `column_${at + 1}`
    let name = base
    for (let n = 2; taken.has(name); n++) name = `${base}_${n}`
    taken.add(name)
    return name
  })
}

/** A delimited file as table. `delimiter` undefined: detected, `,` when there is only one column. */
export function readDelimited(text: string, delimiter?: string): Table {
  const rows = splitDelimited(text, delimiter ?? detectDelimiter(text) ?? ',')
  if (rows.length === 0) throw new SkillError('INVALID_INPUT', 'the file has no rows: attach one with data')
  const header = hasHeader(rows)
  const width = rows.reduce((widest, row) => Math.max(widest, row.length), 0)
  const names = nameColumns(Array.from({ length: width }, (_, at) => (header ? (rows[0]![at] ?? '') : '')))
  const body = header ? rows.slice(1) : rows
  const expected = (header ? rows[0]! : body[0]!).length
  const ragged = body.filter((row) => row.length !== expected).length
  const notes = [
    ...(header ? [] : ['The file has no header row; columns are named column_1, column_2 …']),
    ...(ragged > 0 ? [`${ragged} of ${body.length} rows have another number of cells than ${expected}`] : []),
  ]
  return typeTexts(names, body, notes)
}

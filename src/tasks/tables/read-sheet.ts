import { SkillError } from '../skills/skill-error.ts'
import { isCode, parseNumberCell } from './parse-cell.ts'
import { nameColumns } from './read-delimited.ts'
import { isMissing, MAX_ROWS, type Row, type Table } from './table.ts'
import { tableOfRecords, typeTexts } from './type-columns.ts'

type SheetCell = string | number | boolean | Date | null
const MAX_EXPANDED = 300 * 1024 * 1024
const MAX_COLUMNS = 16_384

/** Opens every part once within limits, so that the reader behind never meets a bomb. */
export async function checkArchive(bytes: Uint8Array, name: string): Promise<void> {
  const { checkOfficeFile } = await import('../../kernel/tools/check-office-file.ts')
  try {
    await checkOfficeFile(bytes, MAX_EXPANDED)
  } catch (error) {
    throw new SkillError('INVALID_INPUT', `${name} cannot be opened: ${(error as Error).message}`)
  }
}

/** `2025-01-05`, with the time when there is one. */
const dateText = (date: Date): string => {
  const iso = date.toISOString()
  return iso.endsWith('T00:00:00.000Z') ? iso.slice(0, 10) : iso.replace('.000Z', 'Z')
}

const plain = (cell: SheetCell | undefined): string | number | boolean | null =>
  cell instanceof Date ? dateText(cell) : cell === undefined || cell === '' ? null : cell

/** The first sheet with cells, or the one named in `wanted`, of an XLSX, ODS or XLS workbook. */
export async function readSheet(bytes: Uint8Array, name: string, wanted = ''): Promise<Table> {
  const kind = /\.(ods|xls)$/i.exec(name)?.[1]?.toLowerCase() ?? 'xlsx'
  if (kind !== 'xls') await checkArchive(bytes, name)
  const options = { maxRows: MAX_ROWS + 1 }
  let sheets: { name: string; rows: SheetCell[][] }[]
  try {
    if (kind === 'ods') sheets = (await (await import('hucre/ods')).readOds(bytes, options)).sheets
    else {
      const xlsx = await import('hucre/xlsx')
      sheets = (await (kind === 'xls' ? xlsx.readXls(bytes, options) : xlsx.readXlsx(bytes, options))).sheets
    }
  } catch (error) {
    throw new SkillError('INVALID_INPUT', `${name} is no readable workbook: ${(error as Error).message}`)
  }
  const filled = sheets.filter((sheet) => sheet.rows.some((row) => row.some((cell) => !isMissing(cell))))
  const named = filled.find((sheet) => wanted.toLowerCase().includes(sheet.name.toLowerCase()) && sheet.name.length > 2)
  const sheet = named ?? filled[0]
  if (!sheet) throw new SkillError('INVALID_INPUT', `${name} has no sheet with cells`)
  const notes = filled.length > 1 ? [`The workbook has ${filled.length} sheets; "${sheet.name}" was read`] : []
  return tableOfCells(sheet.rows, notes)
}

/** Rows of cells -> table. Numbers in text cells become numbers by the rule for text files. */
export function tableOfCells(given: readonly (readonly SheetCell[])[], notes: readonly string[] = []): Table {
  const rows = given.filter((row) => row.some((cell) => !isMissing(cell)))
  const width = Math.min(
    MAX_COLUMNS,
    rows.reduce((widest, row) => Math.max(widest, row.length), 0),
  )
  if (rows.length - 1 > MAX_ROWS) throw new SkillError('INVALID_INPUT', `the sheet has more than ${MAX_ROWS} rows`)
  const header = rows[0]!.every((cell) => isMissing(cell) || typeof cell === 'string')
  const names = nameColumns(Array.from({ length: width }, (_, at) => (header ? String(rows[0]![at] ?? '') : '')))
  const body = header ? rows.slice(1) : rows
  const records = body.map((row) => {
    const record: Row = {}
    for (const [at, name] of names.entries()) record[name] = plain(row[at])
    return record
  })
  for (const name of names) convertTexts(records, name)
  return tableOfRecords(records, notes)
}

/** A column of nothing but texts is judged like one of a text file; among numbers a text that is one becomes one. */
function convertTexts(records: readonly Row[], name: string): void {
  const texts = records.map((record) => record[name]).filter((value): value is string => typeof value === 'string')
  if (texts.length === 0 || texts.some(isCode)) return
  const present = records.filter((record) => !isMissing(record[name])).length
  if (texts.length === present) {
    const typed = typeTexts(
      [name],
      records.map((record) => [String(record[name] ?? '')]),
    )
    for (const [at, record] of records.entries()) record[name] = typed.rows[at]![name]
  } else
    for (const record of records) {
      const value = record[name]
      if (typeof value === 'string') record[name] = parseNumberCell(value) ?? value
    }
}

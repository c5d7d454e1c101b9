import { parse } from 'csv-parse/sync'
import { readXlsx } from 'hucre/xlsx'
import { AppError } from '../../kernel/errors/app-error.ts'
import { checkOfficeFile } from '../../kernel/tools/check-office-file.ts'

const MAX_ROWS = 5_000
const MAX_EXPANDED = 50 * 1024 * 1024
const refuse = (message: string) => new AppError('VALIDATION_ERROR', message, { fields: [{ field: 'file', message }] })

/** A cell as text that no spreadsheet will ever run: a leading formula sign gets an apostrophe. */
export function safeText(value: unknown): string {
  const text = value instanceof Date ? value.toISOString() : String(value ?? '').trim()
  return /^[=+\-@\t\r]/.test(text) && !/^-?\d+([.,]\d+)*$/.test(text) ? `'${text}` : text
}

/** Rows of a CSV or XLSX file by header, lower-cased. A file whose content is not what its name says is refused. */
export async function readRows(name: string, bytes: Uint8Array): Promise<Record<string, string>[]> {
  const zipped = bytes[0] === 0x50 && bytes[1] === 0x4b
  let cells: unknown[][]
  if (/\.xlsx$/i.test(name)) {
    if (!zipped) throw refuse(`${name} is not an XLSX file: save it as XLSX or CSV`)
    try {
      await checkOfficeFile(bytes, MAX_EXPANDED)
      cells = (await readXlsx(bytes)).sheets[0]?.rows ?? []
    } catch (error) {
      throw refuse(`${name} cannot be read: ${(error as Error).message}`)
    }
  } else if (/\.csv$/i.test(name)) {
    if (zipped || bytes.includes(0)) throw refuse(`${name} is not a text file: save it as CSV`)
    try {
      cells = parse(Buffer.from(bytes), { bom: true, relax_column_count: true, skip_empty_lines: true }) as string[][]
    } catch (error) {
      throw refuse(`${name} is not CSV: ${(error as Error).message}`)
    }
  } else throw refuse(`${name} must end in .csv or .xlsx`)
  if (cells.length > MAX_ROWS + 1) throw refuse(`${name} has more than ${MAX_ROWS} rows`)
  const header = (cells[0] ?? []).map((cell) =>
    String(cell ?? '')
      .trim()
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '_'),
  )
  return cells.slice(1).map((row) => Object.fromEntries(header.map((key, index) => [key, safeText(row[index])])))
}

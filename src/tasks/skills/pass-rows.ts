import { PASSED_ROWS, type Row } from '../tables/table.ts'
import { toDelimited } from '../tables/write-table.ts'
import type { SkillPorts } from './skill.ts'
import { unlessRefused } from './skill-error.ts'

const MAX_FILE = 50 * 1024 * 1024
/** Above this the compact form is used: JSON repeats the column names in every row. */
const MANY = 20_000

/**
 * `data.rows` (the first 1,000) and `data.rows_file` (all of them), as steps pass tables on (contract 4.4 S2). A table whose file would be larger
 * than 50 MB is passed on by its first rows only.
 */
export async function passRows(
  rows: readonly Row[],
  subtaskId: string,
  ports: SkillPorts,
): Promise<{ rows: Row[]; rows_file?: string }> {
  const passed = { rows: rows.slice(0, PASSED_ROWS) }
  const isLarge = rows.length > MANY
  const content = new TextEncoder().encode(isLarge ? toDelimited(rows) : JSON.stringify(rows))
  if (content.length > MAX_FILE) return passed
  const path = `output/${subtaskId.replace(/[^\w.-]/g, '_')}/rows.${isLarge ? 'csv' : 'json'}`
  const written = ports.files.write(path, content).then(() => true)
  // All rows are in the result itself: the file is a convenience then.
  const isWritten = rows.length > PASSED_ROWS ? await written : await unlessRefused(written)
  return isWritten ? { ...passed, rows_file: path } : passed
}

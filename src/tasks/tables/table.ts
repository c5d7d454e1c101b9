/** A table as skills hand it on: typed cells, rows as records in column order. */
export type Cell = string | number | boolean | null
export type Row = Record<string, unknown>
export type ColumnType = 'number' | 'date' | 'boolean' | 'text'
export type Column = { name: string; type: ColumnType }
export type Table = {
  columns: Column[]
  rows: Row[]
  /** What was noticed while reading: ragged rows, texts among numbers, missing header. */
  notes: string[]
}

export const MAX_ROWS = 1_000_000
/** Rows that steps hand on inside `data.rows`; all of them are in `data.rows_file`. */
export const PASSED_ROWS = 1000

/** Column names inside keys: lower case, runs of other characters `_` (contract 4.4 S2). */
export const keyOf = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '_')

export const isMissing = (value: unknown): boolean =>
  value === null || value === undefined || (typeof value === 'string' && value.trim() === '')

export const MISSING_GROUP = '(missing)'
export const groupKey = (value: unknown): string =>
  isMissing(value) ? MISSING_GROUP : typeof value === 'object' ? JSON.stringify(value) : String(value)

import type { Row } from '../../tables/table.ts'

const MAX_NAME = 63
const MAX_ROWS = 10_000
/** Calls of the agent protocol take 1 MB; room is left for what surrounds the rows. */
const MAX_BYTES = 900_000

/** A column or table name that the store accepts: `^[a-z_][a-z0-9_]{0,62}$`. */
export function storeName(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
  const safe = /^[a-z_]/.test(plain) ? plain : `_${plain}`
  return safe.slice(0, MAX_NAME)
}

/** Distinct store names for the columns of records, in order. */
export function renameColumns(rows: readonly Row[]): Row[] {
  const names = new Map<string, string>()
  const taken = new Set<string>()
  for (const row of rows)
    for (const column of Object.keys(row)) {
      if (names.has(column)) continue
      const base = storeName(column) || '_'
      let name = base
      for (let n = 2; taken.has(name); n++) name = `${base.slice(0, MAX_NAME - 1 - String(n).length)}_${n}`
      taken.add(name)
      names.set(column, name)
    }
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([column, value]) => [names.get(column)!, value])),
  )
}

const rank = (value: unknown): number => {
  if (value === null || value === undefined) return 0
  if (typeof value === 'number') return Number.isInteger(value) ? 1 : 2
  return 3
}

/** Rows whose values are widest in some column go first: the store infers column types from the first call. */
function widestFirst(rows: readonly Row[]): Row[] {
  const widest = new Map<string, number>()
  for (const [at, row] of rows.entries())
    for (const [name, value] of Object.entries(row)) {
      const known = widest.get(name)
      if (known === undefined || rank(value) > rank(rows[known]![name])) widest.set(name, at)
    }
  const first = new Set(widest.values())
  return [...[...first].map((at) => rows[at]!), ...rows.filter((_, at) => !first.has(at))]
}

/** Rows in calls of at most 10,000 rows and 900 KB. */
export function batchesOf(rows: readonly Row[]): Row[][] {
  const sizes = rows.map((row) => JSON.stringify(row).length + 1)
  const total = sizes.reduce((sum, size) => sum + size, 0)
  if (rows.length <= MAX_ROWS && total <= MAX_BYTES) return [[...rows]]
  const batches: Row[][] = [[]]
  let bytes = 0
  for (const row of widestFirst(rows)) {
    const size = JSON.stringify(row).length + 1
    if (batches.at(-1)!.length >= MAX_ROWS || (bytes + size > MAX_BYTES && batches.at(-1)!.length > 0)) {
      batches.push([])
      bytes = 0
    }
    batches.at(-1)!.push(row)
    bytes += size
  }
  return batches
}

import { z } from 'zod'
import type { Db } from '../../kernel/db/database.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import { defineTool } from '../../kernel/tools/tool-descriptor.ts'
import type { TaskToolContext } from './context.ts'

const MAX_ROWS = 10_000
const MAX_COLUMNS = 50
const NAME = /^[a-z_][a-z0-9_]{0,62}$/

type Rows = Record<string, unknown>[]
type ColumnType = 'boolean' | 'bigint' | 'double precision' | 'timestamptz' | 'jsonb' | 'text'

const invalid = (message: string) => new AppError('INVALID_INPUT', message)
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/
const SAFE = 2 ** 53

function typeOfValue(value: unknown): ColumnType | undefined {
  if (value === null || value === undefined) return undefined
  if (typeof value === 'boolean') return 'boolean'
  if (typeof value === 'number')
    return Number.isInteger(value) && Math.abs(value) < SAFE ? 'bigint' : 'double precision'
  if (typeof value === 'object') return 'jsonb'
  return typeof value === 'string' && TIMESTAMP.test(value) && !Number.isNaN(Date.parse(value)) ? 'timestamptz' : 'text'
}

/** The narrowest type that holds every value of a column; text when they disagree. */
export function inferType(values: readonly unknown[]): ColumnType {
  const types = new Set(values.map(typeOfValue).filter((type): type is ColumnType => type !== undefined))
  if (types.size === 1) return [...types][0]!
  if (types.size === 2 && types.has('bigint') && types.has('double precision')) return 'double precision'
  return 'text'
}

/** Columns that every table of PostgreSQL has of its own. */
const SYSTEM_COLUMNS = new Set(['tableoid', 'xmin', 'cmin', 'xmax', 'cmax', 'ctid'])

const asText = (value: unknown) => (typeof value === 'object' && value !== null ? JSON.stringify(value) : value)

/** Creates the table in schema agent_data when it is new, adds missing columns, inserts all rows; all or nothing (3.10). */
export async function storeRows(
  db: Db,
  table: string,
  rows: Rows,
): Promise<{ table: string; inserted: number; created: boolean }> {
  if (!NAME.test(table)) throw invalid(`table name "${table}" must match ${NAME.source}`)
  if (rows.length > MAX_ROWS) throw invalid(`${rows.length} rows given, at most ${MAX_ROWS} per call`)
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  if (columns.length === 0) throw invalid('the rows have no columns: give at least one row with one value')
  if (columns.length > MAX_COLUMNS) throw invalid(`${columns.length} columns given, at most ${MAX_COLUMNS}`)
  const bad = columns.filter((name) => !NAME.test(name))
  if (bad.length > 0)
    throw invalid(`column names ${bad.map((name) => `"${name}"`).join(', ')} must match ${NAME.source}`)
  const taken = columns.filter((name) => SYSTEM_COLUMNS.has(name))
  if (taken.length > 0) throw invalid(`PostgreSQL keeps ${taken.join(', ')} for itself: name the column otherwise`)
  return db.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock(hashtext($1))', [`agent_data.${table}`])
    const known = await tx.query(
      `select a.attname as name, format_type(a.atttypid, a.atttypmod) as type from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'agent_data' and c.relname = $1 and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped`,
      [table],
    )
    const types = new Map<string, string>(known.rows.map((row) => [row['name'], row['type']]))
    const created = types.size === 0
    const added = columns.filter((name) => !types.has(name))
    for (const name of added) types.set(name, inferType(rows.map((row) => row[name])))
    if (created)
      await tx.query(
        `create table agent_data."${table}" (${columns.map((name) => `"${name}" ${types.get(name)}`).join(', ')})`,
      )
    else
      for (const name of added)
        await tx.query(`alter table agent_data."${table}" add column "${name}" ${types.get(name)}`)
    await tx.query(`grant select on agent_data."${table}" to troupe_reader`)
    const prepared = rows.map((row) =>
      Object.fromEntries(
        columns.map((name) => [name, types.get(name) === 'text' ? asText(row[name]) : (row[name] ?? null)]),
      ),
    )
    const list = columns.map((name) => `"${name}"`).join(', ')
    try {
      const inserted = await tx.query(
        `insert into agent_data."${table}" (${list}) select ${list} from jsonb_to_recordset($1::jsonb) as g (${columns.map((name) => `"${name}" ${types.get(name)}`).join(', ')})`,
        [JSON.stringify(prepared)],
      )
      return { table, inserted: inserted.rowCount, created }
    } catch (error) {
      const { code, message } = error as { code?: string; message: string }
      if (code?.startsWith('22')) throw invalid(`a value does not fit its column in agent_data.${table}: ${message}`)
      throw error
    }
  })
}

export const storeRowsTool = defineTool<
  { table: string; rows: Rows },
  { table: string; inserted: number; created: boolean },
  TaskToolContext
>({
  name: 'store_rows',
  title: 'Store rows',
  description: 'Inserts rows into a table of schema agent_data, making the table when it is new.',
  input: z.object({ table: z.string(), rows: z.array(z.record(z.string(), z.unknown())) }),
  touches: ['database'],
  approval: 'edits',
  summarise: ({ table, rows }) => `${rows.length} rows into ${table}`,
  run: ({ kernel }, { table, rows }) => storeRows(kernel.db, table, rows),
})

import { z } from 'zod'
import type { Db } from '../../kernel/db/database.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import { defineTool } from '../../kernel/tools/tool-descriptor.ts'
import { checkReadOnlySql } from '../sql-rules.ts'
import type { TaskToolContext } from './context.ts'

const MAX_ROWS = 1_000
const MAX_BYTES = 1_048_576
const TIMEOUT_MS = 30_000

export type QueryAnswer = { columns: string[]; rows: Record<string, unknown>[]; row_count: number; truncated: boolean }

/**
 * One read-only statement as role troupe_reader in a read-only transaction that is rolled back (3.10). Throws SQL_NOT_ALLOWED
 * with the reason before anything runs, SQL_ERROR with PostgreSQL's words after.
 */
export async function queryReadOnly(db: Db, sql: string, params: readonly unknown[]): Promise<QueryAnswer> {
  const statement = checkReadOnlySql(sql)
  const client = await db.connect()
  try {
    await client.query(
      `begin read only; set local statement_timeout = ${TIMEOUT_MS}; set local role troupe_reader; set local search_path to agent_data, tasks, pg_temp`,
    )
    // A cursor of the protocol, not a text LIMIT: any row-returning statement is cut at the same number of rows.
    const result = await client.query({ text: statement, values: [...params], rowMode: 'array' })
    const columns = result.fields.map((field: { name: string }) => field.name)
    const rows: Record<string, unknown>[] = []
    let bytes = 0
    let truncated = false
    for (const values of result.rows as unknown[][]) {
      const row = Object.fromEntries(columns.map((name: string, i: number) => [name, values[i] ?? null]))
      bytes += JSON.stringify(row).length
      if (rows.length >= MAX_ROWS || bytes > MAX_BYTES) {
        truncated = true
        break
      }
      rows.push(row)
    }
    return { columns, rows, row_count: rows.length, truncated }
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    if (error instanceof AppError) throw error
    if (code === '25006' || code === '42501') throw new AppError('SQL_NOT_ALLOWED', message, { sqlstate: code })
    throw new AppError('SQL_ERROR', message, { sqlstate: code ?? null })
  } finally {
    await client.query('rollback').catch(() => undefined)
    client.release()
  }
}

export const databaseQuery = defineTool<{ query: string; params: unknown[] }, QueryAnswer, TaskToolContext>({
  name: 'database_query',
  aliases: ['query_database'],
  title: 'Query the database',
  description:
    'Runs one read-only SQL statement over schemas tasks and agent_data. Parameters are $1, $2 …; at most 1,000 rows.',
  input: z.object({
    query: z.string().min(1).max(100_000),
    params: z.array(z.unknown()).max(100).default([]),
  }) as never,
  touches: ['database'],
  approval: 'never',
  summarise: ({ query }) => query.slice(0, 200),
  run: ({ kernel }, { query, params }) => queryReadOnly(kernel.db, query, params),
})

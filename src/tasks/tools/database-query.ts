import type { PoolClient } from 'pg'
import { z } from 'zod'
import type { Db } from '../../kernel/db/database.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import { defineTool } from '../../kernel/tools/tool-descriptor.ts'
import { checkReadOnlySql, firstWord } from '../sql-rules.ts'
import type { TaskToolContext } from './context.ts'

const MAX_ROWS = 1_000
const MAX_BYTES = 1_048_576
const TIMEOUT_MS = 30_000

export type QueryAnswer = { columns: string[]; rows: Record<string, unknown>[]; row_count: number; truncated: boolean }

/** Counts, inside the database, how many rows of cursor `c` fit the limits, so that no row too large ever leaves it. */
const MEASURE = `do $$ declare
  r record; c refcursor := 'c'; n int := 0; bytes bigint := 0;
begin
  loop
    fetch c into r;
    exit when not found;
    -- Its size as it lies in memory first: only what is small is written out as text to be measured.
    exit when n = ${MAX_ROWS} or pg_column_size(r) > ${MAX_BYTES};
    bytes := bytes + octet_length(r::text);
    exit when bytes > ${MAX_BYTES};
    n := n + 1;
  end loop;
  perform set_config('troupe.fitting', n || case when found then '+' else '' end, true);
end $$`

type Arrays = { fields: { name: string }[]; rows: unknown[][] }

/** What a statement answers, cut where the next row would be over the limits. SHOW and EXPLAIN have no cursor and are small. */
async function readCut(client: PoolClient, statement: string, values: unknown[]): Promise<[Arrays, boolean]> {
  if (/^(?:show|explain)\b/.test(firstWord(statement)))
    return [await client.query({ text: statement, values, rowMode: 'array' }), false]
  await client.query({ text: `declare c scroll cursor for ${statement}`, values })
  await client.query(MEASURE)
  const { rows } = await client.query(`select current_setting('troupe.fitting') as fitting`)
  await client.query('move absolute 0 in c')
  const answer = await client.query({ text: `fetch ${Number.parseInt(rows[0].fitting, 10)} from c`, rowMode: 'array' })
  return [answer, rows[0].fitting.endsWith('+')]
}

/**
 * One statement as role troupe_reader in a read-only transaction that is rolled back: the wall behind `checkReadOnlySql`.
 * Throws SQL_NOT_ALLOWED for what role or transaction refuse, SQL_ERROR with PostgreSQL's words for anything else.
 */
export async function readAsReader(db: Db, statement: string, params: readonly unknown[]): Promise<QueryAnswer> {
  const client = await db.connect()
  let broken: Error | undefined
  const onBroken = (error: Error) => (broken = error)
  client.on('error', onBroken)
  try {
    await client.query(
      `begin read only; set local statement_timeout = ${TIMEOUT_MS}; set local search_path to agent_data, tasks, pg_temp; set local role troupe_reader`,
    )
    const [answer, truncated] = await readCut(client, statement, [...params])
    const columns = answer.fields.map(({ name }) => name)
    const rows = answer.rows.map((values) => Object.fromEntries(columns.map((name, i) => [name, values[i] ?? null])))
    return { columns, rows, row_count: rows.length, truncated }
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    if (code === '25006' || code === '42501') throw new AppError('SQL_NOT_ALLOWED', message, { sqlstate: code })
    throw new AppError('SQL_ERROR', message, { sqlstate: code ?? null })
  } finally {
    await client.query('rollback').catch(onBroken)
    client.off('error', onBroken)
    client.release(broken)
  }
}

/**
 * One read-only statement (3.10), at most 1,000 rows and 1 MB. Throws SQL_NOT_ALLOWED with the reason before anything runs,
 * SQL_ERROR with PostgreSQL's words after.
 */
export const queryReadOnly = async (db: Db, sql: string, params: readonly unknown[]): Promise<QueryAnswer> =>
  readAsReader(db, checkReadOnlySql(sql), params)

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

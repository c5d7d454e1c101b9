// A backup is gzipped JSON lines: a header, then for each table its columns and its rows. The embedded binaries have no pg_dump,
// and this way a backup moves between PostgreSQL versions. One snapshot for all tables, also while the server works.

import { once } from 'node:events'
import fs from 'node:fs'
import { PassThrough } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import pg from 'pg'

export const BACKUP_FORMAT = 1
const BATCH = 500

export type BackupTable = {
  schema: string
  name: string
  columns: { name: string; type: string }[]
  generated: string[]
}

/** Schemas of ours: the kernel, the domains, the agents' tables and the engine's own. */
export const OWN_SCHEMAS = `select nspname from pg_namespace where nspname !~ '^pg_' and nspname not in ('information_schema', 'public')`

export async function listTables(client: pg.Client): Promise<BackupTable[]> {
  const { rows } = await client.query(
    `select n.nspname as schema, c.relname as name,
            json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) order by a.attnum) filter (where a.attgenerated = '') as columns,
            coalesce(array_agg(a.attname::text) filter (where a.attgenerated <> ''), '{}') as generated
       from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where c.relkind in ('r', 'p') and not c.relispartition and n.nspname in (${OWN_SCHEMAS}) group by 1, 2 order by 1, 2`,
  )
  return rows
}

/** Writes the whole database to a file, under a temporary name until it is complete. */
export async function backup(url: string, file: string): Promise<{ tables: number; rows: number }> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const half = `${file}.part`
  const lines = new PassThrough()
  const written = pipeline(lines, createGzip(), fs.createWriteStream(half, { mode: 0o600 }))
  const write = async (value: unknown) => {
    if (!lines.write(`${JSON.stringify(value)}\n`)) await once(lines, 'drain')
  }
  let count = 0
  try {
    await client.query('begin isolation level repeatable read read only')
    const tables = await listTables(client)
    const migrations = await client.query('select schema, name, sha256 from kernel.migrations order by applied_at')
    await write({ troupe_backup: BACKUP_FORMAT, at: new Date().toISOString(), migrations: migrations.rows })
    for (const table of tables) {
      await write({ table })
      await client.query(
        `declare rows_of_table no scroll cursor for select to_jsonb(t)::text as row from "${table.schema}"."${table.name}" t`,
      )
      for (;;) {
        const { rows } = await client.query(`fetch ${BATCH} from rows_of_table`)
        for (const { row } of rows) await write(JSON.parse(row))
        count += rows.length
        if (rows.length < BATCH) break
      }
      await client.query('close rows_of_table')
    }
    await write({ end: count })
    lines.end()
    await written
    await fs.promises.rename(half, file)
    return { tables: tables.length, rows: count }
  } catch (error) {
    lines.destroy(error as Error)
    await written.catch(() => undefined)
    await fs.promises.rm(half, { force: true })
    throw error
  } finally {
    await client.end()
  }
}

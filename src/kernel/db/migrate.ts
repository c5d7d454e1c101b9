import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import type { Db } from './database.ts'

export type MigrationSet = { /** PostgreSQL schema the files write to. */ schema: string; dir: string }

const LOCK = 7_310_001

export type AppliedMigration = { schema: string; name: string }

/**
 * Applies the numbered SQL files of each set that are not yet applied, each in one transaction, under one lock for all
 * processes. Repeating it changes nothing. An applied file that was changed since stops with its name: add a new file.
 */
export async function migrate(
  db: Db,
  sets: readonly MigrationSet[],
  { only }: { /** `schema/name` of those to apply; the others stay for later. */ only?: ReadonlySet<string> } = {},
): Promise<AppliedMigration[]> {
  const client = await db.connect()
  const applied: AppliedMigration[] = []
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK])
    await client.query(`create schema if not exists kernel;
      create table if not exists kernel.migrations (
        schema text not null, name text not null, sha256 text not null, applied_at timestamptz not null default now(),
        primary key (schema, name))`)
    const { rows } = await client.query('select schema, name, sha256 from kernel.migrations')
    const known = new Map(rows.map((row) => [`${row.schema}/${row.name}`, row.sha256 as string]))
    for (const { schema, dir } of sets) {
      for (const name of migrationFiles(dir)) {
        if (only && !only.has(`${schema}/${name}`)) continue
        const sql = fs.readFileSync(path.join(dir, name), 'utf8')
        const sha256 = createHash('sha256').update(sql).digest('hex')
        const before = known.get(`${schema}/${name}`)
        if (before === sha256) continue
        if (before)
          throw new Error(
            `Migration ${schema}/${name} was applied and then changed: restore it and add a new file instead`,
          )
        await client.query('begin')
        try {
          await client.query(`create schema if not exists "${schema}"; set local search_path to "${schema}", public`)
          await client.query(sql)
          await client.query('insert into kernel.migrations (schema, name, sha256) values ($1, $2, $3)', [
            schema,
            name,
            sha256,
          ])
          await client.query('commit')
        } catch (cause) {
          await client.query('rollback')
          throw new Error(`Migration ${schema}/${name} failed: ${(cause as Error).message}`, { cause })
        }
        applied.push({ schema, name })
      }
    }
    await client.query('select pg_advisory_unlock($1)', [LOCK])
    return applied
  } finally {
    client.release()
  }
}

/** Names such as 0001-core.sql, in order. */
export function migrationFiles(dir: string): string[] {
  if (!fs.existsSync(dir)) return []
  return fs
    .readdirSync(dir)
    .filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name))
    .sort()
}

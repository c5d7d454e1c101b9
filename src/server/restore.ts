import fs from 'node:fs'
import path from 'node:path'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import pg from 'pg'
import { loadConfig } from '../kernel/config/load-config.ts'
import { BACKUP_FORMAT, type BackupTable, listTables } from '../kernel/db/backup.ts'
import { openDb } from '../kernel/db/database.ts'
import { type MigrationSet, migrate, migrationFiles } from '../kernel/db/migrate.ts'
import { AppError } from '../kernel/errors/app-error.ts'
import { prepareEngineSchema } from '../kernel/runs/engine-schema.ts'
import { loadModules } from './compose.ts'
import { ROOT } from './version.ts'

const BATCH = 500
/** How far the engine's own tables are: they are made by this release, whatever the backup says. */
const ENGINE_VERSION = 'dbos.dbos_migrations'
const MAX_LINE_ROWS_BYTES = 4_000_000

/**
 * Replaces the database by a backup: loads it into a new database beside the old one and swaps the names when it is whole, so
 * that a bad file or a kill leaves the old one as it was. The old one is kept as `<name>_before_restore`.
 */
export async function restore(url: string, file: string): Promise<{ tables: number; rows: number }> {
  const name = new URL(url).pathname.slice(1)
  const temporary = `${name}_restoring`
  const admin = new pg.Client({ connectionString: withDatabase(url, 'postgres') })
  await admin.connect()
  try {
    await admin.query(`drop database if exists "${temporary}" with (force)`)
    await admin.query(`create database "${temporary}"`)
    const answer = await load(withDatabase(url, temporary), file)
    await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = any ($1)', [
      [name, temporary],
    ])
    await admin.query(`drop database if exists "${name}_before_restore" with (force)`)
    await admin.query(`alter database "${name}" rename to "${name}_before_restore"`)
    await admin.query(`alter database "${temporary}" rename to "${name}"`)
    return answer
  } catch (error) {
    await admin.query(`drop database if exists "${temporary}" with (force)`)
    throw error
  } finally {
    await admin.end()
  }
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url)
  changed.pathname = `/${database}`
  return changed.href
}

async function load(url: string, file: string): Promise<{ tables: number; rows: number }> {
  const db = openDb({ url, max: 2, applicationName: 'troupe-restore' })
  const modules = await loadModules(loadConfig({}))
  const sets = [
    { schema: 'kernel', dir: path.join(ROOT, 'src/kernel/db/migrations') },
    ...modules.flatMap((module) => (module.migrations ? [module.migrations] : [])),
  ]
  try {
    // The tables as they were where the backup was made; what came since is applied to its rows afterwards, as an upgrade does.
    await migrate(db, sets, { only: await migrationsOf(file, sets) })
    await prepareEngineSchema(url)
    const loaded = await loadRows(url, file)
    await migrate(db, sets)
    return loaded
  } finally {
    await db.close()
  }
}

/** The lines of a gzipped file. Throws when it is torn, wherever its reader is. */
async function* linesOf(file: string): AsyncGenerator<string> {
  const unzipped = createGunzip().setEncoding('utf8')
  // The loop below throws what goes wrong in either stream; a reader that stops early closes both.
  pipeline(fs.createReadStream(file), unzipped, () => undefined)
  let rest = ''
  for await (const chunk of unzipped) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop()!
    yield* lines
  }
  if (rest) yield rest
}

/** `schema/name` of what had been applied. Throws VALIDATION_ERROR for what is no backup, and for one of a newer release. */
async function migrationsOf(file: string, sets: readonly MigrationSet[]): Promise<Set<string>> {
  const known = new Set(sets.flatMap(({ schema, dir }) => migrationFiles(dir).map((name) => `${schema}/${name}`)))
  for await (const line of linesOf(file)) {
    const header = JSON.parse(line)
    if (header.troupe_backup !== BACKUP_FORMAT) break
    const applied = (header.migrations as { schema: string; name: string }[]).map(
      ({ schema, name }) => `${schema}/${name}`,
    )
    const newer = applied.find((name) => !known.has(name))
    if (newer)
      throw new AppError(
        'VALIDATION_ERROR',
        `${file} was written by a newer release (${newer}): restore it with that release or a later one`,
      )
    return new Set(applied)
  }
  throw new AppError('VALIDATION_ERROR', `${file} is not a backup of Troupe (format ${BACKUP_FORMAT})`)
}

async function loadRows(url: string, file: string): Promise<{ tables: number; rows: number }> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('begin; set local session_replication_role = replica') // rows arrive in any order of foreign keys
    const known = new Map((await listTables(client)).map((table) => [`${table.schema}.${table.name}`, table]))
    known.delete(ENGINE_VERSION)
    for (const key of known.keys()) await client.query(`delete from "${key.replace('.', '"."')}"`)
    let table: BackupTable | undefined
    let batch: string[] = []
    let size = 0
    let [rows, tables] = [0, 0]
    let ended = false
    const flush = async () => {
      const into = table && known.get(`${table.schema}.${table.name}`)
      if (table && into && batch.length > 0) await insert(client, table, into, batch)
      batch = []
      size = 0
    }
    let header = true
    for await (const line of linesOf(file)) {
      if (header) {
        header = false // read before by migrationsOf
        continue
      }
      const value = JSON.parse(line)
      if (value.end !== undefined && Object.keys(value).length === 1) {
        ended = value.end === rows
        break
      }
      if (value.table?.columns) {
        await flush()
        table = value.table as BackupTable
        tables++
        const key = `${table.schema}.${table.name}`
        if (key !== ENGINE_VERSION && !known.has(key)) {
          await create(client, table)
          known.set(key, table)
        }
        continue
      }
      batch.push(line)
      size += line.length
      rows++
      if (batch.length >= BATCH || size > MAX_LINE_ROWS_BYTES) await flush()
    }
    await flush()
    if (!ended) throw new AppError('VALIDATION_ERROR', `${file} is cut off: it ends before its last line`)
    // Transaction ids belong to the old server; restored events are all in the past of this one.
    await client.query(`update kernel.events set tx = '3'::xid8`)
    await fixSequences(client)
    await client.query('commit')
    return { tables, rows }
  } finally {
    await client.end()
  }
}

async function insert(
  client: pg.Client,
  from: BackupTable,
  into: BackupTable,
  lines: readonly string[],
): Promise<void> {
  const shared = from.columns
    .filter(({ name }) => into.columns.some((column) => column.name === name))
    .map(({ name }) => `"${name}"`)
  await client.query(
    `insert into "${into.schema}"."${into.name}" (${shared.join(', ')}) overriding system value
     select ${shared.join(', ')} from jsonb_populate_recordset(null::"${into.schema}"."${into.name}", $1::jsonb)`,
    [`[${lines.join(',')}]`],
  )
}

/** Tables that agents made have no migration: they come back with their columns. */
async function create(client: pg.Client, { schema, name, columns }: BackupTable): Promise<void> {
  await client.query(`create schema if not exists "${schema}"`)
  await client.query(
    `create table "${schema}"."${name}" (${columns.map((column) => `"${column.name}" ${column.type}`).join(', ')})`,
  )
}

/** Puts every sequence behind the highest value of its column. */
export async function fixSequences(client: pg.Client): Promise<void> {
  const { rows } = await client.query(
    `select n.nspname as schema, c.relname as table, a.attname as column, pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname) as sequence
       from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
      where c.relkind = 'r' and n.nspname !~ '^pg_' and pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname) is not null`,
  )
  for (const row of rows)
    await client.query(
      `select setval($1, coalesce((select max("${row.column}") from "${row.schema}"."${row.table}"), 0) + 1, false)`,
      [row.sequence],
    )
}

// A database of its own for each test file, on one throw-away server per test run (test/_global-setup.ts). The server's durability is off; its
// behaviour is not.
import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { inject } from 'vitest'
import { loadConfig } from '../src/kernel/config/load-config.ts'
import { createKernel, type KernelOptions } from '../src/kernel/create-kernel.ts'
import { type Db, openDb } from '../src/kernel/db/database.ts'
import { isProcessAlive } from '../src/kernel/db/embedded-server.ts'
import { type MigrationSet, migrate } from '../src/kernel/db/migrate.ts'
import type { Kernel, Log } from '../src/kernel/kernel.ts'
import { KERNEL_MIGRATIONS } from './_migrations.ts'

export { domainMigrations, KERNEL_MIGRATIONS } from './_migrations.ts'

declare module 'vitest' {
  interface ProvidedContext {
    pgUrl: string
  }
}

let counter = 0

async function asAdmin<T>(work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: inject('pgUrl') })
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.end()
  }
}
const urlOf = (name: string): string => {
  const url = new URL(inject('pgUrl'))
  url.pathname = `/${name}`
  return url.href
}
const freshName = () => `t_${process.pid}_${Date.now().toString(36)}_${++counter}`

/** Creates an empty or migrated database and returns its URL. Dropped with the server. */
export async function createDatabase(sets: readonly MigrationSet[] = [KERNEL_MIGRATIONS]): Promise<string> {
  const name = freshName()
  await asAdmin((admin) => admin.query(`create database ${name}`))
  if (sets.length > 0) {
    const db = openDb({ url: urlOf(name), max: 2, applicationName: 'troupe-test' })
    await migrate(db, sets)
    await db.close()
  }
  return urlOf(name)
}

/** Databases of processes that have ended: the space they take is that of the files under test, not of the whole run. */
async function dropThoseOfEndedFiles(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query<{ name: string }>(
    `select datname as name from pg_database where datname ~ '^t_[0-9]+_'`,
  )
  for (const { name: old } of rows)
    if (!isProcessAlive(Number(old.split('_')[1]))) await admin.query(`drop database if exists ${old} with (force)`)
}

const TEMPLATE = 'server_template'
const TEMPLATE_LOCK = 7_310_200

/** A database with all tables of a server, as its first start makes them: made once in a run, copied from then on. */
export async function createServerDatabase(): Promise<string> {
  const name = freshName()
  await asAdmin(async (admin) => {
    await admin.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK])
    const { rows } = await admin.query('select 1 from pg_database where datname = $1', [TEMPLATE])
    if (rows.length === 0) {
      const making = freshName()
      await admin.query(`create database ${making}`)
      const script = path.join(import.meta.dirname, '_migrate-all.ts')
      await promisify(execFile)(process.execPath, [script, urlOf(making)], { env: { PATH: process.env.PATH } })
      await admin.query(`alter database ${making} rename to ${TEMPLATE}`)
    }
    await dropThoseOfEndedFiles(admin)
    await admin.query('select pg_advisory_unlock($1)', [TEMPLATE_LOCK])
    await admin.query(`create database ${name} template ${TEMPLATE} strategy file_copy`)
  })
  return urlOf(name)
}

export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

export type TestKernel = { kernel: Kernel; db: Db; url: string; [Symbol.asyncDispose](): Promise<void> }

/** A kernel on a database of its own: `await using t = await testKernel()`. */
export async function testKernel(
  options: Partial<KernelOptions> & { sets?: readonly MigrationSet[]; env?: Record<string, string>; url?: string } = {},
): Promise<TestKernel> {
  const url = options.url ?? (options.sets ? await createDatabase(options.sets) : await createServerDatabase())
  const db = openDb({ url, max: 6, applicationName: 'troupe-test' })
  const kernel = createKernel({ config: loadConfig(options.env ?? {}), log: silentLog, ...options, db })
  await kernel.notifier.start()
  return {
    kernel,
    db,
    url,
    async [Symbol.asyncDispose]() {
      await kernel.notifier.close()
      await db.close()
    },
  }
}

// A database of its own for each test file: one throw-away server per test run (test/_global-setup.ts), one migrated template,
// cloned per file. The server's durability is off; its behaviour is not.
import path from 'node:path'
import pg from 'pg'
import { inject } from 'vitest'
import { loadConfig } from '../src/kernel/config/load-config.ts'
import { createKernel, type KernelOptions } from '../src/kernel/create-kernel.ts'
import { type Db, openDb } from '../src/kernel/db/database.ts'
import { type MigrationSet, migrate } from '../src/kernel/db/migrate.ts'
import type { Kernel, Log } from '../src/kernel/kernel.ts'

declare module 'vitest' {
  interface ProvidedContext {
    pgUrl: string
  }
}

const root = path.resolve(import.meta.dirname, '..')
export const KERNEL_MIGRATIONS: MigrationSet = { schema: 'kernel', dir: path.join(root, 'src/kernel/db/migrations') }
export const domainMigrations = (name: string): MigrationSet => ({
  schema: name,
  dir: path.join(root, 'src', name, 'migrations'),
})

let counter = 0

/** Creates an empty or migrated database and returns its URL. Dropped with the server. */
export async function createDatabase(sets: readonly MigrationSet[] = [KERNEL_MIGRATIONS]): Promise<string> {
  const admin = new pg.Client({ connectionString: inject('pgUrl') })
  await admin.connect()
  const name = `t_${process.pid}_${Date.now().toString(36)}_${++counter}`
  await admin.query(`create database ${name}`)
  await admin.end()
  const url = new URL(inject('pgUrl'))
  url.pathname = `/${name}`
  if (sets.length > 0) {
    const db = openDb({ url: url.href, max: 2, applicationName: 'troupe-test' })
    await migrate(db, sets)
    await db.close()
  }
  return url.href
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
  const url = options.url ?? (await createDatabase(options.sets ?? [KERNEL_MIGRATIONS]))
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

import path from 'node:path'
import { type Config, loadConfig } from '../../kernel/config/load-config.ts'
import { type Db, openDb } from '../../kernel/db/database.ts'
import { embeddedDataDir, findRunningServer } from '../../kernel/db/embedded-server.ts'
import { type AppliedMigration, migrate } from '../../kernel/db/migrate.ts'
import { silentLog } from '../../kernel/telemetry/logger.ts'
import { loadModules } from '../../server/compose.ts'
import { ensureDatabase } from '../../server/ensure-database.ts'
import { openDatabase } from '../../server/open-database.ts'
import { DATABASE_NAME } from '../../server/start-server.ts'
import { ROOT } from '../../server/version.ts'
import { CliError, type Io } from '../io.ts'

export type OpenDatabase = { db: Db; config: Config; migrate(): Promise<AppliedMigration[]> }

/** The configured database for one command. An embedded server that this command started is stopped again after it. */
export async function withDatabase<T>(io: Io, work: (open: OpenDatabase) => Promise<T>): Promise<T> {
  const config = loadConfig(io.env)
  const wasRunning = findRunningServer(embeddedDataDir(config.core.dataDir).dataDir) !== undefined
  const address = await openDatabase(config, io.env, silentLog)
  try {
    const db = openDb({
      url: address.embedded ? await ensureDatabase(address.url, DATABASE_NAME) : address.url,
      max: 4,
      applicationName: 'troupe-cli',
      ...(address.password ? { password: address.password } : {}),
      onError: () => undefined, // the query that needs the connection reports it
    })
    try {
      return await work({
        db,
        config,
        async migrate() {
          const modules = await loadModules(config)
          return migrate(db, [
            { schema: 'kernel', dir: path.join(ROOT, 'src/kernel/db/migrations') },
            ...modules.flatMap((module) => (module.migrations ? [module.migrations] : [])),
          ])
        },
      })
    } finally {
      await db.close()
    }
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    if (code && ['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT', '28P01', '3D000', '28000'].includes(code))
      throw new CliError(`The database cannot be used (${message}): check DATABASE_URL and that PostgreSQL runs`, 1)
    if (code === '42P01') throw new CliError(`The tables are missing (${message}): run "npm run migrate" first`, 1)
    throw error
  } finally {
    await address.close(!wasRunning)
  }
}

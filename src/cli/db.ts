import { setTimeout as sleep } from 'node:timers/promises'
import { loadConfig } from '../kernel/config/load-config.ts'
import { createKernel } from '../kernel/create-kernel.ts'
import { backup } from '../kernel/db/backup.ts'
import { embeddedDataDir, findRunningServer, isProcessAlive, startEmbedded } from '../kernel/db/embedded-server.ts'
import { silentLog } from '../kernel/telemetry/logger.ts'
import { createMetrics } from '../kernel/telemetry/metrics.ts'
import { loadModules } from '../server/compose.ts'
import { ensureDatabase } from '../server/ensure-database.ts'
import { externalDatabaseUrl } from '../server/open-database.ts'
import { buildParts } from '../server/parts.ts'
import { restore } from '../server/restore.ts'
import { daysBefore, expire } from '../server/retention/expire.ts'
import { DATABASE_NAME } from '../server/start-server.ts'
import { readArguments } from './arguments.ts'
import { CliError, type Io } from './io.ts'
import { withDatabase } from './operations/with-database.ts'
import { readOwnerFile } from './server-file.ts'

const HELP = `troupe db backup FILE      writes everything, runs in flight included; the server may go on
troupe db restore FILE     replaces the database with a backup; the server must be stopped
troupe db prune --older-than DAYS [--yes]   shows what ended longer ago; with --yes removes it for good
troupe db stop             stops the embedded server
troupe db url              prints the address of the database`

export async function db(argv: string[], io: Io): Promise<number> {
  const { values, positionals } = readArguments(argv, { 'older-than': { type: 'string' }, yes: { type: 'boolean' } })
  const [verb, file] = positionals
  if (values.help || !verb) {
    io.out(HELP)
    return values.help ? 0 : 2
  }
  const config = loadConfig(io.env)
  if (verb === 'stop') return stop(config.core.dataDir, io)
  if (verb === 'prune') return prune(values['older-than'], values.yes ?? false, io)
  if (!['backup', 'restore', 'url'].includes(verb)) throw new CliError(`no verb "${verb}": see --help`)
  if (verb !== 'url' && !file) throw new CliError(`${verb} needs the name of a file`)
  if (verb === 'restore' && readOwnerFile(io.env))
    throw new CliError('the server runs: stop it first, so that nothing is written while the backup comes back', 1)
  const external = await externalDatabaseUrl(config, io.env)
  const { dataDir } = embeddedDataDir(config.core.dataDir)
  const wasRunning = external !== undefined || findRunningServer(dataDir) !== undefined
  const server = external ? undefined : await startEmbedded(config.core.dataDir)
  try {
    const url = external ?? (await ensureDatabase(server!.url, DATABASE_NAME))
    if (verb === 'url') io.out(config.core.databaseUrl ?? url)
    else if (verb === 'backup') {
      const { tables, rows } = await backup(url, file!)
      io.out(`${rows} rows of ${tables} tables in ${file}`)
    } else {
      const { tables, rows } = await restore(url, file!)
      io.out(`${rows} rows of ${tables} tables restored`)
    }
    return 0
  } finally {
    if (server && !wasRunning) await server.stop()
  }
}

async function prune(older: string | undefined, yes: boolean, io: Io): Promise<number> {
  const days = Number(older ?? loadConfig(io.env).core.retentionDays)
  if (!Number.isInteger(days) || days < 1)
    throw new CliError('prune needs --older-than DAYS, a whole number from 1, or RETENTION_DAYS', 2)
  return withDatabase(io, async ({ db, config }) => {
    const modules = await loadModules(config)
    const log = silentLog
    const metrics = createMetrics({ processMetrics: false })
    const parts = await buildParts({ config, db, log, metrics, mask: (text) => text })
    const kernel = createKernel({ config, db, log, parts })
    const found = await expire(kernel, modules, daysBefore(kernel, days), { dry: !yes })
    for (const { what, count } of found) io.out(`${String(count).padStart(8)}  ${what}`)
    io.out(
      yes
        ? `Removed: what ended more than ${days} days ago.`
        : `Nothing was removed. "troupe db prune --older-than ${days} --yes" removes it for good: make a backup first. Planned events, the audit and unfinished work always stay.`,
    )
    return 0
  })
}

async function stop(home: string, io: Io): Promise<number> {
  const { dataDir } = embeddedDataDir(home)
  const running = findRunningServer(dataDir)
  if (!running) {
    io.out('The embedded server is not running.')
    return 0
  }
  process.kill(running.pid, 'SIGINT')
  while (isProcessAlive(running.pid)) await sleep(50)
  io.out('Stopped.')
  return 0
}

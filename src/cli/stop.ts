import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Config, loadConfig } from '../kernel/config/load-config.ts'
import { embeddedDataDir, findRunningServer, isProcessAlive } from '../kernel/db/embedded-server.ts'
import { readArguments } from './arguments.ts'
import { CliError, type Io } from './io.ts'
import { emptyArtifacts, emptyWorkspaces } from './operations/task-folders.ts'
import { endLeftOvers, isServer, readOwnerFile, removeServerFile } from './server-file.ts'

const HELP = `troupe stop [--volumes]

Stops the server of this folder, its agents and the embedded PostgreSQL; what was running continues at the next start.
--volumes also drops the data: the embedded database, workspaces and published files. A database of yours (DATABASE_URL) stays.`

/** An agent may finish its step for 30 s before it checkpoints. */
const PATIENCE_MS = 60_000

async function ended(pid: number): Promise<boolean> {
  const deadline = Date.now() + PATIENCE_MS
  while (isProcessAlive(pid)) {
    if (Date.now() > deadline) return false
    await sleep(50)
  }
  return true
}

async function stopDatabase(config: Config): Promise<boolean> {
  const running = findRunningServer(embeddedDataDir(config.core.dataDir).dataDir)
  if (!running) return false
  process.kill(running.pid, 'SIGINT')
  if (!(await ended(running.pid)))
    throw new CliError(`PostgreSQL (pid ${running.pid}) did not stop within 60 s: look at its log`, 1)
  return true
}

function dropData(config: Config, io: Io): void {
  if (config.core.databaseUrl || io.env['PGHOST'])
    io.out('Kept: your PostgreSQL. "troupe reset-all" empties the tables of the tasks domain.')
  else {
    const { dataDir } = embeddedDataDir(config.core.dataDir)
    fs.rmSync(dataDir, { recursive: true, force: true })
    io.out(`Dropped: the embedded database in ${dataDir}`)
  }
  emptyWorkspaces(config)
  emptyArtifacts(config)
  io.out(
    `Dropped: files below ${path.resolve(config.tasks.sharedFilesPath)} and ${path.resolve(config.tasks.artifactsPath)}`,
  )
}

export async function stop(argv: string[], io: Io): Promise<number> {
  const { values } = readArguments(argv, { volumes: { type: 'boolean' } })
  if (values.help) {
    io.out(HELP)
    return 0
  }
  const config = loadConfig(io.env)
  const owner = readOwnerFile(io.env)
  if (owner && isServer(owner.pid)) {
    process.kill(owner.pid, 'SIGTERM')
    if (!(await ended(owner.pid)))
      throw new CliError(`The server (pid ${owner.pid}) did not stop within 60 s: end that process by hand`, 1)
    io.out(`Stopped: the server at ${owner.url} and its agents.`)
  }
  const left = await endLeftOvers(io.env)
  if (left > 0) io.out(`Stopped: ${left} agents that a killed server left behind.`)
  removeServerFile(io.env)
  const database = await stopDatabase(config)
  if (database) io.out('Stopped: PostgreSQL.')
  if (!owner && left === 0 && !database) io.out('Nothing was running.')
  if (values.volumes) dropData(config, io)
  return 0
}

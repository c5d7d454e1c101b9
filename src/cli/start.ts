import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { loadConfig } from '../kernel/config/load-config.ts'
import { ROOT } from '../server/version.ts'
import { readArguments } from './arguments.ts'
import { CliError, type Io } from './io.ts'
import { readOwnerFile } from './server-file.ts'

const HELP = `troupe start [--sample]

Starts everything in the background, waits until the server is healthy and every agent is listed, prints the addresses and
ends. Exit code 1, with the end of the log, when that does not happen within 60 s. "troupe stop" stops it. ("npm start" is
"troupe up": the same in the foreground.)`

const PATIENCE_MS = 60_000
const LOG_TAIL = 2_000

type Up = { url: string; agents: number }

async function look(io: Io, wanted: number): Promise<Up | undefined> {
  const url = readOwnerFile(io.env)?.url
  if (!url) return undefined
  const token = io.env['TROUPE_TOKEN'] ?? io.env['API_TOKEN'] ?? io.env['API_KEY']
  const options = { signal: AbortSignal.timeout(5_000), headers: token ? { authorization: `Bearer ${token}` } : {} }
  try {
    if (!(await fetch(`${url}/health`, options)).ok) return undefined
    const { agents } = (await (await fetch(`${url}/agents`, options)).json()) as { agents?: unknown[] }
    return agents && agents.length >= wanted ? { url, agents: agents.length } : undefined
  } catch {
    return undefined // not listening yet
  }
}

const tail = (file: string): string => fs.readFileSync(file, 'utf8').slice(-LOG_TAIL).trim()

function launch(log: string, extra: readonly string[], io: Io): ChildProcess {
  const file = fs.openSync(log, 'w', 0o600)
  const child = spawn(process.execPath, [path.join(ROOT, 'troupe.mjs'), 'up', ...extra], {
    detached: true,
    stdio: ['ignore', file, file],
    env: io.env as NodeJS.ProcessEnv,
  })
  fs.closeSync(file)
  child.unref()
  return child
}

export async function start(argv: string[], io: Io): Promise<number> {
  const { values } = readArguments(argv, { sample: { type: 'boolean' } })
  if (values.help) {
    io.out(HELP)
    return 0
  }
  const config = loadConfig(io.env)
  const running = readOwnerFile(io.env)
  if (running) throw new CliError(`It runs already at ${running.url}: "troupe stop" stops it`, 1)
  const home = path.resolve(config.core.dataDir)
  fs.mkdirSync(home, { recursive: true })
  const log = path.join(home, 'troupe.log')
  const child = launch(log, values.sample ? [] : ['--no-sample'], io)
  let exit: number | string | undefined
  child.once('exit', (code, signal) => (exit = code ?? signal ?? 1))
  const deadline = Date.now() + PATIENCE_MS
  for (;;) {
    const up = await look(io, config.tasks.agents)
    if (up) {
      io.out(
        values.json
          ? JSON.stringify({ ...up, pid: child.pid, log })
          : `Troupe is up\n\n  Screens   ${up.url}/app\n  API       ${up.url}/openapi.json\n  Agents    ${up.agents}\n  Log       ${log}\n  Stop      npx troupe stop`,
      )
      return 0
    }
    if (exit !== undefined) throw new CliError(`it ended while starting (${exit}):\n${tail(log)}`, 1)
    if (Date.now() > deadline) {
      child.kill('SIGTERM')
      throw new CliError(`it was not healthy with ${config.tasks.agents} agents within 60 s:\n${tail(log)}`, 1)
    }
    await sleep(200)
  }
}

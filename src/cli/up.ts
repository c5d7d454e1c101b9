import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { authMode } from '../kernel/access/authenticate.ts'
import { loadConfig } from '../kernel/config/load-config.ts'
import { part } from '../kernel/kernel.ts'
import { createLogger } from '../kernel/telemetry/logger.ts'
import { createSecrets } from '../kernel/telemetry/secrets.ts'
import { secretsOfConfig } from '../kernel/telemetry/secrets-of-config.ts'
import { type ServerState, startServer } from '../server/start-server.ts'
import { type AgentChild, type AgentChildren, startAgentChildren } from './agent-children.ts'
import { readArguments } from './arguments.ts'
import { buildUiIfStale } from './build-ui.ts'
import { giveBackStartMemory } from './give-back-memory.ts'
import { CliError, type Io } from './io.ts'
import { runSample } from './sample.ts'
import { endLeftOvers, otherServer, removeServerFile, writeServerFile } from './server-file.ts'

const HELP = `troupe up [--no-sample] [--no-agents] [--record FOLDER | --replay FOLDER]

Starts everything on this machine and stays: PostgreSQL (embedded, unless DATABASE_URL is set), the server on PORT (8000),
the agents, the screens. Ctrl-C stops it cleanly; what was running continues at the next start.

--record keeps every answer of the model in a folder; --replay works from that folder alone, without network or key.`

async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = net.createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}

/** The folder for secrets, process files and the embedded database. */
function prepareHome(dir: string): void {
  const home = path.resolve(dir)
  try {
    fs.mkdirSync(home, { recursive: true })
    fs.accessSync(home, fs.constants.W_OK)
  } catch (error) {
    throw new CliError(
      `The data folder ${home} cannot be written (${(error as Error).message}): make it writable, or set TROUPE_HOME to a folder that is`,
      1,
    )
  }
}

/** The agents of this start: ids 1 to n on the configured range; a taken port is told at once, not after a while of restarts. */
async function planAgents(count: number, range: { from: number; to: number }): Promise<AgentChild[]> {
  const agents: AgentChild[] = []
  for (let n = 1; n <= count; n++) {
    const port = range.from === 0 ? 0 : range.from + n - 1
    if (port > 0 && !(await isFree(port)))
      throw new CliError(
        `Port ${port} for agent_${n} is in use by another program: stop it, or set AGENT_PORT_RANGE to free ports (0 takes any)`,
        1,
      )
    agents.push({ id: `agent_${n}`, port })
  }
  return agents
}

/** The environment with the folder of recorded model calls, when one is named. */
export function withCassette(env: Io['env'], record: string | undefined, replay: string | undefined): Io['env'] {
  if (record !== undefined && replay !== undefined) throw new CliError('--record and --replay exclude each other')
  const dir = record ?? replay
  if (dir === undefined) return env
  return { ...env, LLM_CASSETTE: path.resolve(dir), LLM_CASSETTE_MODE: record === undefined ? 'replay' : 'record' }
}

export async function up(argv: string[], given: Io): Promise<number> {
  const { values } = readArguments(argv, {
    'no-sample': { type: 'boolean' },
    'no-agents': { type: 'boolean' },
    record: { type: 'string' },
    replay: { type: 'string' },
  })
  if (values.help) {
    given.out(HELP)
    return 0
  }
  const io: Io = { ...given, env: withCassette(given.env, values.record, values.replay) }
  const started = performance.now()
  const config = loadConfig(io.env)
  authMode(config)
  const secrets = createSecrets(secretsOfConfig(config as never))
  const log = createLogger({ level: config.core.logLevel, format: process.stderr.isTTY ? 'text' : 'json', secrets })
  prepareHome(config.core.dataDir)
  const other = otherServer(io.env)
  if (other && Number(new URL(other.url).port) === config.core.port)
    throw new CliError(
      `Troupe already runs here: ${other.url}/app. End it with "npm run stop", or set PORT and AGENT_PORT_RANGE for a second one`,
      1,
    )
  await endLeftOvers(io.env)
  const agents = values['no-agents'] ? [] : await planAgents(config.tasks.agents, config.tasks.agentPortRange)
  await buildUiIfStale(io)
  const token = config.tasks.agentToken ?? `at_boot_${randomBytes(24).toString('base64url')}`.replace(/^at_/, '')
  secrets.add(token)
  const server = await startServer({ config, env: io.env, log, secrets, agentToken: token })
  let children: AgentChildren | undefined // its own start already calls describe
  children = startAgentChildren({
    agents,
    serverUrl: server.url,
    token,
    env: io.env,
    compileCache: path.resolve(config.core.dataDir, 'compile-cache'),
    log,
    onChange: () => describe(),
  })
  function describe() {
    writeServerFile(io.env, {
      ...{ pid: process.pid, url: server.url },
      ...{ children: children?.pids ?? [], agents: agents.length },
    })
  }
  server.kernel.use(part<ServerState>('server')).ownAgents = children
  describe()
  let stopping = false
  const stopped = new Promise<number>((resolve) => {
    const stop = (signal: NodeJS.Signals) => {
      if (stopping) return
      stopping = true
      io.err(`\nStopping (${signal}) …`)
      void (async () => {
        await children?.stop()
        await server.stop({ stopDatabase: true })
        removeServerFile(io.env)
        resolve(0)
      })()
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  io.out(
    `Troupe is up after ${seconds} s\n\n  Screens   ${server.url}/app\n  API       ${server.url}/openapi.json\n  Database  ${config.core.databaseUrl ? 'DATABASE_URL' : 'embedded PostgreSQL 18'}\n  Agents    ${agents.length === 0 ? 'none of its own' : `${agents.length}, starting: "npx troupe agents" lists them`}\n`,
  )
  giveBackStartMemory()
  if (!values['no-sample'] && config.core.sample) {
    await sleep(0)
    void runSample(server, io).catch((error: Error) =>
      log.warn({ error: error.message }, 'the sample could not be run'),
    )
  }
  return stopped
}

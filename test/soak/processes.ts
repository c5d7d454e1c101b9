// A small installation of separate processes on one PostgreSQL, each of which can be killed and started again: two API servers,
// workers, and agents behind HTTP. Used by the commands of this folder, outside `npm test`.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type EmbeddedServer, startEmbedded } from '../../src/kernel/db/embedded-server.ts'
import { ensureDatabase } from '../../src/server/ensure-database.ts'

const ENTRY = path.resolve(import.meta.dirname, '../../troupe.mjs')
export type Member = { name: string; child: ChildProcess; starts: number; startedAt: number; start: () => void }
export type Installation = {
  dir: string
  urls: string[]
  members: Member[]
  databaseUrl: string
  /** The first of the members, from this number on, that is at work; waits until there is one. */
  firstReady(from: number): Promise<Member>
  /** kill -9, and the same process again a moment later, as a supervisor would. */
  killAndRestart(member: Member): Promise<void>
  restartDatabase(): Promise<void>
  close(): Promise<void>
}

async function freePort(): Promise<number> {
  const probe = net.createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as net.AddressInfo
  await new Promise((closed) => probe.close(closed))
  return port
}

export async function startInstallation({
  workers,
  agents,
  envOf = () => ({}),
}: {
  workers: number
  agents: number
  /** Further variables of a process, by its name. */
  envOf?: (name: string, dir: string) => Record<string, string>
}): Promise<Installation> {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-soak-'))
  fs.chmodSync(dir, 0o755)
  let pg: EmbeddedServer = await startEmbedded(path.join(dir, 'pg'))
  const databaseUrl = await ensureDatabase(pg.url, 'troupe')
  const token = 'soak-token-0123456789abcdef'
  const ports = [await freePort(), await freePort()]
  const urls = ports.map((port) => `http://127.0.0.1:${port}`)
  const shared = {
    ...process.env,
    DATABASE_URL: databaseUrl,
    API_TOKEN: token,
    AGENT_TOKEN: `${token}-of-agents`,
    SHARED_FILES_PATH: path.join(dir, 'shared'),
    ARTIFACTS_PATH: path.join(dir, 'artifacts'),
    DATA_PATH: path.join(dir, 'data'),
    CALENDAR_STORAGE_PATH: path.join(dir, 'calendars'),
    SIMULATION_OUTPUT_DIR: path.join(dir, 'output'),
    SIMULATION_MAX_RUNS: '2',
    DATA_KEYS: Buffer.alloc(32, 7).toString('base64'),
    SECRET_KEY: 'the same for all processes of the soak',
    RATE_LIMIT_PER_MINUTE: '0',
    // Both are there to end hopeless work; here every loss is made on purpose.
    NO_AGENT_TIMEOUT_SECONDS: '1800',
    MAX_REASSIGNMENTS: '50',
    AGENT_HEARTBEAT_INTERVAL: '2',
    LOG_LEVEL: 'error',
  }
  const log = fs.openSync(path.join(dir, 'processes.log'), 'a')
  const members: Member[] = []
  let closing = false
  const add = (name: string, argv: string[], env: Record<string, string>) => {
    const member = { name, starts: 0 } as Member
    member.start = () => {
      member.starts++
      member.startedAt = Date.now()
      member.child = spawn(process.execPath, [ENTRY, ...argv], {
        env: { ...shared, TROUPE_HOME: path.join(dir, name), ...env, ...envOf(name, dir) },
        stdio: ['ignore', log, log],
      })
      // A process that ends by itself, because the database was away when it started, is started again, as a supervisor would.
      const { child } = member
      child.once('exit', (code) => {
        if (!closing && code !== null && child === member.child) setTimeout(() => closing || member.start(), 500)
      })
    }
    member.start()
    members.push(member)
  }
  for (const [i, url] of urls.entries())
    add(`server_${i + 1}`, ['up', '--no-agents', '--no-sample'], { PORT: String(ports[i]), PUBLIC_URL: url })
  const healthy = async (url: string) => {
    for (let tries = 0; tries < 1_800; tries++) {
      const answer = await fetch(`${url}/health`).catch(() => undefined)
      if (answer?.ok) return
      await sleep(100)
    }
    throw new Error(
      `${url} did not become healthy: ${fs.readFileSync(path.join(dir, 'processes.log'), 'utf8').slice(-2000)}`,
    )
  }
  for (const url of urls) await healthy(url)
  for (let i = 1; i <= workers; i++) add(`worker_${i}`, ['worker'], { PUBLIC_URL: urls[i % 2]! })
  for (let i = 1; i <= agents; i++)
    add(`agent_${i}`, ['agent'], { AGENT_ID: `agent_${i}`, AGENT_PORT: '0', ORCHESTRATOR_URL: urls[i % 2]! })
  return {
    dir,
    urls,
    members,
    databaseUrl,
    async firstReady(from) {
      for (let i = from; ; i++) {
        const member = members[i % members.length]!
        const server = urls[members.indexOf(member)]
        const ready = server
          ? await fetch(`${server}/health`, { signal: AbortSignal.timeout(3_000) }).then(
              (answer) => answer.ok,
              () => false,
            )
          : Date.now() - member.startedAt > 5_000
        if (ready) return member
        await sleep(50)
      }
    },
    async killAndRestart(member) {
      const { child } = member
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit')
        child.kill('SIGKILL')
        await ended
      }
      await sleep(300)
      if (member.child === child) member.start()
    },
    async restartDatabase() {
      process.kill(pg.pid, 'SIGKILL')
      while (pg.isAlive()) await sleep(20)
      pg = await startEmbedded(path.join(dir, 'pg'))
    },
    async close() {
      closing = true
      for (const { child } of members) child.kill('SIGKILL')
      await pg.stop()
      fs.rmSync(dir, { recursive: true, force: true })
    },
  }
}

export const TOKEN = 'soak-token-0123456789abcdef'
export async function call(url: string, method: string, at: string, body?: unknown): Promise<any> {
  const response = await fetch(`${url}${at}`, {
    method,
    headers: {
      authorization: `Bearer ${TOKEN}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  })
  if (!response.ok) throw new Error(`${response.status} ${(await response.text()).slice(0, 300)}`)
  return response.json()
}

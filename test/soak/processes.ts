// A small installation of separate processes on one PostgreSQL, each of which can be killed and started again: two API servers,
// workers, and agents behind HTTP. Used by the commands of this folder, outside `npm test`.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { type EmbeddedServer, startEmbedded } from '../../src/kernel/db/embedded-server.ts'
import { ensureDatabase } from '../../src/server/ensure-database.ts'

const ENTRY = path.resolve(import.meta.dirname, '../../troupe.mjs')
const MOVED_CLOCK = path.resolve(import.meta.dirname, '../fixtures/moved-clock.mjs')
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
  isDatabaseAlive(): boolean
  /** With `clock`: sets the clock of all processes and of the database so many seconds ahead of the true one. */
  setClock(seconds: number): Promise<void>
  close(): Promise<void>
}

async function asOwner(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await work(client).finally(() => client.end())
}

/** `now()` and `clock_timestamp()` of every statement become functions of ours: found before those of PostgreSQL, ahead by what a row says. */
const moveClockOf = (url: string) =>
  asOwner(url, (client) =>
    client.query(`create schema clock;
      create table clock.set (ahead interval not null);
      insert into clock.set values ('0');
      create function clock.now() returns timestamptz language sql stable as 'select pg_catalog.now() + ahead from clock.set';
      create function clock.clock_timestamp() returns timestamptz language sql volatile as 'select pg_catalog.clock_timestamp() + ahead from clock.set';
      alter database troupe set search_path = clock, pg_catalog, public`),
  )

/** Defaults of columns were made before, with the true clock: they too become ours. */
const moveDefaultsOf = (url: string) =>
  asOwner(url, (client) =>
    client.query(`do $$ declare one record; begin
      for one in select format('alter table %s alter column %I set default %s', d.adrelid::regclass, a.attname,
                               regexp_replace(pg_get_expr(d.adbin, d.adrelid), '(pg_catalog\\.)?(now|clock_timestamp)\\(', 'clock.\\2(', 'g')) as statement
                   from pg_attrdef d join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
                  where a.attgenerated = '' and pg_get_expr(d.adbin, d.adrelid) ~ '\\m(now|clock_timestamp)\\('
      loop execute one.statement; end loop; end $$`),
  )

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
  clock = false,
  files,
  database,
}: {
  workers: number
  agents: number
  /** All processes and the database get a clock that can be set. */
  clock?: boolean
  /** Folders of their own, on a disk of their own, for what is stored in files and by PostgreSQL. */
  files?: string
  database?: string
  /** Further variables of a process, by its name. */
  envOf?: (name: string, dir: string) => Record<string, string>
}): Promise<Installation> {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-soak-'))
  fs.chmodSync(dir, 0o755)
  const pgDir = database ?? path.join(dir, 'pg')
  const filesDir = files ?? dir
  let postgres: EmbeddedServer = await startEmbedded(pgDir)
  const databaseUrl = await ensureDatabase(postgres.url, 'troupe')
  const clockFile = path.join(dir, 'clock')
  if (clock) await moveClockOf(databaseUrl)
  const token = 'soak-token-0123456789abcdef'
  const ports = [await freePort(), await freePort()]
  const urls = ports.map((port) => `http://127.0.0.1:${port}`)
  const shared = {
    ...process.env,
    DATABASE_URL: databaseUrl,
    API_TOKEN: token,
    AGENT_TOKEN: `${token}-of-agents`,
    SHARED_FILES_PATH: path.join(filesDir, 'shared'),
    ARTIFACTS_PATH: path.join(filesDir, 'artifacts'),
    DATA_PATH: path.join(filesDir, 'data'),
    CALENDAR_STORAGE_PATH: path.join(filesDir, 'calendars'),
    SIMULATION_OUTPUT_DIR: path.join(filesDir, 'output'),
    SIMULATION_MAX_RUNS: '2',
    DATA_KEYS: Buffer.alloc(32, 7).toString('base64'),
    SECRET_KEY: 'the same for all processes of the soak',
    RATE_LIMIT_PER_MINUTE: '0',
    // Both are there to end hopeless work; here every loss is made on purpose.
    NO_AGENT_TIMEOUT_SECONDS: '1800',
    MAX_REASSIGNMENTS: '50',
    AGENT_HEARTBEAT_INTERVAL: '2',
    LOG_LEVEL: 'error',
    ...(clock ? { CLOCK_FILE: clockFile, NODE_OPTIONS: `--import=${MOVED_CLOCK}` } : {}),
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
  if (clock) await moveDefaultsOf(databaseUrl)
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
    isDatabaseAlive: () => postgres.isAlive(),
    async restartDatabase() {
      if (postgres.isAlive()) process.kill(postgres.pid, 'SIGKILL')
      while (postgres.isAlive()) await sleep(20)
      postgres = await startEmbedded(pgDir)
    },
    async setClock(seconds) {
      fs.writeFileSync(`${clockFile}.new`, String(seconds * 1000))
      fs.renameSync(`${clockFile}.new`, clockFile)
      await asOwner(databaseUrl, (client) =>
        client.query('update clock.set set ahead = make_interval(secs => $1)', [seconds]),
      )
    },
    async close() {
      closing = true
      for (const { child } of members) child.kill('SIGKILL')
      await postgres.stop()
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

// Work of all domains in flight, then either kill -9 of every process of ours and of PostgreSQL and a start at once, or PostgreSQL gone
// for a while: how long until every domain moves again, and whether anything was lost, doubled or repeated.
// Run: node bench/platform/recovery.ts kill [rounds]   or   node bench/platform/recovery.ts outage [seconds]
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { embeddedDataDir, findRunningServer, startEmbedded } from '../../src/kernel/db/embedded-server.ts'
import { ensureDatabase } from '../../src/server/ensure-database.ts'
import { createClient } from '../../test/soak/client.ts'
import { type Job, movieKind, planningKind, simulationKind, taskKind } from '../../test/soak/work.ts'
import { median, say } from '../run/rows.ts'
import { benchFolder, freePort, installationEnv, startUp, stopUp, until } from './_up.ts'

const mode = process.argv[2] === 'outage' ? 'outage' : 'kill'
const ROUNDS = mode === 'kill' ? Number(process.argv[3] ?? 2) : 1
const OUTAGE = mode === 'outage' ? Number(process.argv[3] ?? 60) : 0
const kinds = [taskKind(30), planningKind(), movieKind(24), simulationKind(1500)]
const PER_KIND = [2, 2, 2, 1]

async function alive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** One number a domain that grows whenever something of it happens. */
async function movement(databaseUrl: string, outputDir: string): Promise<Record<string, number>> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query('select domain, count(*)::int as n from kernel.events group by domain')
    const counts = Object.fromEntries(rows.map((row) => [row.domain, row.n]))
    let bytes = 0
    for (const run of fs.existsSync(outputDir) ? fs.readdirSync(outputDir) : []) {
      const file = path.join(outputDir, run, 'events.jsonl')
      if (fs.existsSync(file)) bytes += fs.statSync(file).size
    }
    return { tasks: 0, planning: 0, movies: 0, ...counts, simulation: bytes }
  } finally {
    await client.end()
  }
}

async function one(round: number) {
  const dir = benchFolder()
  const port = await freePort()
  const env = installationEnv(dir, port)
  let database = mode === 'outage' ? await startEmbedded(path.join(dir, 'pg')) : undefined
  if (database) env['DATABASE_URL'] = await ensureDatabase(database.url, 'troupe')
  let up = startUp(env)
  const client = createClient([up.url], undefined)
  await until(async () => ((await (await fetch(`${up.url}/health`)).json()) as any).status === 'healthy')
  await until(async () => (await client.call('GET', '/agents')).agents.length === 5)
  const jobs: Job[] = []
  for (const [i, kind] of kinds.entries())
    for (let n = 0; n < PER_KIND[i]!; n++) jobs.push(await kind.start(client, round * 10 + n))
  const dataDir = embeddedDataDir(path.join(dir, 'home')).dataDir
  const databaseUrl = () => {
    if (env['DATABASE_URL']) return env['DATABASE_URL']
    const url = new URL('postgres://troupe@127.0.0.1/troupe')
    const [, , , listening] = fs.readFileSync(path.join(dataDir, 'postmaster.pid'), 'utf8').split('\n')
    url.port = listening!
    url.password = fs.readFileSync(path.join(path.dirname(dataDir), 'password'), 'utf8').trim()
    return url.href
  }
  const output = path.join(dir, 'output')
  const began = await movement(databaseUrl(), output)
  await until(async () => {
    const now = await movement(databaseUrl(), output)
    return Object.keys(began).every((domain) => now[domain]! > began[domain]!)
  }, 30_000)
  let from: number
  if (database) {
    await database.stop()
    await sleep(OUTAGE * 1000)
    database = await startEmbedded(path.join(dir, 'pg'))
    from = performance.now()
  } else {
    const postgres = findRunningServer(dataDir)!.pid
    const pids = [up.serverPid(), ...up.agentPids(), postgres]
    for (const pid of pids) process.kill(pid, 'SIGKILL')
    from = performance.now()
    // A supervisor starts it again when it sees it gone; the dead are still being buried at that time.
    while (await alive(pids[0]!)) await sleep(2)
    up = startUp(env)
  }
  const before = await until(() => movement(databaseUrl(), output))
  const open = new Set(
    (await Promise.all(jobs.map(async (job) => ((await ended(job).catch(() => false)) ? undefined : job.kind)))).filter(
      (kind) => kind !== undefined,
    ),
  )
  const moved: Record<string, number> = {}
  await until(async () => {
    // Work that waits for a person moves when the person answers; what only had to be told that it has ended moves with that.
    const over = await Promise.all(jobs.map((job) => ended(job).catch(() => false)))
    const now = await movement(databaseUrl(), output)
    for (const domain of open)
      if (now[domain]! > before[domain]! || jobs.every((job, i) => job.kind !== domain || over[i]))
        moved[domain] ??= (performance.now() - from) / 1000
    return [...open].every((domain) => moved[domain] !== undefined)
  }, 60_000)
  async function ended(job: Job): Promise<boolean> {
    return kinds
      .find(({ name }) => name === job.kind)!
      .advance(createClient([up.url], undefined, { patienceMs: 1 }), job)
  }
  const problems: string[] = []
  for (const job of jobs) {
    const kind = kinds.find(({ name }) => name === job.kind)!
    await until(() => kind.advance(client, job), 120_000, 200)
    problems.push(...(await kind.problems(client, job)).map((one) => `${job.kind} ${job.id}: ${one}`))
  }
  const db = new pg.Client({ connectionString: databaseUrl() })
  await db.connect()
  const { rows: twice } = await db.query(
    `select count(*)::int as n from (select 1 from kernel.events where type = 'assignment.completed' group by data->>'assignment_id' having count(*) > 1) d`,
  )
  await db.end()
  await stopUp(up)
  await database?.stop()
  fs.rmSync(dir, { recursive: true, force: true })
  return { moved, problems, repeated: twice[0].n as number }
}

/** The floor: PostgreSQL alone, killed with a pool's worth of work in its log, to its first answer. */
async function floor(): Promise<number> {
  const dir = benchFolder()
  let server = await startEmbedded(path.join(dir, 'pg'))
  const first = new pg.Client({ connectionString: server.url })
  first.on('error', () => undefined)
  await first.connect()
  await first.query('create table t as select g, repeat($1, 100) from generate_series(1, 20000) g', ['x'])
  const from = performance.now()
  process.kill(server.pid, 'SIGKILL')
  while (server.isAlive()) await sleep(2)
  server = await startEmbedded(path.join(dir, 'pg'))
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  await client.query('select 1')
  const ms = performance.now() - from
  await client.end()
  await server.stop()
  fs.rmSync(dir, { recursive: true, force: true })
  return ms / 1000
}

const all: Awaited<ReturnType<typeof one>>[] = []
for (let round = 0; round < ROUNDS; round++) all.push(await one(round))
const slowest = all.map(({ moved }) => Math.max(...Object.values(moved)))
const floors = mode === 'kill' ? [await floor(), await floor(), await floor()] : []
const problems = all.flatMap((round) => round.problems)
const what =
  mode === 'kill' ? 'kill -9 of everything and PostgreSQL, started at once' : `PostgreSQL gone for ${OUTAGE} s, back`
say({
  what: `${what}: until the last domain moves`,
  unit: 's',
  value: Number(median(slowest).toFixed(2)),
  worst: Number(Math.max(...slowest).toFixed(2)),
  bar: { at: 'most', value: mode === 'kill' ? 3 : 5 },
  ...(floors.length > 0
    ? { peer: { name: 'PostgreSQL alone, killed and started, first answer', value: Number(median(floors).toFixed(2)) } }
    : {}),
  note: all
    .map(({ moved }) =>
      Object.entries(moved)
        .map(([domain, s]) => `${domain} ${s.toFixed(1)}`)
        .join(', '),
    )
    .join(' / '),
})
say({
  what: `${what}: lost, wrong or doubled`,
  unit: 'jobs',
  value: problems.length,
  bar: { at: 'most', value: 0 },
  ...(problems.length > 0 ? { note: problems.slice(0, 3).join('; ') } : {}),
})
say({
  what: `${what}: finished steps repeated`,
  unit: 'steps',
  value: all.reduce((sum, { repeated }) => sum + repeated, 0),
  bar: { at: 'most', value: 0 },
})

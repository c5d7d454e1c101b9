// Steady work of all domains at a low rate on one installation, watched for what grows: memory of each process after garbage collection,
// what it holds open, connections of the database. Ends with 1 when something grows by the rule of test/soak/trend.ts, or a result is wrong.
//   npm run soak:steady -- [minutes=30] [--pause 4] [--warm 0.25]
// --pause: seconds between jobs of a kind; --warm: share of the time that does not count, in which caches fill.
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { openDb } from '../../src/kernel/db/database.ts'
import { createClient } from './client.ts'
import { faultsOfStore } from './look.ts'
import { startInstallation, TOKEN } from './processes.ts'
import { trendOf } from './trend.ts'
import { watch } from './watch.ts'
import { type Job, movieKind, planningKind, simulationKind, taskKind } from './work.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { pause: { type: 'string', default: '4' }, warm: { type: 'string', default: '0.25' } },
})
const MINUTES = Number(positionals[0] ?? 30)
/** What is watched: by how much of its median, and by how much at least, an hour may add to it. */
const RULES = {
  rss_mb: [0.15, 20],
  heap_mb: [0.1, 5],
  outside_mb: [0.2, 5],
  handles: [0.1, 3],
  sockets: [0.1, 3],
  timers: [0.1, 3],
  files: [0.1, 3],
} as const
type Sample = { at: number } & Record<keyof typeof RULES, number>

const sampler = path.resolve(import.meta.dirname, 'sampler.mjs')
const installation = await startInstallation({
  workers: 1,
  agents: 2,
  envOf: (name, dir) => ({ NODE_OPTIONS: `--import ${sampler}`, SAMPLE_FILE: path.join(dir, `${name}.samples`) }),
})
console.error(`installation: ${installation.dir}`)
const client = createClient(installation.urls, TOKEN)
const watchers = installation.urls.map((url) => watch(url, TOKEN))
const db = openDb({ url: installation.databaseUrl, max: 2, applicationName: 'soak' })
const until = Date.now() + MINUTES * 60_000
const started = Date.now()
const jobs: Job[] = []
const wrong: string[] = []
const ended: Record<string, number> = {}
let n = 0
const connections: { at: number; value: number }[] = []
const counting = setInterval(() => {
  void db
    .query(`select count(*)::int as n from pg_stat_activity where datname = current_database()`)
    .then(({ rows }) => connections.push({ at: Date.now(), value: rows[0]!['n'] as number }))
}, 10_000)

await Promise.all(
  [taskKind(), planningKind(), movieKind(), simulationKind()].map(async (kind) => {
    while (Date.now() < until) {
      try {
        const job = await kind.start(client, n++)
        jobs.push(job)
        while (!(await kind.advance(client, job))) await sleep(500)
        wrong.push(...(await kind.problems(client, job)).map((problem) => `${kind.name} ${job.id}: ${problem}`))
        ended[kind.name] = (ended[kind.name] ?? 0) + 1
      } catch (error) {
        wrong.push(`${kind.name}: ${(error as Error).message}`)
      }
      await sleep(Number(values.pause) * 1000)
    }
  }),
)
clearInterval(counting)
const faults = await faultsOfStore(db, jobs)
const from = started + (Date.now() - started) * Number(values.warm)
const counted = <T extends { at: number }>(all: readonly T[]) => all.filter(({ at }) => at >= from)
const round = (value: number) => Number(value.toFixed(1))
const growing: string[] = []
const table: Record<string, unknown>[] = []
const look = (who: string, what: string, points: { at: number; value: number }[], share: number, least: number) => {
  const { perHour, median, z, grows } = trendOf(counted(points), share, least)
  if (grows) growing.push(`${who} ${what}`)
  table.push({
    who,
    what,
    median: round(median),
    per_hour: round(perHour),
    z: round(z),
    samples: counted(points).length,
    grows,
  })
}
for (const { name } of installation.members) {
  const file = path.join(installation.dir, `${name}.samples`)
  const samples = fs
    .readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Sample)
  for (const [what, [share, least]] of Object.entries(RULES) as [keyof typeof RULES, [number, number]][])
    look(
      name,
      what,
      samples.map((sample) => ({ at: sample.at, value: sample[what] })),
      share,
      least,
    )
}
look('database', 'connections', connections, 0.1, 3)
for (const watcher of watchers) watcher.close()
await db.close()
console.table(table)
console.log(
  JSON.stringify(
    { minutes: round((Date.now() - started) / 60_000), jobs_ended: ended, wrong, faults, growing },
    null,
    2,
  ),
)
await installation.close()
process.exit(growing.length + wrong.length === 0 && Object.values(faults).every((count) => count === 0) ? 0 : 1)

// kill -9 over mixed work of all domains: two servers, two workers and four agents on one PostgreSQL; jobs of every kind keep coming while
// one of the processes is killed every few seconds and started again. At the end every job must have its one right result, every
// event stream no gap, and every watcher must have seen every event.
//   npm run soak:kill -- [--kills 50] [--every 2] [--seed 1] [--kinds tasks,planning,movies,simulation] [--open 4] [--patience 15] [--database]
// --open: jobs of a kind at work at a time; --patience: minutes a job may take, more where processes are killed before they have started;
// --database: every fifth kill hits PostgreSQL (the same as DATABASE=1).
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { openDb } from '../../src/kernel/db/database.ts'
import { seeded } from '../trust/_values.ts'
import { createClient } from './client.ts'
import { startLoad } from './load.ts'
import { faultsOfStore } from './look.ts'
import { startInstallation, TOKEN } from './processes.ts'
import { watch } from './watch.ts'
import { movieKind, planningKind, simulationKind, taskKind } from './work.ts'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    every: { type: 'string', default: '2' },
    seed: { type: 'string', default: '1' },
    kinds: { type: 'string', default: 'tasks,planning,movies,simulation' },
    open: { type: 'string', default: '4' },
    workers: { type: 'string', default: '2' },
    agents: { type: 'string', default: '4' },
    patience: { type: 'string', default: '15' },
    database: { type: 'boolean', default: Boolean(process.env['DATABASE']) },
  },
})
const random = seeded(Number(values.seed))
const chosen = values.kinds.split(',')
const kinds = [taskKind(), planningKind(), movieKind(), simulationKind()].filter(({ name }) => chosen.includes(name))

const installation = await startInstallation({ workers: Number(values.workers), agents: Number(values.agents) })
const { urls, members } = installation
console.error(`installation: ${installation.dir}`)
const client = createClient(urls, TOKEN, { patienceMs: 900_000 })
const watchers = urls.map((url) => watch(url, TOKEN))
const load = startLoad(client, kinds, Number(values.open), Number(values.patience) * 60_000)

const killed: Record<string, number> = {}
const started = Date.now()
const KILLS = Number(values.kills)
for (let i = 0; i < KILLS; i++) {
  await sleep(Number(values.every) * 1000 * (0.5 + random()))
  if (values.database && i % 5 === 4) {
    await installation.restartDatabase()
    killed['postgres'] = (killed['postgres'] ?? 0) + 1
  } else {
    // Whoever is up: a process killed while it starts was never at work.
    const from = Math.floor(random() * members.length)
    const member = await installation.firstReady(from)
    await installation.killAndRestart(member)
    const kind = member.name.split('_')[0]!
    killed[kind] = (killed[kind] ?? 0) + 1
  }
  if (i % 25 === 24) console.error(`${i + 1} kills, ${JSON.stringify(load.ended)}, ${load.wrong.length} wrong`)
}
const lastKill = Date.now()
await load.stop()
const settled = (Date.now() - lastKill) / 1000
await sleep(3_000)

const db = openDb({ url: installation.databaseUrl, max: 2, applicationName: 'soak' })
const faults = await faultsOfStore(db, load.jobs)
const { rows: all } = await db.query('select id from kernel.events')
const ids = all.map((row) => row['id'] as string)
const seen = watchers.map((watcher) => ({
  reconnects: watcher.reconnects,
  seen: watcher.seen.size,
  repeats: watcher.repeats,
  missed: ids.filter((id) => !watcher.seen.has(id)).length,
}))
for (const watcher of watchers) watcher.close()
await db.close()
const report = {
  kills: killed,
  minutes: Number(((lastKill - started) / 60_000).toFixed(1)),
  jobs_ended: load.ended,
  wrong: load.wrong,
  faults,
  events: ids.length,
  calls_repeated_by_the_client: client.repeated,
  seconds_until_all_settled: Number(settled.toFixed(1)),
  watchers: seen,
}
console.log(JSON.stringify(report, null, 2))
const good =
  load.wrong.length === 0 &&
  Object.values(faults).every((count) => count === 0) &&
  seen.every(({ missed }) => missed === 0)
if (good) await installation.close()
else {
  console.error(`kept for a look: ${installation.dir}`)
  for (const { child } of members) child.kill('SIGKILL')
}
process.exit(good ? 0 : 1)

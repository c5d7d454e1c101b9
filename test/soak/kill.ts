// kill -9 over mixed work: two servers, two workers and four agents on one PostgreSQL; jobs keep coming while one of the processes is
// killed every few seconds and started again. At the end every job must have its one right result, and every event stream no gap.
// Run: node test/soak/kill.ts [kills=50] [seconds between=2] [seed=1]   (DATABASE=1 kills PostgreSQL, too)
import { setTimeout as sleep } from 'node:timers/promises'
import WebSocket from 'ws'
import { openDb } from '../../src/kernel/db/database.ts'
import { seeded } from '../trust/_values.ts'
import { call, startInstallation, TOKEN } from './processes.ts'

const KILLS = Number(process.argv[2] ?? 50)
const EVERY_SECONDS = Number(process.argv[3] ?? 2)
const random = seeded(Number(process.argv[4] ?? 1))
const STEPS = 4
const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1))

const installation = await startInstallation({ workers: 2, agents: 4 })
const { urls, members } = installation
let stop = false
const jobs: { id: string; numbers: number[] }[] = []
const refused = { count: 0 }

/** A client that repeats what it is not sure of, under the same idempotency key, at whichever server answers. */
async function submit(n: number): Promise<void> {
  const numbers = Array.from({ length: STEPS }, () => 3 + Math.floor(random() * 15))
  const description = numbers.map((one, i) => `${i + 1}. Calculate factorial of ${one}`).join('\n')
  for (let tries = 0; ; tries++) {
    const url = urls[(n + tries) % urls.length]!
    const answer = await fetch(`${url}/tasks`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', 'idempotency-key': `job-${n}` },
      body: JSON.stringify({ description }),
      signal: AbortSignal.timeout(15_000),
    }).catch(() => undefined)
    if (answer?.ok) {
      jobs.push({ id: ((await answer.json()) as { task_id: string }).task_id, numbers })
      return
    }
    if (answer && answer.status < 500) throw new Error(`refused: ${answer.status} ${await answer.text()}`)
    refused.count++
    await sleep(200)
  }
}
const loading = (async () => {
  for (let n = 0; !stop; n++) {
    await submit(n)
    await sleep(250)
  }
})()

/** A watcher per server that reconnects with its cursor: what it has seen must be all there is. */
const watchers = urls.map((url) => {
  const watcher = { seen: new Set<string>(), repeats: 0, reconnects: -1, cursor: '' }
  const connect = () => {
    if (stop) return
    watcher.reconnects++
    const socket = new WebSocket(
      `${url.replace('http', 'ws')}/v1/live?domain=tasks${watcher.cursor ? `&since=${watcher.cursor}` : ''}`,
      {
        headers: { authorization: `Bearer ${TOKEN}` },
      },
    )
    socket.on('message', (raw) => {
      const frame = JSON.parse(String(raw)) as { events: { id: string }[]; cursor: string }
      for (const { id } of frame.events) {
        if (watcher.seen.has(id)) watcher.repeats++
        watcher.seen.add(id)
      }
      watcher.cursor = frame.cursor
    })
    socket.on('error', () => undefined)
    socket.on('close', () => setTimeout(connect, 300))
  }
  connect()
  return watcher
})

const killed: Record<string, number> = {}
const started = Date.now()
for (let i = 0; i < KILLS; i++) {
  await sleep(EVERY_SECONDS * 1000)
  if (process.env['DATABASE'] && i % 5 === 4) {
    await installation.restartDatabase()
    killed['postgres'] = (killed['postgres'] ?? 0) + 1
    continue
  }
  const member = members[Math.floor(random() * members.length)]!
  await installation.killAndRestart(member)
  const kind = member.name.split('_')[0]!
  killed[kind] = (killed[kind] ?? 0) + 1
}
stop = true
await loading
const lastKill = Date.now()

const db = openDb({ url: installation.databaseUrl, max: 2, applicationName: 'soak' })
const open = async () =>
  (
    await db.query(
      `select count(*)::int as n from tasks.tasks where status not in ('completed', 'failed', 'cancelled')`,
    )
  ).rows[0]!['n'] as number
while ((await open()) > 0 && Date.now() - lastKill < 300_000) await sleep(250)
const settled = (Date.now() - lastKill) / 1000

let wrong = 0
const states: Record<string, number> = {}
for (const { id, numbers } of jobs) {
  const { task, subtask_results } = await call(urls[0]!, 'GET', `/tasks/${id}`)
  states[task.status] = (states[task.status] ?? 0) + 1
  const right =
    task.status === 'completed' &&
    subtask_results.length === STEPS &&
    numbers.every((n) => task.result.data[`factorial_${n}`] === factorial(n))
  if (!right) wrong++
}
const { rows: doubled } = await db.query(
  `select count(*)::int as n from (select 1 from kernel.events where domain = 'tasks' and type = 'assignment.completed' group by data->>'assignment_id' having count(*) > 1) d`,
)
const { rows: gaps } = await db.query(
  `select count(*)::int as n from (select stream, max(seq) - count(*) as missing from kernel.events group by stream) s where missing <> 0`,
)
const { rows: extra } = await db.query('select count(*)::int as n from tasks.tasks')
await sleep(2_000)
const { rows: all } = await db.query(`select id from kernel.events where domain = 'tasks'`)
const unseen = watchers.map((watcher) => all.filter((row) => !watcher.seen.has(row['id'])).length)
await db.close()
const report = {
  kills: killed,
  minutes: Number(((lastKill - started) / 60_000).toFixed(1)),
  jobs: jobs.length,
  tasks_stored: extra[0]!['n'],
  states,
  wrong_or_lost: wrong,
  completed_twice: doubled[0]!['n'],
  streams_with_gaps: gaps[0]!['n'],
  requests_repeated_by_the_client: refused.count,
  seconds_until_all_settled: Number(settled.toFixed(1)),
  watchers: watchers.map(({ reconnects, repeats, seen }, i) => ({
    reconnects,
    seen: seen.size,
    repeats,
    missed: unseen[i],
  })),
}
console.log(JSON.stringify(report, null, 2))
const good =
  wrong === 0 &&
  report.completed_twice === 0 &&
  report.streams_with_gaps === 0 &&
  report.tasks_stored === jobs.length &&
  unseen.every((n) => n === 0)
if (good) await installation.close()
else console.error(`kept for a look: ${installation.dir}`)
process.exit(good ? 0 : 1)

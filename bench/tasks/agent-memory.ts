// Resident memory of own agent processes, as the operating system counts it: idle, after 300 jobs of the usual kinds, and after
// charts. Linux only (reads /proc). Run: node bench/tasks/agent-memory.ts [jobs]
import fs from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { ended, startInstallation } from './_start.ts'

const JOBS = Number(process.argv[2] ?? 300)
const BAR_MB = 90
const ROWS = Array.from({ length: 50 }, (_, i) => ({
  city: ['Oslo', 'Lima', 'Cairo'][i % 3],
  units: i,
  price: i * 1.5,
}))
const KINDS: readonly ((i: number) => Record<string, unknown>)[] = [
  (i) => ({ description: `Calculate factorial of ${(i % 50) + 1}` }),
  (i) => ({ description: `Run SQL: SELECT ${i} AS n` }),
  (i) => ({ description: `Calculate sum of 1 to ${i + 1}, then calculate product of 1 to 5, then combine results` }),
  () => ({ description: 'Analyze the rows: total units by city', input_data: { rows: ROWS } }),
]

const memoryOf = (pid: number) => {
  const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8')
  const mb = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)![1]) / 1024
  return { rss: mb('VmRSS'), anonymous: mb('RssAnon'), file: mb('RssFile') }
}

const installation = await startInstallation(5)
const figures: Record<string, unknown>[] = []
function measure(when: string) {
  const all = installation.agents.pids.map(memoryOf)
  const largest = all.toSorted((a, b) => b.rss - a.rss)[0]!
  figures.push({
    when,
    largest_rss_mb: Number(largest.rss.toFixed(1)),
    of_it_anonymous_mb: Number(largest.anonymous.toFixed(1)),
    all_mb: all.map(({ rss }) => Number(rss.toFixed(1))),
    bar_mb: BAR_MB,
    ok: largest.rss <= BAR_MB,
  })
}
try {
  await sleep(4_000) // one heartbeat later
  measure('idle')
  const ids: string[] = []
  for (let i = 0; i < JOBS; i++)
    ids.push((await installation.call('POST', '/tasks', KINDS[i % KINDS.length]!(i))).task_id)
  let failed = 0
  for (const id of ids) if ((await ended(installation, id)).status !== 'completed') failed++
  await sleep(2_000)
  measure(`after ${JOBS} jobs (${failed} failed)`)
  await sleep(4_000)
  measure('the same, 15 s later')
  for (let i = 0; i < 5; i++) {
    const body = new FormData()
    body.set(
      'description',
      'Analyze the attached CSV: total revenue by region, top products, monthly trends, with charts',
    )
    body.append('files', new Blob([fs.readFileSync('examples/sales.csv')]), 'sales.csv')
    const reply = await fetch(`${installation.server.url}/tasks`, { method: 'POST', body })
    await ended(installation, ((await reply.json()) as { task_id: string }).task_id)
  }
  await sleep(4_000)
  measure('after charts')
} finally {
  await installation.stop()
}
console.table(figures)
process.exitCode = figures.every(({ ok }) => ok) ? 0 : 1

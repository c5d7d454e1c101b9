// A CSV of 1,000,000 rows through the whole way: upload, an agent process, grouping, trend, charts, page. Time and the largest
// resident memory of server and agent. Linux only (reads /proc). Run: node bench/tasks/million-rows.ts [rows]
import fs from 'node:fs'
import { ended, startInstallation } from './_start.ts'

const ROWS = Number(process.argv[2] ?? 1_000_000)
const BAR_MB = 2_048
const REGIONS = ['North', 'South', 'East', 'West', 'Centre']
const PRODUCTS = 'ABCDEFGHIJ'

/** The same table every time; the sums are known beforehand. */
function table(): { csv: string; sums: Record<string, number> } {
  const sums: Record<string, number> = {}
  const lines = ['date,region,product,units,revenue']
  for (let i = 0; i < ROWS; i++) {
    const region = REGIONS[i % 5]!
    const revenue = (i * 7919) % 5000
    sums[region] = (sums[region] ?? 0) + revenue
    const date = new Date(Date.UTC(2024, 0, 1 + (i % 730))).toISOString().slice(0, 10)
    lines.push(`${date},${region},${PRODUCTS[(i >> 3) % 10]},${i % 13},${revenue}`)
  }
  return { csv: lines.join('\n'), sums }
}

const peakOf = (pid: number | 'self') =>
  Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024)

const { csv, sums } = table()
const before = peakOf('self')
const installation = await startInstallation(5)
try {
  const body = new FormData()
  body.set(
    'description',
    'Analyze the attached CSV: total revenue by region, top products, monthly trends, with charts',
  )
  body.append('files', new Blob([csv]), 'sales.csv')
  const started = performance.now()
  const reply = await fetch(`${installation.server.url}/tasks`, { method: 'POST', body })
  const { task_id: id } = (await reply.json()) as { task_id: string }
  const uploaded = performance.now()
  const task = await ended(installation, id)
  const seconds = (performance.now() - uploaded) / 1000
  const found = Object.entries(task.result?.data.by_region ?? {}).map(([name, value]: any) => [name, value.revenue.sum])
  const right =
    JSON.stringify(Object.fromEntries(found.sort())) === JSON.stringify(Object.fromEntries(Object.entries(sums).sort()))
  const peaks = installation.agents.pids.map((pid) => peakOf(pid))
  console.table([
    {
      rows: task.result?.data.row_count,
      file_mb: Math.round(csv.length / 1_048_576),
      status: task.status,
      sums_right: right,
      upload_s: Number(((uploaded - started) / 1000).toFixed(1)),
      seconds: Number(seconds.toFixed(1)),
      agent_peak_mb: Math.max(...peaks),
      server_peak_mb: peakOf('self'),
      with_the_table_itself_mb: before,
      bar_mb: BAR_MB,
    },
  ])
  if (task.error) console.error(task.error)
  process.exitCode = right && Math.max(...peaks) <= BAR_MB ? 0 : 1
} finally {
  await installation.stop()
}

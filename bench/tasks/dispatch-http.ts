// Subtasks per second through real agent processes over HTTP: POST /tasks → POST /execute → POST …/result → stored, its page
// published, durability on. No-op agents in processes of their own, so that the server and the protocol are measured, not skills.
// Run: node bench/tasks/dispatch-http.ts [subtasks] [rounds] [agents]

import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { treeCpuSeconds } from '../_cpu.ts'
import { startInstallation } from './_start.ts'

const COUNT = Number(process.argv[2] ?? 2_000)
const ROUNDS = Number(process.argv[3] ?? 3)
const AGENTS = Number(process.argv[4] ?? 100)
const BAR = 300

const installation = await startInstallation(0)
const { server, call } = installation
const processes = Array.from({ length: 4 }, (_, i) =>
  spawn(
    process.execPath,
    [path.resolve(import.meta.dirname, '_no-op-agents.mjs'), server.url, String(i * 100 + 1), String(AGENTS / 4)],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  ),
)
const { rows: place } = await server.kernel.db.query('show data_directory')
const postgres = Number(
  fs.readFileSync(path.join(place[0]!['data_directory'], 'postmaster.pid'), 'utf8').split('\n')[0],
)
/** Seconds of processor time so far, by who used it. */
const used = () => {
  const { user, system } = process.cpuUsage()
  return {
    server: (user + system) / 1e6,
    postgres: treeCpuSeconds(postgres),
    agents: processes.reduce((sum, { pid }) => sum + treeCpuSeconds(pid!), 0),
  }
}
const rates: number[] = []
let cpu: Record<string, number> = {}
try {
  while ((await call('GET', '/agents')).agents.length < AGENTS) await sleep(50)
  const before = used()
  for (let round = 0; round < ROUNDS; round++) {
    const started = performance.now()
    const jobs = Math.ceil(COUNT / 100)
    const description = Array.from(
      { length: 100 },
      (_, i) => `${i + 1}. Calculate factorial of ${i} independently`,
    ).join('\n')
    await Promise.all(Array.from({ length: jobs }, () => call('POST', '/tasks', { description })))
    for (;;) {
      // Plans, not assignments: a watcher that counts thousands of rows would be measured with what it watches.
      const { rows } = await server.kernel.db.query(
        `select count(*)::int as n from kernel.plans where status = 'settled'`,
      )
      if (rows[0]!['n'] >= jobs * (round + 1)) break
      await sleep(100)
    }
    rates.push((jobs * 100) / ((performance.now() - started) / 1000))
  }
  const subtasks = ROUNDS * Math.ceil(COUNT / 100) * 100
  const { rows: all } = await server.kernel.db.query(
    `select count(*)::int as n from kernel.assignments where status = 'completed'`,
  )
  if (all[0]!['n'] !== subtasks) throw new Error(`${all[0]!['n']} of ${subtasks} subtasks completed`)
  cpu = Object.fromEntries(
    Object.entries(used()).map(([who, seconds]) => [
      who,
      Number((((seconds - before[who as keyof typeof before]) * 1000) / subtasks).toFixed(2)),
    ]),
  )
} finally {
  for (const child of processes) child.kill('SIGKILL')
  await installation.stop()
}
const median = rates.toSorted((a, b) => a - b)[Math.floor(rates.length / 2)]!
console.log(
  JSON.stringify({
    cpu_ms_per_subtask: cpu,
    load_average: os.loadavg().map((one) => Number(one.toFixed(1))),
    subtasks: COUNT,
    agents: AGENTS,
    rounds: rates.map(Math.round),
    per_second_median: Math.round(median),
    bar: BAR,
    ok: median >= BAR,
  }),
)
process.exitCode = median >= BAR ? 0 : 1

// What waiting costs and how fast an answer moves a run: 10,000 runs that wait for a person, CPU of this process and of PostgreSQL
// while nothing happens, then answers one after another and all at once. Run: node bench/kernel/waiting.ts [runs] [idle seconds] [seconds before]
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { loadConfig } from '../../src/kernel/config/load-config.ts'
import { systemCtx } from '../../src/kernel/context.ts'
import { createKernel } from '../../src/kernel/create-kernel.ts'
import { openDb } from '../../src/kernel/db/database.ts'
import { startEmbedded } from '../../src/kernel/db/embedded-server.ts'
import { migrate } from '../../src/kernel/db/migrate.ts'
import { answerDecision } from '../../src/kernel/decisions/answer-decision.ts'
import { startEngine } from '../../src/kernel/runs/engine.ts'
import { ask, defineFlow, done } from '../../src/kernel/runs/flow.ts'
import { registerFlow } from '../../src/kernel/runs/flows.ts'
import { startRun } from '../../src/kernel/runs/start-run.ts'
import { treeCpuSeconds } from '../_cpu.ts'

const RUNS = Number(process.argv[2] ?? 10_000)
const IDLE_SECONDS = Number(process.argv[3] ?? 20)
const SETTLE_SECONDS = Number(process.argv[4] ?? 20)
const quiet = () => undefined
const continued = new Map<string, (at: number) => void>()
const flow = defineFlow<Record<string, never>>({
  kind: 'bench.waiting',
  domain: 'bench',
  first: 'ask@1',
  stages: {
    'ask@1': async (run) =>
      ask(
        { id: `q-${run.id}`, domain: 'bench', kind: 'approve', type: 'bench', title: 'Go on?', prompt: 'Go on?' },
        'next@1',
      ),
    'next@1': async (run) => {
      continued.get(run.id)?.(performance.now())
      return done()
    },
  },
})

const percentile = (values: number[], share: number) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]!

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-bench-'))
fs.chmodSync(home, 0o755)
const server = await startEmbedded(home)
const db = openDb({ url: server.url, max: 10, applicationName: 'bench' })
await migrate(db, [{ schema: 'kernel', dir: path.resolve(import.meta.dirname, '../../src/kernel/db/migrations') }])
const kernel = createKernel({
  config: loadConfig({}),
  db,
  log: { debug: quiet, info: quiet, warn: quiet, error: (fields, message) => console.error(message, fields) },
})
await kernel.notifier.start()
registerFlow(flow)
const engine = await startEngine({ kernel, databaseUrl: server.url, role: 'bench', poolSize: 10 })
const ids: string[] = []
const started = performance.now()
for (let i = 0; i < RUNS; i += 500)
  await db.transaction(async (tx) => {
    for (let j = 0; j < Math.min(500, RUNS - i); j++)
      ids.push((await startRun(tx, systemCtx(kernel), flow, { title: 'Waits', state: {} })).id)
  })
for (;;) {
  const { rows } = await db.query(`select count(*)::int as n from kernel.runs where status = 'waiting'`)
  if (rows[0]!['n'] === RUNS) break
  await sleep(200)
}
const allWaiting = (performance.now() - started) / 1000
await sleep(SETTLE_SECONDS * 1000) // what the start of so many runs left to do is not idleness
const [cpuBefore, pgBefore] = [process.cpuUsage(), treeCpuSeconds(server.pid)]
await sleep(IDLE_SECONDS * 1000)
const used = process.cpuUsage(cpuBefore)
const idle = {
  node_percent: ((used.user + used.system) / 1e6 / IDLE_SECONDS) * 100,
  postgres_percent: ((treeCpuSeconds(server.pid) - pgBefore) / IDLE_SECONDS) * 100,
}

const answer = async (id: string): Promise<number> => {
  const reached = new Promise<number>((resolve) => continued.set(id, resolve))
  const from = performance.now()
  await answerDecision(systemCtx(kernel), `q-${id}`, { choice: 'approve' })
  return (await reached) - from
}
const latencies: number[] = []
for (const id of ids.slice(0, 200)) latencies.push(await answer(id))
const burst = performance.now()
await Promise.all(ids.slice(200, 700).map(answer))
const perSecond = 500 / ((performance.now() - burst) / 1000)
console.log(
  JSON.stringify({
    runs: RUNS,
    seconds_until_all_wait: Math.round(allWaiting),
    idle_cpu_percent_of_a_core: {
      node: Number(idle.node_percent.toFixed(2)),
      postgres: Number(idle.postgres_percent.toFixed(2)),
    },
    answer_to_next_step_ms: {
      p50: Number(percentile(latencies, 0.5).toFixed(1)),
      p95: Number(percentile(latencies, 0.95).toFixed(1)),
    },
    answers_per_second: Math.round(perSecond),
  }),
)
await engine.stop()
await kernel.notifier.close()
await db.close()
await server.stop()
fs.rmSync(home, { recursive: true, force: true })

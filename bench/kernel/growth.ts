// What one run costs among ten and among ten thousand. For each size: so many runs of two stages with a write each, started at once and
// waited for, per run in time and in processor time of this process and of PostgreSQL; then so many runs that wait, one answer and one
// page of runs among them. Run: node bench/kernel/growth.ts [runs …]
import fs from 'node:fs'
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
import { ask, defineFlow, done, next } from '../../src/kernel/runs/flow.ts'
import { registerFlow } from '../../src/kernel/runs/flows.ts'
import { startRun } from '../../src/kernel/runs/start-run.ts'
import { listRuns } from '../../src/kernel/runs/store.ts'
import { benchFolder } from '../platform/_up.ts'
import { median, quantile, say } from '../run/rows.ts'

const SIZES = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [10, 100, 1_000, 10_000]
const quiet = () => undefined
const continued = new Map<string, () => void>()
const work = defineFlow<Record<string, never>>({
  kind: 'bench.work',
  domain: 'bench',
  first: 'first@1',
  stages: {
    'first@1': async (run) => {
      await run.write('write', (tx) => tx.query('insert into bench_ledger (run) values ($1)', [run.id]))
      return next('second@1')
    },
    'second@1': async (run) => {
      await run.write('write', (tx) => tx.query('insert into bench_ledger (run) values ($1)', [run.id]))
      return done()
    },
  },
})
const wait = defineFlow<Record<string, never>>({
  kind: 'bench.wait',
  domain: 'bench',
  first: 'ask@1',
  stages: {
    'ask@1': async (run) =>
      ask(
        { id: `q-${run.id}`, domain: 'bench', kind: 'approve', type: 'bench', title: 'Go?', prompt: 'Go?' },
        'next@1',
      ),
    'next@1': async (run) => {
      continued.get(run.id)?.()
      return done()
    },
  },
})

const dir = benchFolder()
const server = await startEmbedded(path.join(dir, 'pg'))
const db = openDb({ url: server.url, max: 10, applicationName: 'bench' })
await migrate(db, [{ schema: 'kernel', dir: path.resolve(import.meta.dirname, '../../src/kernel/db/migrations') }])
await db.query('create table bench_ledger (id serial primary key, run text)')
const kernel = createKernel({
  config: loadConfig({}),
  db,
  log: { debug: quiet, info: quiet, warn: quiet, error: (fields, message) => console.error(message, fields) },
})
await kernel.notifier.start()
registerFlow(work)
registerFlow(wait)
const engine = await startEngine({ kernel, databaseUrl: server.url, role: 'bench', poolSize: 10 })

async function start(flow: typeof work, count: number): Promise<string[]> {
  const ids: string[] = []
  for (let i = 0; i < count; i += 500)
    await db.transaction(async (tx) => {
      for (let j = i; j < Math.min(count, i + 500); j++)
        ids.push((await startRun(tx, systemCtx(kernel), flow, { title: 'Bench', state: {} })).id)
    })
  return ids
}
async function reach(kind: string, status: string, count: number): Promise<void> {
  for (;;) {
    const { rows } = await db.query('select count(*)::int as n from kernel.runs where kind = $1 and status = $2', [
      kind,
      status,
    ])
    if (rows[0]!['n'] >= count) return
    await sleep(count > 1_000 ? 100 : 5)
  }
}
const timed = async (act: () => Promise<unknown>) => {
  const from = performance.now()
  await act()
  return performance.now() - from
}

await start(work, 20)
await reach('bench.work', 'completed', 20)
let finished = 20
let waiting = 0
const table: { size: number; each: number; cpu: number; answer: number; page: number }[] = []
for (const size of SIZES) {
  // Small sizes are repeated: ten runs alone are over before a clock has said much.
  const rounds = Math.max(1, Math.min(5, Math.floor(500 / size)))
  const each: number[] = []
  const cpus: number[] = []
  for (let round = 0; round < rounds; round++) {
    const cpu = process.cpuUsage()
    each.push(
      (await timed(async () => {
        await start(work, size)
        finished += size
        await reach('bench.work', 'completed', finished)
      })) / size,
    )
    const { user, system } = process.cpuUsage(cpu)
    cpus.push((user + system) / 1000 / size)
  }
  const ids = await start(wait, size)
  waiting += size
  await reach('bench.wait', 'waiting', waiting)
  const answers: number[] = []
  for (const id of ids.slice(0, Math.min(50, size))) {
    const reached = new Promise<void>((resolve) => continued.set(id, resolve))
    answers.push(
      await timed(async () => {
        await answerDecision(systemCtx(kernel), `q-${id}`, { choice: 'approve' })
        await reached
      }),
    )
    waiting--
  }
  const pages: number[] = []
  for (let i = 0; i < 20; i++) pages.push(await timed(() => listRuns(db, { status: ['waiting'] } as never, 50, 0)))
  table.push({ size, each: median(each), cpu: median(cpus), answer: quantile(answers, 0.95), page: median(pages) })
}
const { rows: bytes } = await db.query(
  `select sum(pg_total_relation_size(c.oid))::bigint as n from pg_class c join pg_namespace s on s.oid = c.relnamespace where c.relkind = 'r' and s.nspname in ('kernel', 'dbos')`,
)
for (const { size, each, cpu, answer, page } of table) {
  const note = `answer p95 ${answer.toFixed(1)} ms and a page of 50 runs ${page.toFixed(1)} ms among ${size} waiting; ${cpu.toFixed(2)} ms of the server's processor time a run`
  say({ what: `${size} runs of two stages at once, each`, unit: 'ms', value: Number(each.toFixed(2)), note })
}
const small = table.find(({ size }) => size >= 100) ?? table[0]!
const large = table.at(-1)!
say({
  what: `a run among ${large.size} against one among ${small.size}`,
  unit: 'times the time',
  value: Number((large.each / small.each).toFixed(2)),
  note: `processor time ${(large.cpu / small.cpu).toFixed(2)} times, answer ${(large.answer / small.answer).toFixed(2)} times`,
})
const all = finished + SIZES.reduce((sum, size) => sum + size, 0)
say({
  what: 'disk a run takes, with its events and steps',
  unit: 'kB',
  value: Number((Number(bytes[0]!['n']) / all / 1000).toFixed(1)),
})
await engine.stop()
await kernel.notifier.close()
await db.close()
await server.stop()
fs.rmSync(dir, { recursive: true, force: true })
process.exit(0)

// The load table of the movie contract (6.1) against a whole server on a PostgreSQL of its own: requests over HTTP, agents that
// answer at once, media as the smallest files of the right kind. Prints each row with its limit; ends with 1 when one is missed.
// Run: node bench/movies/load.ts [workflows]
import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { loadConfig } from '../../src/kernel/config/load-config.ts'
import { silentLog } from '../../src/kernel/telemetry/logger.ts'
import { moviesModule } from '../../src/movies/index.ts'
import { cleanUp } from '../../src/movies/upkeep/clean-up.ts'
import { startServer } from '../../src/server/start-server.ts'
import { plainStudio } from '../../test/movies/_plain-studio.ts'

const COUNT = Number(process.argv[2] ?? 100)
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-bench-'))
fs.chmodSync(dir, 0o755)
const env = {
  TROUPE_HOME: path.join(dir, 'home'),
  ARTIFACTS_PATH: path.join(dir, 'artifacts'),
  DATA_PATH: path.join(dir, 'data'),
  PORT: '0',
  MAX_WORKFLOWS: '1000',
  DATABASE_POOL: '24',
  RETRY_DELAY_SECONDS: '0.1',
  MAX_CONCURRENT_TASKS_PER_AGENT: '50',
  RESOURCE_POOL: 'cpu=1000,memory=1000,gpu=1000',
}
const config = loadConfig(env)
const server = await startServer({
  config,
  env,
  log: silentLog,
  modules: [moviesModule(config, { studio: plainStudio() })],
})

const call = async (method: string, at: string, body?: unknown): Promise<any> => {
  const response = await fetch(`${server.url}${at}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (response.status >= 400) throw new Error(`${method} ${at}: ${response.status} ${text.slice(0, 300)}`)
  return text ? JSON.parse(text) : undefined
}
const V1 = '/api/v1'
const film = (n: number | string, over: Record<string, unknown> = {}) => ({
  project_id: `bench-${n}`,
  workflow_type: 'movie_creation',
  title: `Film ${n}`,
  description: `Keeper ${n} hears a voice from an empty station.`,
  target_duration: 24,
  custom_parameters: { decision_mode: 'auto' },
  ...over,
})

type Row = { what: string; limit: number; unit: string; seen: number; ok: boolean }
const rows: Row[] = []
const round = (value: number) => Math.round(value * 1000) / 1000
const report = (what: string, seen: number, limit: number, unit = 's', wanted: 'most' | 'least' = 'most') => {
  const ok = wanted === 'most' ? seen <= limit : seen >= limit
  rows.push({ what, limit, unit, seen, ok })
  console.log(`${ok ? 'ok  ' : 'MISS'} ${what}: ${round(seen)} ${unit} (at ${wanted} ${limit})`)
}
const seconds = async (work: () => Promise<unknown>) => {
  const from = performance.now()
  await work()
  return (performance.now() - from) / 1000
}
const percentile = (values: number[], q: number) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))] ?? 0

/** Runs `work` for all, `width` at a time. */
async function inParallel<T>(items: readonly T[], width: number, work: (item: T) => Promise<unknown>) {
  const left = [...items]
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item)
    }),
  )
}
const numbers = (n: number) => Array.from({ length: n }, (_, i) => i)

async function allEnded(ids: readonly string[]): Promise<Map<string, string>> {
  const states = new Map<string, string>()
  for (;;) {
    for (const id of ids)
      if (!states.has(id)) {
        const { status } = await call('GET', `${V1}/workflows/${id}`)
        if (['completed', 'failed', 'cancelled'].includes(status)) states.set(id, status)
      }
    if (states.size === ids.length) return states
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

const cancelAll = async () => {
  for (const status of ['running', 'paused'])
    for (;;) {
      const { workflows } = await call('GET', `${V1}/workflows?status=${status}&limit=100`)
      if (workflows.length === 0) break
      await inParallel(workflows as any[], 8, (w) =>
        call('POST', `${V1}/workflows/${w.workflow_id}/cancel`).catch(() => 0),
      )
    }
}

// 1. Creation and queries. The first call of a process loads what it needs; it is not counted.
await call('POST', `${V1}/workflows`, film('warm-up'))
const created: number[] = []
report(
  'create 50 workflows',
  await seconds(() =>
    inParallel(numbers(50), 5, async (n) => {
      created.push(await seconds(() => call('POST', `${V1}/workflows`, film(`c${n}`, { custom_parameters: {} }))))
    }),
  ),
  10,
)
report('creation of one, slowest of 50', Math.max(...created), 1)
await inParallel(numbers(10), 5, (n) => call('POST', `${V1}/workflows`, film(`c-more-${n}`, { custom_parameters: {} })))
report(
  '100 filtered queries over 60 workflows',
  await seconds(() =>
    inParallel(numbers(100), 5, (n) => call('GET', `${V1}/workflows?status=${n % 2 ? 'paused' : 'running'}&limit=20`)),
  ),
  5,
)
await cancelAll()

// 2. Twenty at once with ten remote agents over HTTP.
const arc = {
  setup: 'Lead finds the recorder and cannot leave it alone.',
  escalation: 'Rival answers every step with one of his own.',
  resolution: 'Lead and Rival decide together.',
  emotional_beats: ['hook', 'struggle', 'payoff'],
  continuity_flags: [],
}
const stub = http.createServer((request, response) => {
  request.resume()
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(
      JSON.stringify(request.url?.endsWith('/health') ? {} : { status: 'completed', output_data: arc, warnings: [] }),
    )
  })
})
await new Promise<void>((resolve) => stub.listen(0, '127.0.0.1', resolve))
const stubUrl = `http://127.0.0.1:${(stub.address() as AddressInfo).port}`
const register = (id: string, capability: string) =>
  call('POST', `${V1}/agents`, {
    agent_id: id,
    agent_type: 'story',
    capabilities: [capability],
    endpoint_url: stubUrl,
    max_concurrent_tasks: 10,
    resource_requirements: { cpu_cores: 0.1, memory_gb: 0.1 },
  })
for (const n of numbers(10)) await register(`arc-${n}`, 'story_architect')
const twenty: string[] = []
report(
  '20 workflows at once with 10 agents',
  await seconds(async () => {
    await inParallel(numbers(20), 20, async (n) => {
      twenty.push((await call('POST', `${V1}/workflows`, film(`t${n}`))).workflow_id)
    })
    const states = await allEnded(twenty)
    const ended = [...states.values()].filter((s) => s === 'completed').length
    if (ended !== 20) throw new Error(`${ended} of 20 completed`)
  }),
  60,
)
const before = await call('GET', `${V1}/agents?capability=story_architect`)
report(
  'agents of the 10 that worked',
  before.agents.filter((a: any) => a.average_execution_time > 0 && /^arc-/.test(a.agent_id)).length,
  5,
  'agents',
  'least',
)
for (const n of numbers(10)) await call('DELETE', `${V1}/agents/arc-${n}`)

// 3. A hundred at once: all complete, nothing crosses projects, status stays quick.
const ids: string[] = []
const status: number[] = []
let running = true
const from = performance.now()
const watching = (async () => {
  while (running) {
    const id = ids[Math.floor(Math.random() * ids.length)]
    if (id) status.push((await seconds(() => call('GET', `${V1}/workflows/${id}`))) * 1000)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
})()
await inParallel(numbers(COUNT), 10, async (n) => {
  ids.push((await call('POST', `${V1}/workflows`, film(`h${n}`))).workflow_id)
})
const creationRate = (COUNT / ((performance.now() - from) / 1000)) * 60
const states = await (async () => {
  for (;;) {
    const { total_count } = await call('GET', `${V1}/workflows?status=running&limit=1`)
    if (total_count === 0) return allEnded(ids)
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
})()
running = false
await watching
const took = (performance.now() - from) / 1000
report(
  `${COUNT} workflows at once: not completed`,
  [...states.values()].filter((s) => s !== 'completed').length,
  0,
  'workflows',
)
report('status while they run, p95', percentile(status, 0.95), 50, 'ms')
report('status while they run, slowest', Math.max(...status), 1000, 'ms')
report('creations per minute', creationRate, 100, 'workflows', 'least')
const { rows: done } = await server.kernel.db.query(
  `select count(*)::int as n from movies.tasks t join movies.workflows w using (workflow_id) where w.project_id like 'bench-h%' and t.status = 'completed'`,
)
const perMinute = (done[0]!['n'] / took) * 60
report('agent executions per minute', perMinute, 1000, 'tasks', 'least')
console.log(
  `     ${COUNT} workflows, ${done[0]!['n']} tasks in ${Math.round(took)} s, ${status.length} status queries, p50 ${Math.round(percentile(status, 0.5))} ms`,
)
const { rows: crossed } = await server.kernel.db.query(
  `select (select count(*)::int from movies.tasks t join movies.workflows w using (workflow_id) where t.project_id <> w.project_id)
        + (select count(*)::int from movies.artifacts a join movies.workflows w using (workflow_id) where a.project_id <> w.project_id)
        + (select count(*)::int from movies.artifacts a join movies.workflows w using (workflow_id)
            where w.project_id like 'bench-h%' and a.name = 'concept_brief' and a.content->>'title' <> w.view->>'title') as n`,
)
report('rows that cross projects', crossed[0]!['n'], 0, 'rows')

// 4. Agents.
report(
  'register 100 agents',
  await seconds(() => inParallel(numbers(100), 5, (n) => register(`many-${n}`, `skill_${n % 50}`))),
  15,
)
report(
  '50 capability queries',
  await seconds(() => inParallel(numbers(50), 5, (n) => call('GET', `${V1}/agents?capability=skill_${n}`))),
  3,
)

// 5. Lists among many, and health.
report(
  'list among all workflows, tasks and agents: 10 pages of each',
  await seconds(() =>
    inParallel(numbers(10), 5, async (n) => {
      await call('GET', `${V1}/workflows?limit=100&offset=${n * 10}`)
      await call('GET', `${V1}/workflows/${ids[n]}/tasks`)
      await call('GET', `${V1}/agents?limit=200`)
    }),
  ),
  10,
)
const health: number[] = []
for (const _ of numbers(50)) health.push((await seconds(() => call('GET', '/health'))) * 1000)
report('health, p95 of 50', percentile(health, 0.95), 100, 'ms')
report(
  '50 status queries',
  await seconds(() => inParallel(numbers(50), 5, (n) => call('GET', `${V1}/workflows/${ids[n % ids.length]}`))),
  5,
)

report(
  '50 changes of priority',
  await seconds(async () => {
    const held: string[] = []
    await inParallel(numbers(50), 5, async (n) => {
      held.push((await call('POST', `${V1}/workflows`, film(`u${n}`, { custom_parameters: {} }))).workflow_id)
    })
    report(
      'of these, the changes alone',
      await seconds(() => inParallel(held, 5, (id) => call('PUT', `${V1}/workflows/${id}`, { priority: 9 }))),
      5,
    )
  }),
  15,
)
await cancelAll()

// 6. Clean-up.
await server.kernel.db.query(
  `update movies.workflows set updated_at = now() - interval '31 days' where workflow_id in (select workflow_id from movies.workflows where status = 'completed' limit 50)`,
)
let removed = 0
report('clean-up of 50 expired workflows', await seconds(async () => (removed = await cleanUp(server.kernel))), 5)
report('workflows removed', removed, 50, 'workflows', 'least')
report('memory of the process', process.memoryUsage().rss / 1024 / 1024, 2048, 'MB')

stub.closeAllConnections()
stub.close()
await server.stop({ stopDatabase: true })
fs.rmSync(dir, { recursive: true, force: true })
process.exit(rows.every((row) => row.ok) ? 0 : 1)

// How fast assignments are dispatched and completed with their events: no-op agents in this process, on a real PostgreSQL with
// durability on, and the same fan-out on LangGraph.js with its PostgreSQL checkpointer on the same server, one after the other.
// The peer is installed apart: npm ci --prefix bench/peers/langgraph --legacy-peer-deps
// Run: node bench/kernel/dispatch.ts [assignments] [rounds]
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { delegate } from '../../src/kernel/agents/delegate.ts'
import { startDispatcher } from '../../src/kernel/agents/dispatcher.ts'
import { type PoolPolicy, registerPool } from '../../src/kernel/agents/pool.ts'
import { ensureBuiltinAgents } from '../../src/kernel/agents/registry.ts'
import { loadConfig } from '../../src/kernel/config/load-config.ts'
import { systemCtx } from '../../src/kernel/context.ts'
import { createKernel } from '../../src/kernel/create-kernel.ts'
import { openDb } from '../../src/kernel/db/database.ts'
import { startEmbedded } from '../../src/kernel/db/embedded-server.ts'
import { migrate } from '../../src/kernel/db/migrate.ts'

const COUNT = Number(process.argv[2] ?? 10_000)
const ROUNDS = Number(process.argv[3] ?? 3)
const quiet = () => undefined

let settled: (() => void) | undefined
const policy: PoolPolicy = {
  name: 'bench',
  domain: 'bench',
  agentId: /./,
  maxSlots: 10_000,
  heartbeatSeconds: 10,
  ttlSeconds: 60,
  noAgentSeconds: 300,
  maxLosses: 3,
  defaultTimeoutSeconds: 300,
  leaseMarginSeconds: 30,
  order: (items) => items,
  choose: (_item, agents) =>
    agents[0] && agents[0].free > 0 ? { agent: agents[0] } : { wait: 'agents_busy', retryMs: 20 },
  run: async () => ({ status: 'completed', output: { ok: true }, executionTime: 0.001 }),
}

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-bench-'))
fs.chmodSync(home, 0o755)
const server = await startEmbedded(home)
const db = openDb({ url: server.url, max: 10, applicationName: 'bench' })
await migrate(db, [{ schema: 'kernel', dir: path.resolve(import.meta.dirname, '../../src/kernel/db/migrations') }])
const kernel = createKernel({
  config: loadConfig({}),
  db,
  log: {
    debug: quiet,
    info: quiet,
    warn: (fields, message) => console.error(message, fields),
    error: (fields, message) => console.error(message, fields),
  },
  hooks: new Map([['bench', { onSettled: async (tx) => tx.afterCommit(() => settled?.()) }]]),
})
await kernel.notifier.start()
registerPool(policy)
await ensureBuiltinAgents(kernel, 'bench', [{ id: 'noop', capabilities: ['work'], slots: 2000 }])
const dispatcher = startDispatcher({ kernel, policy, callbackBase: '', executeToken: undefined })
const rates: number[] = []
for (let round = 0; round < ROUNDS; round++) {
  const done = new Promise<void>((resolve) => (settled = resolve))
  const started = performance.now()
  await db.transaction((tx) =>
    delegate(tx, systemCtx(kernel), {
      pool: 'bench',
      domain: 'bench',
      subject: `bench-${round}`,
      userId: 'bench',
      assignments: Array.from({ length: COUNT }, (_, i) => ({ key: `a${i}`, capabilities: ['work'], input: {} })),
    }),
  )
  await done
  rates.push(COUNT / ((performance.now() - started) / 1000))
}
const events = await db.query('select count(*)::int as n from kernel.events')
const medianOf = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!
await dispatcher.stop()
await kernel.notifier.close()
await db.close()

/** The widths are tried because the peer's cost grows with them; the best counts for it. */
function peer(): { rates: number[]; width: number }[] | string {
  const dir = path.resolve(import.meta.dirname, '../peers/langgraph')
  if (!fs.existsSync(path.join(dir, 'node_modules')))
    return 'not installed: npm ci --prefix bench/peers/langgraph --legacy-peer-deps'
  return [50, 200, 1_000].map((width) =>
    JSON.parse(
      execFileSync(
        process.execPath,
        [path.join(dir, 'fan-out.mjs'), server.url, String(Math.min(COUNT, 2_000)), String(width), String(ROUNDS)],
        { encoding: 'utf8' },
      ),
    ),
  )
}
const peers = peer()
const median = medianOf(rates)
const best = typeof peers === 'string' ? undefined : Math.max(...peers.map((one) => medianOf(one.rates)))
console.log(
  JSON.stringify({
    assignments: COUNT,
    rounds: ROUNDS,
    per_second_median: Math.round(median),
    rates: rates.map(Math.round),
    events: events.rows[0]!['n'],
    langgraph: peers,
    ...(best === undefined ? {} : { ratio: Number((median / best).toFixed(1)) }),
  }),
)
await server.stop()
fs.rmSync(home, { recursive: true, force: true })

// A person's answer over HTTP to the first line of the next stage, while many other runs wait: one answer after another, then as fast as
// they come. The server is a process of its own. The peer is DBOS alone, in a process of its own, too: a small HTTP server that calls
// `send`, a workflow that waits in `recv`. Run: node bench/kernel/answers-http.ts [answers] [waiting runs]
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DBOS } from '@dbos-inc/dbos-sdk'
import { loadConfig } from '../../src/kernel/config/load-config.ts'
import { systemCtx } from '../../src/kernel/context.ts'
import { startEmbedded } from '../../src/kernel/db/embedded-server.ts'
import { ask, defineFlow, done } from '../../src/kernel/runs/flow.ts'
import { startRun } from '../../src/kernel/runs/start-run.ts'
import { silentLog } from '../../src/kernel/telemetry/logger.ts'
import { ensureDatabase } from '../../src/server/ensure-database.ts'
import { startServer } from '../../src/server/start-server.ts'
import { benchFolder } from '../platform/_up.ts'
import { median, quantile, say } from '../run/rows.ts'

const ANSWERS = Number(process.argv[2] ?? 300)
const WAITING = Number(process.argv[3] ?? 10_000)
const BURST = Math.min(300, ANSWERS)
/** The same clock in both processes. */
const now = () => performance.timeOrigin + performance.now()

async function ours(url: string): Promise<void> {
  const flow = defineFlow<Record<string, never>>({
    kind: 'bench.answers',
    domain: 'bench',
    first: 'ask@1',
    stages: {
      'ask@1': async (run) =>
        ask(
          { id: `q-${run.id}`, domain: 'bench', kind: 'approve', type: 'bench', title: 'Go?', prompt: 'Go?' },
          'next@1',
        ),
      'next@1': async (run) => {
        process.send!({ reached: run.id, at: now() })
        return done()
      },
    },
  })
  const env = {
    DATABASE_URL: url,
    PORT: '0',
    TROUPE_HOME: `${process.env['BENCH_DIR']}/home`,
    RATE_LIMIT_PER_MINUTE: '0',
  }
  const server = await startServer({
    config: loadConfig(env),
    env,
    log: silentLog,
    modules: [{ name: 'bench', flows: [flow] }],
  })
  const { db } = server.kernel
  const ids: string[] = []
  const total = WAITING + ANSWERS + BURST
  for (let i = 0; i < total; i += 500)
    await db.transaction(async (tx) => {
      for (let j = i; j < Math.min(total, i + 500); j++)
        ids.push((await startRun(tx, systemCtx(server.kernel), flow, { title: 'Waits', state: {} })).id)
    })
  for (;;) {
    const { rows } = await db.query(`select count(*)::int as n from kernel.runs where status = 'waiting'`)
    if (rows[0]!['n'] === total) break
    await sleep(200)
  }
  process.send!({ url: server.url, ids: ids.slice(0, ANSWERS + BURST) })
}

async function peer(url: string): Promise<void> {
  DBOS.setConfig({ name: 'peer', systemDatabaseUrl: url, logLevel: 'error', runAdminServer: false })
  const wait = DBOS.registerWorkflow(
    async (id: string) => {
      await DBOS.recv('answer', 600)
      process.send!({ reached: id, at: now() })
    },
    { name: 'wait' },
  )
  await DBOS.launch()
  const ids = Array.from({ length: ANSWERS }, (_, i) => `peer-${i}`)
  for (const id of ids) await DBOS.startWorkflow(wait, { workflowID: id })(id)
  const server = http.createServer(async (request, response) => {
    await request.toArray()
    await DBOS.send(request.url!.split('/')[3]!.replace(/^q-/, ''), 'approve', 'answer')
    response.setHeader('content-type', 'application/json')
    response.end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  process.send!({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, ids })
}

async function measure(part: string, url: string, dir: string) {
  const child = spawn(process.execPath, [import.meta.filename, ...process.argv.slice(2)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, BENCH_PART: part, BENCH_URL: url, BENCH_DIR: dir, NODE_NO_WARNINGS: '1' },
  })
  const [{ url: at, ids }] = (await once(child, 'message')) as [{ url: string; ids: string[] }]
  const reached = new Map<string, (at: number) => void>()
  child.on('message', (told: { reached?: string; at?: number }) => {
    if (told.reached) reached.get(told.reached)?.(told.at!)
  })
  const answer = async (id: string): Promise<number> => {
    const next = new Promise<number>((resolve) => reached.set(id, resolve))
    const from = now()
    const reply = await fetch(`${at}/v1/decisions/q-${id}/answer`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ choice: 'approve' }),
    })
    await reply.arrayBuffer()
    if (!reply.ok) throw new Error(`${reply.status}`)
    return (await next) - from
  }
  const warm = Math.min(20, Math.floor(ANSWERS / 4))
  for (const id of ids.slice(0, warm)) await answer(id)
  const ms: number[] = []
  for (const id of ids.slice(warm, ANSWERS)) ms.push(await answer(id))
  const from = now()
  const burst = ids.slice(ANSWERS)
  await Promise.all(burst.map(answer))
  const perSecond = burst.length / ((now() - from) / 1000)
  child.kill('SIGKILL')
  await once(child, 'exit')
  return { ms, perSecond }
}

const part = process.env['BENCH_PART']
if (part) await (part === 'ours' ? ours : peer)(process.env['BENCH_URL']!)
else {
  const dir = benchFolder()
  const postgres = await startEmbedded(path.join(dir, 'pg'))
  const we = await measure('ours', await ensureDatabase(postgres.url, 'troupe'), dir)
  const they = await measure('peer', await ensureDatabase(postgres.url, 'peer'), dir)
  say({
    what: `answer over HTTP to next step, p95 of ${we.ms.length}, ${WAITING} others waiting`,
    unit: 'ms',
    value: Number(quantile(we.ms, 0.95).toFixed(1)),
    worst: Number(Math.max(...we.ms).toFixed(1)),
    bar: { at: 'most', value: 15 },
    peer: {
      name: 'DBOS send to recv, no decision record, nobody else waiting',
      value: Number(quantile(they.ms, 0.95).toFixed(1)),
    },
    note: `p50 ${median(we.ms).toFixed(1)} ms, peer ${median(they.ms).toFixed(1)} ms`,
  })
  say({
    what: `${BURST} answers at once: next steps begun`,
    unit: '/s',
    value: Math.round(we.perSecond),
    bar: { at: 'least', value: 100 },
  })
  await postgres.stop()
  fs.rmSync(dir, { recursive: true, force: true })
  process.exit(0)
}

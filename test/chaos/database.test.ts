import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/kernel/config/load-config.ts'
import { systemCtx } from '../../src/kernel/context.ts'
import { createKernel } from '../../src/kernel/create-kernel.ts'
import { type Db, openDb } from '../../src/kernel/db/database.ts'
import { type EmbeddedServer, startEmbedded } from '../../src/kernel/db/embedded-server.ts'
import { migrate } from '../../src/kernel/db/migrate.ts'
import type { Kernel } from '../../src/kernel/kernel.ts'
import { registerFlow } from '../../src/kernel/runs/flows.ts'
import { startRun } from '../../src/kernel/runs/start-run.ts'
import { KERNEL_MIGRATIONS, silentLog } from '../_pg.ts'
import { chaosFlow } from '../fixtures/chaos-flow.ts'

const ENTRY = path.resolve(import.meta.dirname, '../fixtures/engine-process.ts')
/** How long the database stays away; 60 with CHAOS_LONG=1. */
const OUTAGE_SECONDS = process.env.CHAOS_LONG ? 60 : 3
const RUNS = 30

let home: string
let server: EmbeddedServer
let db: Db
let kernel: Kernel
let engine: ChildProcess

beforeEach(async () => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-outage-'))
  fs.chmodSync(home, 0o755)
  server = await startEmbedded(home)
  db = openDb({ url: server.url, max: 4, applicationName: 'test' })
  await migrate(db, [KERNEL_MIGRATIONS])
  kernel = createKernel({ config: loadConfig({}), db, log: silentLog })
  await db.query('create table effects (key text); create table ledger (id serial, run text)')
  registerFlow(chaosFlow)
  engine = spawn(process.execPath, [ENTRY, server.url], { stdio: ['ignore', 'pipe', 'ignore'] })
  await once(engine.stdout!, 'data')
})
afterEach(async () => {
  engine.kill('SIGKILL')
  await db.close()
  await server.stop()
  fs.rmSync(home, { recursive: true, force: true })
})

const start = () =>
  db.transaction(async (tx) => {
    for (let i = 0; i < RUNS; i++)
      await startRun(tx, systemCtx(kernel), chaosFlow, { title: `Outage ${i}`, state: { ms: 150 } })
  })
/** Until some runs are in the middle of their first step. */
async function atWork(): Promise<void> {
  while ((await db.query('select 1 from effects limit 1')).rows.length === 0)
    await new Promise((resolve) => setTimeout(resolve, 5))
}
async function allDone(): Promise<void> {
  for (;;) {
    const { rows } = await db.query(`select count(*)::int as n from kernel.runs where status = 'completed'`)
    if (rows[0]!['n'] === RUNS) return
    const failed = await db.query(`select error from kernel.runs where status = 'failed' limit 1`)
    if (failed.rows[0]) throw new Error(`a run failed: ${JSON.stringify(failed.rows[0]['error'])}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
async function checkLedger(): Promise<void> {
  const { rows } = await db.query('select run, count(*)::int as n from ledger group by run')
  expect(rows.map((row) => row['n'])).toEqual(Array(RUNS).fill(2))
  expect(engine.exitCode).toBeNull()
}

describe('with every process alive', () => {
  it('PostgreSQL killed and restarted at once fails no run and repeats no write', async () => {
    await start()
    await atWork()
    process.kill(server.pid, 'SIGKILL')
    while (server.isAlive()) await new Promise((resolve) => setTimeout(resolve, 10))
    server = await startEmbedded(home)
    await allDone()
    await checkLedger()
  }, 90_000)

  it(`PostgreSQL gone for ${OUTAGE_SECONDS} s fails no run and repeats no write`, async () => {
    await start()
    await atWork()
    await server.stop()
    await new Promise((resolve) => setTimeout(resolve, OUTAGE_SECONDS * 1000))
    server = await startEmbedded(home)
    await allDone()
    await checkLedger()
  }, 150_000)
})

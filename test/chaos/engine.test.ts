import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemCtx } from '../../src/kernel/context.ts'
import { registerFlow } from '../../src/kernel/runs/flows.ts'
import { startRun } from '../../src/kernel/runs/start-run.ts'
import { type TestKernel, testKernel } from '../_pg.ts'
import { chaosFlow } from '../fixtures/chaos-flow.ts'

const ENTRY = path.resolve(import.meta.dirname, '../fixtures/engine-process.ts')
let t: TestKernel
const children = new Set<ChildProcess>()

beforeEach(async () => {
  t = await testKernel()
  registerFlow(chaosFlow)
  await t.db.query('create table effects (key text); create table ledger (id serial, run text)')
})
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  children.clear()
  await t[Symbol.asyncDispose]()
})

async function engine(kill?: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [ENTRY, t.url, ...(kill ? [kill] : [])], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.add(child)
  await Promise.race([once(child.stdout!, 'data'), once(child, 'exit')])
  return child
}
const start = async (count: number, ms = 5) => {
  await t.db.transaction(async (tx) => {
    for (let i = 0; i < count; i++)
      await startRun(tx, systemCtx(t.kernel), chaosFlow, { title: `Chaos ${i}`, state: { ms } })
  })
}
async function allDone(count: number): Promise<void> {
  for (;;) {
    const { rows } = await t.db.query(`select count(*)::int as n from kernel.runs where status = 'completed'`)
    if (rows[0]!['n'] === count) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
async function outcome() {
  const effects = await t.db.query('select key, count(*)::int as n from effects group by key')
  const ledger = await t.db.query('select run, count(*)::int as n from ledger group by run')
  return {
    keys: effects.rows.length,
    repeated: effects.rows.filter((row) => row['n'] > 1).length,
    ledger: ledger.rows.map((row) => row['n']),
  }
}

describe('a killed engine process', { timeout: 120_000 }, () => {
  it.each([
    'stage-begun',
    'step-done',
    'write-committed',
    'write-committed:2',
    'write-committed:3',
    'before-end',
    'stage-ended',
  ])('loses nothing and repeats no finished write when killed at %s', async (point) => {
    await start(1)
    const first = await engine(point)
    if (first.exitCode === null && first.signalCode === null) await once(first, 'exit')
    expect(first.signalCode).toBe('SIGKILL')
    await engine()
    await allDone(1)
    const { keys, ledger } = await outcome()
    expect(keys).toBe(2)
    expect(ledger).toEqual([2])
  })

  it('hands its work to a living neighbour: every run finishes, every write is applied once', async () => {
    const RUNS = 30
    const both = [await engine(), await engine()]
    await start(RUNS, 300)
    while ((await outcome()).keys === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    const { rows } = await t.db.query(
      `select p.pid from dbos.workflow_status w join kernel.processes p on p.id = w.executor_id where w.status = 'PENDING' limit 1`,
    )
    const [victim, survivor] = both[0]!.pid === rows[0]!['pid'] ? [both[0]!, both[1]!] : [both[1]!, both[0]!]
    victim.kill('SIGKILL')
    await allDone(RUNS)
    const { keys, repeated, ledger } = await outcome()
    expect(keys).toBe(2 * RUNS)
    expect(ledger).toEqual(Array(RUNS).fill(2))
    expect(repeated).toBeLessThan(RUNS) // only steps in flight
    expect(survivor.exitCode).toBeNull()
  })

  it('is noticed when it stops without dying, and is fenced when it comes back', async () => {
    const RUNS = 10
    await start(RUNS, 800)
    const frozen = await engine()
    // All are in the middle of their first step: none of them holds a row of the database.
    while ((await outcome()).keys < RUNS) await new Promise((resolve) => setTimeout(resolve, 5))
    frozen.kill('SIGSTOP')
    // A stopped process still holds its lock: 30 s by the database's clock make it dead. Its clock is moved, not waited for.
    await engine()
    await t.db.query(`update kernel.processes set seen_at = now() - interval '31 seconds' where pid = $1`, [frozen.pid])
    await allDone(RUNS)
    frozen.kill('SIGCONT')
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    const { keys, ledger } = await outcome()
    expect(keys).toBe(2 * RUNS)
    expect(ledger).toEqual(Array(RUNS).fill(2))
    expect(frozen.exitCode).toBeNull()
  })

  it.runIf(process.env['CHAOS_LONG']).each([300, 1_200, 3_000])(
    'is not lost with whoever took it for dead: stages of %i ms, cut off in the middle, are not taken for ended',
    async (ms) => {
      const RUNS = 10
      await start(RUNS, ms)
      const taken = await engine()
      while ((await outcome()).keys < RUNS) await new Promise((resolve) => setTimeout(resolve, 5))
      // Whoever wrote this has died before it could adopt a stage.
      await t.db.query(`update kernel.processes set taken_at = now(), taken_by = 'exec_dead' where pid = $1`, [
        taken.pid,
      ])
      await allDone(RUNS)
      const { keys, ledger } = await outcome()
      expect(keys).toBe(2 * RUNS)
      expect(ledger).toEqual(Array(RUNS).fill(2))
    },
  )
})

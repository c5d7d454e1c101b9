import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemCtx } from '../../src/kernel/context.ts'
import { answerDecision } from '../../src/kernel/decisions/answer-decision.ts'
import { sweepDeadlines } from '../../src/kernel/decisions/sweep-deadlines.ts'
import { cancelRun, pauseRun, resumeRun } from '../../src/kernel/runs/control-run.ts'
import { type Engine, startEngine } from '../../src/kernel/runs/engine.ts'
import { ask, defineFlow, done } from '../../src/kernel/runs/flow.ts'
import { registerFlow } from '../../src/kernel/runs/flows.ts'
import { startRun } from '../../src/kernel/runs/start-run.ts'
import { type TestKernel, testKernel } from '../_pg.ts'
import { until } from '../_server.ts'

const CROSSINGS = Number(process.env.CROSSINGS ?? 100)
let t: TestKernel
let engine: Engine

const asking = defineFlow<Record<string, never>>({
  kind: 'test.asking',
  domain: 'test',
  first: 'ask@1',
  stages: {
    'ask@1': async (run) =>
      ask(
        {
          id: `q-${run.id}`,
          domain: 'test',
          kind: 'approve',
          type: 'test',
          title: 'Go on?',
          prompt: 'Go on?',
          defaultAnswer: { choice: 'deny' },
          onTimeout: 'default',
        },
        'after@1',
      ),
    'after@1': async (run) => {
      await run.write('count', (tx) => tx.query('insert into continued (run) values ($1)', [run.id]))
      return done()
    },
  },
})

beforeAll(async () => {
  t = await testKernel()
  await t.db.query('create table continued (run text)')
  registerFlow(asking)
  engine = await startEngine({ kernel: t.kernel, databaseUrl: t.url, role: 'test', poolSize: 6 })
}, 120_000)
afterAll(async () => {
  await engine.stop()
  await t[Symbol.asyncDispose]()
})

const ctx = () => systemCtx(t.kernel)
/** Starts `count` runs and waits until each has asked. */
async function waiting(count: number): Promise<string[]> {
  const ids = await t.db.transaction(async (tx) => {
    const started: string[] = []
    for (let i = 0; i < count; i++) started.push((await startRun(tx, ctx(), asking, { title: 'Asks', state: {} })).id)
    return started
  })
  await until(
    async () =>
      (await t.db.query(`select count(*)::int as n from kernel.runs where id = any ($1) and status = 'waiting'`, [ids]))
        .rows[0]!['n'] === count,
    50,
  )
  return ids
}
const statuses = async (ids: string[]) =>
  Object.fromEntries(
    (
      await t.db.query('select status, count(*)::int as n from kernel.runs where id = any ($1) group by status', [ids])
    ).rows.map((row) => [row['status'], row['n']]),
  )
const continued = async (ids: string[]) =>
  (
    await t.db.query(
      'select count(*)::int as n, count(distinct run)::int as runs from continued where run = any ($1)',
      [ids],
    )
  ).rows[0]!
const inBatches = async <T>(items: readonly T[], work: (item: T) => Promise<unknown>) => {
  for (let i = 0; i < items.length; i += 25) await Promise.all(items.slice(i, i + 25).map(work))
}

describe('an answer that crosses', () => {
  it(`a pause, ${CROSSINGS} times: none is lost, none continues twice or while paused`, async () => {
    const ids = await waiting(CROSSINGS)
    await inBatches(ids, (id) =>
      Promise.all([
        answerDecision(ctx(), `q-${id}`, { choice: 'approve' }),
        t.db.transaction((tx) => pauseRun(tx, ctx(), id)).catch(() => undefined),
      ]),
    )
    await until(
      async () =>
        (
          await t.db.query(
            `select count(*)::int as n from kernel.runs where id = any ($1) and status in ('queued', 'running')`,
            [ids],
          )
        ).rows[0]!['n'] === 0,
    )
    const paused = await t.db.query(`select id from kernel.runs where id = any ($1) and status = 'paused'`, [ids])
    const before = await continued(ids)
    expect(before['n']).toBe(CROSSINGS - paused.rows.length)
    await inBatches(paused.rows, (row) => t.db.transaction((tx) => resumeRun(tx, ctx(), row['id'])))
    await until(async () => (await statuses(ids))['completed'] === CROSSINGS, 50)
    expect(await continued(ids)).toEqual({ n: CROSSINGS, runs: CROSSINGS })
  }, 120_000)

  it(`a cancel, ${CROSSINGS} times: each run either continued once or was cancelled`, async () => {
    const ids = await waiting(CROSSINGS)
    await inBatches(ids, (id) =>
      Promise.allSettled([
        answerDecision(ctx(), `q-${id}`, { choice: 'approve' }),
        t.db.transaction((tx) => cancelRun(tx, ctx(), id)),
      ]),
    )
    await until(async () => {
      const now = await statuses(ids)
      return (now['completed'] ?? 0) + (now['cancelled'] ?? 0) === CROSSINGS
    }, 50)
    const now = await statuses(ids)
    const counted = await continued(ids)
    expect(counted['n']).toBe(counted['runs'])
    expect(counted['n']).toBeGreaterThanOrEqual(now['completed'] ?? 0)
    expect(counted['n']).toBeLessThanOrEqual(CROSSINGS)
  }, 120_000)

  it(`its deadline, ${CROSSINGS} times: one of the two answers counts`, async () => {
    const ids = await waiting(CROSSINGS)
    await t.db.query(`update kernel.decisions set deadline = now() where run_id = any ($1)`, [ids])
    let answered = 0
    const sweeping = (async () => {
      while ((await sweepDeadlines(t.kernel)) > 0);
    })()
    await inBatches(ids, async (id) => {
      const won = await answerDecision(ctx(), `q-${id}`, { choice: 'approve' }).then(
        () => true,
        (error: { code: string }) => {
          expect(error.code).toBe('ALREADY_DECIDED')
          return false
        },
      )
      if (won) answered++
    })
    await sweeping
    await until(async () => (await statuses(ids))['completed'] === CROSSINGS, 50)
    const { rows } = await t.db.query(
      'select automatic, count(*)::int as n from kernel.decisions where run_id = any ($1) group by automatic',
      [ids],
    )
    expect(rows.find((row) => !row['automatic'])?.['n'] ?? 0).toBe(answered)
    expect(await continued(ids)).toEqual({ n: CROSSINGS, runs: CROSSINGS })
  }, 120_000)

  it(`a restart of the engine, ${CROSSINGS} times: all continue once`, async () => {
    const ids = await waiting(CROSSINGS)
    const answering = inBatches(ids, (id) => answerDecision(ctx(), `q-${id}`, { choice: 'approve' }))
    await engine.stop()
    engine = await startEngine({ kernel: t.kernel, databaseUrl: t.url, role: 'test', poolSize: 6 })
    await answering
    await until(async () => (await statuses(ids))['completed'] === CROSSINGS, 50)
    expect(await continued(ids)).toEqual({ n: CROSSINGS, runs: CROSSINGS })
  }, 120_000)
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestKernel, testKernel } from '../../../test/_pg.ts'
import { systemCtx } from '../context.ts'
import { answerDecision } from '../decisions/answer-decision.ts'
import { listDecisions } from '../decisions/store.ts'
import { cancelRun, pauseRun, resumeRun, retryRun } from './control-run.ts'
import { type Engine, stagesInFlight, startEngine } from './engine.ts'
import { ask, defineFlow, done, type Flow, failed, next, sleepUntil } from './flow.ts'
import { registerFlow } from './flows.ts'
import { forkRun } from './fork-run.ts'
import { startRun } from './start-run.ts'
import { getRun, stepsOfRun } from './store.ts'

let t: TestKernel
let engine: Engine
const effects: string[] = []
/** Its step loses its connection in the middle, once. */
const cutOff = defineFlow<object>({
  kind: 'test.cut-off',
  domain: 'test',
  first: 'one@1',
  stages: {
    'one@1': async (run) => {
      const keys: string[] = []
      return done(
        await run.step('outside', async (key) => {
          keys.push(key)
          if (keys.length === 1) await run.ctx.kernel.db.query('select pg_terminate_backend(pg_backend_pid())')
          return keys
        }),
      )
    },
  },
})

const counting = defineFlow<{ n: number }>({
  kind: 'test.counting',
  domain: 'test',
  first: 'one@1',
  stages: {
    'one@1': async (run) => {
      const value = await run.step('outside', async (key) => {
        effects.push(key)
        return 20
      })
      const twice = await run.write(
        'inside',
        async (tx) => (await tx.query('select $1::int * 2 as n', [value])).rows[0]!['n'] as number,
      )
      return next('two@1', { n: twice })
    },
    'two@1': async (run) =>
      ask(
        {
          domain: 'test',
          kind: 'choose',
          type: 'test',
          title: 'Which?',
          prompt: 'Choose',
          options: [
            { id: 'a', label: 'A' },
            { id: 'b', label: 'B' },
          ],
          data: { n: run.state.n },
        },
        'three@1',
      ),
    'three@1': async (run) => done({ n: run.state.n }),
  },
})
const breaking = defineFlow<{ fail: boolean }>({
  kind: 'test.breaking',
  domain: 'test',
  first: 'try@1',
  stages: {
    'try@1': async (run) => (run.state.fail ? failed({ code: 'BROKEN', message: 'it broke' }) : done('fine')),
  },
})
const sleeping = defineFlow<Record<string, never>>({
  kind: 'test.sleeping',
  domain: 'test',
  first: 'nap@1',
  stages: {
    'nap@1': async () => sleepUntil(new Date(Date.now() + 300), 'awake@1'),
    'awake@1': async () => done('awake'),
  },
})

const moved = defineFlow<Record<string, never>>({
  kind: 'test.moved',
  domain: 'test',
  first: 'work@2',
  stages: {
    'work@2': async () => done('new'),
    // Kept while runs of the release before are in it (R5).
    'work@1': async (run) => done(await run.write('old-step', async () => 'old')),
  },
})

beforeAll(async () => {
  t = await testKernel()
  for (const flow of [counting, breaking, cutOff, sleeping, moved]) registerFlow(flow)
  engine = await startEngine({ kernel: t.kernel, databaseUrl: t.url, role: 'test', poolSize: 4 })
})
afterAll(async () => {
  await engine.stop()
  await t[Symbol.asyncDispose]()
})

const start = (flow: Flow, state: object, key?: string) =>
  t.db.transaction((tx) => startRun(tx, systemCtx(t.kernel), flow, { title: 'A test', state, ...(key ? { key } : {}) }))

async function until<T>(look: () => Promise<T | undefined | false>): Promise<T> {
  for (;;) {
    const found = await look()
    if (found) return found
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
const reach = (id: string, status: string) =>
  until(async () => ((await getRun(t.db, id)).status === status ? getRun(t.db, id) : undefined))

describe('runs', () => {
  it('goes through its stages, waits for an answer as a row, and ends with its result', async () => {
    const { id } = await start(counting, { n: 0 })
    const waiting = await reach(id, 'waiting')
    expect(waiting.holds).toHaveLength(1)
    const { decisions } = await listDecisions(t.db, { run_id: id }, 10, 0)
    await answerDecision(systemCtx(t.kernel), decisions[0]!.id, { choice: 'a' })
    const run = await reach(id, 'completed')
    expect(run.result).toEqual({ n: 40 })
    expect(effects.filter((key) => key.startsWith(id))).toEqual([`${id}:1:outside`])
    const steps = await stepsOfRun(t.db, id)
    expect(steps.filter((step) => step.kind === 'stage').map((step) => step.stage)).toEqual([
      'one@1',
      'two@1',
      'three@1',
    ])
  })

  it('returns the run that exists when a key starts again', async () => {
    const first = await start(counting, { n: 0 }, 'same')
    const second = await start(counting, { n: 0 }, 'same')
    expect(second).toEqual({ id: first.id, created: false })
  })

  it('holds a paused run after its answer and continues it on resume', async () => {
    const { id } = await start(counting, { n: 0 })
    await reach(id, 'waiting')
    await t.db.transaction((tx) => pauseRun(tx, systemCtx(t.kernel), id))
    const { decisions } = await listDecisions(t.db, { run_id: id }, 10, 0)
    await answerDecision(systemCtx(t.kernel), decisions[0]!.id, { choice: 'b' })
    expect((await getRun(t.db, id)).status).toBe('paused')
    await t.db.transaction((tx) => resumeRun(tx, systemCtx(t.kernel), id))
    await reach(id, 'completed')
  })

  it('withdraws the question of a cancelled run, and a late answer is refused naming the state', async () => {
    const { id } = await start(counting, { n: 0 })
    await reach(id, 'waiting')
    const { decisions } = await listDecisions(t.db, { run_id: id }, 10, 0)
    await t.db.transaction((tx) => cancelRun(tx, systemCtx(t.kernel), id))
    await expect(answerDecision(systemCtx(t.kernel), decisions[0]!.id, { choice: 'a' })).rejects.toMatchObject({
      code: 'ALREADY_DECIDED',
      details: { status: 'withdrawn' },
    })
    expect((await getRun(t.db, id)).status).toBe('cancelled')
  })

  it('lets exactly one of many simultaneous answers win', async () => {
    const { id } = await start(counting, { n: 0 })
    await reach(id, 'waiting')
    const { decisions } = await listDecisions(t.db, { run_id: id }, 10, 0)
    const answers = await Promise.allSettled(
      Array.from({ length: 100 }, (_, i) =>
        answerDecision(systemCtx(t.kernel), decisions[0]!.id, { choice: i % 2 ? 'a' : 'b' }),
      ),
    )
    expect(answers.filter((answer) => answer.status === 'fulfilled')).toHaveLength(1)
    await reach(id, 'completed')
  })

  it('fails with code and message, and goes on from the failed stage when retried with a changed state', async () => {
    const { id } = await start(breaking, { fail: true })
    expect((await reach(id, 'failed')).error).toEqual({ code: 'BROKEN', message: 'it broke' })
    await t.db.transaction((tx) => retryRun(tx, systemCtx(t.kernel), id, { fail: false }))
    expect((await reach(id, 'completed')).result).toBe('fine')
  })

  it('forks from the border before a stage with an edited state and leaves the first run alone', async () => {
    const { id } = await start(breaking, { fail: true })
    await reach(id, 'failed')
    const forked = await forkRun(systemCtx(t.kernel), id, 1, { fail: false })
    await reach(forked, 'completed')
    expect((await getRun(t.db, id)).status).toBe('failed')
  })

  it('tries a step again under its key when the database went away in it, and counts no attempt', async () => {
    const { id } = await start(cutOff, {})
    expect((await reach(id, 'completed')).result).toEqual([`${id}:1:outside`, `${id}:1:outside`])
    expect((await stepsOfRun(t.db, id)).find(({ step }) => step === 'outside')!.attempts).toBe(1)
  })

  it('starts a stage again whose record the engine lost with a crash of PostgreSQL, with what it was taken with', async () => {
    const { id } = await t.db.transaction((tx) =>
      startRun(tx, systemCtx(t.kernel), counting, {
        title: 'Lost',
        state: { n: 2 },
        stage: 'three@1',
        holds: ['user'],
      }),
    )
    const taken = { state: { n: 1 }, key: null, correlationId: 'corr', causes: [], owner: 'system', limits: {} }
    await t.db.transaction(async (tx) => {
      await tx.query('insert into kernel.done (key, result) values ($1, $2)', [`${id}:1:begin`, JSON.stringify(taken)])
      await tx.query(
        `insert into kernel.run_steps (run_id, stage_no, stage, step, kind, status) values ($1, 1, 'three@1', '', 'stage', 'running')`,
        [id],
      )
      await tx.query(`update kernel.runs set status = 'running', holds = '{}' where id = $1`, [id])
    })
    expect((await reach(id, 'completed')).result).toEqual({ n: 1 })
  })

  it('wakes from a timer', async () => {
    const { id } = await start(sleeping, {})
    expect((await reach(id, 'completed')).result).toBe('awake')
  })

  it('finishes a run that stands at an older number of a stage after the code moved on', async () => {
    const old = await t.db.transaction((tx) =>
      startRun(tx, systemCtx(t.kernel), moved, { title: 'Old', state: {}, stage: 'work@1' }),
    )
    const fresh = await start(moved, {})
    expect((await reach(old.id, 'completed')).result).toBe('old')
    expect((await reach(fresh.id, 'completed')).result).toBe('new')
  })

  it('leaves a stage of a release it does not have alone, and says so', async () => {
    const { id } = await t.db.transaction((tx) =>
      startRun(tx, systemCtx(t.kernel), moved, { title: 'Future', state: {}, stage: 'work@9' }),
    )
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect((await getRun(t.db, id)).status).toBe('queued')
    expect(await stagesInFlight(t.kernel)).toContainEqual({
      kind: 'test.moved',
      stage: 'work@9',
      count: 1,
      known: false,
    })
  })
})

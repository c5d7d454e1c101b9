import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { systemCtx } from '../../src/kernel/context.ts'
import { release } from '../../src/kernel/db/holds.ts'
import { startEngine } from '../../src/kernel/runs/engine.ts'
import { defineFlow, done, holdFor } from '../../src/kernel/runs/flow.ts'
import { registerFlow } from '../../src/kernel/runs/flows.ts'
import { startRun } from '../../src/kernel/runs/start-run.ts'
import { testKernel } from '../_pg.ts'
import { until } from '../_server.ts'

const HOLD = 'service:slow'

it('a release that comes while the hold is being written is not lost', async () => {
  await using t = await testKernel()
  const releases: Promise<boolean>[] = []
  const flow = defineFlow<Record<string, never>>({
    kind: 'test.holding',
    domain: 'test',
    first: 'hold@1',
    stages: {
      'hold@1': async (run) =>
        holdFor(HOLD, 'after@1', undefined, async () => {
          releases.push(t.db.transaction((tx) => release(tx, run.id, HOLD)))
          await sleep(100) // time enough for it to look and find no hold, if it did not wait
          return false
        }),
      'after@1': async () => done({ went: 'on' }),
    },
  })
  registerFlow(flow)
  const engine = await startEngine({ kernel: t.kernel, databaseUrl: t.url, role: 'test', poolSize: 6 })
  try {
    const { id } = await t.db.transaction((tx) =>
      startRun(tx, systemCtx(t.kernel), flow, { title: 'Holds', state: {} }),
    )
    const status = await until(async () => {
      const { rows } = await t.db.query('select status from kernel.runs where id = $1', [id])
      return ['completed', 'waiting'].includes(rows[0]!['status']) && releases.length > 0 && rows[0]!['status']
    })
    expect(await Promise.all(releases)).toEqual([true])
    if (status === 'waiting')
      await until(async () => {
        const { rows } = await t.db.query('select status from kernel.runs where id = $1', [id])
        return rows[0]!['status'] === 'completed'
      })
  } finally {
    await engine.stop()
  }
}, 60_000)

// The clock of the machine is set two hours ahead and back while work of all domains is in flight, for every process and for the
// database (test/fixtures/moved-clock.mjs, test/soak/processes.ts). It takes minutes: part of `npm run test:long`.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDb } from '../../src/kernel/db/database.ts'
import { createClient } from '../soak/client.ts'
import { startLoad } from '../soak/load.ts'
import { faultsOfStore } from '../soak/look.ts'
import { type Installation, startInstallation, TOKEN } from '../soak/processes.ts'
import { watch } from '../soak/watch.ts'
import { movieKind, planningKind, simulationKind, taskKind } from '../soak/work.ts'

const HOURS = 3600
/** Each holds for a while; after those marked, a worker and an agent are killed and not started again before the next. */
const SETTINGS = [
  [2 * HOURS, false],
  [0, true],
  [-2 * HOURS, true],
  [0, false],
  [2 * HOURS, true],
  [0, false],
] as const
const HOLD_MS = 12_000

describe.runIf(process.env['CHAOS_LONG'])('a clock that is set', () => {
  let installation: Installation
  beforeAll(async () => {
    installation = await startInstallation({ workers: 2, agents: 3, clock: true })
  }, 180_000)
  afterAll(() => installation?.close())

  it('two hours ahead and back again and again: nothing lost, doubled or ended before its time', async () => {
    const { urls, members, databaseUrl } = installation
    const client = createClient(urls, TOKEN, { patienceMs: 300_000 })
    const watchers = urls.map((url) => watch(url, TOKEN))
    const load = startLoad(client, [taskKind(), planningKind(), movieKind(), simulationKind()], 2)
    await sleep(HOLD_MS)
    for (const [seconds, kill] of SETTINGS) {
      await installation.setClock(seconds)
      const victims = members.filter(({ name }) => kill && ['worker_1', 'agent_1'].includes(name))
      for (const victim of victims) victim.child.kill('SIGKILL')
      await sleep(HOLD_MS)
      for (const victim of victims) await installation.killAndRestart(victim)
    }
    await load.stop() // a job that has not ended after 15 minutes is wrong: the clock made it wait
    expect(load.wrong).toEqual([])
    expect(Object.keys(load.ended).sort()).toEqual(['movies', 'planning', 'simulation', 'tasks'])
    await sleep(3_000)
    const db = openDb({ url: databaseUrl, max: 2, applicationName: 'test' })
    const faults = await faultsOfStore(db, load.jobs)
    const { rows } = await db.query('select id from kernel.events')
    const { rows: spread } = await db.query(
      `select extract(epoch from max(created_at) - min(created_at))::float8 / 3600 as hours from kernel.runs`,
    )
    await db.close()
    for (const watcher of watchers) watcher.close()
    expect(Object.entries(faults).filter(([, count]) => count !== 0)).toEqual([])
    for (const { seen } of watchers) expect(rows.filter(({ id }) => !seen.has(id as string))).toEqual([])
    // The clock was really set: rows were written in three different hours.
    expect(spread[0]!['hours']).toBeGreaterThan(3.9)
    console.log(JSON.stringify({ ended: load.ended, events: rows.length, repeated_calls: client.repeated }))
  }, 1_500_000)
})

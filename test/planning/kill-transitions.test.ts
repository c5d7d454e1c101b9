import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { planningModule } from '../../src/planning/index.ts'
import { move, newEvent, STEPS, type Walk } from '../../src/planning/routes/_scenario.ts'
import { type TestApp, testApp } from '../_app.ts'

const CHILD = path.resolve(import.meta.dirname, '../fixtures/planning-transition-process.ts')
const STATES = ['Initiate', 'Plan', 'Research', 'Budget', 'Logistics', 'Confirm', 'Execute', 'Postmortem'] as const
let t: TestApp
let url: string
beforeAll(async () => {
  t = await testApp([planningModule])
  const { rows } = await t.kernel.db.query('select current_database() as name, inet_server_port() as port')
  const address = new URL((await import('vitest')).inject('pgUrl'))
  address.pathname = `/${rows[0]!['name']}`
  url = address.href
})
afterAll(() => t[Symbol.asyncDispose]())

/** Runs a transition in a process of its own that dies at a statement. Resolves with the signal it died of. */
async function killedAt(event: Walk, target: string, statement: number): Promise<string | null> {
  const key = t.kernel.config.core.dataKeys[0]!
  const child = spawn(process.execPath, [CHILD, url, key, event.id, target, String(statement)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [, signal] = await once(child, 'exit')
  return signal
}

const TABLES = ['event_briefs', 'artifact_versions', 'changelogs', 'decisions', 'traces', 'runbooks', 'postmortems']
/** Everything a transition writes about an event, without what differs between two events by nature: ids, times, sealed texts. */
async function written({ id }: Walk): Promise<string[]> {
  const all: string[] = []
  for (const table of TABLES) {
    const key = table === 'event_briefs' ? 'id' : 'event_brief_id'
    const { rows } = await t.kernel.db.query(
      `select to_jsonb(r)::text as row from planning.${table} r where ${key} = $1 order by 1`,
      [id],
    )
    all.push(...rows.map(({ row }) => `${table} ${row}`))
  }
  const snapshots = await t.kernel.db.query(
    'select agent_name, metric, value, passed from planning.metric_snapshots where event_brief_id = $1 order by metric, id',
    [id],
  )
  const events = await t.kernel.db.query(
    'select type, seq, summary from kernel.events where stream = $1 order by seq',
    [`brief:${id}`],
  )
  return [...all, ...[...snapshots.rows, ...events.rows].map((row) => JSON.stringify(row))]
    .map((line) =>
      line
        .replaceAll(id, 'EVENT')
        .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)/g, 'TIME')
        .replaceAll(/"\$sealed": "[^"]+"/g, 'SEALED')
        .replaceAll(/"correlation_id": "[^"]+"/g, 'CORRELATION')
        .replaceAll(/"search": "[^"]+"|Twin [ABC]/g, 'TITLE'),
    )
    .sort()
}

it('leaves nothing behind when a transition dies between two statements or before its commit, and then goes on as if nothing had been', {
  timeout: 180_000,
}, async () => {
  const early = await newEvent(t, { title: 'Twin A' })
  const late = await newEvent(t, { title: 'Twin B' })
  const calm = await newEvent(t, { title: 'Twin C' })
  for (const [index, state] of STATES.slice(0, -1).entries()) {
    const target = STATES[index + 1]!
    for (const event of [early, late, calm]) await STEPS[state]?.(t, event)
    const before = [await written(early), await written(late)]
    // another statement each time: the first writes are log entries, later ones the state, the run-book and the figures
    const signals = await Promise.all([killedAt(early, target, 1 + ((index * 3) % 8)), killedAt(late, target, 0)])
    expect(signals).toEqual(['SIGKILL', 'SIGKILL'])
    const more = target === 'Postmortem' ? { outcome: 'completed' } : {}
    for (const event of [early, late]) expect((await t.call('GET', event.url(''))).body.lifecycle_state).toBe(state)
    expect([await written(early), await written(late)]).toEqual(before)
    for (const event of [early, late, calm])
      expect((await move(t, event, target, more)).body.lifecycle_state).toBe(target)
    const outcome = await written(calm)
    expect(await written(early)).toEqual(outcome)
    expect(await written(late)).toEqual(outcome)
  }
})

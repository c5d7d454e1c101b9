import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadConfig } from '../../src/kernel/config/load-config.ts'
import { planningModule } from '../../src/planning/index.ts'
import { type TestServer, testServer, until } from '../_server.ts'

const ENTRY = path.resolve(import.meta.dirname, '../fixtures/planning-worker.ts')
let server: TestServer
const children = new Set<ChildProcess>()
beforeAll(async () => {
  server = await testServer({ roles: ['api'], modules: [planningModule(loadConfig({}))] })
}, 60_000)
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await server[Symbol.asyncDispose]()
})

async function worker(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [ENTRY, server.databaseUrl, server.dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.add(child)
  await once(child.stdout!, 'data')
  return child
}
async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  await once(child, 'exit')
}
const get = async (url: string) => (await server.call('GET', url)).body
async function start(): Promise<{ id: string; session: string }> {
  const made = await server.call('POST', '/api/event-briefs', {
    title: 'Killed often',
    date_range_start: '2027-11-15T18:00:00Z',
    date_range_end: '2027-11-15T21:00:00Z',
    audience_size: 20,
    event_type: 'meetup',
    objectives: 'Short talks',
    constraints: 'Budget $500; place downtown',
  })
  const started = await server.call('POST', '/api/agents/orchestrate', {
    event_brief_id: made.body.id,
    instruction_level: 'Beginner',
  })
  return { id: made.body.id, session: started.body.session_id }
}
/** Every artifact with its version and content, without ids of the event, times and correlation. */
async function outcome({ id, session }: { id: string; session: string }) {
  const list = await get(`/api/event-briefs/${id}/artifacts`)
  const rows = list.map(({ artifact_type, artifact_id, version }: any) => `${artifact_type} ${artifact_id} ${version}`)
  const { plan } = await get(`/api/agents/sessions/${session}/plan`)
  const clean = (text: string) => text.replaceAll(id, 'EVENT').replaceAll(session, 'SESSION')
  const counts = await server.kernel.db.query(
    `select data ->> 'type' as type, count(*)::int as n from kernel.events where stream = $1 and data ->> 'type' in ('artifact_generated', 'lifecycle_transition', 'session_completed') group by 1 order by 1`,
    [`session:${session}`],
  )
  return { rows: rows.map(clean).toSorted(), plan: clean(plan), counts: counts.rows }
}
const over = ({ session }: { session: string }) =>
  until(async () => {
    const body = await get(`/api/agents/sessions/${session}`)
    return body.status !== 'in_progress' && body
  })

it('is killed in each state and goes on each time: nothing lost, nothing twice, the outcome equal', {
  timeout: 240_000,
}, async () => {
  let child = await worker()
  const calm = await start()
  expect(await over(calm)).toMatchObject({ status: 'completed', errors: [] })
  const expected = await outcome(calm)
  await kill(child)
  const hard = await start()
  for (const state of ['Initiate', 'Plan', 'Research', 'Budget', 'Logistics']) {
    child = await worker()
    await until(async () => {
      const { lifecycle_state, agents, status } = await get(`/api/agents/sessions/${hard.session}`)
      return (
        status !== 'in_progress' ||
        (lifecycle_state === state && agents.some((one: any) => one.state === 'thinking')) ||
        lifecycle_state === 'Confirm'
      )
    }, 5)
    await kill(child)
  }
  child = await worker()
  expect(await over(hard)).toMatchObject({ status: 'completed', errors: [], partial: false })
  expect(await outcome(hard)).toEqual(expected)
})

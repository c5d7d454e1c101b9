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

const LONG = [
  {
    level: 'Intermediate',
    brief: {
      title: 'Killed while people decide',
      audience_size: 200,
      event_type: 'conference',
      constraints: 'Budget $50k; in the city center; parallel tracks',
    },
  },
  {
    level: 'Advanced',
    brief: {
      title: 'Killed on a large scale',
      audience_size: 800,
      event_type: 'conference',
      constraints: 'Budget $500k; several venues; streamed; in the city center',
    },
  },
] as const
const approve = async (id: string) => {
  for (const one of await get(`/api/approvals/pending?event_brief_id=${id}`))
    await server.call('POST', `/api/approvals/${one.approval_id}`, { decision: 'approved', comments: 'fine' })
}

it.runIf(process.env['CHAOS_LONG']).each(LONG)(
  'at $level: killed at every agent of every state, while a question and while each approval waits; the outcome is that of a calm run',
  { timeout: 900_000 },
  async ({ level, brief }) => {
    const begin = async () => {
      const made = await server.call('POST', '/api/event-briefs', {
        date_range_start: '2027-06-01T09:00:00Z',
        date_range_end: '2027-06-02T17:00:00Z',
        objectives: 'Two days on AI in companies',
        ...brief,
      })
      const started = await server.call('POST', '/api/agents/orchestrate', {
        event_brief_id: made.body.id,
        instruction_level: level,
        interaction_mode: 'collaborative',
        target_phase: 'Confirm',
      })
      return { id: made.body.id as string, session: started.body.session_id as string }
    }
    const answer = (session: string, question: string) =>
      server.call('POST', `/api/agents/sessions/${session}/questions/${question}/answer`, { answer: '' })
    const calm = await begin()
    let child = await worker()
    await until(async () => {
      const { status, waiting_on } = await get(`/api/agents/sessions/${calm.session}`)
      if (waiting_on?.kind === 'approval') await approve(calm.id)
      if (waiting_on?.kind === 'question') await answer(calm.session, waiting_on.id)
      return status !== 'in_progress'
    }, 20)
    await kill(child)
    const expected = await outcome(calm)

    const hard = await begin()
    const met = new Set<string>()
    for (;;) {
      child = await worker()
      const found = await until(async () => {
        const { status, waiting_on, agents, lifecycle_state } = await get(`/api/agents/sessions/${hard.session}`)
        const working = agents.find((one: any) => one.state === 'thinking')
        const point =
          status !== 'in_progress'
            ? 'over'
            : waiting_on
              ? `waits for ${waiting_on.kind} ${waiting_on.id}`
              : working && `${lifecycle_state}: ${working.agent_name}`
        return point && !met.has(point) ? { point, waiting_on } : false
      }, 5)
      await kill(child) // and only then it is decided: nobody is there to hear of it
      if (found.point === 'over') break
      met.add(found.point)
      if (found.waiting_on?.kind === 'approval') await approve(hard.id)
      if (found.waiting_on?.kind === 'question') await answer(hard.session, found.waiting_on.id)
    }
    expect([...met].filter((point) => point.startsWith('waits for approval')).length).toBeGreaterThanOrEqual(2)
    expect([...met].some((point) => point.startsWith('waits for question'))).toBe(true)
    expect(await get(`/api/agents/sessions/${hard.session}`)).toMatchObject({
      status: 'completed',
      errors: [],
      partial: false,
    })
    expect(await outcome(hard)).toEqual(expected)
  },
)

// What the inbox promises holds for a question of every domain, each asked by its domain's own doing: handed on, approved with edits or
// refused clearly, taken back and given again, answered together, and told afterwards.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/kernel/config/load-config.ts'
import { systemCtx } from '../../src/kernel/context.ts'
import { startRun } from '../../src/kernel/runs/start-run.ts'
import { moviesModule } from '../../src/movies/index.ts'
import { planningModule } from '../../src/planning/index.ts'
import { CONTRACT, newEvent, type Walk, walkTo } from '../../src/planning/routes/_scenario.ts'
import { simulationModules } from '../../src/simulation/index.ts'
import { tasksModule } from '../../src/tasks/index.ts'
import { submit } from '../_agents.ts'
import type { TestApp } from '../_app.ts'
import { type TestServer, testServer, until } from '../_server.ts'
import { bodyB, create } from '../movies/_movies.ts'
import { plainStudio } from '../movies/_plain-studio.ts'
import { below, GOOD, type Job, rawAgent } from '../tasks/_raw-agent.ts'
import { testModule, twoQuestions } from './_two-questions.ts'

const TOKEN = 'configured-token-0123456789'
const admin = { authorization: `Bearer ${TOKEN}` }
let server: TestServer
let asAdmin: TestServer
let agent: Awaited<ReturnType<typeof rawAgent>>
let job: Job
let beating: NodeJS.Timeout
let event: Walk
const people: Record<string, Record<string, string>> = {}

const call = async (who: string, method: string, path: string, body?: unknown) =>
  server.call(method, path, body, people[who])
const answer = (who: string, id: string, body: object) => call(who, 'POST', `/v1/decisions/${id}/answer`, body)
const read = async (who: string, id: string) => (await call(who, 'GET', `/v1/decisions/${id}`)).body
const openOf = async (filter: string, count = 1): Promise<string[]> =>
  until(async () => {
    const { decisions } = (await call('ann', 'GET', `/v1/decisions?status=open&${filter}`)).body
    return decisions.length >= count && decisions.map((one: { id: string }) => one.id)
  })

beforeAll(async () => {
  const config = loadConfig({})
  server = await testServer({
    env: { API_TOKEN: TOKEN, SDK_PERMISSION_MODE: 'approveEdits', RETRY_DELAY_SECONDS: '0.1' },
    modules: [
      tasksModule(config),
      planningModule(config),
      moviesModule(config, { studio: plainStudio() }),
      ...simulationModules(config),
      testModule,
    ],
  })
  asAdmin = {
    ...server,
    call: (method, path, body, headers) => server.call(method, path, body, { ...admin, ...headers }),
  }
  for (const [name, role] of [
    ['ann', 'Finance'],
    ['ben', 'Approver'],
    ['cleo', 'Approver'],
    ['olga', 'Organizer'],
    ['vic', 'Viewer'],
  ] as const) {
    const { body } = await server.call(
      'POST',
      '/v1/keys',
      { name, roles: [role, ...(name === 'ann' ? ['Approver'] : [])] },
      admin,
    )
    people[name] = { 'x-api-key': body.secret }
  }
  event = await newEvent(asAdmin as unknown as TestApp)
  await walkTo(asAdmin as unknown as TestApp, event, 'Logistics')
  agent = await rawAgent(asAdmin)
  await submit(asAdmin, 'Write a haiku about the sea')
  job = await agent.next(1)
  // However slow the machine, the agent is heard of.
  const beat = () => agent.beat([{ assignment_id: job.assignment_id, attempt: job.attempt }])
  beating = setInterval(() => void beat(), 5_000)
}, 180_000)
afterAll(async () => {
  clearInterval(beating)
  await agent?.close()
  await server?.[Symbol.asyncDispose]()
})

let calls = 0
const waiting: Promise<{ body: any }>[] = []
/** Questions that one domain asks, by its own doing. */
const DOMAINS: {
  domain: string
  ask(): Promise<string>
  /** Its words for yes. */
  yes: string
  edit?: { value: (proposal: any) => unknown; wrong: unknown }
}[] = [
  {
    domain: 'tasks',
    yes: 'approve',
    async ask() {
      const seen = new Set(await openOf('domain=tasks', 0))
      const rows = [{ line: `o sea ${++calls}` }]
      waiting.push(
        below(server, job, 'tools/store_rows', { arguments: { table: 'poems', rows }, call_id: `s${calls}` }),
      )
      return until(async () => (await openOf('domain=tasks')).find((id) => !seen.has(id)))
    },
    edit: { value: (proposal) => ({ ...proposal, table: 'edited_poems' }), wrong: { rows: 'none' } },
  },
  {
    domain: 'planning',
    yes: 'approved',
    async ask() {
      const seen = new Set(await openOf('domain=planning', 0))
      await event.post('vendor-contracts', {
        ...CONTRACT,
        vendor_name: `Caterer ${++calls}`,
        terms: { ...CONTRACT.terms, total_cost: 20 },
      })
      return until(async () => (await openOf('domain=planning&type=vendor_contract')).find((id) => !seen.has(id)))
    },
  },
  {
    domain: 'movies',
    yes: 'approved',
    async ask() {
      const { workflow_id } = await create(asAdmin, bodyB())
      return until(async () => (await openOf('domain=movies')).find((id) => id.startsWith(`movies:${workflow_id}:`)))
    },
  },
  {
    domain: 'test',
    yes: 'approve',
    async ask() {
      const { id } = await server.kernel.db.transaction((tx) =>
        startRun(tx, systemCtx(server.kernel), twoQuestions, { title: 'Two', state: { topic: 'tea' } }),
      )
      return (await openOf(`run_id=${id}`, 2))[0]!
    },
    edit: { value: () => ({ text: 'a better draft' }), wrong: { text: 'x' } },
  },
]

describe.each(DOMAINS)('a question of $domain', ({ ask, yes, edit }) => {
  it('is handed on, edited, taken back, given again, answered with others, and told', async () => {
    const [first, ...others] = [await ask(), await ask(), await ask()]
    const id = first!
    // Handed on: the other sees it as hers, nobody else may answer it; who may not answer cannot hand on.
    expect((await call('vic', 'POST', `/v1/decisions/${id}/delegate`, { users: ['vic'] })).status).toBe(403)
    const handed = await call('ann', 'POST', `/v1/decisions/${id}/delegate`, { users: ['cleo'], note: 'knows more' })
    expect(handed.body).toMatchObject({ users: ['cleo'], roles: [] })
    expect([(await read('cleo', id)).may_answer, (await read('ben', id)).may_answer]).toEqual([true, false])
    expect((await answer('ben', id, { choice: yes })).status).toBe(403)

    const given = { choice: yes, comment: 'as agreed', undo_seconds: 300 }
    if (edit) {
      const { data } = await read('cleo', id)
      const wrong = await answer('cleo', id, { ...given, value: edit.wrong })
      expect([wrong.status, wrong.body.details.fields[0].field]).toEqual([400, expect.stringMatching(/^value/)])
      Object.assign(given, { value: edit.value(data.proposal) })
    } else {
      const refused = await answer('cleo', id, { ...given, value: { any: 1 } })
      expect([refused.status, refused.body.message]).toEqual([400, expect.stringContaining('offers nothing to edit')])
    }

    // Taken back while it can be, then given again for good.
    expect((await answer('cleo', id, given)).body).toMatchObject({ status: 'open', staged: { by_name: 'cleo' } })
    expect((await call('ben', 'POST', `/v1/decisions/${id}/undo`, {})).status).toBe(403)
    expect((await call('cleo', 'POST', `/v1/decisions/${id}/undo`, {})).body).toMatchObject({
      status: 'open',
      staged: null,
    })
    expect((await answer('cleo', id, { ...given, undo_seconds: 0 })).body).toMatchObject({ status: 'answered' })

    const { body: batch } = await call('ann', 'POST', '/v1/decisions/batch', {
      ids: [id, ...others],
      answer: { choice: yes, comment: 'all of them' },
    })
    expect(batch.results.map((one: any) => [one.ok, one.code])).toEqual([
      [false, 'ALREADY_DECIDED'],
      [true, undefined],
      [true, undefined],
    ])

    const { decisions } = (await call('vic', 'GET', '/v1/decisions?status=answered&limit=500')).body
    const told = (one: string) => decisions.find((decision: any) => decision.id === one)
    expect(told(id)).toMatchObject({
      answer: { choice: yes, comment: 'as agreed' },
      answered_at: expect.stringMatching(/^\d{4}-/),
      automatic: false,
      data: { answered_by_name: 'cleo', delegations: [{ from: 'ann', users: ['cleo'], note: 'knows more' }] },
    })
    for (const one of others)
      expect(told(one)).toMatchObject({ answer: { comment: 'all of them' }, data: { answered_by_name: 'ann' } })
    const { body } = await call('ann', 'GET', `/v1/events?stream=${encodeURIComponent(`decision:${id}`)}&order=asc`)
    expect(body.events.map((row: any) => row.type)).toEqual(
      ['raised', 'delegated', 'staged', 'undone', 'answered'].map((word) => `decision.${word}`),
    )
  }, 120_000)
})

describe('what a domain adds', () => {
  it('the tool runs with the arguments that were approved', async () => {
    const [edited, ...plain] = (await Promise.all(waiting)).map(({ body }) => body)
    expect([edited, ...plain].map(({ isError }) => isError ?? false)).toEqual([false, false, false])
    const { rows } = await server.kernel.db.query('select line from agent_data.edited_poems')
    expect(rows).toEqual([{ line: 'o sea 1' }])
  })

  it('an approver without the right to a contract keeps no answer to it and hands it to nobody; the approval follows who it was handed to', async () => {
    const id = await DOMAINS[1]!.ask()
    for (const [path, body] of [
      ['answer', { choice: 'approved', undo_seconds: 300 }],
      ['delegate', { users: ['cleo'] }],
    ] as const)
      expect((await call('ben', 'POST', `/v1/decisions/${id}/${path}`, body)).body, path).toMatchObject({
        message: expect.stringContaining('has no right to decide a vendor_contract'),
      })
    await call('ann', 'POST', `/v1/decisions/${id}/delegate`, { users: ['cleo'] })
    const { body: hers } = await call('cleo', 'GET', '/api/approvals/pending')
    expect(hers.map((one: any) => [one.approval_id, one.assigned_to])).toEqual([[id, 'cleo']])
    expect((await call('ben', 'GET', '/api/approvals/pending')).body).toEqual([])
    expect((await call('cleo', 'POST', `/api/approvals/${id}`, { decision: 'approved' })).status).toBe(200)
  })

  it('the organizer of a film answers it in the inbox as in the film', async () => {
    const id = await DOMAINS[2]!.ask()
    expect((await read('olga', id)).may_answer).toBe(true)
    expect((await answer('olga', id, { choice: 'approved' })).body).toMatchObject({ status: 'answered' })
  })
  it('a fork of a task that tries another model tells the agent which', async () => {
    clearInterval(beating)
    beating = setInterval(() => void agent.beat(), 5_000)
    expect((await below(server, job, 'result', GOOD)).status).toBe(200)
    await agent.beat()
    const { runs } = (await call('ann', 'GET', '/v1/runs?domain=tasks')).body
    const [no] = (await server.call('GET', `/v1/runs/${runs[0].id}/borders`, undefined, admin)).body.borders.map(
      (border: any) => border.no,
    )
    const fork = (body: object) => server.call('POST', `/v1/runs/${runs[0].id}/fork`, { stage_no: no, ...body }, admin)
    expect((await fork({ model: 'another-model' })).status).toBe(201)
    const again = (await agent.next(2)) as Job & { task_context: Record<string, unknown> }
    expect([again.task_id === job.task_id, again.task_context['model']]).toEqual([false, 'another-model'])
  })
})

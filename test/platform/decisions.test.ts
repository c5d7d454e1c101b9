import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemCtx } from '../../src/kernel/context.ts'
import { raiseDecision } from '../../src/kernel/decisions/raise-decision.ts'
import type { NewDecision } from '../../src/kernel/decisions/schema.ts'
import { startRun } from '../../src/kernel/runs/start-run.ts'
import { type TestServer, testServer, until } from '../_server.ts'
import { testModule, twoQuestions } from './_two-questions.ts'

const TOKEN = 'configured-token-0123456789'
const admin = { authorization: `Bearer ${TOKEN}` }
let server: TestServer
const people: Record<string, Record<string, string>> = {}
beforeAll(async () => {
  server = await testServer({ env: { API_TOKEN: TOKEN }, modules: [testModule] })
  for (const name of ['ann', 'ben']) {
    const { body } = await server.call('POST', '/v1/keys', { name, roles: ['Approver'] }, admin)
    people[name] = { 'x-api-key': body.secret }
  }
})
afterAll(() => server[Symbol.asyncDispose]())

const raise = (more: Partial<NewDecision> = {}) => {
  const ctx = systemCtx(server.kernel)
  return server.kernel.db.transaction((tx) =>
    raiseDecision(tx, ctx, { domain: 'test', kind: 'approve', type: 'review', title: 'Good?', prompt: 'Say', ...more }),
  )
}
const post = (path: string, body: unknown, who = people['ann']!) =>
  server.call('POST', `/v1/decisions/${path}`, body, who)
const read = async (id: string) => (await server.call('GET', `/v1/decisions/${id}`, undefined, admin)).body

describe('a question', () => {
  it('keeps an answer that can be taken back, lets nobody else answer meanwhile, and forgets it on undo', async () => {
    const { id } = await raise()
    const staged = await post(`${id}/answer`, { choice: 'approve', undo_seconds: 60 })
    expect(staged.body).toMatchObject({ status: 'open', staged: { by_name: 'ann', answer: { choice: 'approve' } } })
    const other = await post(`${id}/answer`, { choice: 'deny' }, people['ben'])
    expect(other.status).toBe(409)
    expect(other.body.message).toContain('ann has answered')
    expect((await post(`${id}/undo`, {}, people['ben'])).status).toBe(403)
    expect((await post(`${id}/undo`, {})).body).toMatchObject({ status: 'open', staged: null })
    expect((await post(`${id}/answer`, { choice: 'deny' }, people['ben'])).body).toMatchObject({ status: 'answered' })
    expect((await post(`${id}/undo`, {}, people['ben'])).body.message).toContain('took effect')
  })

  it('takes a kept answer in its giver’s name when its time is over', async () => {
    const { id } = await raise()
    await post(`${id}/answer`, { choice: 'approve', comment: 'fine', undo_seconds: 1 })
    const answered = await until(async () => {
      const decision = await read(id)
      return decision.status === 'answered' && decision
    }, 100)
    expect(answered).toMatchObject({ answer: { choice: 'approve', comment: 'fine' }, staged: null, automatic: false })
    const { body } = await server.call('GET', `/v1/events?stream=decision:${id}&order=asc`, undefined, admin)
    expect(body.events.map((event: any) => event.type)).toEqual([
      'decision.raised',
      'decision.staged',
      'decision.answered',
    ])
  })

  it('is reopened by undo while its run still waits for something else, and not after the next stage began', async () => {
    const ctx = systemCtx(server.kernel)
    const { id: run } = await server.kernel.db.transaction((tx) =>
      startRun(tx, ctx, twoQuestions, { title: 'Two', state: { topic: 'tea' } }),
    )
    const open = await until(async () => {
      const { body } = await server.call('GET', `/v1/decisions?status=open&run_id=${run}`, undefined, admin)
      return body.decisions.length === 2 && body.decisions
    })
    const [first, second] = open.map((decision: any) => decision.id)
    await post(`${first}/answer`, { choice: 'approve' })
    expect((await post(`${first}/undo`, {})).body.status).toBe('open')
    const waiting = (await server.call('GET', `/v1/runs/${run}`, undefined, admin)).body
    expect(waiting.holds).toHaveLength(2)
    expect(waiting.waiting_on).toMatch(
      /an answer to “The \w+ review” by whoever may approve; .* – since \d{4}-\d\d-\d\d/,
    )
    expect([first, second]).toContain(waiting.waiting_decision)
    await post(`${first}/answer`, { choice: 'approve', value: { text: 'a better draft' } })
    await post(`${second}/answer`, { choice: 'approve' })
    await until(async () => (await server.call('GET', `/v1/runs/${run}`, undefined, admin)).body.status === 'completed')
    expect((await post(`${second}/undo`, {})).body).toMatchObject({ error: 'INVALID_STATE' })
    expect((await read(first)).answer.value).toEqual({ text: 'a better draft' })
  })

  it('is approved with edits that fit its form only', async () => {
    const plain = await raise()
    expect((await post(`${plain.id}/answer`, { choice: 'approve', value: { a: 1 } })).status).toBe(400)
    const form = { type: 'object', properties: { amount: { type: 'number', maximum: 100 } }, required: ['amount'] }
    const { id } = await raise({ form, data: { proposal: { amount: 80 } } })
    const wrong = await post(`${id}/answer`, { choice: 'approve', value: { amount: 101 } })
    expect(wrong.status).toBe(400)
    expect(wrong.body.details.fields[0].field).toBe('value.amount')
    expect((await post(`${id}/answer`, { choice: 'approve', value: { amount: 90 } })).body.answer.value).toEqual({
      amount: 90,
    })
  })

  it('is handed on, with who and why, and then belongs to the other', async () => {
    const { id } = await raise({ roles: ['Approver'] })
    const handed = await post(`${id}/delegate`, { users: ['ben'], note: 'he knows the venue' })
    expect(handed.body).toMatchObject({ users: ['ben'], roles: [] })
    expect(handed.body.data.delegations).toEqual([
      expect.objectContaining({ from: 'ann', users: ['ben'], note: 'he knows the venue' }),
    ])
    expect((await post(`${id}/answer`, { choice: 'approve' })).status).toBe(403)
    expect((await post(`${id}/delegate`, { users: [] }, people['ben'])).status).toBe(400)
    expect((await post(`${id}/answer`, { choice: 'approve' }, people['ben'])).status).toBe(200)
  })

  it('is answered together with others, each standing for itself', async () => {
    const [a, b, mine] = [await raise(), await raise(), await raise({ users: ['ben'] })]
    await post(`${b.id}/answer`, { choice: 'deny' }, people['ben'])
    const { body } = await post('batch', {
      ids: [a.id, b.id, mine.id],
      answer: { choice: 'approve', comment: 'batch' },
    })
    expect(body.results.map((result: any) => [result.ok, result.code])).toEqual([
      [true, undefined],
      [false, 'ALREADY_DECIDED'],
      [false, 'FORBIDDEN'],
    ])
    expect((await post('batch', { ids: [a.id] })).status).toBe(400)
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemCtx } from '../../src/kernel/context.ts'
import { startRun } from '../../src/kernel/runs/start-run.ts'
import { type TestServer, testServer, until } from '../_server.ts'
import { testModule, twoQuestions } from './_two-questions.ts'

let server: TestServer
beforeAll(async () => {
  server = await testServer({ modules: [testModule] })
})
afterAll(() => server[Symbol.asyncDispose]())

const start = async (topic: string) => {
  const ctx = systemCtx(server.kernel)
  const { id } = await server.kernel.db.transaction((tx) =>
    startRun(tx, ctx, twoQuestions, { title: `About ${topic}`, state: { topic } }),
  )
  return id
}
const get = async (path: string) => (await server.call('GET', path)).body
const waiting = (id: string) => until(async () => ((await get(`/v1/runs/${id}`)).status === 'waiting' ? id : undefined))
const approveAll = async (id: string) => {
  for (const { id: decision } of (await get(`/v1/decisions?status=open&run_id=${id}`)).decisions)
    await server.call('POST', `/v1/decisions/${decision}/answer`, { choice: 'approve' })
  return until(async () => (await get(`/v1/runs/${id}`)).status === 'completed')
}

describe('runs', () => {
  it('are compared to the first place where they went apart; ids and times do not count', async () => {
    const [a, b, c] = [
      await waiting(await start('tea')),
      await waiting(await start('tea')),
      await waiting(await start('rum')),
    ]
    const same = await get(`/v1/runs/compare?left=${a}&right=${b}`)
    expect(same).toMatchObject({ first_divergence: null, shared_stages: 0 })
    const other = await get(`/v1/runs/compare?left=${a}&right=${c}`)
    expect(other.first_divergence).toBe(0)
    expect(other.rows[0].differs).toContainEqual({ path: 'input.topic', left: 'tea', right: 'rum' })
    expect((await server.call('GET', `/v1/runs/compare?left=${a}&right=none`)).status).toBe(404)
  })

  it('are forked at a stage border with edited input and a model, and compared from there on', async () => {
    const id = await waiting(await start('coffee'))
    await approveAll(id)
    const forked = await server.call('POST', `/v1/runs/${id}/fork`, {
      stage_no: 2,
      state: { draft: 'edited' },
      model: 'another-model',
      limits: { usd: 1.5 },
    })
    expect(forked.body).toMatchObject({
      forked_from: id,
      forked_at: 2,
      limits: { model: 'another-model', usd: 1.5 },
      stage: 'finish@1',
    })
    await until(async () => (await get(`/v1/runs/${forked.body.id}`)).status === 'completed')
    const compared = await get(`/v1/runs/compare?left=${id}&right=${forked.body.id}`)
    expect(compared.shared_stages).toBe(1)
    const first = compared.rows[compared.first_divergence]
    expect(first.left.stage).toBe('finish@1')
    expect(first.differs).toContainEqual({ path: 'input.draft', left: 'draft of coffee', right: 'edited' })
    expect((await get(`/v1/runs?forked_from=${id}`)).runs.map((run: any) => run.id)).toEqual([forked.body.id])
    expect((await get(`/v1/runs/${id}`)).forked_from).toBeNull()
  })

  it('are cancelled in bulk by id or filter, each standing for itself', async () => {
    const done = (await get('/v1/runs?status=completed')).runs[0].id
    const one = await waiting(await start('water'))
    const { body } = await server.call('POST', '/v1/runs/bulk', { verb: 'cancel', ids: [one, done] })
    expect(body).toMatchObject({
      done: 1,
      results: [
        { id: one, ok: true },
        { id: done, ok: false, code: 'INVALID_STATE' },
      ],
    })
    await waiting(await start('juice'))
    const all = await server.call('POST', '/v1/runs/bulk', {
      verb: 'cancel',
      filter: { status: ['waiting'], domain: 'test' },
    })
    expect(all.body.done).toBeGreaterThan(0)
    expect((await get('/v1/runs?status=waiting')).total).toBe(0)
    expect((await server.call('POST', '/v1/runs/bulk', { verb: 'cancel' })).status).toBe(400)
  })

  it('tell what they could cost, may cost and cost, and take other limits', async () => {
    const id = await waiting(await start('soup'))
    expect(await get(`/v1/runs/${id}/cost`)).toMatchObject({ spent_usd: 0, calls: 0, capped_usd: null })
    await server.call('POST', `/v1/runs/${id}/limits`, { usd: 0.5, tokens: 1000 })
    await server.kernel.db.query(
      `insert into kernel.model_calls (id, run_id, caller, provider, model, purpose, outcome, input_tokens, output_tokens, cost_usd, estimated_usd, estimated_tokens)
       values ('mc_1', $1, 'x', 'p', 'm', 'x', 'ok', 100, 50, 0.01, 0.04, 400)`,
      [id],
    )
    expect(await get(`/v1/runs/${id}/cost`)).toEqual({
      estimated_usd: 0.04,
      estimated_tokens: 400,
      capped_usd: 0.5,
      capped_tokens: 1000,
      spent_usd: 0.01,
      spent_tokens: 150,
      calls: 1,
    })
    expect((await server.call('POST', `/v1/runs/${id}/limits`, { usd: -1 })).status).toBe(400)
  })
})

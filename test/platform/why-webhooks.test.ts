import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemCtx } from '../../src/kernel/context.ts'
import { verifyWebhook } from '../../src/kernel/notify/webhook-signature.ts'
import { startRun } from '../../src/kernel/runs/start-run.ts'
import { type TestServer, testServer, until } from '../_server.ts'
import { testModule, twoQuestions } from './_two-questions.ts'

let server: TestServer
beforeAll(async () => {
  server = await testServer({ modules: [testModule] })
})
afterAll(() => server[Symbol.asyncDispose]())

const get = async (path: string) => (await server.call('GET', path)).body
const start = async () => {
  const ctx = systemCtx(server.kernel)
  const { id } = await server.kernel.db.transaction((tx) =>
    startRun(tx, ctx, twoQuestions, { title: 'Two', state: { topic: 'tea' } }),
  )
  const open = await until(async () => {
    const { decisions } = await get(`/v1/decisions?status=open&run_id=${id}`)
    return decisions.length === 2 && decisions
  })
  return { id, decisions: open.map((one: any) => one.id as string) }
}
const approve = (id: string) => server.call('POST', `/v1/decisions/${id}/answer`, { choice: 'approve' })

describe('why?', () => {
  it('goes from a decision to what raised it and to what its answer led to, through the calls of different people', async () => {
    const { id, decisions } = await start()
    for (const decision of decisions) await approve(decision)
    await until(async () => (await get(`/v1/runs/${id}`)).status === 'completed')
    const why = await get(`/v1/why?kind=decision&id=${decisions[0]}`)
    const typeOf = new Map(why.events.map((event: any) => [event.id, `${event.type} ${event.stream}`]))
    const types = (side: any[]) => side.map(({ id: event }) => typeOf.get(event))
    expect(why.subject).toMatchObject({ kind: 'decision', title: expect.stringContaining('review') })
    expect(types(why.causes)).toContain(`run.started run:${id}`)
    expect(why.anchors.map((one: string) => typeOf.get(one))).toContain(`decision.answered decision:${decisions[0]}`)
    expect(types(why.effects)).toContain(`run.completed run:${id}`)
    expect(why.edges.some((edge: any) => edge.implied === false)).toBe(true)
    const run = await get(`/v1/why?kind=run&id=${id}`)
    expect(run.events.length).toBeGreaterThanOrEqual(6)
  })

  it('starts from an audit row: what a call led to', async () => {
    const { decisions } = await start()
    await approve(decisions[0]!)
    const row = await until(async () => (await get(`/v1/audit?target_id=${decisions[0]}`)).rows[0])
    const why = await get(`/v1/why?kind=audit&id=${row.id}`)
    expect(why.events.map((event: any) => event.type)).toContain('decision.answered')
  })

  it('names what does not exist, and kinds there are', async () => {
    expect((await server.call('GET', '/v1/why?kind=run&id=none')).status).toBe(404)
    expect((await server.call('GET', '/v1/why?kind=brief&id=none')).status).toBe(404)
    expect((await server.call('GET', '/v1/why?kind=thing&id=none')).status).toBe(400)
  })
})

describe('webhooks', () => {
  it('tell another program of the events it wants, signed, once each, with both secrets after a change', async () => {
    const got: { headers: any; body: string }[] = []
    let refuse = false
    const receiver = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk) => {
        body += chunk
      })
      request.on('end', () => {
        if (!refuse) got.push({ headers: request.headers, body })
        response.writeHead(refuse ? 404 : 204).end()
      })
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => receiver.once('listening', resolve))
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`
    const refused = await server.call('POST', '/v1/webhooks', { name: 'x', url: 'ftp://a' })
    expect(refused.status).toBe(400)
    const made = (
      await server.call('POST', '/v1/webhooks', {
        name: 'ci',
        url,
        types: ['decision.*'],
        level: 'DECISION',
        allow_private: true,
      })
    ).body
    expect(made.secret).toMatch(/^whsec_/)
    expect(JSON.stringify(await get('/v1/webhooks'))).not.toContain(made.secret)
    expect((await server.call('POST', `/v1/webhooks/${made.id}/test`)).body).toMatchObject({
      delivered: true,
      status: 204,
    })
    const test = got.pop()!
    expect(verifyWebhook([made.secret], test.headers, test.body, Date.now())).toBe(true)

    const { decisions } = await start()
    const raised = await until(() => got.length >= 2 && got.splice(0))
    expect(raised.map(({ body }) => JSON.parse(body).type)).toEqual(['decision.raised', 'decision.raised'])
    expect(raised.every(({ headers, body }) => verifyWebhook([made.secret], headers, body, Date.now()))).toBe(true)

    const { secret } = (await server.call('POST', `/v1/webhooks/${made.id}/secret`)).body
    await approve(decisions[0]!)
    const [answered] = await until(() => got.length >= 1 && got.splice(0))
    for (const one of [made.secret, secret])
      expect(verifyWebhook([one], answered!.headers, answered!.body, Date.now())).toBe(true)

    const { deliveries } = await get(`/v1/webhooks/${made.id}/deliveries`)
    expect(deliveries).toHaveLength(3)
    await server.call('PATCH', `/v1/webhooks/${made.id}`, { enabled: false })
    expect((await get('/v1/webhooks')).webhooks[0]).toMatchObject({ enabled: false, types: ['decision.*'] })
    await server.call('DELETE', `/v1/webhooks/${made.id}`)
    expect((await get('/v1/webhooks')).webhooks).toEqual([])
    refuse = true
    receiver.close()
  })
})

import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { sendWebhook, type WebhookDeps } from './send-webhook.ts'
import { signWebhook, verifyWebhook } from './webhook-signature.ts'

const SECRET = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`
const NOW = Date.parse('2027-01-02T03:04:05Z')
const message = {
  id: 'msg_1',
  type: 'decision.raised',
  data: { decisionId: 'd1', note: 'ü' },
  at: new Date(NOW - 60_000),
}

type Received = { headers: http.IncomingHttpHeaders; body: string }
const servers: http.Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})
async function receiver(answers: ([status: number, headers?: Record<string, string>] | 'hang' | 'drop')[] = []) {
  const received: Received[] = []
  const server = http.createServer(async (req, res) => {
    let body = ''
    for await (const chunk of req) body += chunk
    received.push({ headers: req.headers, body })
    const answer = answers.shift() ?? [204]
    if (answer === 'drop') res.destroy()
    else if (answer !== 'hang') res.writeHead(answer[0], answer[1]).end()
  })
  servers.push(server)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, received }
}
const send = (url: string, deps: WebhookDeps & { slept?: number[] } = {}, secrets = [SECRET]) =>
  sendWebhook(
    message,
    { url, secrets, allowPrivate: true },
    {
      now: () => NOW,
      random: () => 0.5,
      sleep: async (ms) => void deps.slept?.push(ms),
      ...deps,
    },
  )

describe('sendWebhook', () => {
  it('sends a signed message that its receiver can verify', async () => {
    const hook = await receiver()
    expect(await send(hook.url)).toEqual({
      channel: 'webhook',
      id: 'msg_1',
      delivered: true,
      transient: false,
      attempts: 1,
      status: 204,
    })
    const [{ headers, body }] = hook.received as [Received]
    expect(JSON.parse(body)).toEqual({
      type: 'decision.raised',
      timestamp: '2027-01-02T03:03:05.000Z',
      data: message.data,
    })
    expect([headers['webhook-id'], headers['idempotency-key'], headers['content-type']]).toEqual([
      'msg_1',
      'msg_1',
      'application/json',
    ])
    expect(verifyWebhook([SECRET], headers, body, NOW)).toBe(true)
  })

  it('repeats what may pass, with the same id and a fresh signature', async () => {
    const hook = await receiver([[503], 'drop', [429, { 'retry-after': '30' }]])
    const slept: number[] = []
    expect(await send(hook.url, { slept })).toMatchObject({ delivered: true, attempts: 4 })
    expect(slept).toEqual([1000, 2000, 30_000])
    expect(new Set(hook.received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set(['msg_1']))
  })

  it('gives up after its attempts and says that later may help', async () => {
    const hook = await receiver([[500], [500], [500]])
    expect(await send(hook.url, { attempts: 2 })).toMatchObject({
      delivered: false,
      transient: true,
      attempts: 2,
      status: 500,
    })
  })

  it.each([[400], [401], [404], [410], [302]] as const)('takes %i as final', async (status) => {
    const hook = await receiver([[status, { location: 'http://127.0.0.1:1/' }]])
    expect(await send(hook.url)).toMatchObject({ delivered: false, transient: false, attempts: 1, status })
  })

  it('ends an attempt that hangs', async () => {
    const hook = await receiver(['hang'])
    expect(await send(hook.url, { timeoutMs: 50 })).toMatchObject({ delivered: true, attempts: 2 })
  })

  it('refuses inner addresses that a user gave', async () => {
    const hook = await receiver()
    const target = { url: hook.url, secrets: [SECRET], allowPrivate: false }
    expect(await sendWebhook(message, target)).toMatchObject({
      delivered: false,
      transient: false,
      error: expect.stringContaining('not allowed'),
    })
    expect(hook.received).toEqual([])
  })
})

describe('webhook signature', () => {
  it('matches the published test vector of the convention', () => {
    const headers = signWebhook(
      ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
      1_614_265_330_000,
      '{"test": 2432232314}',
    )
    expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
  })

  it('refuses a changed body, id, time, secret, and what is too old', () => {
    const body = '{"a":1}'
    const headers = { ...signWebhook([SECRET], 'm', NOW, body) }
    expect(verifyWebhook([SECRET], headers, body, NOW)).toBe(true)
    expect(verifyWebhook([SECRET], headers, '{"a":2}', NOW)).toBe(false)
    expect(verifyWebhook([SECRET], { ...headers, 'webhook-id': 'x' }, body, NOW)).toBe(false)
    expect(verifyWebhook([SECRET], { ...headers, 'webhook-timestamp': '1' }, body, NOW)).toBe(false)
    expect(verifyWebhook(['another-secret-16b'], headers, body, NOW)).toBe(false)
    expect(verifyWebhook([SECRET], headers, body, NOW + 301_000)).toBe(false)
    expect(verifyWebhook([SECRET], {}, body, NOW)).toBe(false)
  })

  it('accepts the old and the new secret while they change', () => {
    const headers = { ...signWebhook(['new-secret-16-bytes', SECRET], 'm', NOW, 'x') }
    expect(verifyWebhook([SECRET], headers, 'x', NOW)).toBe(true)
    expect(verifyWebhook(['new-secret-16-bytes'], headers, 'x', NOW)).toBe(true)
  })

  it('refuses short secrets', () => {
    expect(() => signWebhook(['short'], 'm', NOW, 'x')).toThrow(/16 bytes/)
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestServer, testServer } from '../_server.ts'

const TOKEN = 'configured-token-0123456789'
let server: TestServer
beforeAll(async () => {
  server = await testServer({ env: { API_TOKEN: TOKEN } })
})
afterAll(() => server[Symbol.asyncDispose]())

const admin = { authorization: `Bearer ${TOKEN}` }
const newKey = async (roles: string[], scopes: string[] = []) =>
  (await server.call('POST', '/v1/keys', { name: roles.join('-') || 'scoped', roles, scopes }, admin)).body as {
    id: string
    secret: string
  }

describe('with keys', () => {
  it('refuses a request without, or with a wrong credential, everywhere but health', async () => {
    expect((await server.call('GET', '/health')).status).toBe(200)
    for (const at of ['/tasks', '/v1/runs', '/v1/events', '/metrics', '/openapi.json', '/agents']) {
      expect((await server.call('GET', at)).status, at).toBe(401)
      expect((await server.call('GET', at, undefined, { authorization: 'Bearer wrong' })).status, at).toBe(401)
    }
  })

  it('reads bearer, X-API-Key and api_key alike', async () => {
    const { secret } = await newKey(['Viewer'])
    expect((await server.call('GET', '/tasks', undefined, { authorization: `Bearer ${secret}` })).status).toBe(200)
    expect((await server.call('GET', '/tasks', undefined, { 'x-api-key': secret })).status).toBe(200)
    expect((await server.call('GET', `/tasks?api_key=${secret}`)).status).toBe(200)
  })

  it('ends a revoked key', async () => {
    const { id, secret } = await newKey(['Organizer'])
    expect((await server.call('GET', '/tasks', undefined, { 'x-api-key': secret })).status).toBe(200)
    expect((await server.call('DELETE', `/v1/keys/${id}`, undefined, admin)).status).toBe(200)
    expect((await server.call('GET', '/tasks', undefined, { 'x-api-key': secret })).status).toBe(401)
  })

  it('never shows a secret again and stores only its hash', async () => {
    const { secret } = await newKey(['Viewer'])
    expect(JSON.stringify((await server.call('GET', '/v1/keys', undefined, admin)).body)).not.toContain(secret)
    const { rows } = await server.kernel.db.query('select to_jsonb(k)::text as row from kernel.api_keys k')
    expect(rows.map((row) => row['row']).join()).not.toContain(secret)
  })

  it('answers 403 naming the missing scope to a role that may not, on real routes', async () => {
    const { secret } = await newKey(['Viewer'])
    const refused = await server.call(
      'POST',
      '/tasks',
      { description: 'Calculate factorial of 10' },
      { 'x-api-key': secret },
    )
    expect([refused.status, refused.body.code]).toEqual([403, 'FORBIDDEN'])
    expect(refused.body.detail).toContain('Events.Write')
    expect((await server.call('POST', '/v1/keys', { name: 'x', roles: [] }, { 'x-api-key': secret })).status).toBe(403)
  })

  it('shows the reference of every route as a page', async () => {
    const page = await server.call('GET', '/docs', undefined, admin)
    expect(page.headers.get('content-type')).toContain('text/html')
    for (const { def } of server.registry.slice(0, 40))
      expect(page.body).toContain(def.url.replace(/:(\w+)/g, '{$1}').replace('*', '{path}'))
    const document = (await server.call('GET', '/openapi.json', undefined, admin)).body
    expect(document.openapi).toBe('3.1.0')
  })

  it('slows guessing down', async () => {
    let limited = false
    for (let i = 0; i < 30 && !limited; i++)
      limited = (await server.call('GET', '/tasks', undefined, { authorization: `Bearer guess-${i}` })).status === 429
    expect(limited).toBe(true)
  })
})

describe('in dev mode', () => {
  it('refuses a foreign origin, a foreign host, and nothing of this machine', async () => {
    await using dev = await testServer({ roles: ['api'] })
    const body = { description: 'Calculate factorial of 10' }
    expect((await dev.call('POST', '/tasks', body, { origin: 'https://evil.example' })).status).toBe(403)
    expect((await dev.call('POST', '/tasks', body, { origin: dev.url })).status).toBe(200)
    expect((await dev.call('POST', '/tasks', body)).status).toBe(200)
    const { request } = await import('node:http')
    const status = await new Promise<number>((resolve) => {
      const { port } = new URL(dev.url)
      request({ host: '127.0.0.1', port, path: '/tasks', headers: { host: 'rebound.example' } }, (answer) =>
        resolve(answer.statusCode ?? 0),
      ).end()
    })
    expect(status).toBe(403)
  })
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestServer } from '../_server.ts'
import { bodyB, moviesServer } from './_movies.ts'
import { listen } from './_socket.ts'

const KEY = 'the-configured-key-0123456789'
let server: TestServer
beforeAll(async () => {
  server = await moviesServer({ env: { API_KEY: KEY, RATE_LIMITS: '8,5,3' } })
}, 60_000)
afterAll(() => server[Symbol.asyncDispose]())

const call = (key: string | undefined, method: string, path: string, body?: unknown) =>
  server.call(method, path, body, key ? { 'x-api-key': key } : {})
const newKey = async (role: string, projects?: string[]): Promise<string> => {
  const { body } = await server.call(
    'POST',
    '/v1/keys',
    { name: role, roles: [role], ...(projects ? { projects } : {}) },
    { 'x-api-key': KEY },
  )
  return body.secret
}
const create = async (over: Record<string, unknown> = {}) =>
  (await call(KEY, 'POST', '/api/v1/workflows', bodyB(over))).body

describe('keys', () => {
  test.each([
    ['GET', '/api/v1/workflows'],
    ['POST', '/api/v1/workflows'],
    ['GET', '/api/v1/agents'],
    ['POST', '/api/v1/agents'],
    ['GET', '/api/v1/projects'],
    ['GET', '/api/v1/audit'],
    ['GET', '/api/openapi.json'],
    ['GET', '/metrics'],
  ])('%s %s without or with a wrong key is 401 with the error body', async (method, path) => {
    for (const key of [undefined, 'wrong']) {
      const { status, body } = await call(key, method, path, method === 'POST' ? {} : undefined)
      expect(status).toBe(401)
      if (path.startsWith('/api/'))
        expect(body).toMatchObject({
          code: 'UNAUTHORIZED',
          error: body.message,
          details: expect.any(Object),
          timestamp: expect.stringMatching(/Z$/),
          correlation_id: expect.any(String),
        })
    }
  })

  test.each(['/health', '/health/live', '/health/ready'])('%s needs no key', async (path) => {
    expect((await call(undefined, 'GET', path)).status).toBe(200)
  })

  test('the configured key may do everything, also read the audit log', async () => {
    expect((await call(KEY, 'GET', '/api/v1/audit')).status).toBe(200)
    expect((await create()).status).toBe('running')
  })

  test('a viewer reads and changes nothing', async () => {
    const viewer = await newKey('viewer')
    const w = await create()
    expect((await call(viewer, 'GET', `/api/v1/workflows/${w.workflow_id}`)).status).toBe(200)
    for (const [method, path, body] of [
      ['POST', '/api/v1/workflows', bodyB()],
      ['POST', `/api/v1/workflows/${w.workflow_id}/cancel`, undefined],
    ] as const) {
      const refused = await call(viewer, method, path, body)
      expect([refused.status, refused.body.code]).toEqual([403, 'FORBIDDEN'])
    }
    expect((await call(viewer, 'GET', '/api/v1/audit')).status).toBe(403)
  })

  test('a user key of one project sees only that project, and 403 for every other', async () => {
    const [mine, foreign] = [await create(), await create()]
    const user = await newKey('user', [mine.project_id])
    expect((await call(user, 'GET', `/api/v1/workflows/${mine.workflow_id}`)).status).toBe(200)
    const list = (await call(user, 'GET', '/api/v1/workflows')).body
    expect(list.workflows.map((w: any) => w.project_id)).toEqual([mine.project_id])
    const projects = (await call(user, 'GET', '/api/v1/projects')).body
    expect(projects.projects.map((p: any) => p.project_id)).toEqual([mine.project_id])
    const id = foreign.workflow_id
    const other = await newKey('user', [mine.project_id])
    for (const [method, path, body] of [
      ['GET', `/api/v1/workflows/${id}`],
      ['GET', `/api/v1/workflows/${id}/events`],
      ['GET', `/api/v1/workflows/${id}/artifacts/concept_brief`],
      ['GET', `/api/v1/projects/${foreign.project_id}`],
      ['POST', '/api/v1/workflows', bodyB()],
      ['POST', `/api/v1/workflows/${id}/cancel`],
      ['POST', `/api/v1/workflows/${id}/decisions`, { decision_id: 'story_approval_001', choice: 'approved' }],
    ] as const) {
      const refused = await call(other, method, path, body)
      expect([path, refused.status, refused.body.code]).toEqual([path, 403, 'FORBIDDEN'])
    }
  })

  test('refused keys are in the audit log, without the key', async () => {
    await call('a-guessed-key', 'GET', '/api/v1/workflows')
    const { entries } = (await call(KEY, 'GET', '/api/v1/audit?entity_type=request')).body
    expect(entries.map((e: any) => e.action)).toContain('key.refused')
    expect(JSON.stringify(entries)).not.toContain('a-guessed-key')
  })

  test('two keys are valid at once, and a revoked one is not', async () => {
    const [old, young] = [await newKey('service'), await newKey('service')]
    for (const key of [old, young]) expect((await call(key, 'GET', '/api/v1/workflows')).status).toBe(200)
    const { keys } = (await server.call('GET', '/v1/keys', undefined, { 'x-api-key': KEY })).body
    const id = keys.find((k: any) => old.endsWith(k.hint)).id
    await server.call('DELETE', `/v1/keys/${id}`, undefined, { 'x-api-key': KEY })
    const fresh = await newKey('service')
    expect((await call(fresh, 'GET', '/api/v1/workflows')).status).toBe(200)
  })
})

describe('rate limits', () => {
  test('a user key is counted per kind of call and told what is left', async () => {
    const user = await newKey('user')
    const first = await call(user, 'GET', '/api/v1/workflows')
    expect(first.headers.get('x-ratelimit-limit')).toBe('3')
    expect(first.headers.get('x-ratelimit-remaining')).toBe('2')
    expect(Number(first.headers.get('x-ratelimit-reset'))).toBeGreaterThan(1_600_000_000)
    let refused = first
    for (let i = 0; i < 8 && refused.status !== 429; i++) refused = await call(user, 'GET', '/api/v1/workflows')
    expect([refused.status, refused.body.code]).toEqual([429, 'RATE_LIMIT_EXCEEDED'])
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(refused.headers.get('x-ratelimit-remaining')).toBe('0')
    const changes = await call(user, 'POST', '/api/v1/workflows', bodyB())
    expect([changes.status, changes.headers.get('x-ratelimit-limit')]).toEqual([201, '5'])
    const text = (await call(KEY, 'GET', '/metrics')).body
    expect(text).toMatch(/api_rate_limit_hits_total\{endpoint="\/api\/v1\/workflows"\} [1-9]/)
  })

  test('service and admin keys are exempt', async () => {
    const service = await newKey('service')
    for (const key of [service, KEY])
      for (let i = 0; i < 12; i++) {
        const answer = await call(key, 'GET', '/api/v1/workflows')
        expect([answer.status, answer.headers.get('x-ratelimit-limit')]).toEqual([200, null])
      }
  })
})

describe('sockets', () => {
  test.each([
    ['/ws/workflows/00000000-0000-4000-8000-00000000abcd', undefined, 4401],
    ['/ws/agents', undefined, 4401],
    ['/ws/workflows/00000000-0000-4000-8000-00000000abcd', KEY, 4404],
    ['/ws/workflows/nonsense', KEY, 4404],
  ])('%s with key %s closes with %d', async (path, key, code) => {
    const socket = listen(`${server.url}${path}`, key ? { 'x-api-key': key } : {})
    expect(await socket.closed).toBe(code)
  })

  test('a wrong key is refused', async () => {
    expect(await listen(`${server.url}/ws/agents`, { 'x-api-key': 'wrong' }).closed).toBe(4401)
  })

  test('a key of another project is closed with 4403; the key may stand in the query', async () => {
    const w = await create()
    const other = await newKey('user', ['elsewhere'])
    expect(await listen(`${server.url}/ws/workflows/${w.workflow_id}?api_key=${other}`).closed).toBe(4403)
    const mine = await newKey('user', [w.project_id])
    const socket = listen(`${server.url}/ws/workflows/${w.workflow_id}?api_key=${mine}`)
    expect((await socket.next()).type).toBe('workflow.snapshot')
    socket.close()
  })
})

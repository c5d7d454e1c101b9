import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestServer, testServer } from '../_server.ts'

const TOKEN = 'configured-token-0123456789'
const admin = { authorization: `Bearer ${TOKEN}` }
let server: TestServer
beforeAll(async () => {
  server = await testServer({ env: { API_TOKEN: TOKEN, RATE_LIMIT_PER_MINUTE: '60' } })
})
afterAll(() => server[Symbol.asyncDispose]())

const keyNames = async (name: string) =>
  (await server.kernel.db.query('select count(*)::int as n from kernel.api_keys where name = $1', [name])).rows[0]![
    'n'
  ] as number
const newKey = (name: string, headers: Record<string, string> = {}) =>
  server.call('POST', '/v1/keys', { name, roles: ['Viewer'] }, { ...admin, ...headers })

describe('idempotency keys', () => {
  it('answer a repeat with the first answer and act once; a secret is shown once and kept nowhere', async () => {
    const first = await newKey('once', { 'idempotency-key': 'k-1' })
    const again = await newKey('once', { 'idempotency-key': 'k-1' })
    expect(first.body.secret).toMatch(/^tk_/)
    expect(again.body).toEqual({ ...first.body, secret: null })
    const { rows } = await server.kernel.db.query("select convert_from(body, 'utf8') as body from kernel.idempotency")
    expect(rows.map((row) => row['body']).join()).not.toContain(first.body.secret)
    expect(again.headers.get('idempotent-replay')).toBe('true')
    expect(await keyNames('once')).toBe(1)
  })

  it('let one of ten simultaneous calls act, and give all its answer', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => newKey('ten', { 'idempotency-key': 'k-2' })))
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1)
    expect(await keyNames('ten')).toBe(1)
  })

  it('are refused with another body, and freed by a refusal', async () => {
    await newKey('reused', { 'idempotency-key': 'k-3' })
    const other = await newKey('other', { 'idempotency-key': 'k-3' })
    expect([other.status, JSON.stringify(other.body).match(/[A-Z]+_[A-Z_]+/)?.[0]]).toEqual([
      409,
      'IDEMPOTENCY_KEY_REUSED',
    ])
    const wrong = await server.call('POST', '/v1/keys', { name: 7 }, { ...admin, 'idempotency-key': 'k-4' })
    expect(wrong.status).toBe(400)
    expect((await newKey('after-refusal', { 'idempotency-key': 'k-4' })).status).toBe(201)
  })

  it('run a call again that was cut off before it changed anything, and never one that had begun', async () => {
    const { db } = server.kernel
    await newKey('cut-off', { 'idempotency-key': 'k-5' })
    const marked = await db.query(`select begun_at from kernel.idempotency where key = 'k-5'`)
    expect(marked.rows[0]!['begun_at']).toBeInstanceOf(Date)
    // As a kill -9 between the commit and the record of the answer leaves it, two minutes later.
    const cutOff = (begun: string) =>
      db.query(
        `update kernel.idempotency set status = null, body = null, begun_at = ${begun}, created_at = now() - interval '3 minutes' where key = 'k-5'`,
      )
    await cutOff('begun_at')
    const repeat = await newKey('cut-off', { 'idempotency-key': 'k-5' })
    expect([repeat.status, JSON.stringify(repeat.body)]).toEqual([409, expect.stringContaining('see whether it took')])
    expect(await keyNames('cut-off')).toBe(1)
    await cutOff('null')
    expect((await newKey('cut-off', { 'idempotency-key': 'k-5' })).status).toBe(201)
    expect(await keyNames('cut-off')).toBe(2)
  })

  it('must be visible ASCII of at most 200 characters', async () => {
    const refused = await newKey('long', { 'idempotency-key': 'x'.repeat(201) })
    expect(refused.status).toBe(400)
    expect(JSON.stringify(refused.body)).toContain('Idempotency-Key')
  })
})

describe('RATE_LIMIT_PER_MINUTE', () => {
  it('counts each caller, tells what remains, and refuses with the time to wait', async () => {
    const { body } = await newKey('busy')
    const headers = { 'x-api-key': body.secret }
    const first = await server.call('GET', '/tasks', undefined, headers)
    expect(first.headers.get('x-ratelimit-remaining')).toBe('59')
    const answers = await Promise.all(
      Array.from({ length: 130 }, () => server.call('GET', '/tasks', undefined, headers)),
    )
    const refused = answers.filter((answer) => answer.status === 429)
    // A minute may turn while the calls run: then two windows let 60 each through.
    expect(refused.length).toBeGreaterThanOrEqual(131 - 120)
    expect(Number(refused[0]!.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(JSON.stringify(refused[0]!.body)).toContain('RATE_LIMITED')
    expect((await server.call('GET', '/tasks', undefined, admin)).status).toBe(200)
    expect((await server.call('GET', '/health', undefined, headers)).status).toBe(200)
  })
})

it('turns half of a surrogate pair into U+FFFD before anything is stored', async () => {
  const response = await fetch(`${server.url}/v1/keys`, {
    method: 'POST',
    headers: { ...admin, 'content-type': 'application/json' },
    body: '{"name":"half \\ud800 pair","roles":["Viewer"]}',
  })
  expect([response.status, ((await response.json()) as { name: string }).name]).toEqual([201, 'half \ufffd pair'])
})

describe('a request that fits no route', () => {
  it('names the methods of a known path', async () => {
    const answer = await server.call('DELETE', '/v1/runs', undefined, admin)
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET'])
  })
  it('is refused in the shape of its contract', async () => {
    const movie = await server.call('GET', '/api/v1/nothing', undefined, admin)
    const planning = await server.call('GET', '/api/nothing', undefined, admin)
    const task = await server.call('GET', '/nothing', undefined, admin)
    expect([movie.status, planning.status, task.status]).toEqual([404, 404, 404])
    expect(new Set([movie, planning, task].map(({ body }) => Object.keys(body).sort().join())).size).toBe(3)
  })
  it('with a body that is no JSON names the body', async () => {
    const response = await fetch(`${server.url}/v1/keys`, {
      method: 'POST',
      headers: { ...admin, 'content-type': 'application/json' },
      body: '{"name":',
    })
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('not valid JSON')
  })
})

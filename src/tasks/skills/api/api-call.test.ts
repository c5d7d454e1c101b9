import { describe, expect, it } from 'vitest'
import { previous, request, testPorts } from '../_test-kit.ts'
import type { HttpAnswer, HttpAsk, SkillRequest } from '../skill.ts'
import { apiCall } from './api-call.ts'
import { readPath } from './path-expression.ts'

const URL = 'https://api.test/users'
const users = [
  { id: 1, name: 'Ann', email: 'ann@x.test' },
  { id: 2, name: 'Bob', email: 'bob@x.test' },
]
/** How a step names a secret: the agent puts the value in. */
const envName = (name: string) => `\${${name}}`
type Http = (url: string, ask: HttpAsk) => Partial<HttpAnswer> & { text?: string; json?: unknown }

async function call(
  text: string,
  inputData: object = {},
  http: Http = () => ({ json: users }),
  more: Partial<SkillRequest> = {},
) {
  const ports = testPorts({ http, secrets: { MY_TOKEN: 's3cret-token' } })
  const output = await apiCall.run(
    request(text, { inputData: inputData as SkillRequest['inputData'], capabilities: ['api_integration'], ...more }),
    ports,
  )
  return { ...output, data: output.data as Record<string, any>, ports }
}

describe('calls', () => {
  it('gives status and json, or text', async () => {
    expect((await call(`Fetch users from the API ${URL}`)).data).toEqual({ status: 200, json: users })
    expect(
      (await call(`Fetch ${URL}`, {}, () => ({ text: 'plain', headers: { 'content-type': 'text/plain' } }))).data,
    ).toEqual({ status: 200, text: 'plain' })
  })
  it.each<[string, object, string, string | undefined]>([
    [`GET ${URL}`, {}, 'GET', undefined],
    [`Call API ${URL}`, { method: 'PUT', body: { a: 1 } }, 'PUT', '{"a":1}'],
    [`Call API ${URL}`, { method: 'delete' }, 'DELETE', undefined],
    [`Send {"a": [1, 2]} to ${URL}`, {}, 'POST', '{"a":[1,2]}'],
    [`Call API ${URL}`, { body: { a: 1 } }, 'POST', '{"a":1}'],
    [
      `POST to ${URL}`,
      { body: { a: 'x y', b: 2 }, headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
      'POST',
      'a=x+y&b=2',
    ],
    [`POST to ${URL}`, { body: 'raw' }, 'POST', 'raw'],
    [`PATCH ${URL}`, { body: { a: null } }, 'PATCH', '{"a":null}'],
  ])('%s %j', async (text, inputData, method, body) => {
    const { ports } = await call(text, inputData)
    expect(ports.asked[0]!.ask.method).toBe(method)
    expect(ports.asked[0]!.ask.body).toBe(body)
  })
  it('adds query and headers; the address of the text wins over input_data unless a retry gave it', async () => {
    const query = { q: 'a b', tag: ['x', 'y'], none: null }
    const { ports } = await call(`GET ${URL}?p=1`, { url: 'https://other.test/', query, headers: { 'X-A': 1 } })
    expect(ports.asked[0]!.url).toBe(`${URL}?p=1&q=a+b&tag=x&tag=y`)
    expect(ports.asked[0]!.ask.headers).toMatchObject({ 'x-a': '1' })
    const retried = await call(`GET ${URL}`, { url: 'https://other.test/' }, undefined, { overrides: new Set(['url']) })
    expect(retried.ports.asked[0]!.url).toBe('https://other.test/')
  })
  it.each([
    [{ type: 'bearer', token: envName('MY_TOKEN') }, { authorization: 'Bearer s3cret-token' }],
    [
      { type: 'basic', username: 'u', password: envName('MY_TOKEN') },
      { authorization: `Basic ${btoa('u:s3cret-token')}` },
    ],
    [{ type: 'header', name: 'X-Key', value: envName('MY_TOKEN') }, { 'x-key': 's3cret-token' }],
  ])('authenticates by %j and shows the secret nowhere', async (auth, headers) => {
    const echo: Http = (_, ask) => ({ json: { echoed: ask.headers } })
    const output = await call(`GET ${URL}`, { auth }, echo)
    expect(output.ports.asked[0]!.ask.headers).toMatchObject(headers)
    expect(JSON.stringify([output.data, output.summary, output.result])).not.toContain('s3cret')
    const failing = call(`GET ${URL}`, { auth }, (_, ask) => ({ status: 401, text: JSON.stringify(ask.headers) }))
    await expect(failing).rejects.toMatchObject({ message: expect.not.stringContaining('s3cret') })
  })
  it.each([
    [{ auth: { type: 'bearer', token: envName('OTHER') } }, /API_SECRET_NAMES/],
    [{ auth: { type: 'magic' } }, /input_data\.auth must be/],
    [{ paginate: { type: 'cursor' } }, /input_data\.paginate must be/],
    [{ method: 'TRACE' }, /input_data\.method must be/],
    [{ headers: 'x' }, /input_data\.headers must be/],
  ])('refuses %j', async (inputData, message) => {
    await expect(call(`GET ${URL}`, inputData)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(message),
    })
  })
})

describe('failures', () => {
  it('reports status and the start of the body', async () => {
    await expect(call(`GET ${URL}`, {}, () => ({ status: 404, text: 'no such user' }))).rejects.toMatchObject({
      code: 'NETWORK_ERROR',
      message: expect.stringMatching(/HTTP 404: no such user/),
    })
  })
  it('asks again twice after 429 and 5xx, as long as Retry-After says', async () => {
    let n = 0
    const { ports, data } = await call(
      `GET ${URL}`,
      {},
      () => [{ status: 429, headers: { 'retry-after': '7' } }, { status: 503 }, { json: 1 }][n++]!,
    )
    expect(data).toEqual({ status: 200, json: 1 })
    expect(ports.slept).toEqual([7000, 2000])
    await expect(call(`GET ${URL}`, {}, () => ({ status: 500, text: 'x' }))).rejects.toMatchObject({
      code: 'NETWORK_ERROR',
    })
  })
  it('needs an address', async () => {
    await expect(call('Fetch weather data from API')).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })
})

describe('pages', () => {
  const paged: Http = (url) => {
    const page = Number(new globalThis.URL(url).searchParams.get('page') ?? '1')
    const link = page < 3 ? { link: `<${URL}?page=${page + 1}>; rel="next", <${URL}?page=1>; rel="first"` } : {}
    return { json: page <= 3 ? [{ n: page }] : [], headers: link as Record<string, string> }
  }
  const bodies: Http = (url) => {
    const page = Number(new globalThis.URL(url).searchParams.get('page') ?? '1')
    const next = page < 3 ? `/users?page=${page + 1}` : null
    return { json: { total: page, items: [page], next, meta: { more: next } } }
  }
  it.each<[object | boolean, Http, object]>([
    [true, paged, { json: [{ n: 1 }, { n: 2 }, { n: 3 }], pages: 3 }],
    [{ type: 'link' }, paged, { json: [{ n: 1 }, { n: 2 }, { n: 3 }], pages: 3 }],
    [{ type: 'page', param: 'page', start: 1 }, paged, { json: [{ n: 1 }, { n: 2 }, { n: 3 }], pages: 3 }],
    [true, bodies, { json: { total: 1, items: [1, 2, 3] }, pages: 3 }],
    [{ type: 'next', path: 'meta.more' }, bodies, { json: { total: 1, items: [1, 2, 3] }, pages: 3 }],
  ])('%j', async (paginate, http, expected) => {
    expect((await call(`GET ${URL}`, { paginate }, http)).data).toMatchObject(expected)
  })
  it('stops after 20 pages and never sends credentials elsewhere', async () => {
    const { data, ports } = await call(
      `GET ${URL}`,
      { paginate: true, auth: { type: 'bearer', token: 'abcdef' } },
      (url) => {
        const n = Number(new globalThis.URL(url).searchParams.get('n') ?? '0') + 1
        return { json: { list: [n], next: `https://elsewhere.test/?n=${n}` } }
      },
    )
    expect(data['pages']).toBe(20)
    expect(ports.asked[0]!.ask.headers).toHaveProperty('authorization')
    expect(ports.asked[1]!.ask.headers).not.toHaveProperty('authorization')
  })
})

describe('extraction', () => {
  it('I10: extracts emails', async () => {
    const { data } = await call(`Call API ${URL} and extract emails`)
    expect(data['extracted']).toEqual(['ann@x.test', 'bob@x.test'])
    const step = await call('extract emails', {}, undefined, { previous: [previous({ status: 200, json: users })] })
    expect(step.data).toEqual({
      extracted: ['ann@x.test', 'bob@x.test'],
      rows: [{ email: 'ann@x.test' }, { email: 'bob@x.test' }],
    })
  })
  it.each<[string, object, unknown]>([
    [
      'extract names and emails',
      {},
      [
        { name: 'Ann', email: 'ann@x.test' },
        { name: 'Bob', email: 'bob@x.test' },
      ],
    ],
    ['extract [*].id from the answer', {}, [1, 2]],
    ['extract what is needed', { extract: '[1].name' }, 'Bob'],
    ['extract $[0].email', {}, 'ann@x.test'],
  ])('%s', async (text, inputData, expected) => {
    const { data } = await call(text, inputData, undefined, { previous: [previous({ json: users })] })
    expect(data['extracted']).toEqual(expected)
  })
  it('says when there is nothing', async () => {
    await expect(
      call('extract phone numbers', {}, undefined, { previous: [previous({ json: users })] }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(call(`GET ${URL}`, { extract: 'nothing.here' })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })
  it.each<[string, unknown]>([
    ['[*].a.b', [1, 2]],
    ['[0]', { a: { b: 1 }, 'c d': 3 }],
    ['[-1].a', { b: 2 }],
    ['[0]["c d"]', 3],
    ['$..b', [1, 2]],
    ['a.b', [1, 2]],
    ['x.y', undefined],
    ['[5].a', undefined],
  ])('path %s', (path, expected) => {
    expect(readPath([{ a: { b: 1 }, 'c d': 3 }, { a: { b: 2 } }], path)).toEqual(expected)
  })
  it.each(['a[', 'a b', 'a[x]'])('refuses the path %j', (path) => expect(() => readPath({}, path)).toThrow(/path/))
})

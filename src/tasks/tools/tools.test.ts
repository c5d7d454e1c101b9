// Tools of 3.11 whose work is outside the database: what they call is a server of the test.
import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../../kernel/config/load-config.ts'
import { callTool } from '../../kernel/tools/call-tool.ts'
import { argumentsLine } from '../shown-arguments.ts'
import type { TaskToolContext } from './context.ts'
import { taskTools } from './index.ts'

const seen: { method: string; url: string; headers: http.IncomingHttpHeaders; body: string }[] = []
/** An API with pages and credentials, an embedding service, and a search service as SearXNG is: JSON only where it is allowed. */
const site = http.createServer(async (request, response) => {
  const url = new URL(request.url!, 'http://site')
  seen.push({
    method: request.method!,
    url: request.url!,
    headers: request.headers,
    body: (await request.toArray()).join(''),
  })
  const json = (value: unknown) => response.setHeader('content-type', 'application/json').end(JSON.stringify(value))
  const page = Number(url.searchParams.get('page') ?? 1)
  switch (url.pathname) {
    case '/users':
      return json(page > 2 ? [] : [{ email: `a${page}@x.org` }, { email: `b${page}@x.org` }])
    case '/embed':
      return json({ embedding: seen.at(-1)!.body.includes('sea') ? [1, 0] : [0, 1] })
    case '/search':
      if (url.searchParams.get('format') !== 'json') return response.end('<html>results</html>')
      return json({
        query: url.searchParams.get('q'),
        number_of_results: 0,
        results: [
          {
            title: 'Pike\n fish',
            url: 'https://fish.example/pike',
            content: 'A  pike is a fish',
            engine: 'x',
            score: 1,
          },
          { title: 'Script', url: 'javascript:alert(1)', content: '' },
          { url: 'http://fish.example/' },
        ],
        suggestions: [],
      })
    case '/closed/search':
      return response.writeHead(403).end('Forbidden')
    case '/pages/search':
      return response.end('<html>results for people</html>')
    default:
      return response.writeHead(404).end('nothing here')
  }
})
let base: string
let dir: string
beforeAll(async () => {
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-tools-'))
  process.env['TROUPE_TEST_TOKEN'] = 'tok-0123456789'
})
afterAll(() => {
  delete process.env['TROUPE_TEST_TOKEN']
  fs.rmSync(dir, { recursive: true })
  site.close()
})

async function use(
  name: string,
  args: object,
  env: Record<string, string> = {},
  rows: object[] = [{ capabilities: ['web_scraping'] }],
) {
  const config = loadConfig({ ALLOW_PRIVATE_HOSTS: '1', SHARED_FILES_PATH: dir, ARTIFACTS_PATH: dir, ...env })
  const ctx = {
    kernel: { config, clock: { now: Date.now }, db: { query: async () => ({ rows, rowCount: rows.length }) } },
    assignment: { subject: 'task_1', key: 'subtask_1', agent_id: 'agent_2', id: 'asg', attempt: 1 },
    callId: 'c',
    signal: AbortSignal.timeout(60_000),
  } as unknown as TaskToolContext
  const outcome = await callTool(name, args, ctx, { registry: taskTools })
  return outcome.ok ? (outcome.value as any) : `${outcome.code}: ${outcome.message}`
}

describe('http_request', () => {
  it('answers with status, headers and text, also of an error', async () => {
    expect(await use('http_request', { url: `${base}/none` })).toMatchObject({ status: 404, text: 'nothing here' })
  })

  it('sends query, credentials by name and a body, and shows no credential in what it answers', async () => {
    const args = {
      method: 'POST',
      url: `${base}/users?a=1`,
      query: { tag: ['x', 'y'] },
      auth: { type: 'bearer', token: `\${TROUPE_TEST_TOKEN}` },
      body: { n: 1 },
    }
    expect(await use('http_request', args, { API_SECRET_NAMES: 'TROUPE_TEST_TOKEN' })).toMatchObject({ status: 200 })
    expect(seen.at(-1)).toMatchObject({
      method: 'POST',
      url: '/users?a=1&tag=x&tag=y',
      headers: { authorization: 'Bearer tok-0123456789', 'content-type': 'application/json' },
      body: '{"n":1}',
    })
    const before = seen.length
    expect(await use('http_request', args)).toMatch(/INVALID_INPUT: .*TROUPE_TEST_TOKEN\} is not available/)
    expect(seen).toHaveLength(before)
  })

  it('HEAD asks for no body; basic and header credentials are sent', async () => {
    await use('http_request', {
      method: 'HEAD',
      url: `${base}/users`,
      auth: { type: 'basic', username: 'u', password: 'p' },
    })
    expect(seen.at(-1)).toMatchObject({ method: 'HEAD', headers: { authorization: 'Basic dTpw' } })
    await use('http_request', { url: `${base}/users`, auth: { type: 'header', name: 'X-Key', value: 'k' } })
    expect(seen.at(-1)!.headers).toMatchObject({ 'x-key': 'k' })
  })

  it('reads page after page and extracts', async () => {
    const answer = await use('http_request', { url: `${base}/users`, paginate: { type: 'page' }, extract: '[*].email' })
    expect(answer).toMatchObject({ status: 200, pages: 2, extracted: ['a1@x.org', 'b1@x.org', 'a2@x.org', 'b2@x.org'] })
    expect(await use('http_request', { url: `${base}/users`, extract: 'none[*].x' })).toMatchObject({ extracted: [] })
  })

  it.each<[why: string, args: object, says: RegExp]>([
    ['no address', { url: 'users' }, /^INVALID_INPUT: url/],
    ['an address that is not of the web', { url: 'file:///etc/passwd' }, /^URL_NOT_ALLOWED: only http/],
    [
      'a wrong shape of pages',
      { url: 'http://127.0.0.1/', paginate: 'all' },
      /^INVALID_INPUT: .*paginate must be true/,
    ],
    ['wrong credentials', { url: 'http://127.0.0.1/', auth: { type: 'magic' } }, /^INVALID_INPUT: .*auth must be/],
    ['an unknown method', { url: 'http://127.0.0.1/', method: 'TRACE' }, /^INVALID_INPUT: .*method/],
  ])('refuses %s', async (_why, args, says) => expect(await use('http_request', args)).toMatch(says))

  it('never shows credentials of a call to people', () => {
    expect(argumentsLine({ url: 'u', auth: { type: 'basic', username: 'me', password: 'p4ss' } }, 200)).toBe(
      '{"url":"u","auth":{"type":"basic","username":"me","password":"***"}}',
    )
  })
})

describe('web_search', () => {
  it('gives titles, addresses and texts of the configured service', async () => {
    expect(
      await use('web_search', { query: ' pike & carp ' }, { WEB_SEARCH_URL: `${base}/search?language=en` }),
    ).toEqual({
      results: [
        { title: 'Pike fish', url: 'https://fish.example/pike', text: 'A pike is a fish' },
        { title: '', url: 'http://fish.example/', text: '' },
      ],
    })
    expect(seen.at(-1)!.url).toBe('/search?language=en&q=pike+%26+carp&format=json')
  })

  it.each<[why: string, env: Record<string, string>, capabilities: string[], says: RegExp]>([
    ['without a service', {}, ['web_scraping'], /^TOOL_ERROR: No search provider .* set WEB_SEARCH_URL/],
    ['for other agents', { WEB_SEARCH_URL: 'http://127.0.0.1:1/' }, ['data_analysis'], /^TOOL_ERROR: .*web_scraping/],
  ])('fails %s', async (_why, env, capabilities, says) =>
    expect(await use('web_search', { query: 'x' }, env, [{ capabilities }])).toMatch(says),
  )

  it.each([
    ['/closed/search', /HTTP 403/],
    ['/pages/search', /format=json/],
  ])('says what is wrong with the service at %s', async (at, says) =>
    expect(await use('web_search', { query: 'x' }, { WEB_SEARCH_URL: `${base}${at}` })).toMatch(says),
  )

  it('is not started with an address that is none', () =>
    expect(() => loadConfig({ WEB_SEARCH_URL: 'search me' })).toThrow(/WEB_SEARCH_URL/))
})

describe('embedding_search', () => {
  it('gives the nearest stored texts first, with scores, at most as many as asked for', async () => {
    const rows = [
      { subtask_id: 's1', text: 'mountains' },
      { subtask_id: 's2', text: 'the deep sea' },
    ]
    const env = { EMBEDDING_API_URL: `${base}/embed` }
    expect(await use('embedding_search', { query: 'sea' }, env, rows)).toEqual([
      { subtask_id: 's2', text: 'the deep sea', score: 1 },
      { subtask_id: 's1', text: 'mountains', score: 0 },
    ])
    expect(await use('embedding_search', { query: 'sea', limit: 1 }, env, rows)).toHaveLength(1)
    expect(await use('embedding_search', { query: 'sea' }, {}, rows)).toEqual([])
  })
})

describe('write_file', () => {
  it.each(['/etc/x', 'C:\\x', '~/x', '../x', '../temp/x', 'a/../../x', 'a\0b'])('refuses %j', async (name) =>
    expect(await use('write_file', { path: name, content: 'x' })).toMatch(/^PATH_NOT_ALLOWED/),
  )
  it.each(['a.txt', 'output/a.txt', './sub/../a.txt'])('takes %j relative to output/', async (name) => {
    expect(await use('write_file', { path: name, content: 'aGk=', encoding: 'base64' }, {}, [])).toEqual({
      path: 'output/a.txt',
      bytes: 2,
    })
    expect(fs.readFileSync(path.join(dir, 'task_1/output/a.txt'), 'utf8')).toBe('hi')
    fs.rmSync(path.join(dir, 'task_1/output/a.txt'))
  })
})

// Every declared route of every contract gets bodies, paths and queries nobody should send. No answer may be a 5xx of ours, every
// refusal names a code and a remedy in the contract's shape, and no secret or stack is shown. FUZZ_CASES raises the number per route.
import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { z } from 'zod'
import type { RouteDef } from '../../src/kernel/http/route.ts'
import { BRIEF } from '../../src/planning/routes/_scenario.ts'
import { type TestServer, testServer } from '../_server.ts'
import { bodyB } from '../movies/_movies.ts'
import { exampleOf, NASTY, pick, type Random, seeded, spoil } from './_values.ts'

const CASES = Number(process.env.FUZZ_CASES ?? 6)
const SEED = Number(process.env.FUZZ_SEED ?? 20261121)
/** Statuses of ours above 499 that a contract asks for: an outside service or a model that is not configured. */
const HONEST = new Set([501, 502, 503, 504])

let server: TestServer
beforeAll(async () => {
  server = await testServer({ env: { MODEL_PROVIDER: 'none', LLM_PROVIDER: 'none' } })
}, 60_000)
afterAll(() => server[Symbol.asyncDispose]())

const schemaOf = (schema: z.ZodType | undefined) => {
  if (!schema) return undefined
  try {
    return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Record<string, any>
  } catch {
    return { type: 'object' } // recursive ones have no JSON form; they get what is nasty
  }
}
const text = (value: unknown) =>
  encodeURIComponent(
    String(typeof value === 'object' ? JSON.stringify(value) : value)
      .slice(0, 300)
      .toWellFormed(),
  )

/** Ids the server itself gave out, by the path that gave them: most calls should get past "not found". */
const known = new Map<string, Set<string>>()
const collectionOf = (url: string) => url.split(/[:*?]/)[0]!.replace(/\/$/, '')
function harvest(url: string, answer: string): void {
  const ids = known.get(collectionOf(url)) ?? new Set<string>()
  known.set(collectionOf(url), ids)
  for (const [, id] of answer.matchAll(/"(?:[a-z_]*id|key|name|type|event_type)":"([A-Za-z0-9_.:-]{1,80})"/g))
    if (ids.size < 300) ids.add(id!)
}
function chooseId(url: string, random: Random): unknown {
  const ids = [...(known.get(collectionOf(url)) ?? [])]
  if (ids.length > 0 && random() < 0.8) return pick(random, ids)
  return random() < 0.3 ? 'none-such-1' : pick(random, NASTY)
}

function pathOf(def: RouteDef<any, any, any>, random: Random): string {
  const where = def.url.replace(/:(\w+)(\([^)]*\))?|\*/g, () => text(chooseId(def.url, random)) || 'x')
  const query = schemaOf(def.query)
  if (!query) return where
  const fitting = exampleOf(query, random) as Record<string, unknown>
  const sent = (random() < 0.7 ? spoil(fitting, random) : fitting) as Record<string, unknown> | null
  const pairs = Object.entries(sent && typeof sent === 'object' ? sent : {}).map(
    ([key, value]) => `${text(key)}=${text(value)}`,
  )
  return `${where}?${pairs.join('&')}`
}

/** One thing of each domain, made as a user would. */
async function begin(): Promise<void> {
  const simulation = fs.readFileSync(path.resolve(import.meta.dirname, '../../examples/economy.yaml'), 'utf8')
  const examples: [string, unknown][] = [
    ['/tasks', { description: '1. Calculate factorial of 10\n2. Calculate fibonacci of 12' }],
    ['/api/event-briefs', BRIEF],
    ['/api/v1/workflows', bodyB()],
    ['/v1/simulations', { config: simulation, turns: 3 }],
  ]
  for (const [url, body] of examples) {
    const answer = await server.call('POST', url, body)
    expect([200, 201, 202], `${url}: ${JSON.stringify(answer.body)}`).toContain(answer.status)
    harvest(url, JSON.stringify(answer.body))
  }
  for (const { def } of server.registry)
    if (def.method === 'GET' && !def.url.includes(':') && !def.url.includes('*') && !def.websocket)
      harvest(def.url, JSON.stringify((await server.call('GET', def.url).catch(() => ({ body: '' }))).body ?? ''))
}

it('answers whatever it is sent without failing, and refuses in the words of its contract', async () => {
  const random = seeded(SEED)
  const failures: string[] = []
  const counts = new Map<number, number>()
  await begin()
  const routes = server.registry.map(({ def }) => def).filter((def) => !def.websocket)
  expect(routes.length).toBeGreaterThan(200)
  for (const def of routes) {
    const body = schemaOf(def.body)
    for (let i = 0; i < CASES; i++) {
      const target = pathOf(def, random)
      const hasBody = def.method !== 'GET' && def.method !== 'DELETE'
      const fitting = body ? exampleOf(body, random) : undefined
      const sent = hasBody ? JSON.stringify(i < 2 ? fitting : spoil(fitting, random)) : undefined
      const abort = AbortSignal.timeout(60_000)
      const response = await fetch(`${server.url}${target}`, {
        method: def.method,
        redirect: 'manual',
        signal: abort,
        ...(sent === undefined ? {} : { body: sent, headers: { 'content-type': 'application/json' } }),
      }).catch((error: Error) => error)
      const where = `${def.method} ${target.slice(0, 160)} ${(sent ?? '').slice(0, 300)}`
      if (response instanceof Error) {
        failures.push(`${where}\n   no answer: ${response.message}`)
        continue
      }
      counts.set(response.status, (counts.get(response.status) ?? 0) + 1)
      const isStream = response.headers.get('content-type')?.includes('event-stream')
      const answer = isStream ? '' : await response.text()
      if (response.status < 300) harvest(def.url, answer)
      if (isStream) await response.body?.cancel()
      if (response.status >= 500 && !HONEST.has(response.status))
        failures.push(`${where}\n   ${response.status} ${answer.slice(0, 300)}`)
      if (/\bat [\w.<>]+ \(?(file:|node:|\/)/.test(answer)) failures.push(`${where}\n   shows a stack`)
      if (response.status >= 400 && response.headers.get('content-type')?.includes('json')) {
        if (!/"(code|error|detail|message)"/.test(answer))
          failures.push(`${where}\n   ${response.status} without a word: ${answer.slice(0, 200)}`)
      }
    }
  }
  console.log(`fuzzed ${routes.length} routes:`, Object.fromEntries([...counts].sort(([a], [b]) => a - b)))
  expect(failures.slice(0, 40).join('\n')).toBe('')
}, 600_000)

/** What is no declared route: sockets, MCP and A2A speak in messages. */
const SOCKETS = ['/v1/live', '/ws/agents', '/ws/workflows/:id', '/ws/agents/sessions/:id', '/ws/agents/:id/status']
it('takes any message of a socket, and any cursor, without failing', async () => {
  const random = seeded(SEED)
  for (const url of SOCKETS)
    for (let i = 0; i < CASES; i++) {
      const path = url.replace(':id', text(chooseId('/api/v1/workflows', random)) || 'x')
      const query = `since=${text(pick(random, NASTY))}&stream=${text(pick(random, NASTY))}&level=${text(pick(random, NASTY))}`
      const socket = new WebSocket(`${server.url.replace('http', 'ws')}${path}?${query}`)
      const ended = new Promise<number>((resolve) => {
        socket.on('close', resolve)
        socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
        socket.on('error', () => undefined)
      })
      const opened = new Promise<boolean>((resolve) => {
        socket.on('open', () => resolve(true))
        void ended.then(() => resolve(false))
      })
      if (await opened) {
        const message = exampleOf({ type: 'object', properties: { type: { type: 'string' }, data: {} } }, random)
        for (const value of [
          spoil(message, random),
          pick(random, NASTY),
          { type: 'subscribe', since: pick(random, NASTY) },
        ])
          socket.send(JSON.stringify(value) ?? 'undefined')
        socket.send('{"type":')
        socket.send(Buffer.from([0xff, 0xfe, 0x00]))
        if (i === 0) socket.send('x'.repeat(2_000_000))
        setTimeout(() => socket.close(), 20)
      }
      const code = await ended
      // 1011 is a failure of ours; 1005 and 1006 are ends without a word.
      expect([1011, 500], `${path}?${query}`).not.toContain(code)
    }
}, 120_000)

it('takes any message of MCP and A2A without failing', async () => {
  const random = seeded(SEED)
  const methods = [
    'initialize',
    'tools/list',
    'tools/call',
    'message/send',
    'tasks/get',
    'SendMessage',
    'GetTask',
    'nothing',
  ]
  const failures: string[] = []
  for (const url of ['/mcp', '/a2a'])
    for (let i = 0; i < CASES * 4; i++) {
      const fitting = {
        jsonrpc: '2.0',
        id: i,
        method: pick(random, methods),
        params: {
          name: 'get_task',
          arguments: { id: pick(random, NASTY) },
          message: { role: 'user', parts: [{ text: 'x' }] },
        },
      }
      const response = await fetch(`${server.url}${url}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
        body: JSON.stringify(i % 3 === 0 ? fitting : spoil(fitting, random)),
        signal: AbortSignal.timeout(20_000),
      })
      const said = response.headers.get('content-type')?.includes('event-stream') ? '' : await response.text()
      await response.body?.cancel().catch(() => undefined)
      if (response.status >= 500 && !HONEST.has(response.status))
        failures.push(`${url} ${JSON.stringify(fitting).slice(0, 300)}: ${response.status} ${said.slice(0, 200)}`)
      if (/\bat [\w.<>]+ \(?(file:|node:|\/)/.test(said)) failures.push(`${url} shows a stack: ${said.slice(0, 300)}`)
    }
  expect(failures.join('\n')).toBe('')
}, 120_000)

it('still serves and has polluted nothing', async () => {
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  expect((await server.call('GET', '/health')).status).toBe(200)
  const { rows } = await server.kernel.db.query("select to_regclass('kernel.events')::text as events")
  expect(rows[0]!['events']).toBe('kernel.events')
})

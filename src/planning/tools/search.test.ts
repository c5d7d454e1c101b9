import { expect, it } from 'vitest'
import { callTool } from '../../kernel/tools/call-tool.ts'
import { createToolRegistry } from '../../kernel/tools/tool-registry.ts'
import type { Ask } from './provider.ts'
import { venueSearch } from './venue-search.ts'
import { webSearch } from './web-search.ts'

const call = (ask: Ask | undefined, name: string, args: unknown) =>
  callTool(
    name,
    args,
    { callId: 'c', signal: new AbortController().signal },
    { registry: createToolRegistry([webSearch(ask), venueSearch(ask)]), sleep: async () => undefined },
  )
const QUESTION = { location: 'Oslo', min_capacity: 20, max_capacity: 30, budget_max: 300 }

it('searches the offline catalogue without a provider, numbered, the same for the same question', async () => {
  const one = await call(undefined, 'web_search', { query: 'catering for 20 people' })
  expect(one).toMatchObject({
    ok: true,
    value: { count: 3, results: [{ number: 1, title: 'Green Table Catering', source: 'offline catalogue' }, {}, {}] },
  })
  expect(await call(undefined, 'web_search', { query: 'catering for 20 people' })).toMatchObject({
    value: (one as { value: object }).value,
  })
  expect(await call(undefined, 'web_search', { query: 'quantum' })).toMatchObject({ value: { count: 0, results: [] } })
  expect(await call(undefined, 'web_search', { query: '' })).toMatchObject({ ok: false, code: 'INVALID_INPUT' })
  expect(await call(undefined, 'venue_search', QUESTION)).toMatchObject({
    value: { source: 'offline catalogue', venues: { length: 12 } },
  })
})

it('asks the provider, and takes its answer as data', async () => {
  const asked: unknown[] = []
  const ask: Ask = async (path, query) => {
    asked.push([path, query])
    return path === 'search'
      ? { results: [{ title: 'A caterer', url: 'https://a.example' }] }
      : { venues: [{ name: 'Fjord Hall', location: 'Oslo', capacity: 25, price: 250 }] }
  }
  expect(await call(ask, 'web_search', { query: 'food' })).toMatchObject({ value: { count: 1, source: 'web search' } })
  expect(await call(ask, 'venue_search', QUESTION)).toMatchObject({
    usedFallback: false,
    value: { venues: [{ name: 'Fjord Hall', available: true, fits: 'any' }] },
  })
  expect(asked[1]).toEqual([
    'venues',
    { location: 'Oslo', min_capacity: '20', max_capacity: '30', budget_max: '300', amenities: '' },
  ])
  expect(asked.slice(2)).toEqual([['venues', { location: 'Oslo', min_capacity: '20' }]]) // one is too few: widened, each venue once
})

it('repeats what may pass three times, then the offline catalogue answers', async () => {
  let tries = 0
  const busy: Ask = async () => {
    tries += 1
    throw Object.assign(new Error('busy'), { status: 503 })
  }
  expect(await call(busy, 'venue_search', QUESTION)).toMatchObject({ ok: true, usedFallback: true, attempts: 3 })
  expect(tries).toBe(3)
  const odd: Ask = async () => ({ venues: 'none' })
  expect(await call(odd, 'venue_search', QUESTION)).toMatchObject({ ok: true, usedFallback: true, attempts: 1 })
})

it('gives a search that hangs its time, then the offline catalogue answers', async () => {
  const silent: Ask = (_path, _query, signal) =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  expect(venueSearch(silent).timeoutMs).toBe(10_000)
  const hasty = { ...venueSearch(silent), timeoutMs: 20 }
  const registry = createToolRegistry([hasty])
  const ctx = { callId: 'c', signal: new AbortController().signal }
  const answer = await callTool('venue_search', QUESTION, ctx, { registry, sleep: async () => undefined })
  expect(answer).toMatchObject({ ok: true, usedFallback: true, value: { source: 'offline catalogue' } })
})

import fs from 'node:fs'
import path from 'node:path'
import type { FastifyInstance } from 'fastify'
import { describe, expect, it } from 'vitest'
import { withTemp } from '../cli/_run-cli.ts'
import { eventOf, finish, idOf, milestoneOf, stampOf, writeApiTest, writeLines } from '../service/_service-helpers.ts'
import { EventService } from '../service/event-service.ts'
import { createServer } from './create-server.ts'

const RUN = '/simulations/api-test-sim-123'

async function withServer(
  work: (
    get: (url: string, headers?: Record<string, string>) => Promise<any>,
    root: string,
    app: FastifyInstance,
  ) => Promise<void>,
) {
  await withTemp(async (root) => {
    const app = await createServer(new EventService({ outputRoot: root }))
    const get = async (url: string, headers: Record<string, string> = {}) => {
      const reply = await app.inject({ url, headers })
      const text = reply.body
      return {
        status: reply.statusCode,
        headers: reply.headers,
        text,
        body: String(reply.headers['content-type']).startsWith('application/json') && text ? JSON.parse(text) : text,
      }
    }
    try {
      await work(get, root, app)
    } finally {
      await app.close()
    }
  })
}

describe('scenario 4: the API over a finished run', () => {
  it('lists it with count and first time', () =>
    withServer(async (get, root) => {
      writeApiTest(root)
      const { status, body } = await get('/simulations')
      expect(status).toBe(200)
      expect(body.simulations).toEqual([
        {
          id: 'api-test-sim-123',
          name: 'api-test-sim-123',
          start_time: stampOf(1),
          event_count: 6,
          status: 'completed',
          last_event_time: stampOf(6),
          last_turn: 2,
          file_count: 1,
          total_bytes: fs.statSync(path.join(root, 'api-test-sim-123/events.jsonl')).size,
          corrupted_lines: 0,
        },
      ])
    }))

  it.each<[string, number[], number]>([
    ['limit=10', [1, 2, 3, 4, 5, 6], 6],
    ['event_types=MILESTONE', [1, 3, 4, 6], 4],
    ['event_types=MILESTONE&event_types=ACTION', [1, 2, 3, 4, 5, 6], 6],
    ['event_types=MILESTONE,ACTION', [1, 2, 3, 4, 5, 6], 6],
    ['agent_ids=agent_alice', [2], 1],
    ['agent_ids=nobody', [], 0],
    ['turn_start=2&turn_end=2', [4, 5, 6], 3],
    [`start_timestamp=${encodeURIComponent(stampOf(3))}&end_timestamp=${encodeURIComponent(stampOf(5))}`, [3, 4, 5], 3],
    [`start_timestamp=${stampOf(3)}&end_timestamp=${stampOf(5)}`, [3, 4, 5], 3],
    ['limit=2&offset=0', [1, 2], 6],
    ['limit=2&offset=2', [3, 4], 6],
    ['limit=2&offset=4', [5, 6], 6],
    ['offset=99', [], 6],
    ['order=desc&limit=2', [6, 5], 6],
    ['order=desc&limit=2&offset=4', [2, 1], 6],
    [`after=${idOf(4)}`, [5, 6], 6],
    [`after=${idOf(2)}&limit=1&event_types=MILESTONE`, [3], 4],
    ['text=BOB', [5], 1],
    ['unknown=1', [1, 2, 3, 4, 5, 6], 6],
  ])('answers events?%s', (query, expected, total) =>
    withServer(async (get, root) => {
      writeApiTest(root)
      const { status, body } = await get(`${RUN}/events?${query}`)
      expect(status).toBe(200)
      expect(body.events.map(({ event_id }: any) => event_id)).toEqual(expected.map(idOf))
      expect(body.total).toBe(total)
      expect(body.next_after).toBe(expected.length > 0 ? idOf(expected.at(-1)!) : null)
      if (query.startsWith('limit=2&offset')) expect(body.has_more).toBe(expected.at(-1) !== 6)
      expect('warnings' in body).toBe(false)
    }),
  )

  it('leaves out details when asked', () =>
    withServer(async (get, root) => {
      writeApiTest(root)
      const { body } = await get(`${RUN}/events?fields=compact`)
      expect(body.events.every((event: any) => !('details' in event))).toBe(true)
    }))

  it('gives one event and its causality', () =>
    withServer(async (get, root) => {
      const events = writeApiTest(root)
      expect((await get(`${RUN}/events/${idOf(1)}`)).body).toEqual(events[0])
      const { body } = await get(`${RUN}/causality/${idOf(1)}`)
      expect(body).toEqual({
        event_id: idOf(1),
        event: events[0],
        upstream: [],
        downstream: [],
        edges: [],
        missing: [],
        truncated: false,
      })
    }))

  it.each([
    `${RUN}/causality/${idOf(1)}?depth=0`,
    `${RUN}/causality/${idOf(1)}?depth=21`,
    `${RUN}/causality/${idOf(1)}?depth=x`,
    `${RUN}/events?limit=0`,
    `${RUN}/events?limit=10001`,
    `${RUN}/events?limit=1.5`,
    `${RUN}/events?limit=`,
    `${RUN}/events?offset=-1`,
    `${RUN}/events?event_types=FOO`,
    `${RUN}/events?turn_start=5&turn_end=4`,
    `${RUN}/events?turn_start=-1`,
    `${RUN}/events?start_timestamp=nonsense`,
    `${RUN}/events?start_timestamp=${stampOf(5)}&end_timestamp=${stampOf(3)}`,
    `${RUN}/events?order=up`,
    `${RUN}/events?fields=some`,
    `${RUN}/events?after=${idOf(1)}&offset=0`,
    `${RUN}/events?after=${idOf(1)}&order=desc`,
    `${RUN}/playback?limit=201`,
    `${RUN}/state?turn=-1`,
    `${RUN}/state?turn=x`,
    `${RUN}/export?format=xml`,
    `${RUN}/stream?from=yesterday`,
  ])('refuses %s with 400 INVALID_PARAMETER', (url) =>
    withServer(async (get, root) => {
      writeApiTest(root)
      const { status, body } = await get(url)
      expect(status).toBe(400)
      expect(body.code).toBe('INVALID_PARAMETER')
      expect(Object.keys(body.details).sort()).toEqual(['actual', 'expected', 'parameter'])
    }),
  )

  it.each([
    '/simulations/nope',
    '/simulations/nope/events',
    '/simulations/nope/stream',
    `${RUN}/events/01ARZ3NDEKTSV4RRFFQ69G5FAV`,
    `${RUN}/events/not-an-id`,
    `${RUN}/events?after=01ARZ3NDEKTSV4RRFFQ69G5FAV`,
    `${RUN}/causality/01ARZ3NDEKTSV4RRFFQ69G5FAV`,
    '/simulations/..%2f..%2fetc/events',
    '/simulations/.hidden/events',
    `${RUN}/checkpoints/5`,
    `${RUN}/checkpoints/first`,
    `${RUN}/state?turn=99`,
    '/elsewhere',
    '/simulations/%E0%A4%A',
  ])('answers %s with 404', (url) =>
    withServer(async (get, root) => {
      writeApiTest(root)
      const { status, body } = await get(url)
      expect(status).toBe(404)
      expect(body.code).toBe('NOT_FOUND')
      expect(typeof body.message).toBe('string')
    }),
  )

  it('answers other methods with 405 and preflights with 204 and CORS headers', () =>
    withServer(async (_get, root, app) => {
      writeApiTest(root)
      for (const method of ['POST', 'DELETE', 'PUT'] as const) {
        const reply = await app.inject({ method, url: `${RUN}/events` })
        expect([reply.statusCode, reply.json().code]).toEqual([405, 'METHOD_NOT_ALLOWED'])
      }
      const preflight = await app.inject({
        method: 'OPTIONS',
        url: RUN,
        headers: { origin: 'http://ui.example', 'access-control-request-method': 'GET' },
      })
      expect(preflight.statusCode).toBe(204)
      expect(preflight.headers).toMatchObject({
        'access-control-allow-origin': '*',
        'access-control-allow-methods': 'GET, HEAD, OPTIONS',
        'access-control-allow-headers': '*',
      })
      const head = await app.inject({ method: 'HEAD', url: `${RUN}/events` })
      expect([head.statusCode, head.body]).toEqual([200, ''])
    }))

  it('allows configured origins only', () =>
    withTemp(async (root) => {
      writeApiTest(root)
      const app = await createServer(new EventService({ outputRoot: root }), { corsOrigins: ['http://ui.example'] })
      const from = async (origin: string) =>
        (await app.inject({ url: '/simulations', headers: { origin } })).headers['access-control-allow-origin']
      expect(await from('http://ui.example')).toBe('http://ui.example')
      expect(await from('http://evil.example')).toBeUndefined()
      await app.close()
    }))

  it('caches ended runs by ETag, running ones not, and compresses', () =>
    withServer(async (get, root, app) => {
      writeApiTest(root)
      const first = await get(`${RUN}/events`)
      expect(first.headers['cache-control']).toBe('no-cache')
      const again = await get(`${RUN}/events`, { 'if-none-match': first.headers.etag as string })
      expect([again.status, again.text]).toEqual([304, ''])
      expect((await get(`${RUN}/events?limit=1`)).headers.etag).not.toBe(first.headers.etag)
      writeLines(
        root,
        'live',
        'events.jsonl',
        Array.from({ length: 50 }, (_, i) => eventOf(i)),
      )
      const live = await get('/simulations/live/events')
      expect(live.headers['cache-control']).toBe('no-store')
      expect(live.headers.etag).toBeUndefined()
      for (const coding of ['br', 'gzip']) {
        const reply = await app.inject({ url: '/simulations/live/events', headers: { 'accept-encoding': coding } })
        expect(reply.headers['content-encoding']).toBe(coding)
        expect(reply.rawPayload.length).toBeLessThan(live.text.length / 2)
      }
    }))

  it('describes itself', () =>
    withServer(async (get) => {
      const { body } = await get('/openapi.json')
      expect(body.openapi).toBe('3.1.0')
      expect(Object.keys(body.paths)).toEqual(
        expect.arrayContaining([
          '/simulations',
          '/simulations/{id}/events',
          '/simulations/{id}/stream',
          '/simulations/{id}/export',
        ]),
      )
      expect((await get('/v1/openapi/simulation.json')).body).toEqual(body)
    }))

  it('lists nothing for a missing or empty output root', () =>
    withServer(async (get, root) => {
      expect((await get('/simulations')).body).toEqual({ simulations: [] })
      fs.rmSync(root, { recursive: true })
      expect((await get('/simulations')).body).toEqual({ simulations: [] })
    }))
})

describe('files of a run', () => {
  it('aggregates rotated files in order', () =>
    withServer(async (get, root) => {
      writeLines(root, 'rot', 'events.jsonl', [eventOf(2, { turn_number: 2 })])
      writeLines(root, 'rot', 'events_2025-01-01_10-00-00.jsonl', [eventOf(1)])
      const { body } = await get('/simulations/rot/events')
      expect(body.events.map(({ turn_number }: any) => turn_number)).toEqual([1, 2])
      expect((await get('/simulations')).body.simulations[0].start_time).toBe(stampOf(1))
    }))

  it('serves around corrupted lines, duplicates and foreign ids, and says so', () =>
    withServer(async (get, root) => {
      const long = { ...eventOf(3), description: 'x'.repeat(501) }
      writeLines(root, 'sim', 'events.jsonl', [
        eventOf(1),
        '{broken',
        '',
        long,
        eventOf(2),
        eventOf(1),
        eventOf(4, { simulation_id: 'old' }),
      ])
      finish(root, 'sim')
      const { body } = await get('/simulations/sim/events')
      expect(body.events.map(({ event_id }: any) => event_id)).toEqual([1, 2, 4].map(idOf))
      expect(body.warnings).toEqual({ corrupted_lines: 2, duplicates: 1, foreign_ids: 1 })
      expect((await get('/simulations')).body.simulations[0]).toMatchObject({ event_count: 3, corrupted_lines: 2 })
      const report = (await get('/simulations/sim/integrity')).body
      expect(report).toMatchObject({
        ok: false,
        files: [{ name: 'events.jsonl', lines: 6, valid: 3, corrupted: 2, duplicates: 1, torn: false }],
        problems: [
          { line: 2, reason: 'not JSON' },
          { line: 4, reason: expect.stringContaining('description_too_long') },
        ],
      })
    }))

  it('serves a file of nothing but garbage as no events', () =>
    withServer(async (get, root) => {
      writeLines(root, 'bad', 'events.jsonl', ['garbage', 'more'])
      finish(root, 'bad', 'failed')
      const { status, body } = await get('/simulations/bad/events')
      expect(status).toBe(200)
      expect(body).toMatchObject({
        events: [],
        total: 0,
        has_more: false,
        next_after: null,
        warnings: { corrupted_lines: 2 },
      })
      expect((await get('/simulations')).body.simulations[0]).toMatchObject({
        start_time: null,
        event_count: 0,
        status: 'failed',
      })
    }))

  it('sorts by time then id across files and keeps the first of a duplicate', () =>
    withServer(async (get, root) => {
      const same = { timestamp: stampOf(5) }
      writeLines(root, 'mix', 'events_2025-01-01_10-00-00.jsonl', [eventOf(9, same), eventOf(8, same), eventOf(2)])
      writeLines(root, 'mix', 'events.jsonl', [eventOf(1), eventOf(9, { ...same, description: 'second' })])
      finish(root, 'mix')
      const { body } = await get('/simulations/mix/events')
      expect(body.events.map(({ event_id }: any) => event_id)).toEqual([1, 2, 8, 9].map(idOf))
      expect((await get(`/simulations/mix/events/${idOf(9)}`)).body.description).toBeUndefined()
      const page = (await get(`/simulations/mix/events?after=${idOf(2)}&limit=1`)).body
      expect([page.events[0].event_id, page.has_more, page.total]).toEqual([idOf(8), true, 4])
      const report = (await get('/simulations/mix/integrity')).body
      expect(report).toMatchObject({ ok: false, order_violations: 3 })
    }))

  it('treats an unfinished last line by whether the run goes on', () =>
    withServer(async (get, root) => {
      const file = writeLines(root, 'sim', 'events.jsonl', [eventOf(1)])
      fs.appendFileSync(file, JSON.stringify(eventOf(2)).slice(0, 40))
      expect((await get('/simulations/sim/events')).body).toMatchObject({ total: 1 })
      expect('warnings' in (await get('/simulations/sim/events')).body).toBe(false)
      expect((await get('/simulations/sim/integrity')).body.files[0]).toMatchObject({ lines: 1, torn: true })
      fs.appendFileSync(file, `${JSON.stringify(eventOf(2)).slice(40)}\n`)
      expect((await get('/simulations/sim/events')).body.total).toBe(2)
      fs.appendFileSync(file, JSON.stringify(eventOf(3)))
      finish(root, 'sim')
      expect((await get('/simulations/sim/events')).body.total).toBe(3)
      fs.appendFileSync(file, `\n${JSON.stringify(eventOf(4))}\n{"half`)
      const { body } = await get('/simulations/sim/events')
      expect([body.total, body.warnings.corrupted_lines]).toEqual([4, 1])
    }))

  it('notices new runs, growth, rotation, replacement and deletion without a restart', () =>
    withServer(async (get, root) => {
      const file = writeLines(root, 'grow', 'events.jsonl', [eventOf(1)])
      const total = async () => (await get('/simulations/grow/events')).body.total
      expect(await total()).toBe(1)
      fs.appendFileSync(file, `${JSON.stringify(eventOf(2))}\n`)
      expect(await total()).toBe(2)
      fs.renameSync(file, path.join(root, 'grow/events_2025-10-08_10-30-45-000001.jsonl'))
      expect(await total()).toBe(2)
      writeLines(root, 'grow', 'events.jsonl', [eventOf(3)])
      expect(await total()).toBe(3)
      writeLines(root, 'grow', 'events.jsonl', ['broken', eventOf(5), eventOf(6)])
      expect(await total()).toBe(4)
      writeLines(root, 'grow', 'events.jsonl', [])
      expect(await total()).toBe(2)
      fs.rmSync(path.join(root, 'grow'), { recursive: true })
      expect((await get('/simulations/grow/events')).status).toBe(404)
    }))

  it('does not follow links out of the root', () =>
    withServer(async (get, root) => {
      const outside = `${root}-outside`
      writeLines(outside, 'secret', 'events.jsonl', [eventOf(1)])
      fs.symlinkSync(path.join(outside, 'secret'), path.join(root, 'link'))
      expect((await get('/simulations/link/events')).status).toBe(404)
      expect((await get('/simulations')).body.simulations).toEqual([])
      fs.rmSync(outside, { recursive: true })
    }))
})

describe('causality', () => {
  const chain = (root: string, events: unknown[]) => {
    writeLines(root, 'c', 'events.jsonl', events)
    finish(root, 'c')
  }
  const ids = (events: any[]) => events.map(({ event_id }) => event_id)

  it('returns each cause once, however it is reached', () =>
    withServer(async (get, root) => {
      chain(root, [eventOf(1), eventOf(2, { caused_by: [idOf(1)] }), eventOf(3, { caused_by: [idOf(1), idOf(2)] })])
      for (const depth of [1, 5]) {
        const { body } = await get(`/simulations/c/causality/${idOf(3)}?depth=${depth}`)
        expect(ids(body.upstream)).toEqual([idOf(1), idOf(2)])
        expect(body.truncated).toBe(false)
      }
      const { body } = await get(`/simulations/c/causality/${idOf(1)}?depth=1`)
      expect(ids(body.downstream)).toEqual([idOf(2), idOf(3)])
      expect(body.edges).toEqual([
        [idOf(1), idOf(2)],
        [idOf(1), idOf(3)],
        [idOf(2), idOf(3)],
      ])
    }))

  it('ends on cycles and reports them', () =>
    withServer(async (get, root) => {
      chain(root, [
        eventOf(1, { caused_by: [idOf(2)] }),
        eventOf(2, { caused_by: [idOf(1)] }),
        eventOf(3, { caused_by: [idOf(3)] }),
      ])
      const { body } = await get(`/simulations/c/causality/${idOf(1)}`)
      expect([ids(body.upstream), ids(body.downstream)]).toEqual([[idOf(2)], [idOf(2)]])
      const { cycles, ok } = (await get('/simulations/c/integrity')).body
      expect(cycles).toEqual({ count: 2, samples: [[idOf(1), idOf(2)], [idOf(3)]] })
      expect(ok).toBe(false)
    }))

  it('skips missing causes and names them', () =>
    withServer(async (get, root) => {
      chain(root, [eventOf(1, { caused_by: [idOf(77)] }), eventOf(2, { caused_by: [idOf(1), idOf(77)] })])
      const { status, body } = await get(`/simulations/c/causality/${idOf(2)}`)
      expect(status).toBe(200)
      expect([ids(body.upstream), body.missing]).toEqual([[idOf(1)], [idOf(77)]])
      expect((await get('/simulations/c/integrity')).body.dangling_causes).toEqual({
        count: 2,
        samples: [
          { event_id: idOf(1), cause_id: idOf(77) },
          { event_id: idOf(2), cause_id: idOf(77) },
        ],
      })
    }))

  it('stops at depth and says that there was more', () =>
    withServer(async (get, root) => {
      chain(
        root,
        Array.from({ length: 50 }, (_, i) => eventOf(i, i > 0 ? { caused_by: [idOf(i - 1)] } : {})),
      )
      const { body } = await get(`/simulations/c/causality/${idOf(20)}?depth=3`)
      expect(ids(body.upstream)).toEqual([19, 18, 17].map(idOf))
      expect(ids(body.downstream)).toEqual([21, 22, 23].map(idOf))
      expect(body.truncated).toBe(true)
      expect((await get(`/simulations/c/causality/${idOf(2)}?depth=20`)).body.upstream).toHaveLength(2)
    }))
})

describe('turns, playback, facets, state and export', () => {
  const world = (root: string) => {
    const state = (n: number, turn: number, name: string, from: unknown, to: unknown, agent?: string) =>
      eventOf(n, {
        turn_number: turn,
        event_type: 'STATE',
        ...(agent ? { agent_id: agent } : {}),
        details: { variable_name: name, old_value: from, new_value: to },
      })
    writeLines(root, 'w', 'events.jsonl', [
      milestoneOf(1, 0, 'simulation_start', {
        details: { milestone_type: 'simulation_start', verbosity: 'STATE', agents: ['ada', 'bo'] },
      }),
      milestoneOf(2, 1, 'turn_start'),
      eventOf(3, { event_type: 'DECISION', agent_id: 'ada', details: { decision_type: 'trade' } }),
      eventOf(4, {
        event_type: 'ACTION',
        agent_id: 'ada',
        caused_by: [idOf(3)],
        details: {
          action_type: 'trade',
          action_payload: {},
          interaction_type: 'trade',
          participating_agent_ids: ['ada', 'bo'],
        },
      }),
      state(5, 1, 'wealth', 10, 8, 'ada'),
      state(6, 1, 'wealth', 10, 12, 'bo'),
      eventOf(7, { event_type: 'DETAIL', details: { calculation_type: 'sum', intermediate_values: {} } }),
      milestoneOf(8, 1, 'turn_end', { details: { milestone_type: 'turn_end', duration_ms: 6 } }),
      milestoneOf(9, 2, 'turn_start'),
      state(10, 2, 'total', 20, 21),
      milestoneOf(11, 2, 'turn_end', { details: { milestone_type: 'turn_end', duration_ms: 2 } }),
    ])
    finish(root, 'w')
    const folder = path.join(root, 'w/checkpoints')
    fs.mkdirSync(folder)
    const start = {
      turn: 0,
      agents: { ada: { name: 'ada', wealth: 10 }, bo: { name: 'bo', wealth: 10 } },
      global_state: { total: 20 },
      reasoning_chains: [],
      paused_agents: [],
      auto_resume: {},
      spatial_state: null,
    }
    fs.writeFileSync(path.join(folder, 'turn_0.json'), JSON.stringify({ metadata: { turn: 0 }, state: start }))
    return start
  }

  it('indexes turns', () =>
    withServer(async (get, root) => {
      world(root)
      const { turns } = (await get('/simulations/w/turns')).body
      expect(turns.map(({ turn }: any) => turn)).toEqual([0, 1, 2])
      expect(turns[1]).toEqual({
        turn: 1,
        started_at: stampOf(2),
        ended_at: stampOf(8),
        duration_ms: 6,
        counts: { MILESTONE: 2, DECISION: 1, ACTION: 1, STATE: 2, DETAIL: 1, SYSTEM: 0 },
        agents: ['ada', 'bo'],
        first_event_id: idOf(2),
        last_event_id: idOf(8),
        first_offset: 1,
      })
      expect((await get('/simulations/w/turns?turn_start=2')).body.turns).toHaveLength(1)
    }))

  it('plays back turn by turn', () =>
    withServer(async (get, root) => {
      world(root)
      const { frames, has_more } = (await get('/simulations/w/playback?limit=2')).body
      expect([frames.length, has_more]).toEqual([2, true])
      expect(frames[1].steps.map(({ label, event_type }: any) => [event_type, label])).toEqual([
        ['MILESTONE', 'turn_start'],
        ['DECISION', 'ada: trade'],
        ['ACTION', 'ada: trade'],
        ['MILESTONE', 'turn_end'],
      ])
      expect(frames[1].steps[2]).toMatchObject({ agent_id: 'ada', participants: ['ada', 'bo'], caused_by: [idOf(3)] })
      expect(frames[1].changes[0]).toEqual({
        scope: 'agent',
        agent_id: 'ada',
        variable_name: 'wealth',
        old_value: 10,
        new_value: 8,
        event_id: idOf(5),
      })
      expect((await get('/simulations/w/playback?turn_start=2')).body.has_more).toBe(false)
    }))

  it('counts values as the filter yields them', () =>
    withServer(async (get, root) => {
      world(root)
      const facets = (await get('/simulations/w/facets')).body
      expect(facets).toMatchObject({
        event_types: { MILESTONE: 5, DECISION: 1, ACTION: 1, STATE: 3, DETAIL: 1, SYSTEM: 0 },
        agents: { ada: 3, bo: 2 },
        turns: { min: 0, max: 2 },
        time: { min: stampOf(1), max: stampOf(11) },
        decision_types: { trade: 1 },
        action_types: { trade: 1 },
        variables: { wealth: 2, total: 1 },
        interaction_types: { trade: 1 },
      })
      for (const [agent, count] of Object.entries(facets.agents))
        expect((await get(`/simulations/w/events?agent_ids=${agent}`)).body.total).toBe(count)
    }))

  it('reconstructs states from checkpoints and changes', () =>
    withServer(async (get, root) => {
      const start = world(root)
      const at = async (turn: string) => (await get(`/simulations/w/state${turn}`)).body
      expect(await at('?turn=0')).toEqual({
        turn: 0,
        state: start,
        complete: true,
        source: { checkpoint_turn: 0, applied_changes: 0 },
      })
      expect(await at('?turn=1')).toMatchObject({
        state: { agents: { ada: { wealth: 8 }, bo: { wealth: 12 } }, global_state: { total: 20 } },
        complete: true,
      })
      expect(await at('')).toMatchObject({
        turn: 2,
        state: { global_state: { total: 21 } },
        complete: true,
        source: { checkpoint_turn: 0, applied_changes: 3 },
      })
      expect((await get('/simulations/w/state?turn=3')).status).toBe(404)
      fs.rmSync(path.join(root, 'w/checkpoints'), { recursive: true })
      expect(await at('?turn=1')).toMatchObject({
        complete: false,
        source: { checkpoint_turn: null, applied_changes: 2 },
        state: { agents: { ada: { name: 'ada', wealth: 8 } } },
      })
    }))

  it('lists and shows checkpoints as stored', () =>
    withServer(async (get, root) => {
      world(root)
      expect((await get('/simulations/w/checkpoints')).body).toEqual({ checkpoints: [0], last: null })
      fs.copyFileSync(path.join(root, 'w/checkpoints/turn_0.json'), path.join(root, 'w/checkpoints/last.json'))
      expect((await get('/simulations/w/checkpoints')).body).toEqual({ checkpoints: [0], last: 0 })
      expect((await get('/simulations/w/checkpoints/last')).body.state.turn).toBe(0)
      fs.writeFileSync(path.join(root, 'w/checkpoints/turn_9.json'), 'not json')
      expect((await get('/simulations/w/checkpoints/9')).status).toBe(404)
    }))

  it('exports stored lines and formula-safe CSV', () =>
    withServer(async (get, root) => {
      const odd = eventOf(2, { description: '=SUM(A1), "x"', caused_by: [idOf(1), idOf(3)], extra: 1 } as never)
      const file = writeLines(root, 'x', 'events.jsonl', [eventOf(1), odd])
      finish(root, 'x')
      const jsonl = await get('/simulations/x/export')
      expect(jsonl.text).toBe(fs.readFileSync(file, 'utf8'))
      expect(jsonl.headers['content-disposition']).toBe('attachment; filename="x.jsonl"')
      const csv = (await get('/simulations/x/export?format=csv&turn_start=1')).text.split('\n')
      expect(csv[0]).toBe(
        'event_id,timestamp,turn_number,event_type,simulation_id,agent_id,caused_by,description,details',
      )
      expect(csv[2]).toContain(`${idOf(1)};${idOf(3)},"'=SUM(A1), ""x""","{""milestone_type""`)
    }))

  it('shows a run with its configuration, without secrets', () =>
    withServer(async (get, root) => {
      world(root)
      const config = {
        simulation: { name: 'World' },
        llm: { api_key: 'sk-1' },
        agents: [{ config: { auth_token: 't', max_tokens: 5 } }],
      }
      fs.writeFileSync(path.join(root, 'w/config.json'), JSON.stringify(config))
      const { body } = await get('/simulations/w')
      expect(body).toMatchObject({
        id: 'w',
        name: 'World',
        verbosity: 'STATE',
        agents: ['ada', 'bo'],
        config: { llm: { api_key: '***' }, agents: [{ config: { auth_token: '***', max_tokens: 5 } }] },
        result: { status: 'completed' },
        files: [{ name: 'events.jsonl', event_count: 11, first_timestamp: stampOf(1), last_timestamp: stampOf(11) }],
      })
    }))
})

// Every reading endpoint of the contract, over one real run, on both servers: `troupe simulate serve` and the platform.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { MINIMAL, type RunningCli, runCli, startCli, waitFor, writeConfig } from '../../src/simulation/cli/_run-cli.ts'
import * as schema from '../../src/simulation/schema.ts'
import { idOf, writeApiTest, writeLines } from '../../src/simulation/service/_service-helpers.ts'
import { type TestServer, testServer } from '../_server.ts'

const RUN = 'contract-run'
const SMALL = 'api-test-sim-123'
let dir: string
let serve: RunningCli
let platform: TestServer
let servers: { name: string; url: string }[]

beforeAll(async () => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-contract-'))
  const out = path.join(dir, 'out')
  const text = MINIMAL.replace('checkpoint_interval: 999', 'checkpoint_interval: 2').replace(
    'turns: 5,',
    'turns: 6, seed: 3,',
  )
  const args = ['run', writeConfig(dir, text), '--output-dir', out, '--run-id', RUN, '--verbosity', 'DETAIL']
  expect((await runCli(args)).code).toBe(0)
  writeApiTest(out)
  writeLines(out, 'two-files', 'events_2025-01-01_10-00-00.jsonl', [
    { ...exampleEvent(1), turn_number: 1, simulation_id: 'two-files' },
  ])
  writeLines(out, 'two-files', 'events.jsonl', [{ ...exampleEvent(2), turn_number: 2, simulation_id: 'two-files' }])
  serve = startCli(['serve', '--port', '0', '--output-dir', out, '--json'], {}, dir)
  platform = await testServer({ env: { SIMULATION_OUTPUT_DIR: out } })
  await waitFor(() => serve.stdout().includes('\n'), 'the address', 60_000)
  servers = [
    { name: 'serve', url: JSON.parse(serve.stdout()).url },
    { name: 'platform', url: platform.url },
  ]
}, 120_000)
afterAll(async () => {
  serve?.child.kill('SIGTERM')
  await serve?.done
  await platform?.[Symbol.asyncDispose]()
  fs.rmSync(dir, { recursive: true, force: true })
})

const exampleEvent = (n: number) => ({
  event_id: idOf(n),
  timestamp: `2025-10-08T10:30:4${n}.000000+00:00`,
  event_type: 'MILESTONE',
  details: { milestone_type: 'turn_start' },
})

async function ask(rest: string, init: RequestInit = {}) {
  return Promise.all(
    servers.map(async ({ url }) => {
      const reply = await fetch(`${url}${rest}`, init)
      const text = await reply.text()
      const isJson = reply.headers.get('content-type')?.startsWith('application/json')
      return { status: reply.status, headers: reply.headers, text, body: isJson && text ? JSON.parse(text) : text }
    }),
  )
}

/** Both answer alike, with 200 and the declared shape, no key more and no key less. */
async function same<T extends z.ZodType>(rest: string, shape: T): Promise<z.infer<T>> {
  const answers = await ask(rest)
  for (const { status, body } of answers) {
    expect([rest, status]).toEqual([rest, 200])
    expect(shape.parse(body)).toEqual(body)
  }
  expect(answers[1]!.body).toEqual(answers[0]!.body)
  return answers[0]!.body
}

const events = (query = '') => same(`/simulations/${RUN}/events${query}`, schema.EventsResponse)

describe('the reading API on both servers', () => {
  it('E1 lists the runs, newest first', async () => {
    const { simulations } = await same('/simulations', schema.SimulationList)
    expect(simulations.map(({ id }) => id)).toEqual([RUN, 'two-files', SMALL])
    expect(simulations[0]).toMatchObject({
      ...{ name: 'event-stream-test', event_count: 68, status: 'completed', last_turn: 6 },
      ...{ file_count: 1, corrupted_lines: 0 },
    })
    expect(simulations[1]).toMatchObject({ event_count: 2, start_time: '2025-10-08T10:30:41.000000+00:00' })
  })

  it('E2 pages and filters', async () => {
    const all = await events()
    expect(all).toMatchObject({ total: 68, has_more: false, next_after: all.events.at(-1)!.event_id })
    expect((await events('?event_types=STATE,DETAIL')).total).toBe(18)
    expect((await events('?agent_ids=agent_alpha')).total).toBe(18)
    expect((await events('?turn_start=2&turn_end=3&event_types=ACTION')).total).toBe(2)
    const first = await events('?limit=40')
    const rest = await events(`?limit=40&after=${first.next_after}`)
    expect([...first.events, ...rest.events]).toEqual(all.events)
    expect([first.has_more, rest.has_more]).toEqual([true, false])
    const two = await same('/simulations/two-files/events', schema.EventsResponse)
    expect(two.events.map(({ turn_number }) => turn_number)).toEqual([1, 2])
  })

  it('E3 gives one event, E4 its causes and effects', async () => {
    const [state] = (await events('?event_types=STATE&turn_start=2&limit=1')).events
    const id = state!.event_id
    expect(await same(`/simulations/${RUN}/events/${id}`, schema.SimEvent)).toEqual(state)
    const chain = await same(`/simulations/${RUN}/causality/${id}?depth=5`, schema.CausalityResponse)
    const kinds = chain.upstream.map(({ event_type, details }) => details?.['milestone_type'] ?? event_type)
    expect(kinds.slice(0, 3)).toEqual(['ACTION', 'DECISION', 'turn_start'])
    expect(chain).toMatchObject({ event_id: id, event: state, missing: [] })
    const action = await same(`/simulations/${RUN}/causality/${chain.upstream[0]!.event_id}`, schema.CausalityResponse)
    expect(action.downstream.map(({ event_id }) => event_id)).toContain(id)
  })

  it('E8 shows a run with configuration and result', async () => {
    const sim = await same(`/simulations/${RUN}`, schema.SimulationDetail)
    expect(sim).toMatchObject({ verbosity: 'DETAIL', agents: ['agent_alpha'], status: 'completed' })
    expect(sim.config).toMatchObject({ simulation: { seed: 3, max_turns: 6 } })
    expect(sim.files).toMatchObject([{ name: 'events.jsonl', event_count: 68 }])
    expect(sim.result).toMatchObject({ checkpoints: [0, 2, 4, 6] })
  })

  it('E9 indexes turns, E10 plays them back', async () => {
    const { turns } = await same(`/simulations/${RUN}/turns`, schema.TurnsResponse)
    expect(turns.map(({ turn }) => turn)).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(turns[2]!.counts).toEqual({ MILESTONE: 6, DECISION: 1, ACTION: 1, STATE: 2, DETAIL: 1, SYSTEM: 0 })
    const { events: at } = await events(`?offset=${turns[3]!.first_offset}&limit=1`)
    expect(at[0]!.event_id).toBe(turns[3]!.first_event_id)
    const back = await same(`/simulations/${RUN}/playback?turn_start=1&limit=2`, schema.PlaybackResponse)
    expect(back.frames.map(({ turn, changes, steps }) => [turn, changes.length, steps.length])).toEqual([
      [1, 2, 8],
      [2, 2, 8],
    ])
    expect(back.has_more).toBe(true)
    expect(back.frames[0]!.changes[0]).toMatchObject({ variable_name: 'wealth', old_value: 1000, new_value: 1010 })
  })

  it('E11 reconstructs states, E12 shows checkpoints', async () => {
    const at = (turn: string) => same(`/simulations/${RUN}/state${turn}`, schema.StateResponse)
    expect(await at('?turn=3')).toMatchObject({
      turn: 3,
      complete: true,
      state: { agents: { agent_alpha: { wealth: 1015 } }, global_state: { total_wealth: 1015 } },
      source: { checkpoint_turn: 2, applied_changes: 2 },
    })
    expect((await at('')).turn).toBe(6)
    const list = await same(`/simulations/${RUN}/checkpoints`, schema.CheckpointsResponse)
    expect(list).toEqual({ checkpoints: [0, 2, 4, 6], last: 6 })
    const [own] = await ask(`/simulations/${RUN}/checkpoints/2`)
    expect(own!.body).toEqual(
      JSON.parse(fs.readFileSync(path.join(dir, 'out', RUN, 'checkpoints/turn_2.json'), 'utf8')),
    )
  })

  it('E13 counts values, E14 reports integrity', async () => {
    const facets = await same(`/simulations/${RUN}/facets`, schema.FacetsResponse)
    expect(facets).toMatchObject({
      event_types: { MILESTONE: 38, DECISION: 6, ACTION: 6, STATE: 12, DETAIL: 6, SYSTEM: 0 },
      agents: { agent_alpha: 18 },
      turns: { min: 0, max: 6 },
      variables: { wealth: 6, total_wealth: 6 },
    })
    for (const [type, count] of Object.entries(facets.event_types))
      expect((await events(`?event_types=${type}&limit=1`)).total).toBe(count)
    const report = await same(`/simulations/${RUN}/integrity`, schema.IntegrityReport)
    expect(report).toMatchObject({ ok: true, files: [{ lines: 68, valid: 68, torn: false }], problems: [] })
  })

  it('E15 exports lines as stored and CSV', async () => {
    const stored = fs.readFileSync(path.join(dir, 'out', RUN, 'events.jsonl'), 'utf8')
    for (const { text, headers } of await ask(`/simulations/${RUN}/export?format=jsonl`)) {
      expect(text).toBe(stored)
      expect(headers.get('content-disposition')).toContain(`${RUN}.jsonl`)
    }
    for (const { text } of await ask(`/simulations/${RUN}/export?format=csv&event_types=ACTION`))
      expect(text.trim().split('\n')).toHaveLength(7)
  })

  it('E7 replays an ended run in order and ends', async () => {
    for (const { text, headers } of await ask(`/simulations/${SMALL}/stream?from=start`)) {
      expect(headers.get('content-type')).toContain('text/event-stream')
      const ids = [...text.matchAll(/^id: (.+)$/gm)].map(([, id]) => id)
      expect(ids).toEqual([1, 2, 3, 4, 5, 6].map(idOf))
      expect([...text.matchAll(/^event: (.+)$/gm)].map(([, type]) => type).at(-1)).toBe('end')
      expect(text).toContain('data: {"status":"completed"}')
    }
    const [own] = await ask(`/simulations/${SMALL}/stream`, { headers: { 'last-event-id': idOf(4) } })
    expect([...own!.text.matchAll(/^id: (.+)$/gm)].map(([, id]) => id)).toEqual([idOf(5), idOf(6)])
  })

  it('E5 and E6: health and description', async () => {
    for (const { status, body } of await ask('/health')) {
      expect(status).toBe(200)
      expect(body.status).toBe('healthy')
    }
    for (const { body } of await ask('/v1/openapi/simulation.json')) {
      expect(body.openapi).toBe('3.1.0')
      for (const at of [
        '',
        '/{id}',
        '/{id}/events',
        '/{id}/events/{eventId}',
        '/{id}/causality/{eventId}',
        '/{id}/turns',
      ])
        expect(Object.keys(body.paths)).toContain(`/simulations${at}`)
    }
  })

  it.each([
    [400, 'INVALID_PARAMETER', `/simulations/${RUN}/events?limit=0`],
    [400, 'INVALID_PARAMETER', `/simulations/${RUN}/events?limit=10001`],
    [400, 'INVALID_PARAMETER', `/simulations/${RUN}/events?event_types=FOO`],
    [400, 'INVALID_PARAMETER', `/simulations/${RUN}/events?turn_start=5&turn_end=4`],
    [400, 'INVALID_PARAMETER', `/simulations/${RUN}/causality/${idOf(1)}?depth=21`],
    [400, 'INVALID_PARAMETER', `/simulations/${RUN}/state?turn=-1`],
    [400, 'INVALID_PARAMETER', `/simulations/${RUN}/playback?limit=0`],
    [404, 'NOT_FOUND', '/simulations/nope/events'],
    [404, 'NOT_FOUND', `/simulations/${RUN}/events/01ARZ3NDEKTSV4RRFFQ69G5FAV`],
    [404, 'NOT_FOUND', '/simulations/..%2f..%2fetc/events'],
    [404, 'NOT_FOUND', `/simulations/${RUN}/state?turn=7`],
    [404, 'NOT_FOUND', `/simulations/${RUN}/checkpoints/1`],
    [404, 'NOT_FOUND', `/simulations/${RUN}/nothing`],
  ])('answers %i %s for %s', async (status, code, rest) => {
    for (const { status: actual, body } of await ask(rest)) {
      expect([actual, body.code]).toEqual([status, code])
      expect(body.message.length).toBeGreaterThan(5)
      if (status === 400) expect(Object.keys(body.details).sort()).toEqual(['actual', 'expected', 'parameter'])
    }
  })

  it('refuses other methods with 405, answers HEAD without a body and If-None-Match with 304', async () => {
    for (const { status, body } of await ask(`/simulations/${RUN}/events`, { method: 'DELETE' }))
      expect([status, body.code]).toEqual([405, 'METHOD_NOT_ALLOWED'])
    for (const rest of ['', '/events', '/export', '/stream'])
      for (const { status, text } of await ask(`/simulations/${RUN}${rest}`, { method: 'HEAD' }))
        expect([rest, status, text]).toEqual([rest, 200, ''])
    for (const [i, { headers }] of (await ask(`/simulations/${RUN}/turns`)).entries()) {
      const etag = headers.get('etag')!
      const again = await fetch(`${servers[i]!.url}/simulations/${RUN}/turns`, { headers: { 'if-none-match': etag } })
      expect(again.status).toBe(304)
    }
  })
})

import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { configOf, runConfig, withRoot } from '../loop/run/_run-helpers.ts'
import { createServer } from '../routes/create-server.ts'
import { EventService } from '../service/event-service.ts'

let app: FastifyInstance
let done: () => void
let finished: Promise<void>

beforeAll(
  () =>
    new Promise<void>((ready, fail) => {
      const released = new Promise<void>((resolve) => {
        done = resolve
      })
      finished = withRoot(async (root) => {
        await runConfig(root, configOf({ simulation: { name: 'a' } }), { runId: 'a' })
        await runConfig(root, configOf({ simulation: { name: 'b', max_turns: 4, seed: 9 } }), { runId: 'b' })
        app = await createServer(new EventService({ outputRoot: root }), {})
        ready()
        await released
        await app.close()
      }).catch(fail)
    }),
)
afterAll(async () => {
  done()
  await finished
})

const get = (url: string) => app.inject({ method: 'GET', url })

describe('questions over whole runs', () => {
  it('compare two of them, cached until one changes', async () => {
    const reply = await get('/simulations/a/compare/b')
    expect(reply.statusCode).toBe(200)
    expect(reply.json()).toMatchObject({
      same: true,
      compared: { from_turn: 0, to_turn: 3 },
      settings: [
        { path: 'simulation.max_turns', a: 3, b: 4 },
        { path: 'simulation.name', a: 'a', b: 'b' },
        { path: 'simulation.seed', a: 0, b: 9 },
      ],
    })
    const again = await app.inject({
      method: 'GET',
      url: '/simulations/a/compare/b',
      headers: { 'if-none-match': String(reply.headers['etag']) },
    })
    expect(again.statusCode).toBe(304)
  })

  it('give variables, trace and manifest as files', async () => {
    const metrics = await get('/simulations/a/metrics.csv?variables=total_wealth')
    expect(metrics.headers['content-disposition']).toBe('attachment; filename="a.metrics.csv"')
    expect(metrics.body.split('\n')[0]).toBe('turn,total_wealth')
    const trace = await get('/simulations/a/trace.json?turn_end=1&limit=1000')
    expect(trace.json().otherData).toMatchObject({ run_id: 'a', last_turn: 1, limit: 1000 })
    const manifest = await get('/simulations/a/manifest')
    expect(manifest.json()).toMatchObject({ format: 1, run_id: 'a', seed: 0, outcome: { final_turn: 3 } })
  })

  it('give lines to draw, thinned to the last value of each stretch of turns', async () => {
    const whole = (await get('/simulations/b/series')).json()
    expect(whole).toMatchObject({ from_turn: 0, to_turn: 4, turns_per_point: 1, series_total: 1 })
    expect(whole.variables).toEqual([
      { name: 'total_wealth', scope: 'global', lines: 1, changes: 4 },
      { name: 'wealth', scope: 'agent', lines: 1, changes: 4 },
    ])
    expect(whole.series[0]).toEqual({
      name: 'total_wealth',
      agent_id: null,
      variable: 'total_wealth',
      points: [
        [0, 100],
        [1, 110],
        [2, 105],
        [3, 115],
        [4, 110],
      ],
    })
    const thin = (await get('/simulations/b/series?variables=ada.wealth&points=2')).json()
    expect(thin).toMatchObject({
      turns_per_point: 2,
      series: [
        {
          name: 'ada.wealth',
          points: [
            [0, 100],
            [2, 105],
            [4, 110],
          ],
        },
      ],
    })
    const part = (await get('/simulations/b/series?variables=wealth&turn_start=2&turn_end=3')).json()
    expect(part.series[0].points).toEqual([
      [2, 105],
      [3, 115],
    ])
  })

  it.each([
    ['/simulations/nothing/series', 404],
    ['/simulations/a/series?points=1', 400],
    ['/simulations/a/compare/nothing', 404],
    ['/simulations/nothing/compare/a', 404],
    ['/simulations/nothing/metrics.csv', 404],
    ['/simulations/nothing/trace.json', 404],
    ['/simulations/nothing/manifest', 404],
    ['/simulations/a/metrics.csv?shape=round', 400],
    ['/simulations/a/trace.json?limit=1', 400],
  ])('%s answers %d', async (url, status) => {
    expect((await get(url)).statusCode).toBe(status)
  })
})

import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestServer, testServer, until } from '../../../../test/_server.ts'
import { simulationModules } from '../../index.ts'

let server: TestServer
let base: string
const config = (turns = 4) => ({
  simulation: { name: 'Swept', max_turns: turns },
  engine: { type: 'simple_economic' },
  validator: { type: 'basic' },
  agents: [
    { name: 'ada', type: 'scripted', config: { actions: [{ action_name: 'trade', parameters: { amount: 1 } }] } },
  ],
})
const AMOUNT = 'agents.ada.config.actions[0].parameters.amount'

beforeAll(async () => {
  base = fs.mkdtempSync('/tmp/troupe-sweeps-')
  server = await testServer({
    modules: simulationModules({} as never),
    env: {
      SIMULATION_OUTPUT_DIR: path.join(base, 'output'),
      SIMULATION_IMPLEMENTATIONS_DIR: base,
      SIMULATION_MAX_RUNS: '3',
    },
  })
}, 60_000)
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  fs.rmSync(base, { recursive: true, force: true })
})
const get = async (at: string) => (await server.call('GET', at)).body

describe('a sweep', () => {
  it('runs every combination and seed, and gathers a table of results', { timeout: 90_000 }, async () => {
    const { status, body } = await server.call('POST', '/v1/sweeps', {
      config: config(),
      parameters: [{ path: AMOUNT, values: [2, 5] }],
      seeds: [1, 2],
      verbosity: 'MILESTONE',
    })
    expect([status, body.status, body.runs, body.rows.length]).toEqual([201, 'running', 4, 4])
    expect(body.sweep_id).toMatch(/^Swept_sweep_\d{8}_\d{6}$/)
    expect(body.rows.map(({ run_id: id }: any) => id)).toEqual([1, 2, 3, 4].map((n) => `${body.sweep_id}.${n}`))
    const done = await until(async () => {
      const sweep = await get(`/v1/sweeps/${body.sweep_id}`)
      return sweep.status === 'completed' && sweep.rows.every((row: any) => 'total_wealth' in row.measures) && sweep
    }, 100)
    expect(done).toMatchObject({ name: 'Swept', done: 4, failed: 0, measures: ['total_wealth'] })
    expect(done.rows.map((row: any) => [row.parameters[AMOUNT], row.seed, row.measures.total_wealth])).toEqual([
      [2, 1, 1008],
      [2, 2, 1008],
      [5, 1, 1020],
      [5, 2, 1020],
    ])
    expect(done.groups).toMatchObject([
      { parameters: { [AMOUNT]: 2 }, runs: 2, done: 2, measures: { total_wealth: { mean: 1008, sd: 0, n: 2 } } },
      { parameters: { [AMOUNT]: 5 }, runs: 2, done: 2, measures: { total_wealth: { mean: 1020 } } },
    ])
    const csv = await server.call('GET', `/v1/sweeps/${body.sweep_id}/results.csv`)
    expect(csv.body.split('\n').slice(0, 2)).toEqual([
      `position,${AMOUNT},seed,run_id,status,final_turn,total_wealth`,
      `0,2,1,${body.sweep_id}.1,completed,4,1008`,
    ])
    expect(await get('/v1/sweeps')).toMatchObject({ sweeps: [{ sweep_id: body.sweep_id, status: 'completed' }] })
    expect((await get(`/simulations/${body.sweep_id}.3`)).config.simulation.seed).toBe(1)
  })

  it('is stopped as a whole', { timeout: 60_000 }, async () => {
    const { body } = await server.call('POST', '/v1/sweeps', {
      config: config(200_000),
      seeds: [1, 2, 3, 4, 5],
      verbosity: 'MILESTONE',
    })
    const stopped = await server.call('POST', `/v1/sweeps/${body.sweep_id}/stop`)
    expect(stopped.status).toBe(202)
    const ended = await until(async () => {
      const sweep = await get(`/v1/sweeps/${body.sweep_id}`)
      return sweep.status === 'stopped' && sweep
    }, 100)
    expect(new Set(ended.rows.map(({ status }: any) => status))).toEqual(new Set(['aborted']))
  })

  it.each<[string, object, string]>([
    ['a value that does not fit', { parameters: [{ path: 'simulation.max_turns', values: [3, 0] }] }, 'max_turns'],
    ['a path that leads nowhere', { parameters: [{ path: 'agents.nobody.x', values: [1] }] }, 'no entry nobody'],
    ['too many runs', { parameters: [{ path: 'simulation.seed', values: [...Array(501).keys()] }] }, 'at most 500'],
    ['a configuration that is none', { config: 'just text' }, 'map of sections'],
  ])('is refused for %s, and nothing is queued', { timeout: 30_000 }, async (_, more, message) => {
    const before = (await get('/v1/simulations')).total
    const { status, body } = await server.call('POST', '/v1/sweeps', { config: config(), ...more })
    expect([status, body.code]).toEqual([400, 'INVALID_CONFIG'])
    expect(JSON.stringify(body)).toContain(message)
    expect((await get('/v1/simulations')).total).toBe(before)
  })

  it('that is not there is 404', async () => {
    for (const at of ['', '/results.csv']) expect((await server.call('GET', `/v1/sweeps/none${at}`)).status).toBe(404)
    expect((await server.call('POST', '/v1/sweeps/none/stop')).status).toBe(404)
  })
})

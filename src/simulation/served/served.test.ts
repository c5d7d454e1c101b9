import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestServer, testServer, until } from '../../../test/_server.ts'
import { simulationModules } from '../index.ts'

const MAX_RUNS = '2'
const slow = (ms: number) => ({ name: 'tortoise', type: 'slow', ms })

const SLOW_AGENT = `import { BaseAgent } from 'troupe/simulation'
export class SlowAgent extends BaseAgent {
  async decideAction(state, ctx) {
    await new Promise((resolve) => setTimeout(resolve, Number(this.config.ms ?? 20)))
    if (this.config.dies_in === ctx.turn && !globalThis.spared) process.kill(process.pid, 'SIGKILL')
    return { actionName: 'hold', parameters: { env: Object.keys(process.env).filter((name) => /DATABASE|SECRET/.test(name)).join() } }
  }
}
`

const config = (agents: object[], more: object = {}) => ({
  simulation: { name: 'served', max_turns: 5, ...more },
  engine: { type: 'simple_economic' },
  validator: { type: 'basic' },
  agents,
})

let server: TestServer
let root: string
let implementations: string

beforeAll(async () => {
  const base = fs.mkdtempSync('/tmp/troupe-served-')
  root = path.join(base, 'output')
  implementations = base
  fs.mkdirSync(path.join(base, 'implementations/agents'), { recursive: true })
  fs.writeFileSync(path.join(base, 'implementations/agents/slow.js'), SLOW_AGENT)
  server = await testServer({
    modules: simulationModules({} as never),
    env: {
      SIMULATION_OUTPUT_DIR: root,
      SIMULATION_IMPLEMENTATIONS_DIR: base,
      SIMULATION_MAX_RUNS: MAX_RUNS,
      SIMULATION_ENV: 'ALLOWED_NAME',
    },
  })
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  fs.rmSync(implementations, { recursive: true, force: true })
})

const start = async (agents: object[], more: object = {}, body: object = {}) => {
  const { status, body: run } = await server.call('POST', '/v1/simulations', { config: config(agents, more), ...body })
  expect(run).toMatchObject({ status: 'queued' })
  expect(status).toBe(201)
  return run.run_id as string
}
const get = async (id: string) => (await server.call('GET', `/v1/simulations/${id}`)).body
const reached = (id: string, check: (run: any) => boolean) =>
  until(async () => {
    const run = await get(id)
    return check(run) && run
  })
const ended = (id: string) => reached(id, (run) => run.ended_at !== null)
const control = (id: string, verb: string, body?: object) => server.call('POST', `/v1/simulations/${id}/${verb}`, body)

describe('a served run', () => {
  it('is checked, queued, run in a child and read like any other', async () => {
    const id = await start([{ name: 'ada', initial_state: { wealth: 1000 } }], {}, { verbosity: 'STATE', seed: 3 })
    expect(fs.existsSync(path.join(root, id))).toBe(true)
    const run = await ended(id)
    expect(run).toMatchObject({
      run_id: id,
      name: 'served',
      status: 'completed',
      turn: 5,
      max_turns: 5,
      started_by: 'dev-user',
      resumed_from: null,
      continued_as: null,
      termination_reason: 'max_turns',
      error: null,
    })
    const events = (await server.call('GET', `/simulations/${id}/events?event_types=STATE`)).body
    expect(events.total).toBe(10)
    const detail = (await server.call('GET', `/simulations/${id}`)).body
    expect(detail).toMatchObject({ status: 'completed', verbosity: 'STATE', config: { simulation: { seed: 3 } } })
    const list = (await server.call('GET', '/v1/simulations?status=completed&limit=1')).body
    expect(list).toMatchObject({ simulations: [{ run_id: id }], total: 1, has_more: false })
    const { rows: started } = await server.kernel.db.query(
      'select started_at from simulation.served_runs where run_id = $1',
      [id],
    )
    expect(started[0]!['started_at']).toBeInstanceOf(Date)
    const platform = await until(async () => {
      const { rows } = await server.kernel.db.query(
        `select status, result from kernel.runs where kind = 'simulation.run' and key = $1`,
        [id],
      )
      return rows[0]?.['status'] === 'completed' && rows[0]
    })
    expect(platform['result']).toMatchObject({ status: 'completed', turn: 5 })
  })

  it('may be YAML text with an id of its own, once', async () => {
    const text =
      'simulation: { name: y, max_turns: 1 }\nengine: { type: economic }\nvalidator: { type: always_valid }\nagents: []\n'
    const first = await server.call('POST', '/v1/simulations', {
      config: text,
      run_id: 'my-run',
      turns: 2,
      write_mode: 'sync',
    })
    expect([first.status, first.body.run_id, first.body.max_turns]).toEqual([201, 'my-run', 2])
    const again = await server.call('POST', '/v1/simulations', { config: text, run_id: 'my-run' })
    expect([again.status, again.body.code]).toEqual([409, 'RUN_ID_EXISTS'])
    expect(await ended('my-run')).toMatchObject({ status: 'completed', turn: 2 })
  })

  it.each<[string, object, string[]]>([
    ['a wrong value', { config: config([], { max_turns: 0 }) }, ['simulation.max_turns']],
    ['a wrong option', { config: config([]), turns: 'many' }, ['simulation.max_turns']],
    ['a wrong level', { config: config([]), verbosity: 'ALL' }, ['event_stream.verbosity']],
    ['a malformed id', { config: config([]), run_id: '../x' }, ['run_id']],
    ['no configuration', {}, ['']],
    [
      'an environment variable that is not allowed',
      { config: { ...config([]), llm: { model: '$\u007bPATH}' } } },
      ['llm.model'],
    ],
    [
      'a file outside the folder',
      { config: { ...config([]), spatial: { topology: { type: 'network', edges_file: '/etc/passwd' } } } },
      ['spatial.topology.edges_file'],
    ],
    [
      'more than the limits',
      { config: { ...config([], { max_agents: 251 }), event_stream: { max_queue_size: 100_001 } } },
      ['event_stream.max_queue_size', 'simulation.max_agents'],
    ],
  ])('is refused for %s', async (_name, body, paths) => {
    const { status, body: reply } = await server.call('POST', '/v1/simulations', body)
    expect([status, reply.code, reply.error]).toEqual([400, 'INVALID_CONFIG', 'INVALID_CONFIG'])
    expect(reply.details.problems.map((problem: any) => problem.path).sort()).toEqual([...paths].sort())
  })

  it('validates without creating anything', async () => {
    const before = fs.readdirSync(root).length
    const good = await server.call('POST', '/v1/simulations/validate', { config: config([]) })
    expect([good.status, good.body]).toEqual([200, { valid: true, problems: [] }])
    const bad = await server.call('POST', '/v1/simulations/validate', {
      config: 'simulation:\n  name: x\n  max_turns: 0\n',
    })
    expect(bad.body.valid).toBe(false)
    expect(bad.body.problems.find((problem: any) => problem.path === 'simulation.max_turns').line).toBe(3)
    expect(fs.readdirSync(root)).toHaveLength(before)
  })

  it('pauses before the next turn, lets agents be changed, and goes on in the same folder', async () => {
    const id = await start([slow(20)], { max_turns: 5_000 })
    await reached(id, (run) => run.turn >= 2)
    const paused = await control(id, 'pause')
    expect([paused.status, paused.body.status]).toEqual([202, 'paused'])
    expect((await control(id, 'pause')).body).toMatchObject({ code: 'INVALID_STATE', details: { status: 'paused' } })
    // A run that goes on never shows the same turn twice 400 ms apart.
    const { turn } = await until(async () => {
      const before = await get(id)
      await new Promise((resolve) => setTimeout(resolve, 400))
      const now = await get(id)
      return now.turn === before.turn && now
    })
    expect((await server.call('GET', `/simulations/${id}`)).body.status).toBe('running')
    const add = await control(id, 'agents', { name: 'hare', type: 'simple', initial_state: { wealth: 5 } })
    expect([add.status, add.body]).toEqual([202, { added: true, name: 'hare' }])
    expect((await control(id, 'agents', { name: 'x', type: 'imaginary', initial_state: {} })).body).toMatchObject({
      added: false,
      reason: expect.stringContaining('imaginary'),
    })
    expect((await control(id, 'agents/hare/pause', { auto_resume_turns: 2 })).body).toEqual({ ok: true })
    expect((await control(id, 'agents/hare/pause')).body).toMatchObject({ ok: false, reason: 'hare is paused already' })
    expect((await control(id, 'agents/hare/resume')).body).toEqual({ ok: true })
    expect((await server.call('DELETE', `/v1/simulations/${id}/agents/nobody`)).body).toMatchObject({ ok: false })
    const resumed = await control(id, 'resume')
    expect([resumed.status, resumed.body.status]).toEqual([202, 'running'])
    expect((await control(id, 'resume')).status).toBe(409)
    await reached(id, (run) => run.turn > turn + 2)
    expect((await server.call('DELETE', `/v1/simulations/${id}/agents/hare`)).body).toEqual({ ok: true })
    const stopping = await control(id, 'stop')
    expect(stopping.status).toBe(202)
    expect(await ended(id)).toMatchObject({ status: 'aborted', termination_reason: 'stopped' })
    expect((await control(id, 'stop')).body.code).toBe('INVALID_STATE')
    expect((await control(id, 'agents', { name: 'y', type: 'simple', initial_state: {} })).status).toBe(409)
    const decisions = (await server.call('GET', `/simulations/${id}/events?agent_ids=hare&event_types=DECISION`)).body
    expect(decisions.total).toBeGreaterThan(0)
    const turns = (
      await server.call('GET', `/simulations/${id}/events?event_types=MILESTONE&limit=10000`)
    ).body.events.filter((e: any) => e.details.milestone_type === 'turn_start')
    expect(turns.map((e: any) => e.turn_number)).toEqual(turns.map((_: unknown, i: number) => i + 1))
    expect(fs.readFileSync(path.join(root, id, 'events.jsonl'), 'utf8')).not.toContain('DATABASE')
  })

  it('waits its turn, and stops at once while queued or paused', async () => {
    const running = [await start([slow(30)], { max_turns: 500 }), await start([slow(30)], { max_turns: 500 })]
    for (const id of running) await reached(id, (run) => run.status === 'running')
    const waiting = [await start([slow(1)]), await start([slow(1)])]
    await new Promise((resolve) => setTimeout(resolve, 600))
    for (const id of waiting) expect((await get(id)).status).toBe('queued')
    expect((await server.call('GET', '/simulations')).body.simulations.map(({ id }: any) => id)).not.toContain(
      waiting[0],
    )
    expect((await control(waiting[0]!, 'pause')).body).toMatchObject({
      code: 'INVALID_STATE',
      details: { status: 'queued' },
    })
    expect((await control(waiting[0]!, 'stop')).body).toMatchObject({
      status: 'aborted',
      termination_reason: 'stopped',
    })
    expect((await control(running[0]!, 'pause')).body.status).toBe('paused')
    expect(await ended(waiting[1]!)).toMatchObject({ status: 'completed' })
    expect((await control(running[0]!, 'stop')).body).toMatchObject({
      status: 'aborted',
      termination_reason: 'stopped',
    })
    await control(running[1]!, 'stop')
    await ended(running[1]!)
  })

  it('branches from any checkpoint, with other variables if wanted', async () => {
    const id = await start([{ name: 'ada', initial_state: { wealth: 100 } }], { max_turns: 6, checkpoint_interval: 2 })
    const whole = await ended(id)
    expect(whole.status).toBe('completed')
    const branch = await control(id, 'branch', { turn: 2, turns: 8, seed: 9 })
    expect(branch.status).toBe(201)
    expect(branch.body).toMatchObject({
      status: 'queued',
      resumed_from: { run_id: id, turn: 2 },
      max_turns: 8,
      turn: 2,
    })
    expect(await ended(branch.body.run_id)).toMatchObject({ status: 'completed', turn: 8 })
    const rich = await control(id, 'branch', { turn: 4, changes: { agents: { ada: { wealth: 9000 } } } })
    expect(await ended(rich.body.run_id)).toMatchObject({ status: 'completed', turn: 6 })
    const state = (await server.call('GET', `/simulations/${rich.body.run_id}/state`)).body.state
    expect(state.agents.ada.wealth).toBe(9000 + 10 - 5)
    expect((await control(id, 'branch', { turn: 3 })).status).toBe(404)
    expect((await control('nope', 'branch', {})).status).toBe(404)
    const wrong = await control(id, 'branch', { turn: 2, changes: { agents: { ada: { joy: 1 } } } })
    expect([wrong.status, wrong.body.code]).toEqual([400, 'INVALID_CONFIG'])
    expect((await control(id, 'branch', { turn: -1 })).status).toBe(400)
  })

  it('answers 404 to what is not served', async () => {
    for (const [method, at] of [
      ['GET', ''],
      ['POST', '/pause'],
      ['POST', '/stop'],
      ['DELETE', '/agents/x'],
    ] as const)
      expect((await server.call(method, `/v1/simulations/unknown${at}`)).status).toBe(404)
    expect((await server.call('GET', '/v1/simulations?status=odd')).status).toBe(400)
    expect((await server.call('GET', '/v1/simulations?limit=0')).status).toBe(400)
  })
})

describe('a lost process', () => {
  const pidOf = (id: string): number => {
    const lines = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))
    for (const pid of lines) {
      try {
        const parent = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[1]
        const command = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        const isOurs = parent === String(process.pid) && command.includes('child-main')
        if (
          isOurs &&
          fs.readdirSync(`/proc/${pid}/fd`).some((fd) => fs.readlinkSync(`/proc/${pid}/fd/${fd}`).includes(`/${id}/`))
        )
          return Number(pid)
      } catch (error) {
        expect((error as NodeJS.ErrnoException).code).toMatch(/ENOENT|EACCES|ESRCH/) // It ended while being looked at.
      }
    }
    throw new Error(`no process holds ${id}`)
  }

  it('is continued as a new run from its last checkpoint', async () => {
    const id = await start([slow(20)], { max_turns: 60 })
    await reached(id, (run) => run.turn >= 4)
    process.kill(pidOf(id), 'SIGKILL')
    const lost = await ended(id)
    expect(lost).toMatchObject({ status: 'crashed', error: { type: 'ProcessLost' } })
    expect(lost.continued_as).not.toBeNull()
    expect((await server.call('GET', `/simulations/${id}`)).body.status).toBe('unknown')
    const next = await ended(lost.continued_as)
    expect(next).toMatchObject({ status: 'completed', turn: 60, resumed_from: { run_id: id, turn: lost.turn } })
    const events = (await server.call('GET', `/simulations/${lost.continued_as}/events?limit=1`)).body.events
    expect(events[0].details.resumed_from).toEqual({ run_id: id, turn: lost.turn })
  }, 60_000)

  it('is given up after three continuations without a completed turn', async () => {
    let id = await start([{ ...slow(5), dies_in: 3 }], { max_turns: 9 })
    const chain = [id]
    for (let run = await ended(id); run.continued_as !== null; run = await ended(id)) {
      expect(run.status).toBe('crashed')
      id = run.continued_as
      chain.push(id)
      expect(chain.length).toBeLessThan(8)
    }
    expect(chain).toHaveLength(4)
    expect(await get(id)).toMatchObject({ status: 'crashed', turn: 2 })
  }, 60_000)

  it('that was paused goes on paused', async () => {
    const id = await start([slow(20)], { max_turns: 200 })
    await reached(id, (run) => run.turn >= 2)
    const pid = pidOf(id)
    await control(id, 'pause')
    await new Promise((resolve) => setTimeout(resolve, 300))
    process.kill(pid, 'SIGKILL')
    const lost = await ended(id)
    const next = await reached(lost.continued_as, (run) => run.status === 'paused')
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect((await get(next.run_id)).turn).toBe(lost.turn)
    // Its process may still be on the way up: then the answer is that it stops, and it does.
    expect((await control(next.run_id, 'stop')).status).toBeLessThan(300)
    expect((await ended(next.run_id)).status).toBe('aborted')
  }, 60_000)

  it('with its server is taken up by the next one', async () => {
    const env = {
      SIMULATION_OUTPUT_DIR: path.join(implementations, 'moved'),
      SIMULATION_IMPLEMENTATIONS_DIR: implementations,
      SIMULATION_MAX_RUNS: '1',
    }
    const modules = simulationModules({} as never)
    const first = await testServer({ modules, env, roles: ['api'] })
    const { body: run } = await first.call('POST', '/v1/simulations', { config: config([slow(20)], { max_turns: 60 }) })
    await until(async () => (await first.call('GET', `/v1/simulations/${run.run_id}`)).body.turn >= 3)
    await first.stop()
    const second = await testServer({ modules, env, roles: ['api'], databaseUrl: first.databaseUrl })
    try {
      const call = async (id: string) => (await second.call('GET', `/v1/simulations/${id}`)).body
      const lost = await until(async () => {
        const row = await call(run.run_id)
        return row.continued_as !== null && row
      })
      expect(lost.turn).toBeGreaterThanOrEqual(3)
      const next = await until(async () => {
        const row = await call(lost.continued_as)
        return row.ended_at !== null && row
      })
      expect(next).toMatchObject({
        status: 'completed',
        turn: 60,
        resumed_from: { run_id: run.run_id, turn: lost.turn },
      })
    } finally {
      await second[Symbol.asyncDispose]()
    }
  }, 60_000)
})

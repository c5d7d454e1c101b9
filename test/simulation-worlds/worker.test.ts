import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { simulationModules } from '../../src/simulation/index.ts'
import { type TestServer, testServer, until } from '../_server.ts'

const ENTRY = path.resolve(import.meta.dirname, '../../troupe.mjs')
const SLOW_AGENT = `import { BaseAgent } from 'troupe/simulation'
export class SlowAgent extends BaseAgent {
  async decideAction() {
    await new Promise((resolve) => setTimeout(resolve, 40))
    return { actionName: 'hold' }
  }
}
`
let server: TestServer
let base: string
let env: Record<string, string>
const workers: ChildProcess[] = []

beforeAll(async () => {
  base = fs.mkdtempSync('/tmp/troupe-worker-')
  fs.mkdirSync(path.join(base, 'implementations/agents'), { recursive: true })
  fs.writeFileSync(path.join(base, 'implementations/agents/slow.js'), SLOW_AGENT)
  env = { SIMULATION_OUTPUT_DIR: path.join(base, 'output'), SIMULATION_IMPLEMENTATIONS_DIR: base }
  server = await testServer({
    modules: simulationModules({} as never),
    roles: ['api'],
    env: { ...env, SIMULATION_MAX_RUNS: '0' },
  })
}, 60_000)
afterAll(async () => {
  for (const worker of workers) worker.kill('SIGKILL')
  await server[Symbol.asyncDispose]()
  fs.rmSync(base, { recursive: true, force: true })
})

/** `troupe worker` as a process of its own, as on another machine that shares database and folder. */
async function worker(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [ENTRY, 'worker'], {
    env: {
      ...process.env,
      ...env,
      DATABASE_URL: server.databaseUrl,
      TROUPE_HOME: path.join(base, 'home'),
      SIMULATION_MAX_RUNS: '1',
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  workers.push(child)
  let said = ''
  child.stdout!.on('data', (chunk) => {
    said += chunk
  })
  await until(() => said.includes('Worker is up'), 50)
  return child
}
const get = async (id: string) => (await server.call('GET', `/v1/simulations/${id}`)).body
const reached = (id: string, check: (run: any) => boolean) =>
  until(async () => {
    const run = await get(id)
    return check(run) && run
  }, 50)

describe('a worker', () => {
  it('takes a simulation the server leaves to it, is paused and changed from there, and another goes on when it is killed', {
    timeout: 180_000,
  }, async () => {
    const { body: run } = await server.call('POST', '/v1/simulations', {
      config: {
        simulation: { name: 'far', max_turns: 120 },
        engine: { type: 'simple_economic' },
        validator: { type: 'basic' },
        agents: [{ name: 'tortoise', type: 'slow' }],
      },
    })
    const id = run.run_id as string
    expect((await get(id)).status).toBe('queued')
    const first = await worker()
    await reached(id, ({ turn }) => turn >= 2)
    expect((await server.call('POST', `/v1/simulations/${id}/pause`)).body.status).toBe('paused')
    const added = await server.call('POST', `/v1/simulations/${id}/agents`, {
      name: 'hare',
      type: 'simple',
      initial_state: { wealth: 5 },
    })
    expect(added.body).toEqual({ added: true, name: 'hare' })
    await server.call('POST', `/v1/simulations/${id}/resume`)
    const turn = (await get(id)).turn
    await reached(id, (now) => now.turn > turn + 1)
    // Held still meanwhile: on a slow machine the run would be over before the second worker is up.
    await server.call('POST', `/v1/simulations/${id}/pause`)
    await worker()
    await server.call('POST', `/v1/simulations/${id}/resume`)
    first.kill('SIGKILL')
    const lost = await reached(id, ({ continued_as: next }) => next !== null)
    expect(lost).toMatchObject({ status: 'crashed', error: { type: 'ProcessLost' } })
    const done = await reached(lost.continued_as, ({ ended_at: at }) => at !== null)
    expect(done).toMatchObject({ status: 'completed', turn: 120, resumed_from: { run_id: id } })
    const { state } = (await server.call('GET', `/simulations/${lost.continued_as}/state`)).body
    expect(Object.keys(state.agents)).toEqual(['tortoise', 'hare'])
  })
})

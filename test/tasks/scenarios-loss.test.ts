// Scenarios I14 and I20 of the contract: an agent process killed while it works, and a server stopped while work waits and runs.
// Every kind of process killed during a larger job: test/chaos/tasks-kill.test.ts (`npm run test:long`).
import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadConfig } from '../../src/kernel/config/load-config.ts'
import { silentLog } from '../../src/kernel/telemetry/logger.ts'
import { type RunningAgent, startAgent } from '../../src/tasks/agent/start-agent.ts'
import { finished, submit } from '../_agents.ts'
import { type TestServer, testServer, until } from '../_server.ts'
import { type Site, startSite } from './_site.ts'

/** The server tells its agents how often to beat. */
const LIFE = { AGENT_HEARTBEAT_INTERVAL: '1', AGENT_TTL_SECONDS: '5' }
const AGENT = path.resolve(import.meta.dirname, '../../src/tasks/agent/main.ts')
let server: TestServer
let dir: string
let site: Site
let killed: ChildProcess
const agents: RunningAgent[] = []

const agentEnv = (id: string) => ({
  AGENT_ID: id,
  AGENT_PORT: '0',
  AGENT_CAPABILITIES: 'web_scraping,api_integration',
  ORCHESTRATOR_URL: server.url,
  ALLOW_PRIVATE_HOSTS: '1',
})
const listed = async (id: string) =>
  (await server.call('GET', '/agents')).body.agents?.some((agent: any) => agent.agent_id === id)
const stepOf = async (id: string) => (await server.call('GET', `/tasks/${id}`)).body.task.subtasks[0]
/** An agent may begin before its acceptance is written down. */
const running = async (id: string, agent: string, attempts: number) => {
  const step = await until(async () => ((await stepOf(id)).status === 'running' ? stepOf(id) : undefined))
  expect(step).toMatchObject({ assigned_agent: agent, attempts })
}

beforeAll(async () => {
  site = await startSite()
  server = await testServer({ env: LIFE })
  dir = server.dir
  killed = spawn(process.execPath, [AGENT], { env: { ...process.env, ...agentEnv('agent_6') }, stdio: 'ignore' })
  await until(() => listed('agent_6'))
})
afterAll(async () => {
  killed.kill('SIGKILL')
  site.release()
  await Promise.all(agents.map((agent) => agent.stop(0)))
  await server[Symbol.asyncDispose]()
  await site.close()
  fs.rmSync(dir, { recursive: true, force: true })
})

it('I14: an agent process is killed while it runs a subtask: another capable agent runs it, one result is final', {
  timeout: 120_000,
}, async () => {
  const id = await submit(server, `Fetch data from ${site.url}/api/slow/kill`)
  await until(() => site.seen.includes('/api/slow/kill'))
  await running(id, 'agent_6', 1)
  killed.kill('SIGKILL')
  agents.push(await startAgent({ config: loadConfig(agentEnv('agent_7')), log: silentLog as never }))
  await until(() => site.seen.filter((at) => at === '/api/slow/kill').length === 2)
  await running(id, 'agent_7', 2)
  expect(await listed('agent_6')).toBe(false)
  site.release()
  const { task, subtask_results } = await finished(server, id)
  expect(task.status).toBe('completed')
  expect(subtask_results.map((one: any) => [one.attempt, one.agent_id, one.status])).toEqual([
    [2, 'agent_7', 'completed'],
  ])
  const { logs } = (await server.call('GET', '/logs?agent_id=agent_6&log_level=ERROR')).body
  expect(logs.length).toBeGreaterThan(0)
})

it('I20: the server stops while work runs and waits, and starts again: everything finishes, nothing twice', {
  timeout: 120_000,
}, async () => {
  const jobs = ['one', 'two', 'three'].map((name) => `Fetch data from ${site.url}/api/slow/${name}`)
  const ids = [await submit(server, jobs[0]!)]
  await until(() => site.seen.includes('/api/slow/one'))
  for (const job of jobs.slice(1)) ids.push(await submit(server, job))
  expect((await stepOf(ids[2]!)).status).toBe('queued')
  const { databaseUrl } = server
  const port = new URL(server.url).port
  await server.stop()
  site.release() // the agent has its result before there is a server to tell it
  const env = {
    PORT: port,
    ...LIFE,
    TROUPE_HOME: path.join(dir, 'home'),
    SHARED_FILES_PATH: path.join(dir, 'shared_files'),
    ARTIFACTS_PATH: path.join(dir, 'artifacts'),
  }
  server = await testServer({ databaseUrl, env })
  const releasing = setInterval(() => site.release(), 100)
  const done = await Promise.all(ids.map((id) => finished(server, id)))
  clearInterval(releasing)
  expect(done.map(({ task }) => task.status)).toEqual(['completed', 'completed', 'completed'])
  expect(done.map(({ subtask_results }) => subtask_results.length)).toEqual([1, 1, 1])
})

// Each kind of process is killed while a job of 30 subtasks runs; what comes out must equal the undisturbed run. It takes minutes, so
// it runs with `npm run test:long`; in `npm test`, test/chaos/up.test.ts kills all of them at once.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { embeddedDataDir, findRunningServer, isProcessAlive } from '../../src/kernel/db/embedded-server.ts'
import { until } from '../_server.ts'

const ENTRY = path.resolve(import.meta.dirname, '../../troupe.mjs')
const JOB = [
  ...Array.from({ length: 27 }, (_, i) => `${i + 1}. Calculate factorial of ${i + 3} independently`),
  '28. Combine the results',
  '29. Then calculate the sum of 1 to 100',
  '30. Finally combine all results',
].join('\n')
let dir: string
let port: number
let databaseUrl: string
let server: ChildProcess
let worker: ChildProcess
const started: ChildProcess[] = []

const environment = () => ({
  ...process.env,
  TROUPE_HOME: path.join(dir, 'home'),
  PORT: String(port),
  PUBLIC_URL: `http://127.0.0.1:${port}`,
  AGENT_PORT_RANGE: '0',
  SHARED_FILES_PATH: path.join(dir, 'shared'),
  ARTIFACTS_PATH: path.join(dir, 'artifacts'),
  LOG_LEVEL: 'error',
})
function launch(argv: string[], more: Record<string, string> = {}): ChildProcess {
  // The command line itself, not the launcher: what is killed must be the process that works.
  const child = spawn(process.execPath, [path.resolve(ENTRY, '../src/cli/main.ts'), ...argv], {
    env: { ...environment(), ...more },
    stdio: 'ignore',
  })
  started.push(child)
  return child
}
const get = async (at: string): Promise<any> => (await fetch(`http://127.0.0.1:${port}${at}`)).json()
const postgres = () => findRunningServer(embeddedDataDir(path.join(dir, 'home')).dataDir)
const written = () => JSON.parse(fs.readFileSync(path.join(dir, 'home/server.json'), 'utf8'))
async function startServer() {
  server = launch(['up', '--no-sample'])
  await until(async () => (await get('/health').catch(() => undefined))?.status === 'healthy')
}
async function startWorker() {
  worker = launch(['worker'], { DATABASE_URL: databaseUrl })
}

beforeAll(async () => {
  if (!process.env['CHAOS_LONG']) return
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-kill-'))
  fs.chmodSync(dir, 0o755)
  const probe = net.createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  port = (probe.address() as net.AddressInfo).port
  await new Promise((resolve) => probe.close(resolve))
  await startServer()
  const asked = spawn(process.execPath, [ENTRY, 'db', 'url'], {
    env: environment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  databaseUrl = (await asked.stdout!.toArray()).join('').trim()
  await startWorker()
  await until(async () => (await get('/agents')).agents?.length === 5)
}, 180_000)
afterAll(async () => {
  if (!process.env['CHAOS_LONG']) return
  const agents: number[] = fs.existsSync(path.join(dir, 'home/server.json')) ? written().children : []
  for (const child of started) child.kill('SIGKILL')
  for (const pid of [...agents, postgres()?.pid]) if (pid && isProcessAlive(pid)) process.kill(pid, 'SIGKILL')
  fs.rmSync(dir, { recursive: true, force: true })
})

/** What a requester sees at the end, without what two runs may differ in: ids, times, who did it, which attempt. */
async function outcome(disturb: () => Promise<void>) {
  const reply = await fetch(`http://127.0.0.1:${port}/tasks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ description: JOB }),
  })
  const { task_id: id } = (await reply.json()) as { task_id: string }
  const look = () => get(`/tasks/${id}`).catch(() => undefined)
  await until(async () => (await look())?.task?.progress.completed >= 5)
  await disturb()
  const { task, subtask_results } = await until(async () => {
    const now = await look()
    return ['completed', 'failed'].includes(now?.task?.status) ? now : undefined
  }, 100)
  const place = new Map<string, number>(task.subtasks.map((one: any, at: number) => [one.id, at]))
  const named = (text: string) =>
    text.replace(/subtask_[0-9a-f]{12}/g, (sub) => `step ${place.get(sub)}`).replaceAll(id, 'task')
  return {
    status: task.status,
    error: task.error,
    progress: task.progress,
    steps: task.subtasks.map((one: any) => [
      one.description,
      one.status,
      one.dependencies.map((key: string) => place.get(key)),
    ]),
    data: JSON.parse(named(JSON.stringify(task.result?.data ?? null))),
    results: subtask_results
      .map((one: any) => [
        place.get(one.subtask_id)!,
        one.status,
        named(one.output.summary),
        named(JSON.stringify(one.output.data)),
      ])
      .toSorted((a: any, b: any) => a[0] - b[0]),
    pages: (await get('/results')).folders.find((folder: any) => folder.task_id === id).files,
  }
}

describe.runIf(process.env['CHAOS_LONG'])('a job of 30 subtasks', { timeout: 180_000 }, () => {
  let undisturbed: Awaited<ReturnType<typeof outcome>>
  it('undisturbed: every subtask once', async () => {
    undisturbed = await outcome(async () => undefined)
    expect(undisturbed).toMatchObject({ status: 'completed', progress: { completed: 30, total: 30 } })
    expect(undisturbed.results).toHaveLength(30)
  })

  it.each<[string, () => Promise<void>]>([
    [
      'an agent',
      async () => {
        const busy = (await get('/agents')).agents.find((agent: any) => !agent.is_available)
        const pids: number[] = written().children
        // Any agent that works; which pid it has, its own health does not say.
        const at = busy ? Number(busy.agent_id.replace('agent_', '')) - 1 : 0
        process.kill(pids[at] ?? pids[0]!, 'SIGKILL')
      },
    ],
    [
      'every agent',
      async () => {
        for (const pid of written().children as number[]) process.kill(pid, 'SIGKILL')
      },
    ],
    ['PostgreSQL', async () => void process.kill(postgres()!.pid, 'SIGKILL')],
    [
      'the worker',
      async () => {
        worker.kill('SIGKILL')
        await once(worker, 'exit')
      },
    ],
    [
      'the server',
      async () => {
        server.kill('SIGKILL')
        await once(server, 'exit')
        await startServer()
      },
    ],
  ])('%s killed: the same outcome, nothing twice', async (_what, kill) => {
    expect(await outcome(kill)).toEqual(undisturbed)
  })
})

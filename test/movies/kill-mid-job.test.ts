import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TaskServiceStandIn } from '../../src/movies/services/stand-ins/task-service-stand-in.ts'
import { createServerDatabase } from '../_pg.ts'
import { until } from '../_server.ts'
import { auto, bodyB } from './_movies.ts'

const ENTRY = path.resolve(import.meta.dirname, '../../troupe.mjs')
const taskService = new TaskServiceStandIn({ workMs: 1500, callbacks: 'never' })
const started = new Set<ChildProcess>()
let dir: string
let port: number
let databaseUrl: string

beforeAll(async () => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-kill-'))
  databaseUrl = await createServerDatabase()
  await taskService.start()
  const probe = net.createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  port = (probe.address() as net.AddressInfo).port
  await new Promise((resolve) => probe.close(resolve))
})
afterAll(async () => {
  for (const child of started) child.kill('SIGKILL')
  await taskService.close()
  fs.rmSync(dir, { recursive: true, force: true })
})

/** What `npm start` runs, in a process of its own. */
function up(): ChildProcess {
  const child = spawn(process.execPath, [ENTRY, 'up', '--no-agents', '--no-sample'], {
    stdio: 'ignore',
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      TROUPE_HOME: path.join(dir, 'home'),
      ARTIFACTS_PATH: path.join(dir, 'artifacts'),
      SHARED_FILES_PATH: path.join(dir, 'shared'),
      PORT: String(port),
      TASK_SERVICE_BASE_URL: taskService.url,
      SERVICE_POLL_SECONDS: '0.1',
      RETRY_DELAY_SECONDS: '0.1',
      LOG_LEVEL: 'error',
    },
  })
  started.add(child)
  return child
}

async function api(method: string, at: string, body?: unknown): Promise<any> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1${at}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  return response.json()
}
const ready = () =>
  until(
    () =>
      api('GET', '/workflows').then(
        (w) => w.workflows !== undefined,
        () => false,
      ),
    200,
  )

test('killed while jobs are under way, once more while they are submitted: no job is made twice', async () => {
  let child = up()
  await ready()
  const made = await api('POST', '/workflows', bodyB({ custom_parameters: auto }))
  const kill = async () => {
    child.kill('SIGKILL')
    await new Promise((resolve) => child.once('exit', resolve))
  }
  await until(() => taskService.submissions.some((job) => job.status === 'processing'))
  await kill()
  // Jobs end while nobody is there to hear of it; submissions of the next process lose their answers.
  taskService.rules.workMs = 300
  taskService.rules.swallowAnswers = 2
  child = up()
  await ready()
  await until(() => taskService.submissions.some((job) => job.task_type === 'generate_video'))
  await kill()
  child = up()
  await ready()
  const film = await until(async () => {
    const w = await api('GET', `/workflows/${made.workflow_id}`)
    if (w.status === 'failed') throw new Error(JSON.stringify(w.error_details))
    return w.status === 'completed' && w
  }, 100)
  const items = taskService.submissions.map((job) => String(job.metadata['item']))
  expect(new Set(items).size).toBe(items.length)
  const frames = (await api('GET', `/workflows/${film.workflow_id}/artifacts/generated_frames`)).content.frames
  expect(items.filter((item) => item.startsWith('generated_frames')).length).toBe(frames.length)
}, 180_000)

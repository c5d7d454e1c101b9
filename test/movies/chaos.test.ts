import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type EmbeddedServer, startEmbedded } from '../../src/kernel/db/embedded-server.ts'
import { until } from '../_server.ts'
import { auto, bodyB } from './_movies.ts'

const ENTRY = path.resolve(import.meta.dirname, '../fixtures/movies-process.ts')
const STATES = [
  'concept_development',
  'character_creation',
  'scene_planning',
  'media_generation',
  'post_production',
  'final_assembly',
]

let dir: string
let store: EmbeddedServer
const children = new Set<ChildProcess>()
beforeEach(async () => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-movies-'))
  fs.chmodSync(dir, 0o755)
  store = await startEmbedded(path.join(dir, 'pg'))
})
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  children.clear()
  await store.stop()
  fs.rmSync(dir, { recursive: true, force: true })
})

/** A process with these roles; answers when it is ready. */
async function start(roles: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [ENTRY, roles], {
    env: {
      ...process.env,
      DATABASE_URL: store.url,
      TROUPE_HOME: path.join(dir, 'home'),
      ARTIFACTS_PATH: path.join(dir, 'artifacts'),
      DATA_PATH: path.join(dir, 'data'),
      SECRET_KEY: 'the same for all of them',
      RETRY_DELAY_SECONDS: '0.1',
      PORT: '0',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.add(child)
  let said = ''
  child.stdout!.on('data', (chunk) => (said += chunk))
  const ready = await until(() => /ready (\S*)/.exec(said) ?? child.exitCode !== null)
  if (ready === true) throw new Error(`process ${roles} ended with ${child.exitCode}`)
  return { child, url: ready[1]! }
}
async function kill(child: ChildProcess) {
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

const ask = async (url: string, at: string, method = 'GET', body?: unknown): Promise<any> => {
  const response = await fetch(`${url}/api/v1${at}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  return response.json()
}
const film = (project_id: string) => bodyB({ project_id, target_duration: 60, custom_parameters: auto })
const reaches = (url: () => string, id: string, state: string) =>
  until(async () => {
    const w = await ask(url(), `/workflows/${id}`).catch(() => undefined)
    return w?.current_state && (STATES.indexOf(w.current_state) >= STATES.indexOf(state) || w.status !== 'running')
  })
const ends = (url: () => string, id: string): Promise<any> =>
  until(async () => {
    const w = await ask(url(), `/workflows/${id}`).catch(() => undefined)
    return ['completed', 'failed', 'cancelled'].includes(w?.status) ? w : undefined
  })

/** What a workflow made, without what differs between any two: ids, times, addresses. */
async function outcome(url: string, w: any) {
  const names = [...new Set(Object.values<any>(w.results).flatMap((made) => Object.keys(made)))].sort()
  const contents = await Promise.all(
    names.map(async (name) => {
      const { content, version } = await ask(url, `/workflows/${w.workflow_id}/artifacts/${name}`)
      return [name, version, content]
    }),
  )
  const { tasks } = await ask(url, `/workflows/${w.workflow_id}/tasks?limit=1000`)
  const text = JSON.stringify(contents)
    .replaceAll(w.workflow_id, 'W')
    .replaceAll(w.project_id, 'P')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'T')
    .replace(/[0-9a-f]{64}/g, 'SHA')
    .replace(/"(started_at|seconds|expected_seconds|audit_log_id|seed)":("[^"]*"|[\d.]+)/g, '"$1":"X"')
  return {
    status: w.status,
    states: w.completed_states,
    deliverables: w.deliverables.map((d: any) => [d.name, d.status]),
    tasks: tasks.map((t: any) => [t.task_type, t.fan_out?.index ?? null, t.status, t.retry_count]).sort(),
    contents: JSON.parse(text),
  }
}

describe('kill -9 in the middle of a workflow', { timeout: 180_000 }, () => {
  test('of the server, of a worker and of the store: the film is the one that would have been', async () => {
    let server = await start('api,work')
    const url = () => server.url
    const calm = await ask(server.url, '/workflows', 'POST', film('calm'))
    const expected = await outcome(server.url, await ends(url, calm.workflow_id))
    expect(expected.status).toBe('completed')

    const made = await ask(server.url, '/workflows', 'POST', film('stormy'))
    const id = made.workflow_id
    // The server, while the story is written.
    await kill(server.child)
    server = await start('api,work')
    // A worker beside it takes part, and is killed while pictures are drawn.
    const worker = await start('work')
    await reaches(url, id, 'media_generation')
    await kill(worker.child)
    // The server again, and the store under the next one.
    await kill(server.child)
    server = await start('api,work')
    await reaches(url, id, 'media_generation')
    process.kill(store.pid, 'SIGKILL')
    await until(() => !store.isAlive()) // until then it would be adopted
    store = await startEmbedded(path.join(dir, 'pg'))
    await reaches(url, id, 'post_production')
    await kill(server.child)
    server = await start('api,work')

    const w = await ends(url, id)
    expect(w.error_details).toBeNull()
    expect(await outcome(server.url, w)).toEqual(expected)
    const { events } = await ask(server.url, `/workflows/${id}/events?limit=1000`)
    expect(events.map((e: any) => e.sequence)).toEqual(events.map((_: unknown, i: number) => i + 1))
  })
})

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { embeddedDataDir, findRunningServer, isProcessAlive } from '../../src/kernel/db/embedded-server.ts'
import { until } from '../_server.ts'

const ENTRY = path.resolve(import.meta.dirname, '../../troupe.mjs')
let dir: string
let port: number
const started = new Set<ChildProcess>()

async function freePort(): Promise<number> {
  const probe = net.createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port: found } = probe.address() as net.AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return found
}

beforeEach(async () => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-up-'))
  fs.chmodSync(dir, 0o755)
  port = await freePort()
})
afterEach(() => {
  for (const child of started) child.kill('SIGKILL')
  started.clear()
  const running = findRunningServer(embeddedDataDir(path.join(dir, 'home')).dataDir)
  if (running) process.kill(running.pid, 'SIGKILL')
  fs.rmSync(dir, { recursive: true, force: true })
})

const environment = (more: Record<string, string> = {}) => ({
  ...process.env,
  TROUPE_HOME: path.join(dir, 'home'),
  PORT: String(port),
  AGENT_PORT_RANGE: '0',
  TROUPE_AGENTS: '2',
  SHARED_FILES_PATH: path.join(dir, 'shared'),
  ARTIFACTS_PATH: path.join(dir, 'artifacts'),
  LOG_LEVEL: 'error',
  ...more,
})

function up(more: Record<string, string> = {}): { child: ChildProcess; said: () => string } {
  const child = spawn(process.execPath, [ENTRY, 'up'], { env: environment(more), stdio: ['ignore', 'pipe', 'pipe'] })
  started.add(child)
  let text = ''
  child.stdout!.on('data', (chunk) => (text += chunk))
  child.stderr!.on('data', (chunk) => (text += chunk))
  return { child, said: () => text }
}
const get = async (at: string): Promise<any> => (await fetch(`http://127.0.0.1:${port}${at}`)).json()
const ready = () => until(async () => (await get('/health').catch(() => undefined))?.status === 'healthy')
const agentPids = () =>
  (JSON.parse(fs.readFileSync(path.join(dir, 'home/server.json'), 'utf8')) as { children: number[] }).children

describe('troupe up', { timeout: 180_000 }, () => {
  it('runs the sample job through everything, and continues after kill -9 of every process', async () => {
    const first = up()
    await ready()
    await until(() => first.said().includes('Sample job completed: {"factorial_10":3628800}'))
    const again = up()
    expect((await once(again.child, 'exit'))[0]).toBe(1)
    expect(again.said()).toContain(`Troupe already runs here: http://127.0.0.1:${port}/app. End it with "npm run stop"`)
    // A job that takes a while: thirty steps, killed in the middle together with PostgreSQL.
    const description = Array.from({ length: 30 }, (_, i) => `${i + 1}. Calculate factorial of ${i + 5}`).join('\n')
    const reply = (await (
      await fetch(`http://127.0.0.1:${port}/tasks`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ description }),
      })
    ).json()) as { task_id: string }
    await until(async () => (await get(`/tasks/${reply.task_id}`)).task.progress.completed >= 5)
    const postgres = findRunningServer(embeddedDataDir(path.join(dir, 'home')).dataDir)!.pid
    for (const pid of [first.child.pid!, ...agentPids(), postgres]) process.kill(pid, 'SIGKILL')
    await until(() => !isProcessAlive(postgres))

    const second = up()
    await ready()
    const { task, subtask_results } = await until(async () => {
      const now = await get(`/tasks/${reply.task_id}`)
      return now.task.status === 'completed' ? now : undefined
    })
    expect(task.progress).toMatchObject({ completed: 30, total: 30 })
    expect(subtask_results).toHaveLength(30)
    expect(task.result.data.factorial_10).toBe(3628800)
    second.child.kill('SIGTERM')
    const [code] = await once(second.child, 'exit')
    expect(code).toBe(0)
    expect(agentPidsOrNone()).toEqual([])
  })

  it('says what to do when its port is taken, and leaves nothing running', async () => {
    const other = net.createServer().listen(port, '127.0.0.1')
    await once(other, 'listening')
    const { child, said } = up()
    const [code] = await once(child, 'exit')
    expect(code).toBe(1)
    expect(said()).toContain(
      `Port ${port} on 127.0.0.1 is in use by another program: stop it, or set PORT to a free one`,
    )
    expect(findRunningServer(embeddedDataDir(path.join(dir, 'home')).dataDir)).toBeUndefined()
    await new Promise((resolve) => other.close(resolve))
  })

  it('names a wrong setting and its remedy before anything starts', async () => {
    const { child, said } = up({ SDK_PERMISSION_MODE: 'yolo' })
    const [code] = await once(child, 'exit')
    expect(code).toBe(1)
    expect(said()).toContain(
      'SDK_PERMISSION_MODE (is "yolo"): must be one of: auto, approveEdits, approveAll, bypassPermissions',
    )
    expect(fs.existsSync(path.join(dir, 'home/pg'))).toBe(false)
  })

  it('refuses a data folder of another PostgreSQL, and one it cannot write', async () => {
    const { root, dataDir } = embeddedDataDir(path.join(dir, 'home'))
    fs.mkdirSync(dataDir, { recursive: true })
    fs.writeFileSync(path.join(dataDir, 'PG_VERSION'), '17\n')
    const { child, said } = up()
    expect((await once(child, 'exit'))[0]).toBe(1)
    expect(said()).toContain('holds PostgreSQL 17 data; this release runs 18')
    fs.rmSync(root, { recursive: true })
    fs.writeFileSync(path.join(dir, 'file'), '')
    const unwritable = up({ TROUPE_HOME: path.join(dir, 'file/home') })
    expect((await once(unwritable.child, 'exit'))[0]).toBe(1)
    expect(unwritable.said()).toMatch(/cannot be written .*set TROUPE_HOME to a folder that is/)
  })

  it('works as root below a folder that only root may enter', async () => {
    if (process.getuid?.() !== 0) return // only root has this problem
    const home = path.join(dir, 'private')
    fs.mkdirSync(home, { mode: 0o700 })
    const { child } = up({ TROUPE_HOME: path.join(home, '.troupe') })
    await ready()
    const { dataDir } = embeddedDataDir(path.join(home, '.troupe'))
    expect(dataDir.startsWith('/var/lib/troupe/')).toBe(true)
    child.kill('SIGTERM')
    await once(child, 'exit')
    execFileSync('rm', ['-rf', path.dirname(dataDir)])
  })
})

function agentPidsOrNone(): number[] {
  const file = path.join(dir, 'home/server.json')
  return fs.existsSync(file) ? agentPids() : []
}

// The scripts of the contract's section 6.6, as a user types them: one installation through its whole life.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { embeddedDataDir, findRunningServer } from '../../src/kernel/db/embedded-server.ts'
import { createDatabase } from '../_pg.ts'
import { until } from '../_server.ts'

const ENTRY = path.resolve(import.meta.dirname, '../../troupe.mjs')
const { scripts } = JSON.parse(fs.readFileSync(path.resolve(import.meta.dirname, '../../package.json'), 'utf8'))
let dir: string
let port: number
let isStopped = false
/** Under way while the scripts are tried on another database. */
let starting: ReturnType<typeof troupe>

beforeAll(async () => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-scripts-'))
  fs.chmodSync(dir, 0o755)
  const probe = net.createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  port = (probe.address() as net.AddressInfo).port
  await new Promise((resolve) => probe.close(resolve))
  starting = troupe(['start'])
})
afterAll(async () => {
  if (!isStopped) await troupe(['stop', '--volumes'])
  fs.rmSync(dir, { recursive: true, force: true })
})

/** A script runs to its end: exit code and everything it said. */
async function troupe(argv: string[], input = '', more: Record<string, string> = {}) {
  const child = spawn(process.execPath, [ENTRY, ...argv], {
    env: {
      ...process.env,
      TROUPE_HOME: path.join(dir, 'home'),
      PORT: String(port),
      AGENT_PORT_RANGE: '0',
      SHARED_FILES_PATH: path.join(dir, 'shared'),
      ARTIFACTS_PATH: path.join(dir, 'artifacts'),
      LOG_LEVEL: 'error',
      ...more,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let said = ''
  child.stdout.on('data', (chunk) => (said += chunk))
  child.stderr.on('data', (chunk) => (said += chunk))
  child.stdin.on('error', () => undefined) // a command that reads nothing closes its input
  child.stdin.end(input)
  const [code] = await once(child, 'close')
  return { code: code as number, said }
}
const get = async (at: string): Promise<any> => (await fetch(`http://127.0.0.1:${port}${at}`)).json()

describe('the scripts of the contract', { timeout: 180_000 }, () => {
  it('exist as npm scripts under their names', () => {
    for (const name of [
      'start',
      'stop',
      'test-system',
      'init-db',
      'check-db',
      'check-coordination',
      'clean-db',
      'reset-all',
      'migrate',
    ])
      expect(scripts[name], name).toBe(`node troupe.mjs ${name === 'start' ? 'up' : name}`)
  })

  it('say what is missing before the schema exists; init-db makes it, migrate repeats nothing', async () => {
    const own = { DATABASE_URL: await createDatabase([]) }
    const early = await troupe(['check-db'], '', own)
    expect(early.code).toBe(1)
    expect(early.said).toContain('FAILED')
    const init = await troupe(['init-db'], '', own)
    expect(init).toMatchObject({ code: 0, said: expect.stringContaining('applied  tasks/0001-tasks.sql') })
    expect(await troupe(['migrate'], '', own)).toMatchObject({ code: 0, said: 'The schema is up to date.\n' })
    const checks = ['check-db', 'check-coordination'].map((check) => troupe([check, '--json'], '', own))
    for (const { code, said } of await Promise.all(checks)) {
      expect(code, said).toBe(0)
      const { ok, parts } = JSON.parse(said)
      expect(ok).toBe(true)
      expect(parts.at(-1)).toEqual({ part: 'clean-up', ok: true, says: 'nothing left' })
    }
  })

  it('start brings everything up and prints addresses; a second start and a wrong setting exit with 1', async () => {
    const { code, said } = await starting
    expect(code, said).toBe(0)
    expect(said).toContain(`http://127.0.0.1:${port}/app`)
    expect((await get('/agents')).agents).toHaveLength(5)
    const [second, wrong] = await Promise.all([
      troupe(['start']),
      troupe(['start'], '', { SDK_PERMISSION_MODE: 'yolo' }),
    ])
    expect(second).toMatchObject({ code: 1, said: expect.stringContaining('It runs already') })
    expect(wrong.code, wrong.said).toBe(1)
  })

  it('test-system runs three jobs and prints a table; clean-db empties the three tables', async () => {
    const { code, said } = await troupe(['test-system'])
    expect(code, said).toBe(0)
    expect(said.match(/✓ {2}task_\d{12}_[0-9a-f]{12} {2}completed/g)).toHaveLength(3)
    expect((await get('/tasks')).total_count).toBe(3)
    expect((await troupe(['clean-db'])).said).toContain('tasks            3 rows removed')
    expect((await get('/tasks')).total_count).toBe(0)
    expect((await get('/results')).folders.length).toBeGreaterThan(0)
  })

  it('reset-all takes YES only, reports each part, and the system works on', async () => {
    const refusals = ['yes\n', ''].map((answer) => troupe(['reset-all'], answer))
    for (const { code, said } of await Promise.all(refusals)) {
      expect(code).toBe(1)
      expect(said).toContain('Nothing was removed.')
    }
    expect((await get('/results')).folders.length).toBeGreaterThan(0)
    const { code, said } = await troupe(['reset-all'], 'YES\n')
    expect(code, said).toBe(0)
    expect(said.match(/^CLEAN /gm)).toHaveLength(5)
    expect((await get('/results')).folders).toEqual([])
    for (const folder of ['results', 'uploads', 'reports', 'data', 'images', 'temp'])
      expect(fs.readdirSync(path.join(dir, 'artifacts', folder))).toEqual([])
    const made = await fetch(`http://127.0.0.1:${port}/tasks`, {
      method: 'POST',
      body: new URLSearchParams({ description: 'Calculate factorial of 10' }),
    })
    const { task_id } = (await made.json()) as { task_id: string }
    const done = await until(async () => {
      const { task } = await get(`/tasks/${task_id}`)
      return ['completed', 'failed'].includes(task.status) ? task : undefined
    })
    expect(done.result?.data, done.error).toEqual({ factorial_10: 3628800 })
    expect((await get('/results')).folders).toHaveLength(1)
  })

  it('stop stops everything; --volumes also drops the data', async () => {
    const { dataDir } = embeddedDataDir(path.join(dir, 'home'))
    expect(await troupe(['stop'])).toMatchObject({ code: 0, said: expect.stringContaining('Stopped: the server') })
    expect(findRunningServer(dataDir)).toBeUndefined()
    expect(fs.existsSync(dataDir)).toBe(true)
    await expect(get('/health')).rejects.toThrow()
    const [unreachable, dropped] = await Promise.all([troupe(['test-system']), troupe(['stop', '--volumes'])])
    expect(unreachable).toMatchObject({ code: 1, said: expect.stringContaining('npm start') })
    expect(dropped.code, dropped.said).toBe(0)
    isStopped = true
    expect(fs.existsSync(dataDir)).toBe(false)
  })
})

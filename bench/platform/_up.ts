// `troupe up` as a user starts it, in a folder of its own, for measurements from outside.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export const ROOT = path.resolve(import.meta.dirname, '../..')

export async function freePort(): Promise<number> {
  const probe = net.createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as net.AddressInfo
  await new Promise((closed) => probe.close(closed))
  return port
}

export function benchFolder(): string {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-bench-'))
  fs.chmodSync(dir, 0o755)
  return dir
}

export function installationEnv(dir: string, port: number, more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const { DATABASE_URL: _, ...own } = process.env
  return {
    ...own,
    TROUPE_HOME: path.join(dir, 'home'),
    SHARED_FILES_PATH: path.join(dir, 'shared'),
    ARTIFACTS_PATH: path.join(dir, 'artifacts'),
    DATA_PATH: path.join(dir, 'data'),
    CALENDAR_STORAGE_PATH: path.join(dir, 'calendars'),
    SIMULATION_OUTPUT_DIR: path.join(dir, 'output'),
    PORT: String(port),
    AGENT_PORT_RANGE: '0',
    RATE_LIMIT_PER_MINUTE: '0',
    LOG_LEVEL: 'error',
    ...more,
  }
}

export type Up = { child: ChildProcess; url: string; home: string; serverPid(): number; agentPids(): number[] }

/** With `npm`: through `npm start`, as the README says. */
export function startUp(env: NodeJS.ProcessEnv, { npm = false } = {}): Up {
  const [command, argv] = npm ? ['npm', ['start', '--silent']] : [process.execPath, ['troupe.mjs', 'up', '--no-sample']]
  const child = spawn(command, argv, { cwd: ROOT, env, stdio: ['ignore', 'ignore', 'inherit'] })
  const home = env['TROUPE_HOME']!
  const file = () => JSON.parse(fs.readFileSync(path.join(home, 'server.json'), 'utf8'))
  return {
    child,
    home,
    url: `http://127.0.0.1:${env['PORT']}`,
    serverPid: () => file().pid,
    agentPids: () => file().children,
  }
}

/** Until `look` gives something; a refused connection counts as nothing. */
export async function until<T>(look: () => Promise<T | undefined | false>, limitMs = 60_000, everyMs = 10): Promise<T> {
  const end = performance.now() + limitMs
  for (;;) {
    const found = await look().catch(() => undefined)
    if (found) return found
    if (performance.now() > end) throw new Error(`nothing after ${limitMs} ms: ${look}`)
    await sleep(everyMs)
  }
}

export async function stopUp(up: Up): Promise<void> {
  const ended = once(up.child, 'exit')
  await until(async () => fs.existsSync(path.join(up.home, 'server.json')))
  process.kill(up.serverPid(), 'SIGTERM')
  await ended
}

/** Resident memory in MB, as the operating system counts it. */
export function rssOf(pid: number): number {
  const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)![1]) / 1024
}

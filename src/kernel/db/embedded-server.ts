// The embedded PostgreSQL: initialise, start, adopt a server left behind by a killed parent, stop. It knows the data folder
// and one process; keeping the server alive is supervise-server.ts.
import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { nativeDir, reachableDataRoot, type UserIds, unprivilegedUser } from './embedded-binaries.ts'

export const PG_MAJOR = '18'
const USER = 'troupe'

export type EmbeddedOptions = {
  /** Preferred port at the first start; later the stored one. Default: a free one. */
  port?: number
  maxConnections?: number
  /** Durability off, for throw-away test servers only. */
  unsafe?: boolean
  startTimeoutMs?: number
}

export type EmbeddedServer = {
  readonly pid: number
  readonly port: number
  readonly dataDir: string
  /** Administrative URL of database `postgres`. */
  readonly url: string
  readonly adopted: boolean
  isAlive(): boolean
  stop(): Promise<void>
}

/** The embedded server cannot be used; the message says what to do. */
export class EmbeddedServerError extends Error {
  override name = 'EmbeddedServerError'
}

const STILL_DYING = /lock file "postmaster\.pid" already exists|pre-existing shared memory block/

const serverEnv = (): Record<string, string> => ({ PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' })

export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function makeFolder(dir: string, ids: UserIds | undefined): void {
  try {
    fs.mkdirSync(dir, { recursive: true, mode: 0o755 })
    fs.accessSync(dir, fs.constants.W_OK)
  } catch (cause) {
    throw new EmbeddedServerError(
      `The data folder ${dir} cannot be written (${(cause as Error).message}): make it writable, or set TROUPE_HOME to a folder that is`,
      { cause },
    )
  }
  if (ids) fs.chownSync(dir, ids.uid, ids.gid)
}

/** One password per installation, in a 0600 file beside the data. */
function installationPassword(root: string): string {
  const file = path.join(root, 'password')
  if (!fs.existsSync(file)) {
    const half = `${file}.${process.pid}`
    fs.writeFileSync(half, randomBytes(24).toString('base64url'), { mode: 0o600 })
    fs.renameSync(half, file)
  }
  return fs.readFileSync(file, 'utf8').trim()
}

function checkVersion(dataDir: string): void {
  const file = path.join(dataDir, 'PG_VERSION')
  if (!fs.existsSync(file)) return
  const found = fs.readFileSync(file, 'utf8').trim()
  if (found !== PG_MAJOR)
    throw new EmbeddedServerError(
      `The data folder ${dataDir} holds PostgreSQL ${found} data; this release runs ${PG_MAJOR}. Back it up with the release that wrote it ("troupe db backup FILE"), move the folder away, start, and "troupe db restore FILE"`,
    )
}

/** initdb beside the final place, renamed when whole: a killed initdb leaves nothing that looks like a cluster. */
function initCluster(native: string, dataDir: string, password: string, ids: UserIds | undefined): void {
  const half = `${dataDir}.new-${process.pid}`
  fs.rmSync(half, { recursive: true, force: true })
  fs.mkdirSync(half, { recursive: true, mode: 0o700 })
  const passwordFile = `${half}.pw`
  fs.writeFileSync(passwordFile, password, { mode: 0o600 })
  if (ids) {
    fs.chownSync(half, ids.uid, ids.gid)
    fs.chownSync(passwordFile, ids.uid, ids.gid)
  }
  try {
    // builtin C.UTF-8: the sort order is the same on every machine, unlike the host's libc locale
    const args = [
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--data-checksums',
      '--no-sync',
    ]
    execFileSync(
      path.join(native, 'bin/initdb'),
      [`--pgdata=${half}`, `--username=${USER}`, `--pwfile=${passwordFile}`, ...args],
      { ...ids, env: serverEnv(), stdio: 'pipe', cwd: '/' },
    )
    fs.renameSync(half, dataDir)
  } catch (cause) {
    const said = String((cause as { stderr?: Buffer }).stderr ?? (cause as Error).message).trim()
    throw new EmbeddedServerError(`The embedded database could not be initialised in ${dataDir}: ${said}`, { cause })
  } finally {
    fs.rmSync(passwordFile, { force: true })
    fs.rmSync(half, { recursive: true, force: true })
  }
}

/** postmaster.pid: line 1 is the pid, line 4 the port, line 8 the state. */
function readPidFile(dataDir: string): { pid: number; port: number; ready: boolean } | undefined {
  const file = path.join(dataDir, 'postmaster.pid')
  if (!fs.existsSync(file)) return undefined
  const lines = fs.readFileSync(file, 'utf8').split('\n')
  return { pid: Number(lines[0]), port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' }
}

/** A server left behind by a killed parent, if it serves this very data folder. */
export function findRunningServer(dataDir: string): { pid: number; port: number; ready: boolean } | undefined {
  const found = readPidFile(dataDir)
  if (!found || !isProcessAlive(found.pid)) return undefined
  if (process.platform !== 'linux') return found
  const cmdline = `/proc/${found.pid}/cmdline`
  return fs.existsSync(cmdline) && fs.readFileSync(cmdline, 'utf8').includes(dataDir) ? found : undefined
}

/** The folder with the cluster for an installation folder such as `.troupe`. */
export function embeddedDataDir(home: string): { root: string; dataDir: string } {
  const root = reachableDataRoot(path.join(path.resolve(home), 'pg'), unprivilegedUser())
  return { root, dataDir: path.join(root, PG_MAJOR) }
}

async function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = net.createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo
      probe.close(() => resolve(port))
    })
  })
}

/** The stored port while it is free, so that URLs stay the same over restarts; else a new one. */
async function choosePort(root: string, wanted: number | undefined): Promise<number> {
  const file = path.join(root, 'port')
  const stored = fs.existsSync(file) ? Number(fs.readFileSync(file, 'utf8')) : (wanted ?? 0)
  const port = stored > 0 && (await isPortFree(stored)) ? stored : await freePort()
  fs.writeFileSync(file, String(port))
  return port
}

/** Starts the server of an installation folder, or adopts the one that already serves it. Repeating the call adopts. */
export async function startEmbedded(home: string, options: EmbeddedOptions = {}): Promise<EmbeddedServer> {
  const ids = unprivilegedUser()
  const { root, dataDir } = embeddedDataDir(home)
  makeFolder(root, ids)
  checkVersion(dataDir)
  const native = nativeDir(ids)
  const password = installationPassword(root)
  if (!fs.existsSync(path.join(dataDir, 'PG_VERSION'))) initCluster(native, dataDir, password, ids)

  const handle = (pid: number, port: number, adopted: boolean): EmbeddedServer => ({
    pid,
    port,
    dataDir,
    adopted,
    url: `postgres://${USER}:${password}@127.0.0.1:${port}/postgres`,
    isAlive: () => isProcessAlive(pid),
    stop: async () => {
      if (isProcessAlive(pid)) process.kill(pid, 'SIGINT') // SIGINT is PostgreSQL's fast shutdown
      while (isProcessAlive(pid)) await sleep(20)
    },
  })

  const deadline = Date.now() + (options.startTimeoutMs ?? 60_000)
  for (;;) {
    const left = findRunningServer(dataDir)
    if (!left) break
    if (left.ready) return handle(left.pid, left.port, true)
    if (Date.now() > deadline)
      throw new EmbeddedServerError(`The PostgreSQL with pid ${left.pid} on ${dataDir} does not become ready`)
    await sleep(50) // another process starts it, or it is shutting down
  }

  const port = await choosePort(root, options.port)
  // A log file, not a pipe: an adopted server must be able to go on writing after its parent was killed.
  const logPath = path.join(dataDir, 'server.log')
  const log = fs.openSync(logPath, 'a', 0o600)
  const logStart = fs.fstatSync(log).size
  const settings: Record<string, string | number> = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: options.maxConnections ?? 200,
    shared_buffers: '64MB',
    random_page_cost: 1.1, // an SSD's; with 4 tables that are new are read whole
    log_min_messages: 'warning',
    idle_in_transaction_session_timeout: '60s',
    ...(options.unsafe ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', autovacuum: 'on' } : {}),
  }
  const args = ['-D', dataDir, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
  const child = spawn(path.join(native, 'bin/postgres'), args, {
    ...ids,
    env: serverEnv(),
    cwd: '/',
    stdio: ['ignore', 'ignore', log],
    detached: true,
  })
  fs.closeSync(log)
  child.unref()

  let failure: string | undefined
  child.on('error', (error) => (failure = error.message))
  child.on('exit', (code) => (failure = `exit code ${code}`))
  const logged = () => fs.readFileSync(logPath).subarray(logStart).toString().trim()
  for (;;) {
    const state = readPidFile(dataDir)
    if (child.pid && state?.ready && state.pid === child.pid) return handle(child.pid, port, false)
    if (failure) {
      const other = findRunningServer(dataDir) // lost the race against another process of ours
      if (other) return startEmbedded(home, options)
      // What was killed a moment ago is still there for PostgreSQL: its process, or one of its children on the shared memory.
      if (STILL_DYING.test(logged()) && Date.now() < deadline) {
        await sleep(50)
        return startEmbedded(home, { ...options, startTimeoutMs: deadline - Date.now() })
      }
      throw new EmbeddedServerError(`PostgreSQL did not start (${failure}): ${logged()}`)
    }
    if (Date.now() > deadline) throw new EmbeddedServerError(`PostgreSQL is not ready in time: ${logged()}`)
    await sleep(20)
  }
}

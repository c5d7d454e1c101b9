import { execFile, spawn } from 'node:child_process'
import { realpath } from 'node:fs/promises'
import { promisify } from 'node:util'
import { AppError } from '../errors/app-error.ts'

export type ShellRequest = {
  command: string
  /** The only folder the command may write. */
  folder: string
  /** Folders the command sees empty: the product's own data, other runs. Must exist and must not contain `folder`. */
  hidden?: readonly string[]
  timeoutMs?: number
  maxOutputBytes?: number
  signal?: AbortSignal
}
export type ShellResult = {
  exitCode: number | null
  stdout: string
  stderr: string
  truncated: boolean
  timedOut: boolean
}

// Own user, network, mount and process namespaces; everything read-only but the folder; then all capabilities are given up for good.
const UNSHARE = ['-r', '-n', '-m', '-p', '-f', '--kill-child', '--mount-proc', '/bin/sh', '-c']
const PREPARE = `
mount --bind "$SANDBOX" "$SANDBOX" && cd "$SANDBOX" || exit 126
while [ $# -gt 1 ]; do mount -t tmpfs -o ro tmpfs "$1" || exit 126; shift; done
mount -o remount,bind,ro / || exit 126
while read -r _ m _; do [ "$m" = "$SANDBOX" ] || mount -o remount,bind,ro "$m" 2>/dev/null; done < /proc/self/mounts
ulimit -c 0
ulimit -f 204800
exec setpriv --bounding-set=-all --inh-caps=-all --no-new-privs /bin/sh -c "$1"`

let supported: Promise<boolean> | undefined

/** Whether this machine can isolate a command (Linux with user namespaces, unshare, setpriv). Asked once. */
export function isShellSupported(): Promise<boolean> {
  supported ??=
    process.platform === 'linux'
      ? promisify(execFile)('unshare', [...UNSHARE, 'setpriv --bounding-set=-all --no-new-privs true']).then(
          () => true,
          () => false,
        )
      : Promise.resolve(false)
  return supported
}

/**
 * Runs a command of an agent: no network, no other processes, no secrets in its environment, nothing writable but its folder. A failing command
 * is a result, not an error. Throws SHELL_UNAVAILABLE where the isolation is impossible: it never runs without.
 */
export async function runShell(request: ShellRequest): Promise<ShellResult> {
  const { timeoutMs = 60_000, maxOutputBytes = 1_000_000 } = request
  if (!(await isShellSupported()))
    throw new AppError(
      'SHELL_UNAVAILABLE',
      'Commands need Linux with unprivileged user namespaces, unshare and setpriv; this machine has not all of them.',
    )
  const folder = await realpath(request.folder)
  const child = spawn('unshare', [...UNSHARE, PREPARE, 'sh', ...(request.hidden ?? []), request.command], {
    cwd: folder,
    env: {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      HOME: folder,
      TMPDIR: folder,
      LANG: 'C.UTF-8',
      SANDBOX: folder,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const texts = { stdout: [] as Buffer[], stderr: [] as Buffer[] }
  let size = 0
  let truncated = false
  let timedOut = false
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (chunk: Buffer) => {
      const room = maxOutputBytes - size
      if (chunk.length > room) truncated = true
      if (room > 0) texts[name].push(chunk.subarray(0, room))
      size += chunk.length
    })
  const { promise, resolve, reject } = Promise.withResolvers<number | null>()
  child.on('error', reject)
  child.on('close', resolve)
  const stop = () => {
    try {
      process.kill(-child.pid!, 'SIGKILL')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
  const timer = setTimeout(() => {
    timedOut = true
    stop()
  }, timeoutMs)
  request.signal?.addEventListener('abort', stop, { once: true })
  if (request.signal?.aborted) stop()
  try {
    const exitCode = await promise
    request.signal?.throwIfAborted()
    return {
      exitCode,
      stdout: Buffer.concat(texts.stdout).toString(),
      stderr: Buffer.concat(texts.stderr).toString(),
      truncated,
      timedOut,
    }
  } finally {
    clearTimeout(timer)
    request.signal?.removeEventListener('abort', stop)
  }
}

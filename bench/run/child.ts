// Runs one measurement in a process group and a temporary folder of its own, with a time limit; whatever it leaves behind, a
// PostgreSQL server for one, is ended and removed.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

export type Outcome = { lines: string[]; code: number | null; timedOut: boolean; errors: string }

/** Process ids of PostgreSQL servers whose data lies below the folder. */
function serversBelow(dir: string): number[] {
  const found: number[] = []
  const look = (at: string, depth: number) => {
    for (const entry of fs.readdirSync(at, { withFileTypes: true })) {
      const full = path.join(at, entry.name)
      if (entry.name === 'postmaster.pid') found.push(Number(fs.readFileSync(full, 'utf8').split('\n')[0]))
      else if (entry.isDirectory() && depth > 0 && entry.name !== 'base') look(full, depth - 1)
    }
  }
  if (fs.existsSync(dir)) look(dir, 6)
  return found.filter((pid) => pid > 0)
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

export function runChild(
  argv: readonly string[],
  { limitSeconds, tmp, onLine }: { limitSeconds: number; tmp: string; onLine?: (line: string) => void },
): Promise<Outcome> {
  fs.mkdirSync(tmp, { recursive: true, mode: 0o755 })
  const child = spawn(process.execPath, argv, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: tmp, NODE_NO_WARNINGS: '1' },
  })
  const lines: string[] = []
  let rest = ''
  let errors = ''
  child.stdout!.on('data', (chunk) => {
    const parts = (rest + chunk).split('\n')
    rest = parts.pop()!
    for (const line of parts) {
      lines.push(line)
      onLine?.(line)
    }
  })
  child.stderr!.on('data', (chunk) => (errors = (errors + chunk).slice(-4_000)))
  let timedOut = false
  const timer = setTimeout(() => {
    timedOut = true
    end(-child.pid!)
  }, limitSeconds * 1000)
  const stop = () => end(-child.pid!)
  process.once('SIGINT', stop)
  return new Promise((resolve) => {
    child.on('close', (code) => {
      clearTimeout(timer)
      process.off('SIGINT', stop)
      if (rest) lines.push(rest)
      end(-child.pid!)
      for (const pid of serversBelow(tmp)) end(pid)
      fs.rmSync(tmp, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
      resolve({ lines, code, timedOut, errors })
    })
  })
}

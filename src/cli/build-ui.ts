import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { processEnvironment } from '../kernel/config/load-config.ts'
import { ROOT } from '../server/version.ts'
import type { Io } from './io.ts'

function newest(dir: string): number {
  let latest = 0
  for (const entry of fs.readdirSync(dir, { withFileTypes: true })) {
    if (['node_modules', 'dist'].includes(entry.name)) continue
    const full = path.join(dir, entry.name)
    latest = Math.max(latest, entry.isDirectory() ? newest(full) : fs.statSync(full).mtimeMs)
  }
  return latest
}

function isFresh(): boolean {
  const page = path.join(ROOT, 'web/dist/index.html')
  if (!fs.existsSync(path.join(ROOT, 'web/index.html'))) return true
  return fs.existsSync(page) && fs.statSync(page).mtimeMs > newest(path.join(ROOT, 'web'))
}

const LOCK = path.join(os.tmpdir(), `troupe-ui-${createHash('sha256').update(ROOT).digest('hex').slice(0, 12)}.lock`)

/** One build at a time: a second one would empty the folder under whoever serves the first. A dead builder's lock is taken over. */
function takeLock(): boolean {
  try {
    fs.writeFileSync(LOCK, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  try {
    process.kill(Number(fs.readFileSync(LOCK, 'utf8')) || process.pid, 0)
    return false
  } catch {
    fs.rmSync(LOCK, { force: true })
    return takeLock()
  }
}

/** Builds the screens when they are missing or older than their sources; waits for another process that is at it. */
export async function buildUiIfStale(io: Io): Promise<void> {
  if (isFresh()) return
  while (!takeLock()) {
    await wait(200)
    if (isFresh() && !fs.existsSync(LOCK)) return
  }
  try {
    if (!isFresh()) await build(io)
  } finally {
    fs.rmSync(LOCK, { force: true })
  }
}

async function build(io: Io): Promise<void> {
  io.err('Building the screens …')
  await promisify(execFile)(
    process.execPath,
    [path.join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', 'web', '--logLevel', 'warn'],
    // Whoever asks, a test for one: what is built is what people get.
    { cwd: ROOT, env: { ...processEnvironment(), NODE_ENV: 'production' } as NodeJS.ProcessEnv },
  )
}

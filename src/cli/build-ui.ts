import { execFile } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
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

/** Builds the screens when they are missing or older than their sources. */
export async function buildUiIfStale(io: Io): Promise<void> {
  const page = path.join(ROOT, 'web/dist/index.html')
  if (!fs.existsSync(path.join(ROOT, 'web/index.html'))) return
  const built = fs.existsSync(page) ? fs.statSync(page).mtimeMs : 0
  if (built > newest(path.join(ROOT, 'web'))) return
  io.err('Building the screens …')
  await promisify(execFile)(
    process.execPath,
    [path.join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', 'web', '--logLevel', 'warn'],
    // Whoever asks, a test for one: what is built is what people get.
    { cwd: ROOT, env: { ...processEnvironment(), NODE_ENV: 'production' } as NodeJS.ProcessEnv },
  )
}

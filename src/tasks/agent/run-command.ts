import { createHash } from 'node:crypto'
import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { runShell } from '../../kernel/tools/run-shell.ts'
import { normaliseRelative } from '../../kernel/tools/sandbox-path.ts'
import type { JsonObject } from '../schema.ts'
import type { TaskLink } from './task-link.ts'

const MAX_FILES = 500
const MAX_BYTES = 100 * 1024 * 1024
const TIMEOUT_MS = 60_000

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

async function filesBelow(root: string): Promise<string[]> {
  const entries = await fs.readdir(root, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .sort()
}

/**
 * Runs a command of a model on a private copy of the task's files, isolated from network, secrets and the rest of the machine. What it leaves
 * below output/ goes back to the task; everything else ends with the copy.
 */
export async function runCommand(link: TaskLink, command: string, signal: AbortSignal): Promise<JsonObject> {
  const root = await fs.mkdtemp(path.join(os.tmpdir(), 'troupe-shell-'))
  try {
    const before = new Map<string, string>()
    let total = 0
    for (const { path: name, size } of (await link.listFiles('.')).slice(0, MAX_FILES)) {
      total += size
      if (total > MAX_BYTES) break
      const bytes = await link.readFile(name)
      const target = path.join(root, normaliseRelative(name))
      await fs.mkdir(path.dirname(target), { recursive: true })
      await fs.writeFile(target, bytes)
      before.set(name, hashOf(bytes))
    }
    await fs.mkdir(path.join(root, 'output'), { recursive: true })
    const { exitCode, stdout, stderr, truncated, timedOut } = await runShell({
      command,
      folder: root,
      timeoutMs: TIMEOUT_MS,
      signal,
    })
    const written: string[] = []
    for (const name of (await filesBelow(root)).filter((file) => file.startsWith('output/')).slice(0, MAX_FILES)) {
      const bytes = await fs.readFile(path.join(root, name))
      if (before.get(name) === hashOf(bytes)) continue
      await link.writeFile(name, bytes)
      written.push(name)
    }
    return { exit_code: exitCode, stdout, stderr, truncated, timed_out: timedOut, files_written: written }
  } finally {
    await fs.rm(root, { recursive: true, force: true })
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import { acquireLock, releaseLock } from '../kernel/agents/shared-state.ts'
import { AppError } from '../kernel/errors/app-error.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Sandbox } from '../kernel/tools/sandbox.ts'

type Attempt = { id: string; subject: string; attempt: number }

const LOCK_SECONDS = 10
const WAIT_MS = 10_000
const LOOK_MS = 50

async function exists(sandbox: Sandbox, file: string): Promise<boolean> {
  try {
    await sandbox.realPath(file)
    return true
  } catch (error) {
    if (error instanceof AppError && error.code === 'FILE_NOT_FOUND') return false
    throw error
  }
}

/**
 * Writes a file of a task. One that is there already is written under the lock `file:{path}` of the task (3.9.2): an agent that holds the lock
 * keeps others out until it gives it back, and writes itself without asking again. Throws LOCK_HELD after 10 s.
 */
export async function writeLocked<T>(
  { db }: Pick<Kernel, 'db'>,
  { id, subject, attempt }: Attempt,
  { sandbox, inner, path }: { sandbox: Sandbox; inner: string /** As agents name it. */; path: string },
  write: () => Promise<T>,
): Promise<T> {
  if (!(await exists(sandbox, inner))) return write()
  const name = `file:${path}`
  const own = `${id}/${attempt}`
  // The lock of one write is not the agent's own, so that giving it back leaves the agent's lock alone.
  const owner = `${own}/write`
  const isOwn = await db.query(
    'select 1 from kernel.shared_locks where scope = $1 and name = $2 and owner = $3 and expires_at > now()',
    [subject, name, own],
  )
  if (isOwn.rows.length > 0) return write()
  for (const until = Date.now() + WAIT_MS; ; await sleep(LOOK_MS)) {
    const lock = await acquireLock(db, subject, name, owner, LOCK_SECONDS)
    if (lock.held) break
    if (Date.now() >= until)
      throw new AppError('LOCK_HELD', `${path} is locked by another step: try again when it gives the file back`, {
        expires_at: lock.expires_at.toISOString(),
      })
  }
  try {
    return await write()
  } finally {
    await releaseLock(db, subject, name, owner)
  }
}

import type { Db } from '../db/database.ts'
import { AppError } from '../errors/app-error.ts'

export const MAX_STATE_BYTES = 1_048_576

/** Key-value state with a time to live, shared by the agents of one scope (a task). Expired means absent. */
export async function getState(
  db: Db,
  scope: string,
  key: string,
): Promise<{ key: string; value: unknown; expires_at: Date } | undefined> {
  const { rows } = await db.query(
    'select key, value, expires_at from kernel.shared_state where scope = $1 and key = $2 and expires_at > now()',
    [scope, key],
  )
  return rows[0] as { key: string; value: unknown; expires_at: Date } | undefined
}

export async function putState(
  db: Db,
  scope: string,
  key: string,
  value: unknown,
  ttlSeconds: number,
  by: string,
): Promise<Date> {
  const json = JSON.stringify(value ?? null)
  if (Buffer.byteLength(json) > MAX_STATE_BYTES)
    throw new AppError('PAYLOAD_TOO_LARGE', 'A shared value may hold 1 MB at most', {
      key,
      bytes: Buffer.byteLength(json),
    })
  const { rows } = await db.query(
    `insert into kernel.shared_state (scope, key, value, expires_at, updated_by) values ($1, $2, $3, now() + make_interval(secs => $4), $5)
     on conflict (scope, key) do update set value = excluded.value, expires_at = excluded.expires_at, updated_by = excluded.updated_by, updated_at = now()
     returning expires_at`,
    [scope, key, json, ttlSeconds, by],
  )
  return rows[0]!['expires_at']
}

export async function deleteState(db: Db, scope: string, key: string): Promise<boolean> {
  return (
    (
      await db.query('delete from kernel.shared_state where scope = $1 and key = $2 and expires_at > now()', [
        scope,
        key,
      ])
    ).rowCount > 0
  )
}

export type LockAnswer = { name: string; owner: string; expires_at: Date; held: boolean }

/** Takes a lock if it is free or expired; the owner extends its own. `held` false means another has it until expires_at. */
export async function acquireLock(
  db: Db,
  scope: string,
  name: string,
  owner: string,
  ttlSeconds: number,
): Promise<LockAnswer> {
  const { rows } = await db.query(
    `insert into kernel.shared_locks as l (scope, name, owner, expires_at) values ($1, $2, $3, now() + make_interval(secs => $4))
     on conflict (scope, name) do update set owner = excluded.owner, expires_at = excluded.expires_at where l.owner = excluded.owner or l.expires_at <= now()
     returning name, owner, expires_at`,
    [scope, name, owner, ttlSeconds],
  )
  if (rows[0]) return { ...(rows[0] as Omit<LockAnswer, 'held'>), held: true }
  const other = await db.query(
    'select name, owner, expires_at from kernel.shared_locks where scope = $1 and name = $2',
    [scope, name],
  )
  if (!other.rows[0]) return acquireLock(db, scope, name, owner, ttlSeconds)
  return { ...(other.rows[0] as Omit<LockAnswer, 'held'>), held: false }
}

/** Only the owner releases. */
export async function releaseLock(db: Db, scope: string, name: string, owner: string): Promise<boolean> {
  return (
    (
      await db.query(
        'delete from kernel.shared_locks where scope = $1 and name = $2 and owner = $3 and expires_at > now()',
        [scope, name, owner],
      )
    ).rowCount > 0
  )
}

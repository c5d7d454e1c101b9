import { createHash, randomBytes } from 'node:crypto'
import type { Actor, Ctx } from '../context.ts'
import type { Db, Reader } from '../db/database.ts'
import { AppError, ValidationError } from '../errors/app-error.ts'
import { emit } from '../events/emit.ts'
import { ROLES, roleNamed } from './scopes.ts'

export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex')
/** 32 random bytes behind a prefix that says what the token is for. */
export const newToken = (prefix: string): string => `${prefix}_${randomBytes(32).toString('base64url')}`

export type KeyRow = {
  id: string
  name: string
  hint: string
  roles: string[]
  scopes: string[]
  projects: string[]
  created_by: string
  created_at: Date
  expires_at: Date | null
  revoked_at: Date | null
  last_used_at: Date | null
}

const COLUMNS = 'id, name, hint, roles, scopes, projects, created_by, created_at, expires_at, revoked_at, last_used_at'

export type NewKey = { name: string; roles: string[]; scopes?: string[]; projects?: string[]; expiresInDays?: number }

/** Makes a key. The secret is returned once and stored hashed only. */
export async function createKey(ctx: Ctx, input: NewKey): Promise<{ key: KeyRow; secret: string }> {
  if (input.name.trim() === '')
    throw new ValidationError('A key needs a name', [{ field: 'name', message: 'must not be blank' }])
  const roles = input.roles.map(roleNamed)
  const unknown = roles.filter((role) => !(ROLES as readonly string[]).includes(role))
  if (unknown.length > 0)
    throw new ValidationError(`Unknown role ${unknown.join(', ')}`, [
      { field: 'roles', message: `must be among ${ROLES.join(', ')}` },
    ])
  const secret = newToken('tk')
  const id = ctx.kernel.newId('key')
  const expires = input.expiresInDays ? new Date(ctx.kernel.clock.now() + input.expiresInDays * 86_400_000) : null
  return ctx.kernel.db.transaction(async (tx) => {
    const { rows } = await tx.query<KeyRow>(
      `insert into kernel.api_keys (id, name, hash, hint, roles, scopes, projects, created_by, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning ${COLUMNS}`,
      [
        id,
        input.name,
        hashToken(secret),
        secret.slice(-4),
        roles,
        input.scopes ?? [],
        input.projects ?? ['*'],
        ctx.actor.id,
        expires,
      ],
    )
    await emit(tx, ctx, {
      domain: 'platform',
      type: 'key.created',
      stream: `key:${id}`,
      summary: `Key "${input.name}" created`,
      data: { key_id: id, roles },
    })
    return { key: rows[0]!, secret }
  })
}

export async function listKeys(db: Reader): Promise<KeyRow[]> {
  return (await db.query<KeyRow>(`select ${COLUMNS} from kernel.api_keys order by created_at desc`)).rows
}

/** Ends a key. Revoking it again changes nothing. */
export async function revokeKey(ctx: Ctx, id: string): Promise<void> {
  await ctx.kernel.db.transaction(async (tx) => {
    const { rows } = await tx.query(
      'update kernel.api_keys set revoked_at = coalesce(revoked_at, now()) where id = $1 returning name',
      [id],
    )
    if (!rows[0])
      throw new AppError('NOT_FOUND', `No key ${id}: list them with "troupe key list"`, { resource: 'key', id })
    await emit(tx, ctx, {
      domain: 'platform',
      type: 'key.revoked',
      stream: `key:${id}`,
      summary: `Key "${rows[0].name}" revoked`,
      data: { key_id: id },
    })
    tx.afterCommit(() => ctx.kernel.notifier.touch('keys'))
  })
}

const CACHE_MS = 5_000
const USED_EVERY_MS = 60_000

export type KeyChecker = {
  check(token: string): Promise<Actor | undefined>
  /** Drops what is remembered: called when any process of the platform revoked a key. */
  forget(): void
}

/** Looks keys up by their hash. Answers are kept for seconds, and dropped at once when a key is revoked. */
export function createKeyChecker(db: Db, seeded: readonly string[]): KeyChecker {
  const seededHashes = new Set(seeded.map(hashToken))
  const cache = new Map<string, { actor: Actor | undefined; at: number; usedAt: number }>()
  const check = async (token: string): Promise<Actor | undefined> => {
    const hash = hashToken(token)
    if (seededHashes.has(hash))
      return {
        kind: 'key',
        id: 'configured-key',
        name: 'configured key',
        roles: ['Admin'],
        scopes: ['*'],
        projects: ['*'],
      }
    const now = Date.now()
    const hit = cache.get(hash)
    if (hit && now - hit.at < CACHE_MS) return hit.actor
    const { rows } = await db.query<KeyRow>(
      `select ${COLUMNS} from kernel.api_keys where hash = $1 and revoked_at is null and (expires_at is null or expires_at > now())`,
      [hash],
    )
    const row = rows[0]
    const actor: Actor | undefined = row && {
      kind: 'key',
      id: row.id,
      name: row.name,
      roles: row.roles,
      scopes: row.scopes,
      projects: row.projects,
    }
    const usedAt = hit?.usedAt ?? 0
    if (cache.size > 10_000) cache.clear()
    cache.set(hash, { actor, at: now, usedAt: row && now - usedAt > USED_EVERY_MS ? now : usedAt })
    if (row && now - usedAt > USED_EVERY_MS)
      await db.query('update kernel.api_keys set last_used_at = now() where id = $1', [row.id])
    return actor
  }
  return { check, forget: () => cache.clear() }
}

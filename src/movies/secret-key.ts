import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import type { Kernel } from '../kernel/kernel.ts'

const keys = new WeakMap<Kernel, string>()

/**
 * SECRET_KEY, or the one made at the first start into the data folder (mode 0600). Production refuses to make one: every
 * instance on one store has to have the same.
 */
export function secretKey(kernel: Kernel): string {
  const known = keys.get(kernel)
  if (known) return known
  const { config } = kernel
  const key = config.movies.secretKey ?? keptKey(path.resolve(config.core.dataDir))
  keys.set(kernel, key)
  return key
}

/**
 * Called at the start, so that what is missing stops it instead of the first workflow: production needs SECRET_KEY, and
 * somebody who can sign in (a configured key, one in the key table, or a provider of identities).
 */
export async function requireSecrets(kernel: Kernel) {
  if (kernel.config.core.environment === 'production' && !kernel.config.movies.secretKey)
    throw new Error('SECRET_KEY must be set in production: it signs stored workflows and callback tokens')
  secretKey(kernel)
  const { environment, apiKey, apiToken, oidcIssuer } = kernel.config.core
  if (environment !== 'production' || apiKey || apiToken || oidcIssuer) return
  const { rows } = await kernel.db.query(
    'select 1 from kernel.api_keys where revoked_at is null and (expires_at is null or expires_at > now()) limit 1',
  )
  if (rows.length === 0)
    throw new Error('API_KEY must be set in production (or make a key with "troupe key create"): nobody could sign in')
}

function keptKey(dir: string): string {
  const file = path.join(dir, 'secret-key')
  fs.mkdirSync(dir, { recursive: true })
  try {
    fs.writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return fs.readFileSync(file, 'utf8').trim()
}

/** HMAC-SHA256 in hex; `purpose` keeps signatures of different things apart. */
export const sign = (kernel: Kernel, purpose: string, text: string) =>
  createHmac('sha256', secretKey(kernel)).update(`${purpose}\0${text}`).digest('hex')

export function isSignature(kernel: Kernel, purpose: string, text: string, given: string): boolean {
  const expected = Buffer.from(sign(kernel, purpose, text))
  const actual = Buffer.from(given)
  return expected.length === actual.length && timingSafeEqual(expected, actual)
}

import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import type { Config } from '../config/load-config.ts'
import { AppError } from '../errors/app-error.ts'

/** A key that texts are sealed with. Its id is derived from it and stands in every sealed text. */
export type DataKey = { id: string; key: Buffer }

const BYTES = 32
const IV = 12
const TAG = 16
const FORM = /^s1\.([0-9a-f]{8})\.([A-Za-z0-9_-]+)$/

/** Every key this process was given, by id: old ones still open what they sealed. */
const ring = new Map<string, DataKey>()
const current = new WeakMap<Config, DataKey>()

const refuse = (message: string) => new AppError('CONFIG', message)

/** 32 bytes in base64 or hex. */
function keyOf(text: string, name: string): DataKey {
  const given = text.trim()
  const key = /^[0-9a-f]{64}$/i.test(given) ? Buffer.from(given, 'hex') : Buffer.from(given, 'base64')
  if (key.length !== BYTES)
    throw refuse(`${name} must be 32 bytes in base64 or hex, for example from openssl rand -base64 32`)
  const id = createHash('sha256').update('troupe data key id').update(key).digest('hex').slice(0, 8)
  return { id, key }
}

/** One key per installation, made at the first start, in a 0600 file of the data folder. */
function keptKey(folder: string): string {
  const file = path.join(folder, 'data-key')
  fs.mkdirSync(folder, { recursive: true })
  try {
    fs.writeFileSync(file, `${randomBytes(BYTES).toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return fs.readFileSync(file, 'utf8')
}

/**
 * The key of this configuration: the first of DATA_KEYS, else the one of the data folder. Further ones only open. Throws CONFIG for a
 * malformed key.
 */
export function dataKey(config: Config): DataKey {
  const known = current.get(config)
  if (known) return known
  const given = config.core.dataKeys.map((text) => keyOf(text, 'DATA_KEYS'))
  const own = given[0] ?? keyOf(keptKey(path.resolve(config.core.dataDir)), 'the file data-key')
  for (const one of [own, ...given]) ring.set(one.id, one)
  current.set(config, own)
  return own
}

/** The text encrypted and authenticated (AES-256-GCM). `about` names where it belongs: it opens nowhere else. */
export function seal({ id, key }: DataKey, text: string, about: string): string {
  const iv = randomBytes(IV)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  cipher.setAAD(Buffer.from(about))
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return `s1.${id}.${Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url')}`
}

/** The id of the key a text was sealed with; undefined when it is not sealed. */
export const sealedWith = (text: string): string | undefined => FORM.exec(text)?.[1]

/** The text as it was. Throws DATA_SEALED when its key is not here, it was changed, or it belongs elsewhere. */
export function unseal(sealed: string, about: string): string {
  const [, id, body] = FORM.exec(sealed) ?? []
  const key = id ? ring.get(id) : undefined
  if (!key || !body)
    throw new AppError(
      'DATA_SEALED',
      `Stored data of ${about} is sealed with key ${id ?? 'unknown'}, which this server does not have: add it to DATA_KEYS`,
    )
  const bytes = Buffer.from(body, 'base64url')
  try {
    const decipher = createDecipheriv('aes-256-gcm', key.key, bytes.subarray(0, IV))
    decipher.setAAD(Buffer.from(about))
    decipher.setAuthTag(bytes.subarray(IV, IV + TAG))
    return Buffer.concat([decipher.update(bytes.subarray(IV + TAG)), decipher.final()]).toString('utf8')
  } catch {
    throw new AppError(
      'DATA_SEALED',
      `Stored data of ${about} was changed or belongs elsewhere: restore it from a backup`,
    )
  }
}

/** A value to look sealed texts up by: the same for the same text and key, whatever the case. */
export const blindIndex = ({ key }: DataKey, text: string): string =>
  createHmac('sha256', key)
    .update('troupe blind index')
    .update(text.trim().toLowerCase())
    .digest('base64url')
    .slice(0, 22)

/** `blindIndex` under every key of this process, for searches while a rotation is under way. */
export const blindIndexes = (text: string): string[] => [...ring.values()].map((key) => blindIndex(key, text))

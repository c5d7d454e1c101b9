import { createHash } from 'node:crypto'
import { constants, createReadStream } from 'node:fs'
import fs from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '../errors/app-error.ts'
import { isDiskFull } from '../errors/is-disk-full.ts'
import { leadsOutside, makeParent } from '../tools/make-parent.ts'
import { isInside } from '../tools/sandbox-path.ts'
import {
  checkKey,
  contentTypeOf,
  type FileStore,
  fileNotFound,
  fileTooLarge,
  MAX_FILE_BYTES,
  resolveRange,
  type StoredFile,
} from './file-store.ts'
import { spool } from './spool.ts'

/** Own files of the store: half-written content and remembered checksums. */
const TEMPORARY = '.troupe-tmp'
const REMEMBERED = '.troupe-meta'
type Remembered = { bytes: number; mtimeMs: number; sha256: string; contentType: string }

const isMissing = (error: unknown) => ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')
const orUndefined = (error: unknown) => {
  if (isMissing(error)) return undefined
  throw error
}

/**
 * A folder as a file store: a key is a path below it, readable by any other program. Checksums are remembered beside the content and made again
 * when a file was changed by hand. Links are never followed out of the folder.
 */
export function createLocalStore(options: { root: string; maxBytes?: number }): FileStore {
  const root = path.resolve(options.root)
  const limit = options.maxBytes ?? MAX_FILE_BYTES
  const memoOf = (key: string) => path.join(root, REMEMBERED, `${key}.json`)

  /** The path of a key whose folders really lie inside the root. */
  async function place(key: string): Promise<string> {
    const full = path.join(root, key)
    const [realRoot, realParent] = await Promise.all([
      fs.realpath(root).catch(orUndefined),
      fs.realpath(path.dirname(full)).catch(orUndefined),
    ])
    if (realRoot && realParent && !isInside(realRoot, realParent)) throw leadsOutside(key)
    return full
  }

  async function describe(key: string, full: string): Promise<StoredFile | undefined> {
    const stat = await fs.lstat(full).catch(orUndefined)
    if (!stat?.isFile()) return undefined
    const memo = await remembered(key)
    if (memo && memo.bytes === stat.size && memo.mtimeMs === stat.mtimeMs)
      return { key, bytes: stat.size, sha256: memo.sha256, contentType: memo.contentType, modifiedAt: stat.mtime }
    const hash = createHash('sha256')
    for await (const chunk of createReadStream(full)) hash.update(chunk as Buffer)
    return remember(
      { key, bytes: stat.size, sha256: hash.digest('hex'), contentType: contentTypeOf(key), modifiedAt: stat.mtime },
      stat.mtimeMs,
    )
  }

  async function remembered(key: string): Promise<Remembered | undefined> {
    const text = await fs.readFile(memoOf(key), 'utf8').catch(orUndefined)
    try {
      return text === undefined ? undefined : (JSON.parse(text) as Remembered)
    } catch {
      return undefined // half-written by a crash: made again
    }
  }

  async function remember(file: StoredFile, mtimeMs: number): Promise<StoredFile> {
    const memo: Remembered = { bytes: file.bytes, mtimeMs, sha256: file.sha256, contentType: file.contentType }
    try {
      await fs.mkdir(path.dirname(memoOf(file.key)), { recursive: true })
      await fs.writeFile(memoOf(file.key), JSON.stringify(memo))
    } catch (error) {
      if (!isDiskFull(error)) throw error
      // The content is whole and in its place; without the memo its checksum is made again when it is asked for.
      await fs.rm(memoOf(file.key), { force: true })
    }
    return file
  }

  async function* walk(folder: string): AsyncGenerator<string> {
    const entries = await fs.readdir(path.join(root, folder), { withFileTypes: true }).catch(orUndefined)
    for (const entry of entries ?? []) {
      if (entry.name.startsWith('.troupe-')) continue
      const key = folder ? `${folder}/${entry.name}` : entry.name
      if (entry.isDirectory()) yield* walk(key)
      else if (entry.isFile()) yield key
    }
  }

  return {
    name: 'local',

    async put(given, content, put = {}) {
      const key = checkKey(given)
      const maxBytes = put.maxBytes ?? limit
      const spooled = await spool(path.join(root, TEMPORARY), key, content, { maxBytes, signal: put.signal })
      try {
        const full = path.join(await makeParent(await fs.realpath(root), key), path.posix.basename(key))
        await fs.rename(spooled.path, full)
        const stat = await fs.stat(full)
        const contentType = put.contentType ?? contentTypeOf(key)
        return await remember(
          { key, bytes: spooled.bytes, sha256: spooled.sha256, contentType, modifiedAt: stat.mtime },
          stat.mtimeMs,
        )
      } catch (error) {
        await fs.rm(spooled.path, { force: true })
        if (
          ['EEXIST', 'ENOTDIR', 'EISDIR', 'ENOTEMPTY', 'NOT_A_FILE'].includes(
            (error as NodeJS.ErrnoException).code ?? '',
          )
        )
          throw new AppError('KEY_CONFLICT', `${key} cannot be stored: a part of it is already a file or a folder.`, {
            key,
          })
        throw error
      }
    },

    async head(given) {
      const key = checkKey(given)
      return describe(key, await place(key))
    },

    async open(given, range) {
      const key = checkKey(given)
      const full = await place(key)
      const file = await describe(key, full)
      if (!file) throw fileNotFound(key)
      const bounds = range ? resolveRange(range, file.bytes, key) : undefined
      const handle = await fs.open(full, constants.O_RDONLY | constants.O_NOFOLLOW)
      return { file, stream: handle.createReadStream({ ...bounds }) }
    },

    async read(given, maxBytes = MAX_FILE_BYTES) {
      const key = checkKey(given)
      const full = await place(key)
      const stat = await fs.lstat(full).catch(orUndefined)
      if (!stat?.isFile()) throw fileNotFound(key)
      if (stat.size > maxBytes) throw fileTooLarge(key, maxBytes)
      return fs.readFile(full)
    },

    async list(prefix, { limit: most = 1000, after } = {}) {
      const folder = prefix.includes('/') ? checkKey(prefix.slice(0, prefix.lastIndexOf('/'))) : ''
      const keys: string[] = []
      for await (const key of walk(folder))
        if (key.startsWith(prefix) && (after === undefined || byteOrder(key, after) > 0)) keys.push(key)
      keys.sort(byteOrder)
      const page = keys.slice(0, most)
      const stats = await Promise.all(
        page.map(async (key) => ({ key, stat: await fs.lstat(path.join(root, key)).catch(orUndefined) })),
      )
      const files = stats.flatMap(({ key, stat }) => (stat ? [{ key, bytes: stat.size, modifiedAt: stat.mtime }] : []))
      return { files, ...(keys.length > most && { next: page.at(-1)! }) }
    },

    async delete(given) {
      const key = checkKey(given)
      const full = await place(key)
      const stat = await fs.lstat(full).catch(orUndefined)
      if (!stat?.isFile()) return false
      await Promise.all([fs.rm(full, { force: true }), fs.rm(memoOf(key), { force: true })])
      return true
    },
  }
}

const byteOrder = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))

import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import fs from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '../errors/app-error.ts'
import { leadsOutside, makeParent } from './make-parent.ts'
import { isInside, normaliseRelative } from './sandbox-path.ts'

export type SandboxOptions = {
  root: string
  /** Folders below root that may be written; default all of it. `[]` makes a read-only sandbox. */
  writable?: readonly string[]
  /** Default 50 MB. */
  maxFileBytes?: number
  /** All files below root together. Default 500 MB. Infinity: not limited, so not measured. */
  maxRootBytes?: number
}
export type SandboxFile = { path: string; bytes: number; modifiedAt: Date }
export type Sandbox = {
  readonly root: string
  /** Absolute real path of something that exists. Throws FILE_NOT_FOUND, PATH_NOT_ALLOWED. */
  realPath(relative: string): Promise<string>
  /** At most `maxBytes` (default 1 MB) from `offset`. `totalBytes` is the size of the file. */
  read(
    relative: string,
    options?: { offset?: number; maxBytes?: number },
  ): Promise<{ data: Buffer; totalBytes: number }>
  /** The whole file or nothing, under a temporary name first. Throws FILE_TOO_LARGE, FOLDER_FULL, PATH_NOT_ALLOWED. */
  write(relative: string, content: string | Uint8Array): Promise<{ path: string; bytes: number }>
  /** Every file below a folder, sorted by path; at most `limit` (default 10,000). Symbolic links are not followed. */
  list(relative?: string, options?: { limit?: number }): Promise<SandboxFile[]>
  remove(relative: string): Promise<void>
  usedBytes(): Promise<number>
}

const MB = 1024 * 1024
/** Half-written files; names nobody else may use. */
const TEMPORARY = '.tmp-'
/** Own writes are added up; what other processes wrote is seen at the latest after this many of them. */
const REMEASURE_AFTER = 200

const notFound = (given: string) =>
  new AppError('FILE_NOT_FOUND', `There is no file ${given} in the folder.`, { path: given })
const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code

/**
 * The folder of one run, as far as its agents may touch it. Paths are relative; links are followed only when their real target lies
 * inside. Writers in other processes share the byte limit approximately. Creates the root.
 */
export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  const root = await fs.realpath(options.root).catch(async (error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error
    await fs.mkdir(options.root, { recursive: true })
    return fs.realpath(options.root)
  })
  const maxFileBytes = options.maxFileBytes ?? 50 * MB
  const maxRootBytes = options.maxRootBytes ?? 500 * MB
  const writable = (options.writable ?? ['.']).map(normaliseRelative)
  let measured: { bytes: number; writes: number } | undefined

  async function realPath(given: string): Promise<string> {
    const relative = normaliseRelative(given)
    const real = await fs.realpath(path.join(root, relative)).catch((error: unknown) => {
      if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(codeOf(error) ?? '')) throw notFound(relative)
      throw error
    })
    if (!isInside(root, real)) throw leadsOutside(relative)
    return real
  }

  async function* walk(folder: string): AsyncGenerator<SandboxFile> {
    const entries = await fs.readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return []
      throw error
    })
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const full = path.join(folder, entry.name)
      if (entry.isDirectory()) yield* walk(full)
      else if (entry.isFile() && !entry.name.startsWith(TEMPORARY)) {
        const stat = await fs.lstat(full).catch(() => undefined) // removed meanwhile
        if (stat)
          yield { path: path.relative(root, full).split(path.sep).join('/'), bytes: stat.size, modifiedAt: stat.mtime }
      }
    }
  }

  async function usedBytes(): Promise<number> {
    let bytes = 0
    for await (const file of walk(root)) bytes += file.bytes
    measured = { bytes, writes: 0 }
    return bytes
  }

  async function checkRoom(relative: string, size: number): Promise<void> {
    if (size > maxFileBytes)
      throw new AppError(
        'FILE_TOO_LARGE',
        `${relative} has ${size} bytes; at most ${maxFileBytes} are allowed per file.`,
        {
          path: relative,
          maxBytes: maxFileBytes,
        },
      )
    if (maxRootBytes === Number.POSITIVE_INFINITY) return
    if (!measured || measured.writes >= REMEASURE_AFTER || measured.bytes + size > maxRootBytes) await usedBytes()
    const replaced = await fs.lstat(path.join(root, relative)).catch(() => undefined)
    if (measured!.bytes - (replaced?.isFile() ? replaced.size : 0) + size > maxRootBytes)
      throw new AppError(
        'FOLDER_FULL',
        `Writing ${relative} would exceed the ${maxRootBytes} bytes of this folder. Remove files first.`,
        {
          path: relative,
          maxBytes: maxRootBytes,
        },
      )
    measured!.bytes += size
    measured!.writes++
  }

  function writablePath(given: string): string {
    const relative = normaliseRelative(given)
    const allowed = writable.some((folder) => folder === '.' || relative.startsWith(`${folder}/`))
    if (relative === '.' || !allowed || relative.split('/').some((part) => part.startsWith(TEMPORARY)))
      throw new AppError(
        'PATH_NOT_ALLOWED',
        `${relative} cannot be written; writable: ${writable.join(', ') || 'nothing'}.`,
        {
          path: relative,
        },
      )
    return relative
  }

  return {
    root,
    realPath,
    usedBytes,

    async read(given, { offset = 0, maxBytes = MB } = {}) {
      const real = await realPath(given)
      const file = await fs.open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
      try {
        const stat = await file.stat()
        if (!stat.isFile()) throw new AppError('NOT_A_FILE', `${given} is not a file.`, { path: given })
        const length = Math.max(0, Math.min(maxBytes, maxFileBytes, stat.size - offset))
        const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset)
        return { data: buffer.subarray(0, bytesRead), totalBytes: stat.size }
      } finally {
        await file.close()
      }
    },

    async write(given, content) {
      const relative = writablePath(given)
      const data = typeof content === 'string' ? Buffer.from(content) : content
      await checkRoom(relative, data.byteLength)
      const folder = await makeParent(root, relative)
      const target = path.join(folder, path.posix.basename(relative))
      const temporary = path.join(folder, `${TEMPORARY}${randomUUID()}`)
      try {
        await fs.writeFile(temporary, data, { flag: 'wx', mode: 0o644 })
        await fs.rename(temporary, target) // replaces a link itself, never what it points to
      } catch (error) {
        await fs.rm(temporary, { force: true }).catch(() => undefined) // its folder may be none
        if (['ENOTDIR', 'EISDIR', 'ENOTEMPTY', 'EEXIST'].includes(codeOf(error) ?? ''))
          throw new AppError('NOT_A_FILE', `${relative} exists and is not a file.`, { path: relative })
        throw error
      }
      return { path: relative, bytes: data.byteLength }
    },

    async list(given = '.', { limit = 10_000 } = {}) {
      const files: SandboxFile[] = []
      for await (const file of walk(await realPath(given))) if (files.push(file) >= limit) break
      return files
    },

    async remove(given) {
      const relative = writablePath(given)
      const folder = await realPath(path.posix.dirname(relative))
      await fs.rm(path.join(folder, path.posix.basename(relative)), { recursive: true, force: true })
      measured = undefined
    },
  }
}

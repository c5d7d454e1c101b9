import fs from 'node:fs'
import path from 'node:path'

const LISTED_ID = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,199}$/

/** The folder of a run; undefined for ids that are malformed (without touching the disk), absent or lead outside the root. */
export function runFolder(root: string, id: string): string | undefined {
  if (!LISTED_ID.test(id)) return undefined
  const dir = path.join(root, id)
  try {
    const stat = fs.lstatSync(dir)
    if (stat.isSymbolicLink()) {
      const real = fs.realpathSync(dir)
      const inside = real.startsWith(fs.realpathSync(root) + path.sep)
      return inside && fs.statSync(real).isDirectory() ? dir : undefined
    }
    return stat.isDirectory() ? dir : undefined
  } catch {
    return undefined // Not there.
  }
}

/** Ids of the folders directly below the root; a missing root has none. */
export function listRunFolders(root: string): string[] {
  let names: string[]
  try {
    names = fs.readdirSync(root)
  } catch {
    return [] // No output folder yet: no runs.
  }
  return names.filter((name) => runFolder(root, name) !== undefined)
}

type Cached = { mtimeMs: number; size: number; value: Record<string, any> | undefined }

const CACHE_BYTES = 4 * 1024 * 1024

/**
 * JSON files of a run, read again only when they changed. A missing or broken file is undefined. At most `maxBytes` of text are remembered,
 * the files asked for last.
 */
export class JsonFiles {
  readonly #cache = new Map<string, Cached>()
  readonly #maxBytes: number
  #bytes = 0

  constructor(maxBytes = CACHE_BYTES) {
    this.#maxBytes = maxBytes
  }

  get bytes(): number {
    return this.#bytes
  }

  read(file: string): Record<string, any> | undefined {
    let stat: fs.Stats
    try {
      stat = fs.statSync(file)
    } catch {
      this.#forget(file)
      return undefined // Not written (yet).
    }
    const known = this.#forget(file)
    const isFresh = known && known.mtimeMs === stat.mtimeMs && known.size === stat.size
    const entry = isFresh ? known : { mtimeMs: stat.mtimeMs, size: stat.size, value: parseObject(file) }
    this.#cache.set(file, entry)
    this.#bytes += entry.size
    for (const oldest of this.#cache.keys()) {
      if (this.#bytes <= this.#maxBytes) break
      this.#forget(oldest)
    }
    return entry.value
  }

  #forget(file: string): Cached | undefined {
    const known = this.#cache.get(file)
    if (known) this.#bytes -= known.size
    this.#cache.delete(file)
    return known
  }
}

function parseObject(file: string): Record<string, any> | undefined {
  try {
    const value: unknown = JSON.parse(fs.readFileSync(file, 'utf8'))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined // Half written or damaged: the run is shown without it.
  }
}

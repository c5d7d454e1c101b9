import { createHash, randomUUID } from 'node:crypto'
import fs from 'node:fs/promises'
import path from 'node:path'
import { type Content, chunksOf, fileTooLarge } from './file-store.ts'

export type Spooled = { path: string; bytes: number; sha256: string }

/** Writes content to a new file in `dir`, counting and hashing; on any failure nothing stays. Synced to disk before it returns. */
export async function spool(
  dir: string,
  key: string,
  content: Content,
  options: { maxBytes: number; signal?: AbortSignal | undefined; prefix?: string },
): Promise<Spooled> {
  await fs.mkdir(dir, { recursive: true })
  const file = path.join(dir, `${options.prefix ?? ''}${randomUUID()}`)
  const hash = createHash('sha256')
  let bytes = 0
  const handle = await fs.open(file, 'wx', 0o644)
  try {
    for await (const chunk of chunksOf(content)) {
      options.signal?.throwIfAborted()
      bytes += chunk.byteLength
      if (bytes > options.maxBytes) throw fileTooLarge(key, options.maxBytes)
      hash.update(chunk)
      await handle.appendFile(chunk)
    }
    await handle.sync()
    await handle.close()
    return { path: file, bytes, sha256: hash.digest('hex') }
  } catch (error) {
    await handle.close().catch(() => undefined) // already closed when closing was what failed
    await fs.rm(file, { force: true })
    throw error
  }
}

import { randomUUID } from 'node:crypto'
import fs from 'node:fs/promises'
import path from 'node:path'

/**
 * Puts a whole file in place, with the folders above it: a reader sees the old content or the new one. When it fails, a full disk for one,
 * the old content stays and nothing lies beside it.
 */
export async function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  await fs.mkdir(path.dirname(file), { recursive: true })
  const part = `${file}.${randomUUID()}.part`
  try {
    await fs.writeFile(part, content, { flag: 'wx' })
    await fs.rename(part, file)
  } catch (error) {
    await fs.rm(part, { force: true })
    throw error
  }
}

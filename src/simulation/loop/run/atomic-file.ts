import type fs from 'node:fs'
import path from 'node:path'

/** Files are read and written through this; tests pass one that fails. */
export type RunFs = Pick<
  typeof fs,
  | 'mkdirSync'
  | 'openSync'
  | 'writeSync'
  | 'fsyncSync'
  | 'closeSync'
  | 'renameSync'
  | 'unlinkSync'
  | 'readFileSync'
  | 'readdirSync'
  | 'existsSync'
>

/** Writes beside the target, syncs, renames: a reader sees the old file or the new one, never a part. */
export function writeAtomically(fsys: RunFs, file: string, text: string): void {
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.tmp`)
  try {
    const fd = fsys.openSync(temporary, 'w')
    try {
      const data = Buffer.from(text)
      for (let done = 0; done < data.length; ) done += fsys.writeSync(fd, data, done, data.length - done)
      fsys.fsyncSync(fd)
    } finally {
      fsys.closeSync(fd)
    }
    fsys.renameSync(temporary, file)
  } catch (error) {
    try {
      fsys.unlinkSync(temporary)
    } catch {
      throw error // Nothing was left behind, or nothing can be removed; the first error is the one that counts.
    }
    throw error
  }
}

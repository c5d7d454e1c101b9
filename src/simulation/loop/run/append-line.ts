import path from 'node:path'
import type { RunFs } from './atomic-file.ts'

/** Adds one JSON line to a file of a run, in one write. */
export function appendLine(fsys: RunFs, file: string, value: unknown): void {
  fsys.mkdirSync(path.dirname(file), { recursive: true })
  const fd = fsys.openSync(file, 'a')
  try {
    const data = Buffer.from(`${JSON.stringify(value)}\n`)
    for (let done = 0; done < data.length; ) done += fsys.writeSync(fd, data, done, data.length - done)
  } finally {
    fsys.closeSync(fd)
  }
}

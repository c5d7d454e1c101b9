import { parseMicros } from '../core/timestamp.ts'
import type { SimEvent } from '../events/event.ts'
import { parseLine } from '../events/parse-line.ts'
import type { WriterFs } from './writer-options.ts'

export type Repair = {
  /** Bytes cut off; 0 when the fragment was a valid event that only lacked its newline. */
  removedBytes: number
  completed: boolean
}

export type FileEnd = { last: SimEvent | undefined; repair: Repair | undefined }

const CHUNK = 64 * 1024

/** Reads backwards from the end until `enough` says the text holds what is needed. */
function readTail(fs: WriterFs, fd: number, size: number, enough: (tail: Buffer) => boolean): Buffer {
  let tail = Buffer.alloc(0)
  for (let at = size; at > 0; ) {
    const length = Math.min(CHUNK * (tail.length > CHUNK * 16 ? 16 : 1), at)
    const piece = Buffer.alloc(length)
    at -= length
    fs.readSync(fd, piece, 0, length, at)
    tail = Buffer.concat([piece, tail])
    if (enough(tail)) break
  }
  return tail
}

function lastValid(tail: Buffer): SimEvent | undefined {
  const lines = tail.toString('utf8').split('\n')
  for (let i = lines.length - 1; i >= 0; i--) {
    const parsed = lines[i] === '' ? undefined : parseLine(lines[i]!)
    if (parsed && 'event' in parsed) return parsed.event
  }
  return undefined
}

/**
 * Looks at the end of an existing event file. A last line without its newline is completed when it is a valid event and cut
 * off otherwise. Returns the last valid event, so that new stamps can be later. Throws on I/O trouble.
 */
export function repairFile(fs: WriterFs, file: string): FileEnd {
  const size = fs.statSync(file).size
  if (size === 0) return { last: undefined, repair: undefined }
  const fd = fs.openSync(file, 'r+')
  try {
    const torn = readTail(fs, fd, size, (tail) => tail.includes(10))
    const start = torn.lastIndexOf(10) + 1
    const fragment = torn.subarray(start)
    let repair: Repair | undefined
    if (fragment.length > 0) {
      const completed = 'event' in parseLine(fragment.toString('utf8'))
      if (completed) fs.writeSync(fd, Buffer.from('\n'), 0, 1, size)
      else fs.ftruncateSync(fd, size - fragment.length)
      repair = { completed, removedBytes: completed ? 0 : fragment.length }
    }
    const end = repair && !repair.completed ? size - repair.removedBytes : size
    const tail = readTail(
      fs,
      fd,
      end,
      (text) => text.length >= CHUNK && lastValid(text.subarray(text.indexOf(10) + 1)) !== undefined,
    )
    return { last: lastValid(tail), repair }
  } finally {
    fs.closeSync(fd)
  }
}

export const microsOf = (event: SimEvent | undefined): number => (event ? parseMicros(event.timestamp) : 0)

import type { FileHandle } from 'node:fs/promises'

const CHUNK_BYTES = 1024 * 1024

export type LineSink = (text: string, offset: number, length: number) => void

/**
 * Reads whole lines from a byte position to `end`, a chunk at a time. Returns where the last whole line ended: what follows is
 * an unfinished one. A line longer than a chunk is put together. `taken` sees the bytes of the whole lines, a chunk at a time;
 * they are valid during the call only.
 */
export async function scanLines(
  file: FileHandle,
  from: number,
  end: number,
  sink: LineSink,
  taken: (bytes: Buffer) => void,
): Promise<number> {
  let buffer = Buffer.allocUnsafe(CHUNK_BYTES)
  let kept = 0
  let position = from
  while (position + kept < end) {
    if (kept === buffer.length) {
      const larger = Buffer.allocUnsafe(buffer.length * 2)
      buffer.copy(larger, 0, 0, kept)
      buffer = larger
    }
    const room = Math.min(buffer.length - kept, end - position - kept)
    const { bytesRead } = await file.read(buffer, kept, room, position + kept)
    if (bytesRead === 0) break
    const filled = kept + bytesRead
    let start = 0
    for (let stop = buffer.indexOf(10, kept); stop >= 0 && stop < filled; stop = buffer.indexOf(10, start)) {
      sink(buffer.toString('utf8', start, stop), position + start, stop - start)
      start = stop + 1
      if (start >= filled) break
    }
    taken(buffer.subarray(0, start))
    buffer.copy(buffer, 0, start, filled)
    kept = filled - start
    position += start
  }
  return position
}

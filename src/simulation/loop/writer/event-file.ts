import path from 'node:path'
import { fileStamp } from '../core/timestamp.ts'
import { ACTIVE_FILE } from '../events/event-files.ts'
import type { WriterFs } from './writer-options.ts'

const NEWLINE = Buffer.from('\n')

/**
 * The active event file: one append handle, its size, its identity. Knows nothing of events; a failed write leaves it to be
 * reopened, and whatever was half written is cut off at once, or else (or fenced by a newline) before the next write.
 */
export class EventFile {
  readonly path: string
  readonly #fs: WriterFs
  readonly #dir: string
  #fd: number | undefined
  #inode = ''
  /** Bytes of whole lines known to be in the file. */
  #size = 0
  #fence = false
  #dirty = false

  constructor(dir: string, fs: WriterFs) {
    this.#dir = dir
    this.#fs = fs
    this.path = path.join(dir, ACTIVE_FILE)
  }

  get size(): number {
    return this.#size
  }

  get isOpen(): boolean {
    return this.#fd !== undefined
  }

  /** Opens for appending, making the folder when it is missing. Throws on I/O trouble. */
  open(): void {
    if (this.#fd !== undefined) return
    this.#fs.mkdirSync(this.#dir, { recursive: true })
    const fd = this.#fs.openSync(this.path, 'a')
    this.#fd = fd
    const { size, dev, ino } = this.#fs.fstatSync(fd)
    const inode = `${dev}:${ino}`
    if (this.#dirty && inode === this.#inode) this.#cut(fd, size)
    else {
      this.#size = size
      this.#fence = size > 0 && !this.#endsWithNewline(size)
    }
    this.#inode = inode
    this.#dirty = false
  }

  /** Removes what a failed write left behind the last whole line. */
  #cut(fd: number, size: number): void {
    if (size <= this.#size) {
      this.#size = size
      return
    }
    try {
      this.#fs.ftruncateSync(fd, this.#size)
    } catch {
      // Cannot cut: a newline in front of the next line keeps the damage to one line.
      this.#fence = true
      this.#size = size
    }
  }

  #endsWithNewline(size: number): boolean {
    const fd = this.#fs.openSync(this.path, 'r')
    try {
      const byte = Buffer.alloc(1)
      this.#fs.readSync(fd, byte, 0, 1, size - 1)
      return byte[0] === 10
    } finally {
      this.#fs.closeSync(fd)
    }
  }

  /** Cuts off what was half written and drops the handle; what cannot be cut now is left to the next `open`. Never throws. */
  fail(): void {
    this.#dirty = true
    try {
      if (this.#fd !== undefined && !this.isDetached && this.statSize() > this.#size)
        this.#fs.ftruncateSync(this.#fd, this.#size)
    } catch {
      // The next `open` tries again, or fences.
    }
    this.close()
  }

  close(): void {
    const fd = this.#fd
    this.#fd = undefined
    if (fd === undefined) return
    try {
      this.#fs.closeSync(fd)
    } catch {
      // The handle is gone either way; what matters was reported by the write.
      this.#dirty = true
    }
  }

  /** True when the path no longer leads to the open file: deleted or replaced. */
  get isDetached(): boolean {
    if (this.#fd === undefined) return false
    try {
      const { dev, ino } = this.#fs.statSync(this.path)
      return `${dev}:${ino}` !== this.#inode
    } catch {
      return true
    }
  }

  #fenced(data: Buffer): Buffer {
    return this.#fence ? Buffer.concat([NEWLINE, data]) : data
  }

  #wrote(bytes: number): void {
    this.#size += bytes
    this.#fence = false
  }

  appendSync(data: Buffer): void {
    this.open()
    const whole = this.#fenced(data)
    for (let done = 0; done < whole.length; ) {
      const n = this.#fs.writeSync(this.#fd!, whole, done, whole.length - done)
      if (n <= 0) throw new Error('The file system wrote nothing')
      done += n
    }
    this.#wrote(whole.length)
  }

  async append(data: Buffer): Promise<void> {
    this.open()
    const whole = this.#fenced(data)
    for (let done = 0; done < whole.length; ) {
      const n = await this.#write(this.#fd!, whole, done)
      if (n <= 0) throw new Error('The file system wrote nothing')
      done += n
    }
    this.#wrote(whole.length)
  }

  #write(fd: number, data: Buffer, from: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#fs.write(fd, data, from, data.length - from, null, (error, n) => (error ? reject(error) : resolve(n)))
    })
  }

  /** Size on disk, whatever this object has counted. */
  statSize(): number {
    return this.#fd === undefined ? this.#size : this.#fs.fstatSync(this.#fd).size
  }

  /** Counts bytes that reached the file behind this object's back (a write in flight at process end). */
  assumeWritten(bytes: number): void {
    this.#wrote(bytes)
  }

  fsyncSync(): void {
    if (this.#fd !== undefined) this.#fs.fsyncSync(this.#fd)
  }

  fsync(): Promise<void> {
    const fd = this.#fd
    if (fd === undefined) return Promise.resolve()
    return new Promise((resolve, reject) => this.#fs.fsync(fd, (error) => (error ? reject(error) : resolve())))
  }

  /** Closes, renames to a name that does not exist, opens a new file. Returns the new name; throws when renaming fails. */
  rotate(nowMicros: number): string {
    const base = `events_${fileStamp(nowMicros)}`
    let name = `${base}.jsonl`
    for (let n = 1; this.#fs.existsSync(path.join(this.#dir, name)); n++) name = `${base}-${n}.jsonl`
    this.close()
    try {
      this.#fs.renameSync(this.path, path.join(this.#dir, name))
    } catch (error) {
      this.open()
      throw error
    }
    this.open()
    return name
  }
}

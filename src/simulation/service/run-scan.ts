import fs from 'node:fs/promises'
import path from 'node:path'
import { parseMicros } from '../loop/core/timestamp.ts'
import { ACTIVE_FILE, sequenceFiles } from '../loop/events/event-files.ts'
import { parseLine } from '../loop/events/parse-line.ts'
import { type FileStat, identityOf, listEventFiles } from './run-files.ts'
import { RunIndex } from './run-index.ts'
import { scanLines } from './scan-lines.ts'

export type LineProblem = { file: string; line: number; offset: number; reason: string }

/** One event file as far as it has been read. */
export type ScannedFile = {
  name: string
  identity: string
  mtimeMs: number
  /** Bytes on disk at the last look. */
  bytes: number
  /** Bytes taken in. */
  scanned: number
  /**
   * The first and the last bytes taken in, as they were read: a file rewritten in place shows here. Read again after the scan
   * they would be those of a file that was rewritten during it.
   */
  head: Buffer
  last: Buffer
  /** Position of the file's first event in the index. */
  first: number
  /** Lines passed, blank ones included. */
  lineNumber: number
  /** Lines that are not blank. */
  lines: number
  valid: number
  corrupted: number
  duplicates: number
  /** An unfinished last line that was counted, as an event or as corrupted. */
  tail: 'none' | 'event' | 'corrupted'
  minMicros: number
  maxMicros: number
}

const MAX_PROBLEMS = 100
const FINGERPRINT_BYTES = 256

class Stale extends Error {}

/** All files of a run taken into one index; `refresh` reads only what was appended. */
export class RunScan {
  readonly runId: string
  readonly dir: string
  index = new RunIndex()
  files: ScannedFile[] = []
  readonly #problems: (Omit<LineProblem, 'file'> & { source: ScannedFile })[] = []
  orderViolations = 0
  /** Grows with every change: part of the ETag. */
  version = 0

  constructor(runId: string, dir: string) {
    this.runId = runId
    this.dir = dir
  }

  /** The first bad lines, by the present names of their files. */
  get problems(): LineProblem[] {
    return this.#problems.map(({ source, ...problem }) => ({ file: source.name, ...problem }))
  }

  get corrupted(): number {
    return this.files.reduce((sum, file) => sum + file.corrupted, 0)
  }
  get duplicates(): number {
    return this.files.reduce((sum, file) => sum + file.duplicates, 0)
  }

  #reset(): void {
    this.index = new RunIndex()
    this.files = []
    this.#problems.length = 0
    this.orderViolations = 0
    this.version++
  }

  /**
   * Brings the index up to date. False when the run has no event file any more. `isRunning` decides what an unfinished last
   * line of the active file is: not yet there, or to be judged.
   */
  async refresh(isRunning: () => boolean): Promise<boolean> {
    for (let attempt = 0; ; attempt++) {
      const listed = listEventFiles(this.dir)
      if (!listed || listed.length === 0) {
        if (this.files.length > 0) this.#reset()
        return false
      }
      try {
        await this.#takeIn(listed, isRunning)
        return true
      } catch (error) {
        if (!(error instanceof Stale)) throw error
        // A file moved while it was looked at; after a few tries the files were really replaced: start over.
        if (attempt >= 2) this.#reset()
        if (attempt > 10) throw new Error(`The event files of ${this.runId} change faster than they can be read`)
      }
    }
  }

  async #takeIn(listed: FileStat[], isRunning: () => boolean): Promise<void> {
    const byIdentity = new Map(listed.map((stat) => [stat.identity, stat]))
    for (const file of this.files) {
      const now = byIdentity.get(file.identity)
      if (!now || now.size < file.scanned) throw new Stale()
      file.name = now.name
    }
    const known = new Set(this.files.map(({ identity }) => identity))
    const fresh = listed.filter(({ identity }) => !known.has(identity))
    const order = await this.#order(listed)
    if (!this.files.every(({ name }, i) => order[i] === name)) throw new Stale()
    fresh.sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name))
    for (const file of this.files) await this.#extend(file, byIdentity.get(file.identity)!, isRunning)
    for (const stat of fresh) {
      const file = newFile(stat, this.index.length)
      this.files.push(file)
      this.version++
      await this.#extend(file, stat, isRunning)
    }
  }

  async #order(listed: FileStat[]): Promise<string[]> {
    const names = listed.map(({ name }) => name)
    const first = new Map<string, number>()
    const unnamed = names.filter((name) => name !== ACTIVE_FILE && !/^events_\d{4}-/.test(name))
    for (const name of unnamed) first.set(name, await firstValidMicros(path.join(this.dir, name)))
    return sequenceFiles(names, (name) => first.get(name) ?? Number.POSITIVE_INFINITY)
  }

  async #extend(file: ScannedFile, stat: FileStat, isRunning: () => boolean): Promise<void> {
    const isActive = stat.name === ACTIVE_FILE
    const hasTail = stat.size > file.scanned
    if (!hasTail && stat.mtimeMs === file.mtimeMs) return
    const handle = await openSame(path.join(this.dir, stat.name), stat.identity)
    try {
      if (!(await isStillThere(file, handle))) throw new Stale()
      if (!hasTail) {
        // Rewritten with the same length, or touched: only reading it again tells. A write in progress stamps the file before
        // it grows, so for a running run the last bytes have to do.
        if (file.mtimeMs !== 0 && stat.size > 0 && !isRunning()) throw new Stale()
        file.mtimeMs = stat.mtimeMs
        return
      }
      if (file.tail !== 'none') await this.#leaveTail(file, handle)
      await this.#read(file, handle, stat.size)
      file.bytes = stat.size
      file.mtimeMs = stat.mtimeMs
      if (file.scanned < stat.size && !(isActive && isRunning())) await this.#judgeTail(file, handle, stat.size)
    } finally {
      await handle.close()
    }
  }

  async #read(file: ScannedFile, handle: fs.FileHandle, end: number): Promise<void> {
    file.scanned = await scanLines(
      handle,
      file.scanned,
      end,
      (text, offset, length) => {
        this.#takeLine(file, text, offset, length)
      },
      (bytes) => remember(file, bytes),
    )
    this.version++
  }

  #takeLine(file: ScannedFile, text: string, offset: number, length: number): boolean {
    file.lineNumber++
    if (text.trim() === '') return true
    file.lines++
    const parsed = parseLine(text)
    if (!('event' in parsed)) {
      file.corrupted++
      if (this.#problems.length < MAX_PROBLEMS)
        this.#problems.push({ source: file, line: file.lineNumber, offset, reason: parsed.reason })
      return false
    }
    if (!this.index.add(parsed.event, this.runId, offset, length)) {
      file.duplicates++
      return true
    }
    file.valid++
    const position = this.index.length - 1
    const micros = this.index.micros.get(position)
    if (position > 0 && this.index.compare(position, position - 1) < 0) this.orderViolations++
    file.minMicros = Math.min(file.minMicros, micros)
    file.maxMicros = Math.max(file.maxMicros, micros)
    return true
  }

  /** An unfinished line of a file nobody writes any more is an event if it is valid, else corrupted. */
  async #judgeTail(file: ScannedFile, handle: fs.FileHandle, size: number): Promise<void> {
    const bytes = await readBytes(handle, file.scanned, size - file.scanned)
    const isEvent = this.#takeLine(file, bytes.toString(), file.scanned, bytes.length)
    remember(file, bytes)
    file.tail = isEvent ? 'event' : 'corrupted'
    file.scanned += bytes.length
    this.version++
  }

  /** The file grew after its tail was judged: fine if the tail was whole and only lacked its newline. */
  async #leaveTail(file: ScannedFile, handle: fs.FileHandle): Promise<void> {
    const next = await readBytes(handle, file.scanned, 1)
    if (file.tail !== 'event' || next.toString() !== '\n') {
      this.#reset()
      throw new Stale()
    }
    remember(file, next)
    file.tail = 'none'
    file.scanned++
  }
}

const newFile = ({ name, identity }: FileStat, first: number): ScannedFile => ({
  name,
  identity,
  mtimeMs: 0,
  bytes: 0,
  scanned: 0,
  head: Buffer.alloc(0),
  last: Buffer.alloc(0),
  first,
  lineNumber: 0,
  lines: 0,
  valid: 0,
  corrupted: 0,
  duplicates: 0,
  tail: 'none',
  minMicros: Number.POSITIVE_INFINITY,
  maxMicros: Number.NEGATIVE_INFINITY,
})

/** Opens a file and makes sure it is still the one that was listed. */
export async function openSame(file: string, identity: string): Promise<fs.FileHandle> {
  let handle: fs.FileHandle
  try {
    handle = await fs.open(file, 'r')
  } catch {
    throw new Stale() // Moved or removed since it was listed.
  }
  const stat = await handle.stat()
  if (identityOf(stat) === identity) return handle
  await handle.close()
  throw new Stale()
}

export const isStale = (error: unknown): boolean => error instanceof Stale

async function readBytes(handle: fs.FileHandle, from: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length)
  const { bytesRead } = await handle.read(buffer, 0, length, from)
  return buffer.subarray(0, bytesRead)
}

function remember(file: ScannedFile, bytes: Buffer): void {
  const missing = FINGERPRINT_BYTES - file.head.length
  if (missing > 0) file.head = Buffer.concat([file.head, bytes.subarray(0, missing)])
  file.last = Buffer.concat([file.last, bytes.subarray(-FINGERPRINT_BYTES)]).subarray(-FINGERPRINT_BYTES)
}

async function isStillThere({ head, last, scanned }: ScannedFile, handle: fs.FileHandle): Promise<boolean> {
  const start = await readBytes(handle, 0, head.length)
  const end = await readBytes(handle, scanned - last.length, last.length)
  return head.equals(start) && last.equals(end)
}

async function firstValidMicros(file: string): Promise<number> {
  const handle = await fs.open(file, 'r').catch(() => {
    throw new Stale() // Moved or removed since it was listed.
  })
  try {
    const head = await readBytes(handle, 0, 256 * 1024)
    for (const line of head.toString().split('\n')) {
      const parsed = parseLine(line)
      if ('event' in parsed) return parseMicros(parsed.event.timestamp)
    }
    return Number.POSITIVE_INFINITY
  } finally {
    await handle.close()
  }
}

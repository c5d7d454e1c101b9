import { EventClock, type TimeSource } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import type { SimEvent } from '../events/event.ts'
import type { Logger } from '../logging/logger.ts'
import type { EventFile } from './event-file.ts'
import { DropWarning, inStampOrder, LossWarning, type StreamWarning, warningLine } from './stream-warning.ts'
import type { QueueEntry, WriteQueue } from './write-queue.ts'
import type { FsyncPolicy } from './writer-options.ts'
import type { WriterStats } from './writer-stats.ts'

type Parts = {
  file: EventFile
  queue: WriteQueue
  stats: WriterStats
  log: Logger
  time: TimeSource
  simulationId: string
  maxFileSize: number
  batchMaxEvents: number
  batchMaxBytes: number
  fsync: FsyncPolicy
}

type Item = { entry: QueueEntry; line: string; bytes: number }
type Batch = { items: Item[]; events: number }
type Flight = { batch: Batch; data: Buffer; sizeBefore: number }

const FIRST_PAUSE_MS = 1000
const LONGEST_PAUSE_MS = 30_000
const ROTATION_RETRY_MS = 60_000
const IDENTITY_CHECK_MS = 500
const FSYNC_INTERVAL_MS = 1000

/** Moves queue entries to the file in whole-line batches and keeps the books about what was written and lost. */
export class BatchWriter {
  readonly #p: Parts
  #loss: LossWarning | undefined
  /** A drop warning that went down with a lost batch. */
  #lostDrop: DropWarning | undefined
  #pauseMs = 0
  #pausedUntil = 0
  #endPause: (() => void) | undefined
  #hurry = false
  #abandoned = false
  #inFlight: Flight | undefined
  /** Events taken from the queue whose fate is open. */
  #openEvents = 0
  #settledEvents = 0
  #waiters: { target: number; resolve: () => void }[] = []
  #nextRotationMs = 0
  /** Names of rotated files grow even when the wall clock steps back. */
  readonly #rotationClock: EventClock
  #lastIdentityMs = 0
  #lastFsyncMs = 0
  #fsyncTimer: NodeJS.Timeout | undefined
  #writeMs = 0
  #writes = 0

  constructor(parts: Parts) {
    this.#p = parts
    this.#rotationClock = new EventClock(parts.time)
  }

  get isAbandoned(): boolean {
    return this.#abandoned
  }

  settled(target: number): Promise<void> {
    if (this.#settledEvents >= target) return Promise.resolve()
    return new Promise((resolve) => this.#waiters.push({ target, resolve }))
  }

  #settle(events: number): void {
    this.#settledEvents += events
    if (this.#waiters.length === 0) return
    const due = this.#waiters.filter(({ target }) => target <= this.#settledEvents)
    this.#waiters = this.#waiters.filter(({ target }) => target > this.#settledEvents)
    for (const { resolve } of due) resolve()
  }

  /** From now on failures are not waited out: the run is ending. */
  hurry(): void {
    this.#hurry = true
    this.#endPause?.()
  }

  /** Writes until the queue is empty and nothing is left to tell. */
  async writeAll(): Promise<void> {
    while (!this.#abandoned && (!this.#p.queue.isEmpty || (this.#hurry && this.#warningsDue()))) {
      await this.#waitOutPause()
      const batch = this.#take()
      if (this.#abandoned || batch.items.length === 0) return
      const told = await this.#write(batch)
      if (!told && this.#p.queue.isEmpty) return
    }
  }

  /** Sync mode: everything now, each entry tried once. */
  writeAllSync(): void {
    while (!this.#p.queue.isEmpty || this.#warningsDue()) {
      const batch = this.#take()
      if (batch.items.length === 0 || !this.#writeSync(batch)) return
    }
  }

  #warningsDue(): boolean {
    return this.#loss !== undefined || this.#lostDrop !== undefined
  }

  #waitOutPause(): Promise<void> | undefined {
    const left = this.#pausedUntil - this.#p.time.monotonicMs()
    if (left <= 0 || this.#hurry) return undefined
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, left)
      this.#endPause = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  /** The next batch: warnings about earlier losses first, then up to the limits of one write call. */
  #take(): Batch {
    const { queue, batchMaxEvents, batchMaxBytes } = this.#p
    const due: StreamWarning[] = []
    if (this.#lostDrop) due.push(this.#lostDrop)
    if (this.#loss) due.push(this.#loss)
    this.#lostDrop = undefined
    this.#loss = undefined
    const items = inStampOrder(due).map((warning) => this.#item(warning))
    let events = 0
    let bytes = items.reduce((sum, item) => sum + item.bytes, 0)
    for (let entry = queue.peek(); entry !== undefined; entry = queue.peek()) {
      const item = this.#item(entry)
      if (items.length > 0 && (events >= batchMaxEvents || bytes + item.bytes > batchMaxBytes)) break
      queue.shift()
      items.push(item)
      bytes += item.bytes
      if (typeof entry === 'string') events++
    }
    return { items, events }
  }

  #item(entry: QueueEntry): Item {
    const line = typeof entry === 'string' ? entry : warningLine(entry, this.#p.simulationId)
    return { entry, line, bytes: Buffer.byteLength(line) }
  }

  /** How many of the leading items still fit in the current file; at least one when the file is empty. */
  #fitting(items: Item[]): number {
    let size = this.#p.file.size
    for (let i = 0; i < items.length; i++) {
      if (size > 0 && size + items[i]!.bytes > this.#p.maxFileSize) return i
      size += items[i]!.bytes
    }
    return items.length
  }

  /** Splits a batch at file boundaries. True when all of it reached the file. */
  async #write(batch: Batch): Promise<boolean> {
    let rest = batch
    while (rest.items.length > 0 && !this.#abandoned) {
      this.#openEvents = rest.events
      const part = this.#nextPart(rest)
      if (!(await this.#writePart(part)) && !(await this.#writePart(part))) {
        this.#openEvents = 0
        this.#lose(rest)
        this.#pause()
        return false
      }
      rest = { items: rest.items.slice(part.items.length), events: rest.events - part.events }
    }
    this.#openEvents = 0
    return true
  }

  #nextPart(rest: Batch): Batch {
    this.#checkIdentity()
    this.#tryOpen()
    let n = this.#fitting(rest.items)
    if (n === 0 && this.#rotate()) n = this.#fitting(rest.items)
    if (n === 0) n = rest.items.length // Rotation is not possible now: keep writing to this file.
    if (n === rest.items.length) return rest
    const items = rest.items.slice(0, n)
    return { items, events: items.filter(({ entry }) => typeof entry === 'string').length }
  }

  /** Opens early so that sizes are right; a failure shows up, and is counted, at the write. */
  #tryOpen(): void {
    try {
      this.#p.file.open()
    } catch {
      return
    }
  }

  async #writePart(part: Batch): Promise<boolean> {
    const { file } = this.#p
    const data = Buffer.from(part.items.map(({ line }) => line).join(''))
    const started = this.#p.time.monotonicMs()
    this.#inFlight = { batch: part, data, sizeBefore: file.size }
    try {
      await file.append(data)
      if (this.#abandoned) return true
      this.#inFlight = undefined
      this.#wrote(part, data.length, this.#p.time.monotonicMs() - started)
      if (this.#p.fsync === 'always') await file.fsync()
      else if (this.#p.fsync === 'interval') this.#fsyncSoon()
      return true
    } catch (error) {
      this.#inFlight = undefined
      this.#noteBatchError(error, part)
      file.fail()
      return this.#abandoned
    }
  }

  #writeSync(batch: Batch): boolean {
    let rest = batch
    while (rest.items.length > 0) {
      const part = this.#nextPart(rest)
      const started = this.#p.time.monotonicMs()
      try {
        const data = Buffer.from(part.items.map(({ line }) => line).join(''))
        this.#p.file.appendSync(data)
        if (this.#p.fsync === 'always') this.#p.file.fsyncSync()
        else if (this.#p.fsync === 'interval') this.#fsyncSoon()
        this.#wrote(part, data.length, this.#p.time.monotonicMs() - started)
      } catch (error) {
        this.#noteBatchError(error, part)
        this.#p.file.fail()
        this.#lose(rest)
        return false
      }
      rest = { items: rest.items.slice(part.items.length), events: rest.events - part.events }
    }
    return true
  }

  #wrote(part: Batch, bytes: number, ms: number): void {
    const s = this.#p.stats
    s.written += part.events
    s.warnings_written += part.items.length - part.events
    s.bytes_written += bytes
    s.batches++
    this.#writes++
    this.#writeMs += ms
    s.max_write_ms = Math.max(s.max_write_ms, round(ms))
    s.avg_write_ms = round(this.#writeMs / this.#writes)
    this.#pauseMs = 0
    this.#settle(part.events)
  }

  #pause(): void {
    this.#pauseMs = this.#pauseMs === 0 ? FIRST_PAUSE_MS : Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS)
    this.#pausedUntil = this.#p.time.monotonicMs() + this.#pauseMs
  }

  /** Books a batch as lost. A drop warning in it is not lost: its counts go into the next one. */
  #lose(batch: Batch): void {
    const events = batch.items.flatMap(({ entry }) =>
      typeof entry === 'string' ? [JSON.parse(entry) as SimEvent] : [],
    )
    this.#p.stats.lost += events.length
    for (const { entry } of batch.items) if (typeof entry !== 'string') this.#keepForLater(entry)
    const [first, last] = [events[0], events.at(-1)]
    if (first && last) {
      this.#loss ??= new LossWarning(first)
      this.#loss.add(events.length, last, this.#p.stats.last_error ?? 'write failed')
    }
    this.#settle(events.length)
  }

  #keepForLater(warning: StreamWarning): void {
    if (warning instanceof LossWarning) this.#loss = warning
    else if (warning instanceof DropWarning) {
      const next = this.#p.queue.findWarning('events_dropped') as DropWarning | undefined
      const kept = next ?? this.#lostDrop
      if (next) next.absorb(warning)
      else if (kept) {
        warning.absorb(kept)
        this.#lostDrop = warning
      } else this.#lostDrop = warning
    }
  }

  #noteBatchError(error: unknown, batch: Batch): void {
    const lines = batch.items.filter(({ entry }) => typeof entry === 'string')
    const id = (item: Item | undefined) => (item ? (JSON.parse(item.line) as SimEvent).event_id : undefined)
    this.noteError(error, batch.events, id(lines[0]), id(lines.at(-1)))
  }

  noteError(error: unknown, count: number, firstId: string | undefined, lastId: string | undefined): void {
    const s = this.#p.stats
    s.write_errors++
    s.last_error = messageOf(error)
    this.#p.log.error('event_file_write_failed', {
      file: this.#p.file.path,
      error: s.last_error,
      first_event_id: firstId ?? null,
      last_event_id: lastId ?? null,
      count,
    })
  }

  #checkIdentity(): void {
    const now = this.#p.time.monotonicMs()
    if (now - this.#lastIdentityMs < IDENTITY_CHECK_MS) return
    this.#lastIdentityMs = now
    if (this.#p.file.isDetached) this.#p.file.close()
  }

  #rotate(): boolean {
    const now = this.#p.time.monotonicMs()
    if (now < this.#nextRotationMs) return false
    const { file, log, stats } = this.#p
    const size = file.size
    try {
      if (this.#p.fsync !== 'never') file.fsyncSync()
      const name = file.rotate(this.#rotationClock.nextMicros())
      stats.rotations++
      log.info('event_file_rotated', { old_file: name, new_file: file.path, size })
      return true
    } catch (error) {
      this.#nextRotationMs = now + ROTATION_RETRY_MS
      log.error('event_file_rotation_failed', { file: file.path, error: messageOf(error), size })
      return false
    }
  }

  #fsyncSoon(): void {
    if (this.#fsyncTimer) return
    const wait = Math.max(0, this.#lastFsyncMs + FSYNC_INTERVAL_MS - this.#p.time.monotonicMs())
    this.#fsyncTimer = setTimeout(() => {
      this.#fsyncTimer = undefined
      this.#lastFsyncMs = this.#p.time.monotonicMs()
      this.#p.file.fsync().catch((error: unknown) => this.noteError(error, 0, undefined, undefined))
    }, wait)
    this.#fsyncTimer.unref()
  }

  /** Gives up on what is not written: it counts as lost. Returns how many events that were. */
  abandon(): number {
    this.#abandoned = true
    const waiting = this.#p.queue.clear().filter((entry) => typeof entry === 'string').length
    const remaining = waiting + this.#openEvents
    this.#p.stats.lost += remaining
    this.#settle(remaining)
    return remaining
  }

  async close(): Promise<void> {
    clearTimeout(this.#fsyncTimer)
    if (this.#inFlight) return // A write that never came back still holds the handle.
    try {
      await this.#p.file.fsync()
    } catch (error) {
      this.noteError(error, 0, undefined, undefined)
    }
    this.#p.file.close()
  }

  /** The process is ending: waits for the write in flight, then writes the rest synchronously. Best effort. */
  emergency(limitMs: number): void {
    const deadline = this.#p.time.monotonicMs() + limitMs
    const flight = this.#inFlight
    if (flight) this.#awaitFlight(flight, deadline)
    while (!this.#p.queue.isEmpty && this.#p.time.monotonicMs() < deadline) if (!this.#writeSync(this.#take())) return
    this.#p.file.close()
  }

  /** The thread pool goes on while this thread blocks: the file grows to the expected size, or the batch is written here. */
  #awaitFlight(flight: Flight, deadline: number): void {
    const { file } = this.#p
    const target = flight.sizeBefore + flight.data.length
    const cell = new Int32Array(new SharedArrayBuffer(4))
    while (file.isOpen && file.statSize() < target && this.#p.time.monotonicMs() < deadline) Atomics.wait(cell, 0, 0, 5)
    this.#inFlight = undefined
    if (!file.isOpen || file.statSize() < target) return
    file.assumeWritten(flight.data.length)
    this.#wrote(flight.batch, flight.data.length, 0)
  }
}

const round = (ms: number): number => Math.round(ms * 1000) / 1000

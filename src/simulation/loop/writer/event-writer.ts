import nodeFs from 'node:fs'
import path from 'node:path'
import { EventClock, systemTime, type TimeSource } from '../core/clock.ts'
import { isMap } from '../core/json.ts'
import { formatMicros } from '../core/timestamp.ts'
import { processIds } from '../core/ulid.ts'
import { causeIds, isLastBuilt } from '../events/build-event.ts'
import { type EventRef, type EventType, type SimEvent, VERBOSITY_LEVELS, type Verbosity } from '../events/event.ts'
import { ACTIVE_FILE } from '../events/event-files.ts'
import { baseProblem } from '../events/validate-event.ts'
import { admits } from '../events/verbosity.ts'
import { type Logger, silentLogger } from '../logging/logger.ts'
import { registerWriter, unregisterWriter } from './active-writers.ts'
import { BatchWriter } from './batch-writer.ts'
import { EventFile } from './event-file.ts'
import { microsOf, repairFile } from './repair-file.ts'
import { serialiseEvent } from './serialise-event.ts'
import { DropWarning, RepairWarning } from './stream-warning.ts'
import { WriteQueue } from './write-queue.ts'
import { FSYNC_POLICIES, WRITE_MODES, WRITER_DEFAULTS, type WriteMode, type WriterOptions } from './writer-options.ts'
import { emptyStats, type WriterStats } from './writer-stats.ts'

const OPTION_CHECKS: [keyof WriterOptions, (value: any) => boolean, string][] = [
  ['outputDir', (v) => typeof v === 'string' && v !== '', 'a folder'],
  ['simulationId', (v) => typeof v === 'string' && v !== '', 'a run id'],
  ['maxQueueSize', (v) => Number.isSafeInteger(v) && v > 0, 'an integer above 0'],
  ['maxFileSize', (v) => Number.isSafeInteger(v) && v > 0, 'an integer above 0'],
  ['batchMaxEvents', (v) => Number.isSafeInteger(v) && v > 0, 'an integer above 0'],
  ['batchMaxBytes', (v) => Number.isSafeInteger(v) && v > 0, 'an integer above 0'],
  ['maxEventBytes', (v) => Number.isSafeInteger(v) && v > 0, 'an integer above 0'],
  ['mode', (v) => WRITE_MODES.includes(v), `one of ${WRITE_MODES.join(', ')}`],
  ['verbosity', (v) => VERBOSITY_LEVELS.includes(v), `one of ${VERBOSITY_LEVELS.join(', ')}`],
  ['fsync', (v) => FSYNC_POLICIES.includes(v), `one of ${FSYNC_POLICIES.join(', ')}`],
]

function resolveOptions(given: WriterOptions) {
  const fsync = given.fsync ?? (given.mode === 'sync' ? 'always' : 'never')
  const options = { ...WRITER_DEFAULTS, ...given, fsync }
  for (const [name, isRight, expected] of OPTION_CHECKS)
    if (!isRight((options as any)[name])) throw new TypeError(`Event writer: ${name} must be ${expected}`)
  return options
}

/**
 * The bounded, non-blocking way of events to `events.jsonl`. `emit` never throws and, in async mode, never waits for I/O: a full
 * queue drops the newest event, a failing disk loses batches, and the stream itself says so. One writer per run directory.
 */
export class EventWriter {
  readonly mode: WriteMode
  readonly verbosity: Verbosity
  readonly #options: ReturnType<typeof resolveOptions>
  readonly #log: Logger
  readonly #stats: WriterStats = emptyStats()
  readonly #queue = new WriteQueue()
  readonly #file: EventFile
  readonly #batches: BatchWriter
  #started = false
  #stopping = false
  #draining: Promise<void> | undefined
  #stopped: Promise<WriterStats> | undefined
  /** Drops not yet told in the stream. */
  #drops: DropWarning | undefined

  constructor(given: WriterOptions) {
    const options = resolveOptions(given)
    this.#options = options
    this.mode = options.mode
    this.verbosity = options.verbosity
    this.#log = (options.logger ?? silentLogger).bind({ mode: options.mode })
    const fs = options.fs ?? nodeFs
    const time: TimeSource = options.clock ?? systemTime
    this.#file = new EventFile(options.outputDir, fs)
    this.#batches = new BatchWriter({
      file: this.#file,
      queue: this.#queue,
      stats: this.#stats,
      log: this.#log,
      time,
      simulationId: options.simulationId,
      maxFileSize: options.maxFileSize,
      batchMaxEvents: options.batchMaxEvents,
      batchMaxBytes: options.batchMaxBytes,
      fsync: options.fsync,
    })
    this.#prepare(fs, time)
    this.#log.info('event_writer_initialized', { file: this.currentFile, size: this.currentSize })
  }

  /** Makes the folder and repairs a torn last line. I/O trouble is logged, never thrown. */
  #prepare(fs: typeof nodeFs | NonNullable<WriterOptions['fs']>, time: TimeSource): void {
    const file = path.join(this.#options.outputDir, ACTIVE_FILE)
    try {
      fs.mkdirSync(this.#options.outputDir, { recursive: true })
      if (!fs.existsSync(file)) return
      const { last, repair } = repairFile(fs, file)
      this.#file.open()
      if (!repair) return
      this.#log.warning('event_file_repaired', { file, ...repair })
      if (repair.completed) return
      const clock = new EventClock(time)
      clock.advancePast(microsOf(last))
      if (last) processIds.advancePast(last.event_id)
      const micros = clock.nextMicros()
      const stamp = { id: processIds.next(Math.floor(micros / 1000)), timestamp: formatMicros(micros) }
      this.#queue.push(new RepairWarning({ ...stamp, turn: last?.turn_number ?? 0 }, repair.removedBytes))
      if (this.mode === 'sync') this.#batches.writeAllSync()
    } catch (error) {
      this.#batches.noteError(error, 0, undefined, undefined)
    }
  }

  get currentFile(): string {
    return this.#file.path
  }
  get currentSize(): number {
    return this.#file.size
  }
  get queueDepth(): number {
    return this.#queue.events
  }
  get maxQueueSize(): number {
    return this.#options.maxQueueSize
  }

  get stats(): WriterStats {
    const s = this.#stats
    return { ...s, dropped_by_type: { ...s.dropped_by_type }, queue_depth: this.#queue.events }
  }

  /** Would an event of this type be written? A set look-up. */
  admits(type: EventType): boolean {
    return admits(this.verbosity, type, this.#options.systemEvents)
  }

  /** Counts an event that the caller did not build because the level does not admit its type. */
  noteFiltered(): void {
    if (this.#stopping) this.#stats.rejected_after_stop++
    else this.#stats.filtered++
    this.#stats.emitted++
  }

  async start(): Promise<void> {
    if (this.mode === 'sync') return this.#log.info('event_writer_start_skipped')
    if (this.#started) return
    this.#started = true
    registerWriter(this)
    try {
      this.#file.open()
    } catch (error) {
      this.#batches.noteError(error, 0, undefined, undefined)
    }
    this.#log.info('event_writer_started', { file: this.currentFile })
    if (!this.#queue.isEmpty) this.#wake()
  }

  /** Takes an event into the stream, or says through the reference whom to cite instead. Never throws. */
  emit(event: SimEvent): EventRef {
    const s = this.#stats
    s.emitted++
    if (this.#stopping) {
      s.rejected_after_stop++
      return gap(event)
    }
    const run = this.#options.simulationId
    const isBuilt = isLastBuilt(event) && event.simulation_id === run
    const problem = isBuilt ? undefined : baseProblem(event, run)
    if (problem) return this.#refuse(event, problem.code, problem.message)
    if (!this.admits(event.event_type)) {
      s.filtered++
      return gap(event)
    }
    let line: string | undefined
    try {
      line = serialiseEvent(event, this.#options.maxEventBytes, isBuilt)
    } catch (error) {
      return this.#refuse(event, 'not_serialisable', (error as Error).message)
    }
    if (line === undefined) return this.#refuse(event, 'too_large', `larger than ${this.#options.maxEventBytes} bytes`)
    if (this.mode === 'sync') {
      s.accepted++
      this.#queue.push(line)
      this.#batches.writeAllSync()
      return { id: event.event_id, causeIds: [event.event_id] }
    }
    if (this.#queue.events >= this.#options.maxQueueSize) return this.#drop(event)
    if (this.#drops) {
      this.#queue.push(this.#drops)
      this.#drops = undefined
    }
    s.accepted++
    this.#queue.push(line)
    if (this.#queue.events > s.queue_high_water) s.queue_high_water = this.#queue.events
    if (this.#draining === undefined) this.#wake()
    return { id: event.event_id, causeIds: [event.event_id] }
  }

  #refuse(event: SimEvent, code: string, message: string): EventRef {
    this.#stats.invalid++
    this.#log.warning('event_invalid', { code, message })
    return gap(event)
  }

  #drop(event: SimEvent): EventRef {
    const s = this.#stats
    s.dropped++
    s.dropped_by_type[event.event_type]++
    this.#drops ??= new DropWarning(event)
    this.#drops.add(event, s.dropped)
    if (s.dropped === 1 || s.dropped % 100 === 0)
      this.#log.warning('event_queue_full_dropping', { total_dropped: s.dropped, event_id: event.event_id })
    return gap(event)
  }

  /** Starts the background task; a macrotask later, so that a burst becomes one batch and `emit` never writes. */
  #wake(): void {
    if (!this.#started || this.#draining) return
    this.#draining = new Promise<void>((resolve) => setImmediate(resolve))
      .then(() => this.#batches.writeAll())
      .finally(() => {
        this.#draining = undefined
        if (!this.#queue.isEmpty && !this.#batches.isAbandoned) this.#wake()
      })
  }

  /** Resolves when everything accepted before the call is written or counted as lost. */
  flush(): Promise<void> {
    return this.#batches.settled(this.#stats.accepted)
  }

  /** Drains, tells pending drops, closes. Never rejects; a second call returns the same statistics. */
  stop({ timeoutMs = 10_000 }: { timeoutMs?: number } = {}): Promise<WriterStats> {
    this.#stopped ??= this.#stop(timeoutMs)
    return this.#stopped
  }

  async #stop(timeoutMs: number): Promise<WriterStats> {
    this.#stopping = true
    if (this.#drops) this.#queue.push(this.#drops)
    this.#drops = undefined
    if (this.mode === 'sync') this.#batches.writeAllSync()
    else await this.#drainWithin(timeoutMs)
    unregisterWriter(this)
    await this.#batches.close()
    const stats = this.stats
    this.#log.info('event_writer_stopped', { ...stats })
    return stats
  }

  async #drainWithin(timeoutMs: number): Promise<void> {
    this.#batches.hurry()
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), timeoutMs)
    })
    const drained = (async () => {
      while (this.#draining) await this.#draining
      await this.#batches.writeAll()
      return 'drained' as const
    })()
    if ((await Promise.race([drained, late])) === 'late') {
      const remaining = this.#batches.abandon()
      this.#log.warning('event_writer_timeout', { remaining_events: remaining, timeout_ms: timeoutMs })
    }
    clearTimeout(timer)
  }

  /** Writes the queue synchronously because the process is ending. */
  emergencyDrain(limitMs: number): void {
    this.#stopping = true
    if (this.#drops) this.#queue.push(this.#drops)
    this.#drops = undefined
    this.#batches.emergency(limitMs)
    unregisterWriter(this)
  }
}

/** The reference to an event that is not in the stream: whoever cites it cites its causes. */
function gap(event: SimEvent): EventRef {
  const causes =
    isMap(event) && Array.isArray(event.caused_by)
      ? causeIds(event.caused_by.filter((id) => typeof id === 'string'))
      : []
  return { id: null, causeIds: causes }
}

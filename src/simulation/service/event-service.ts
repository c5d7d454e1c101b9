import path from 'node:path'
import { byText } from '../loop/core/json.ts'
import { formatMicros } from '../loop/core/timestamp.ts'
import { type SimEvent, VERBOSITY_LEVELS } from '../loop/events/event.ts'
import type { EventFilter } from '../loop/events/event-filter.ts'
import { isEventId } from '../loop/events/validate-event.ts'
import { type Logger, silentLogger } from '../loop/logging/logger.ts'
import type {
  CausalityResponse,
  CheckpointsResponse,
  EventsResponse,
  FacetsResponse,
  IntegrityReport,
  PlaybackResponse,
  SimulationDetail,
  SimulationStatus,
  SimulationSummary,
  StateResponse,
  StreamWarnings,
  TurnEntry,
} from '../schema.ts'
import { chainOf } from './causality.ts'
import { checkpointsOf, readStoredCheckpoint } from './checkpoints.ts'
import { facetsOf } from './facets.ts'
import { integrityOf } from './integrity.ts'
import { frameOf, framePositions } from './playback.ts'
import { FilesMoved, readEvents, readLines } from './read-events.ts'
import { listEventFiles } from './run-files.ts'
import { JsonFiles, listRunFolders, runFolder } from './run-folder.ts'
import type { RunIndex } from './run-index.ts'
import { RunScan } from './run-scan.ts'
import { type StatusOverride, statusOf, summarise } from './run-summary.ts'
import { ScanCache } from './scan-cache.ts'
import { selectAfter, selectAll, selectPage } from './select-events.ts'
import { eventNotFound, invalidParameter, ServiceError, simulationNotFound } from './service-error.ts'
import { lastCompletedTurn, stateAt } from './state-at.ts'
import { type TurnRange, turnEntry, turnSpans } from './turns.ts'
import { withoutSecrets } from './without-secrets.ts'

export type EventServiceOptions = {
  /** Folder of all runs. */
  outputRoot: string
  /** Bound of all indexes together; the least recently used go first. */
  maxIndexBytes?: number
  statusOverride?: StatusOverride
  /** Called before each look at a run, to bring what `statusOverride` knows up to date. */
  beforeLook?: () => Promise<void>
  logger?: Logger
  now?: () => number
}

export type Page = { limit?: number; offset?: number; order?: 'asc' | 'desc'; after?: string }

const DEFAULT_LIMIT = 1000
const MAX_LIMIT = 10_000
const MAX_INDEX_BYTES = 512 * 1024 * 1024
const LISTING_MS = 1000
const MAX_READ_ATTEMPTS = 5

/**
 * Answers questions about the runs below one folder from their event files alone: nothing is kept outside memory, and a run's
 * folder going away makes it unknown at the next question. Usable with and without HTTP.
 */
export class EventService {
  readonly outputRoot: string
  readonly #scans: ScanCache
  readonly #json = new JsonFiles()
  readonly #override: StatusOverride
  readonly #beforeLook: () => Promise<void>
  readonly #log: Logger
  readonly #now: () => number
  /** Summaries by run with the state of the files they were made from: an evicted index need not be built for the list. */
  readonly #summaries = new Map<string, { signature: string; summary: SimulationSummary }>()
  #listing: { at: number; ids: string[] } | undefined

  constructor(options: EventServiceOptions) {
    this.outputRoot = path.resolve(options.outputRoot)
    this.#override = options.statusOverride ?? (() => undefined)
    this.#beforeLook = options.beforeLook ?? (() => Promise.resolve())
    this.#log = options.logger ?? silentLogger
    this.#now = options.now ?? Date.now
    this.#scans = new ScanCache(
      options.maxIndexBytes ?? MAX_INDEX_BYTES,
      (id) => new RunScan(id, path.join(this.outputRoot, id)),
    )
  }

  #status(scan: RunScan): SimulationStatus {
    return statusOf(scan, this.#json, this.#override, this.#now())
  }

  /** The index of a run, up to date. Throws NOT_FOUND. */
  async #scan(id: string): Promise<RunScan> {
    await this.#beforeLook()
    const dir = runFolder(this.outputRoot, id)
    const scan = dir && (await this.#scans.fresh(id, (fresh) => this.#status(fresh) === 'running'))
    if (scan) return scan
    this.#scans.forget(id)
    this.#summaries.delete(id)
    throw simulationNotFound(id)
  }

  /** Runs `work` on an up-to-date index; again when files moved under it. */
  async #withScan<T>(id: string, work: (scan: RunScan) => Promise<T> | T): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const scan = await this.#scan(id)
      try {
        return await work(scan)
      } catch (error) {
        if (!(error instanceof FilesMoved) || attempt >= MAX_READ_ATTEMPTS) throw error
      }
    }
  }

  /** Bytes all indexes take. */
  get indexBytes(): number {
    return this.#scans.bytes
  }

  #ids(): string[] {
    if (!this.#listing || this.#now() - this.#listing.at > LISTING_MS)
      this.#listing = { at: this.#now(), ids: listRunFolders(this.outputRoot) }
    return this.#listing.ids
  }

  /** E1: all runs, newest first. A run that cannot be read is left out and logged. */
  async listSimulations(): Promise<SimulationSummary[]> {
    const summaries: SimulationSummary[] = []
    for (const id of this.#ids()) {
      try {
        const summary = await this.#summary(id)
        if (summary) summaries.push(summary)
      } catch (error) {
        if (!(error instanceof ServiceError))
          this.#log.warning('run_not_readable', { run_id: id, error: String(error) })
      }
    }
    return summaries.sort((a, b) => byText(b.start_time ?? '', a.start_time ?? '') || byText(a.id, b.id))
  }

  async #summary(id: string): Promise<SimulationSummary | undefined> {
    const files = listEventFiles(path.join(this.outputRoot, id))
    if (!files || files.length === 0) return undefined
    const signature = files
      .map(({ name, identity, size, mtimeMs }) => `${name}:${identity}:${size}:${mtimeMs}`)
      .join('|')
    const known = this.#summaries.get(id)
    // A run that may still be running is looked at again: its status depends on the time.
    if (
      known &&
      known.signature === signature &&
      known.summary.status !== 'running' &&
      known.summary.status !== 'unknown'
    )
      return known.summary
    const summary = await this.#withScan(id, (scan) => summarise(scan, this.#json, this.#status(scan)))
    this.#summaries.set(id, { signature, summary })
    return summary
  }

  /** E8: one run with configuration, result and files. */
  async getSimulation(id: string): Promise<SimulationDetail> {
    return this.#withScan(id, (scan) => {
      const { index } = scan
      const config = this.#json.read(path.join(scan.dir, 'config.json')) ?? null
      const result = this.#json.read(path.join(scan.dir, 'result.json')) ?? null
      const level = config?.['event_stream']?.verbosity ?? index.highlights.verbosity
      const names = index.highlights.agents ?? []
      return {
        ...summarise(scan, this.#json, this.#status(scan)),
        config: withoutSecrets(config),
        run_metadata: withoutSecrets(result?.['run_metadata'] ?? null),
        result: result && {
          status: result['status'] ?? null,
          checkpoints: result['checkpoints'] ?? [],
          summary_stats: result['summary_stats'] ?? null,
          event_stats: result['event_stats'] ?? null,
          ...(result['error'] ? { error: result['error'] } : {}),
        },
        verbosity: VERBOSITY_LEVELS.find((known) => known === level) ?? null,
        agents: [...new Set([...names, ...index.agentNames.names])],
        files: scan.files.map(({ name, bytes, minMicros, maxMicros, valid }) => ({
          name,
          bytes,
          first_timestamp: valid > 0 ? formatMicros(minMicros) : null,
          last_timestamp: valid > 0 ? formatMicros(maxMicros) : null,
          event_count: valid,
        })),
      }
    })
  }

  /** What a cache may tell a changed run by; undefined while it is running. */
  async getVersion(id: string): Promise<string | undefined> {
    return this.#withScan(id, (scan) => {
      if (this.#status(scan) === 'running') return undefined
      return scan.files.map(({ identity, scanned, mtimeMs }) => `${identity}:${scanned}:${mtimeMs}`).join('|')
    })
  }

  /** E2: matching events in order, a page of them. */
  async getFilteredEvents(id: string, filter: EventFilter = {}, page: Page = {}): Promise<EventsResponse> {
    const limit = page.limit ?? DEFAULT_LIMIT
    const offset = page.offset ?? 0
    if (!Number.isSafeInteger(limit) || limit < 1 || limit > MAX_LIMIT)
      throw invalidParameter('limit', `an integer from 1 to ${MAX_LIMIT}`, String(limit))
    if (!Number.isSafeInteger(offset) || offset < 0)
      throw invalidParameter('offset', 'an integer of at least 0', String(offset))
    return this.#withScan(id, async (scan) => {
      const { index } = scan
      const warnings = warningsOf(scan)
      const selected =
        page.after === undefined
          ? pageOf(index, filter, offset, limit, page.order === 'desc')
          : selectAfter(index, filter, this.#position(scan, page.after), limit)
      const events = await readEvents(scan, selected.positions)
      const last = events.at(-1)
      return {
        events,
        total: selected.total,
        has_more: selected.hasMore,
        next_after: last ? last.event_id : null,
        ...(warnings ? { warnings } : {}),
      }
    })
  }

  #position(scan: RunScan, eventId: string): number {
    const position = isEventId(eventId) ? scan.index.lookup.findId(eventId) : -1
    if (position < 0) throw eventNotFound(eventId, scan.runId)
    return position
  }

  /** E3. Throws NOT_FOUND. */
  async getEventById(id: string, eventId: string): Promise<SimEvent> {
    return this.#withScan(id, async (scan) => (await readEvents(scan, [this.#position(scan, eventId)]))[0]!)
  }

  /** E4: what led to an event and what it led to, at most `depth` links away. */
  async getCausalityChain(id: string, eventId: string, depth = 5): Promise<CausalityResponse> {
    if (!Number.isSafeInteger(depth) || depth < 1)
      throw invalidParameter('depth', 'an integer of at least 1', String(depth))
    return this.#withScan(id, async (scan) => {
      const { index } = scan
      const start = this.#position(scan, eventId)
      const chain = chainOf(index, start, depth)
      const all = [...new Set([start, ...chain.upstream, ...chain.downstream])].sort((a, b) => a - b)
      const events = await readEvents(scan, all)
      const byPosition = new Map(all.map((position, i) => [position, events[i]!]))
      const pick = (positions: readonly number[]) => positions.map((position) => byPosition.get(position)!)
      return {
        event_id: eventId,
        event: byPosition.get(start)!,
        upstream: pick(chain.upstream),
        downstream: pick(chain.downstream),
        edges: chain.edges.map(([cause, effect]) => [index.ids.get(cause), index.ids.get(effect)]),
        missing: missingCauses(index, events),
        truncated: chain.truncated,
      }
    })
  }

  /** E9: one entry for every turn that has events. */
  async getTurns(id: string, range: TurnRange = {}): Promise<TurnEntry[]> {
    return this.#withScan(id, ({ index }) => turnSpans(index, range).map((span) => turnEntry(index, span)))
  }

  /** E10: what happened turn by turn, ready to animate. */
  async getPlayback(id: string, range: TurnRange = {}, limit = 50): Promise<PlaybackResponse> {
    return this.#withScan(id, async (scan) => {
      const { index } = scan
      const spans = turnSpans(index, range, { most: limit + 1 })
      const shown = spans.slice(0, limit)
      const bounds = { turnStart: shown[0]?.turn, turnEnd: shown.at(-1)?.turn }
      const full = shown.length === 0 ? [] : turnSpans(index, bounds, { withPositions: true })
      const frames = []
      for (const span of full) frames.push(frameOf(index, span, await readEvents(scan, framePositions(index, span))))
      return { frames, has_more: spans.length > shown.length }
    })
  }

  /** E11: the state after a turn, by default the last completed one. Throws NOT_FOUND past the end. */
  async getState(id: string, turn?: number): Promise<StateResponse> {
    return this.#withScan(id, async (scan) => {
      const wanted = turn ?? lastCompletedTurn(scan.index)
      const found = await stateAt(scan, wanted, (positions) => readEvents(scan, positions))
      if (!found) throw new ServiceError('NOT_FOUND', `Simulation ${id} has no turn ${wanted}`)
      return found
    })
  }

  /** E12: turns with a checkpoint. */
  async getCheckpoints(id: string): Promise<CheckpointsResponse> {
    return this.#withScan(id, ({ dir }) => checkpointsOf(dir))
  }

  /** E12: a checkpoint as stored. Throws NOT_FOUND. */
  async getCheckpoint(id: string, turn: string): Promise<string> {
    return this.#withScan(id, ({ dir }) => {
      const content = readStoredCheckpoint(dir, turn)
      if (content === undefined) throw new ServiceError('NOT_FOUND', `Simulation ${id} has no checkpoint ${turn}`)
      return content
    })
  }

  /** E13. */
  async getFacets(id: string): Promise<FacetsResponse> {
    return this.#withScan(id, ({ index }) => facetsOf(index))
  }

  /** E14. */
  async getIntegrity(id: string): Promise<IntegrityReport> {
    return this.#withScan(id, (scan) => {
      const open = new Set(scan.files.filter(({ bytes, scanned }) => bytes > scanned).map(({ name }) => name))
      return integrityOf(scan, (name) => open.has(name))
    })
  }

  /** E15: stored lines of all matches in order. The first line is ready when the promise resolves. */
  async exportLines(id: string, filter: EventFilter): Promise<AsyncIterableIterator<string>> {
    return this.#withScan(id, (scan) => started(readLines(scan, selectAll(scan.index, filter))))
  }

  /** The index for a live tail: status and positions beside the events. */
  async follow<T>(id: string, work: (scan: RunScan, status: SimulationStatus) => Promise<T> | T): Promise<T> {
    return this.#withScan(id, (scan) => work(scan, this.#status(scan)))
  }
}

function pageOf(index: RunIndex, filter: EventFilter, offset: number, limit: number, descending: boolean) {
  const { positions, total } = selectPage(index, filter, { offset, limit, descending })
  return { positions, total, hasMore: offset + positions.length < total }
}

function warningsOf(scan: RunScan): StreamWarnings | undefined {
  const warnings = {
    corrupted_lines: scan.corrupted,
    duplicates: scan.duplicates,
    foreign_ids: scan.index.foreignIds,
  }
  return Object.values(warnings).some((count) => count > 0) ? warnings : undefined
}

/** Reads the first line now, while the index it was selected with is the one in use: what moved meanwhile is noticed here. */
async function started(lines: AsyncGenerator<string>): Promise<AsyncIterableIterator<string>> {
  let first: IteratorResult<string> | undefined = await lines.next()
  const all: AsyncIterableIterator<string> = {
    next() {
      const given = first
      first = undefined
      return given ? Promise.resolve(given) : lines.next()
    },
    return: () => lines.return(undefined),
    [Symbol.asyncIterator]: () => all,
  }
  return all
}

/** Ids the returned events cite that the run does not have. */
function missingCauses(index: RunIndex, events: readonly SimEvent[]): string[] {
  const missing = new Set<string>()
  for (const { caused_by: causes } of events)
    for (const cause of causes ?? []) if (index.lookup.findId(cause) < 0) missing.add(cause)
  return [...missing]
}

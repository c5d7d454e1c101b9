import { setTimeout as sleep } from 'node:timers/promises'
import { type Cursor, type EventReader, MAX_TRAVERSED, type Traversal } from '../../kernel/events/reader.ts'
import type { EventFilter, EventLevel, TroupeEvent } from '../../kernel/events/schema.ts'
import { parseMicros } from '../loop/core/timestamp.ts'
import { EVENT_TYPES, type SimEvent, VERBOSITY_LEVELS } from '../loop/events/event.ts'
import { isEventId } from '../loop/events/validate-event.ts'
import { causesOf, effectsOf, reach } from './causality.ts'
import type { EventService } from './event-service.ts'
import { readEvents } from './read-events.ts'
import { MARK, markOfKind, type RunIndex, typeOfKind } from './run-index.ts'
import type { RunScan } from './run-scan.ts'
import { chronological, forEachMatch, type IndexFilter } from './select-events.ts'
import { ServiceError } from './service-error.ts'

const POLL_MS = 100
const BATCH = 500
/** Cursor before the first event. */
const BEGIN = 'begin'
const DOMAIN = 'simulation'
const TYPES = EVENT_TYPES.map((type) => `${DOMAIN}.${type.toLowerCase()}`)

/** SYSTEM events are details, but that the stream is incomplete concerns everybody. */
function levelOfKind(kind: number): EventLevel {
  const type = EVENT_TYPES[typeOfKind(kind)]!
  if (type !== 'SYSTEM') return type
  const mark = markOfKind(kind)
  const isWarning = mark === MARK.events_dropped || mark === MARK.events_lost || mark === MARK.stream_repaired
  return isWarning ? 'MILESTONE' : 'DETAIL'
}

/**
 * The JSONL stream of one run as the kernel's EventReader: a run's events answer the questions the platform's own events do.
 * The run is one stream, `simulation:<run id>`, numbered from 1 in order of time; a run that is not there (yet) is an empty one.
 */
export function createRunReader(service: EventService, runId: string): EventReader {
  const stream = `${DOMAIN}:${runId}`

  const look = async <T>(work: (scan: RunScan) => Promise<T> | T, absent: T): Promise<T> => {
    try {
      return await service.follow(runId, work)
    } catch (error) {
      if (error instanceof ServiceError && error.code === 'NOT_FOUND') return absent
      throw error
    }
  }

  const present = (index: RunIndex, position: number, seq: number, event: SimEvent): TroupeEvent => ({
    id: event.event_id,
    at: microTime(event.timestamp),
    domain: DOMAIN,
    type: `${DOMAIN}.${event.event_type.toLowerCase()}`,
    level: levelOfKind(index.kind.get(position)),
    stream,
    seq,
    run_id: runId,
    agent_id: event.agent_id ?? null,
    actor: event.agent_id ?? DOMAIN,
    correlation_id: runId,
    causes: [...(event.caused_by ?? [])],
    summary: event.description ?? '',
    data: { turn: event.turn_number, ...event.details },
  })

  /** Events at positions, in the order given. */
  const read = async (scan: RunScan, positions: readonly number[]): Promise<TroupeEvent[]> => {
    const { index } = scan
    const sorted = [...positions].sort((a, b) => a - b)
    const events = await readEvents(scan, sorted)
    const byPosition = new Map(sorted.map((position, i) => [position, events[i]!]))
    const ranks = ranksOf(index, positions)
    return positions.map((position, i) => present(index, position, ranks[i]! + 1, byPosition.get(position)!))
  }

  const walk = (id: string, depth: number, next: typeof causesOf): Promise<Traversal[]> =>
    look(async (scan) => {
      const start = isEventId(id) ? scan.index.lookup.findId(id) : -1
      if (start < 0) return []
      const { found, hops } = reach(scan.index, start, depth, next, MAX_TRAVERSED)
      const events = await read(scan, found)
      let hop = 0
      return events.map((event, i) => {
        while (hop < hops.length && hops[hop]! <= i) hop++
        return { event, depth: hop }
      })
    }, [])

  /** Where following goes on; -1 for a cursor that is none. */
  const placeOf = (index: RunIndex, cursor: Cursor): number => {
    if (cursor === BEGIN) return 0
    const position = isEventId(cursor) ? index.lookup.findId(cursor) : -1
    return position < 0 ? -1 : position + 1
  }

  async function* follow(from: Cursor | undefined, signal: AbortSignal) {
    if (from !== undefined && from !== BEGIN && !isEventId(from)) throw new RangeError(`not an event cursor: ${from}`)
    let cursor = from
    while (!signal.aborted) {
      const step = await stepFrom(cursor)
      cursor = step.cursor
      if (step.events.length > 0) yield { events: step.events, cursor }
      if (step.isFull) continue
      // The abort is what ends the wait: not an error.
      await sleep(POLL_MS, undefined, { signal }).catch(() => undefined)
    }
  }

  const stepFrom = (cursor: Cursor | undefined): Promise<{ events: TroupeEvent[]; cursor: Cursor; isFull: boolean }> =>
    look(
      async (scan) => {
        const { index } = scan
        const { length } = index
        const from = cursor === undefined ? length : placeOf(index, cursor)
        if (from < 0) throw new RangeError(`not an event cursor of ${runId}: ${cursor}`)
        const to = Math.min(length, from + BATCH)
        const events = await read(
          scan,
          Array.from({ length: to - from }, (_, i) => from + i),
        )
        return { events, cursor: to === 0 ? BEGIN : index.ids.get(to - 1), isFull: to < length }
      },
      { events: [], cursor: cursor ?? BEGIN, isFull: false },
    )

  return {
    async page(filter, { limit, after, ascending = false }) {
      if (!isAbout(filter, runId, stream)) return { events: [], next_cursor: null }
      return look(
        async (scan) => {
          const { index } = scan
          const start = after === undefined ? undefined : isEventId(after) ? index.lookup.findId(after) : -1
          if (start === -1) return { events: [], next_cursor: null }
          const positions = select(index, filter, Math.trunc(limit) + 1, start, ascending)
          const events = await read(scan, positions.slice(0, limit))
          return { events, next_cursor: positions.length > limit ? (events.at(-1)?.id ?? null) : null }
        },
        { events: [], next_cursor: null },
      )
    },
    one: (id) =>
      look(async (scan) => {
        const position = isEventId(id) ? scan.index.lookup.findId(id) : -1
        return position < 0 ? undefined : (await read(scan, [position]))[0]
      }, undefined),
    causes: (id, depth) => walk(id, depth, causesOf),
    effects: (id, depth) => walk(id, depth, effectsOf),
    follow,
  }
}

/** `…ffffff+00:00` and whatever else was written -> `…ffffffZ`. */
function microTime(timestamp: string): string {
  if (timestamp.length === 32 && timestamp.endsWith('+00:00')) return `${timestamp.slice(0, 26)}Z`
  const micros = parseMicros(timestamp)
  const millis = Math.floor(micros / 1000)
  return `${new Date(millis).toISOString().slice(0, -1)}${String(micros - millis * 1000).padStart(3, '0')}Z`
}

/** Rank in time of each position. */
function ranksOf(index: RunIndex, positions: readonly number[]): readonly number[] {
  const order = chronological(index)
  if (!order || positions.length === 0) return positions
  const wanted = new Map(positions.map((position) => [position, 0]))
  for (let rank = 0; rank < order.length; rank++) if (wanted.has(order[rank]!)) wanted.set(order[rank]!, rank)
  return positions.map((position) => wanted.get(position)!)
}

/** Whether the criteria that are the same for all events of a run hold for this one. */
const isAbout = (filter: EventFilter, runId: string, stream: string): boolean =>
  (filter.domain ?? DOMAIN) === DOMAIN &&
  (filter.stream ?? stream) === stream &&
  (filter.run_id ?? runId) === runId &&
  (filter.correlation_id ?? runId) === runId

function boundOf(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined
  const micros = parseMicros(text, true)
  if (Number.isNaN(micros)) throw new RangeError(`not a date-time: ${text}`)
  return micros
}

/** Positions of the first `limit` matches beyond `start` in the wanted direction. */
function select(
  index: RunIndex,
  filter: EventFilter,
  limit: number,
  start: number | undefined,
  ascending: boolean,
): number[] {
  const map = matchMap(index, filter)
  const order = chronological(index)
  const found: number[] = []
  const { length } = map
  for (let i = 0; i < length && found.length < limit; i++) {
    const rank = ascending ? i : length - 1 - i
    const position = order ? order[rank]! : rank
    if (map[position] !== 1) continue
    if (start !== undefined) {
      const beyond = order ? index.compare(position, start) : position - start
      if (ascending ? beyond <= 0 : beyond >= 0) continue
    }
    found.push(position)
  }
  return found
}

/** One byte an event: 1 where it matches. */
function matchMap(index: RunIndex, filter: EventFilter): Uint8Array {
  const levels = filter.level && VERBOSITY_LEVELS.slice(0, VERBOSITY_LEVELS.indexOf(filter.level) + 1)
  const types = filter.type?.length ? filter.type : undefined
  const isKind = (kind: number) =>
    (!levels || levels.includes(levelOfKind(kind))) && (!types || types.includes(TYPES[typeOfKind(kind)]!))
  const columns: IndexFilter = {
    startMicros: boundOf(filter.from),
    endMicros: boundOf(filter.to),
    agentIds: filter.agent_id ? [filter.agent_id] : undefined,
    agentMatch: 'actor',
    isKind: levels || types ? isKind : undefined,
  }
  const map = new Uint8Array(index.length)
  const mark = (query: IndexFilter) =>
    forEachMatch(index, query, map.length, (position) => {
      map[position] = 1
    })
  const q = filter.q?.toLowerCase()
  mark({ ...columns, text: q || undefined })
  // As in PostgreSQL, the text may also be part of the type.
  if (q && TYPES.some((type) => type.includes(q)))
    mark({ ...columns, isKind: (kind) => isKind(kind) && (TYPES[typeOfKind(kind)]?.includes(q) ?? false) })
  return map
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { SimEvent } from '../loop/events/event.ts'
import type { EventFilter } from '../loop/events/event-filter.ts'
import type { SimulationStatus } from '../schema.ts'
import type { EventService } from './event-service.ts'
import { FilesMoved, readLines } from './read-events.ts'
import { MARK, markOfKind } from './run-index.ts'
import type { RunScan } from './run-scan.ts'
import { forEachMatch } from './select-events.ts'
import { eventNotFound } from './service-error.ts'

/** One server-sent message; only events carry an id. */
export type TailMessage = { id?: string; event: 'event' | 'turn' | 'gap' | 'end'; data: string }

export type TailStart = { from: 'now' | 'start' } | { after: string }

const POLL_MS = 100
/** Events a client may lag behind once it has caught up. */
const CLIENT_BUFFER = 10_000
/** Events taken per step, so that a long replay neither fills memory nor starves others. */
const STEP = 2000

type Look = { scan: RunScan; status: SimulationStatus; length: number }

/** Looks at a growing run once for all who follow it. */
class Watch {
  readonly #service: EventService
  readonly #id: string
  #next: Promise<Look> | undefined

  constructor(service: EventService, id: string) {
    this.#service = service
    this.#id = id
  }

  now(): Promise<Look> {
    return this.#service.follow(this.#id, (scan, status) => ({ scan, status, length: scan.index.length }))
  }

  /** The run after the next poll; everybody waiting shares it. */
  later(): Promise<Look> {
    this.#next ??= sleep(POLL_MS)
      .then(() => this.now())
      .finally(() => {
        this.#next = undefined
      })
    return this.#next
  }
}

type Cursor = {
  scan: RunScan
  /** Index generation: positions of another one mean nothing. */
  index: RunScan['index']
  position: number
  /** Id of the last event passed, to find the place again in a rebuilt index. */
  lastId: string | undefined
}

/** Follows runs: one watch a run, any number of clients. */
export class TailService {
  readonly #service: EventService
  readonly #watches = new Map<string, { watch: Watch; clients: number }>()

  constructor(service: EventService) {
    this.#service = service
  }

  /**
   * Messages in batches, one batch a poll at most. The generator ends after `end`, or when the signal aborts. Throws NOT_FOUND
   * before the first batch for an unknown run or start event. Whoever takes batches slowly is told what was skipped.
   */
  async open(
    id: string,
    filter: EventFilter,
    start: TailStart,
    signal: AbortSignal,
  ): Promise<AsyncGenerator<TailMessage[]>> {
    const entry = this.#watches.get(id) ?? { watch: new Watch(this.#service, id), clients: 0 }
    const look = await entry.watch.now()
    const cursor = place(look, start)
    this.#watches.set(id, entry)
    entry.clients++
    return this.#follow(id, entry.watch, filter, cursor, look, signal)
  }

  async *#follow(id: string, watch: Watch, filter: EventFilter, cursor: Cursor, first: Look, signal: AbortSignal) {
    let look = first
    let hasCaughtUp = cursor.position >= look.length
    try {
      while (!signal.aborted) {
        reposition(cursor, look)
        const skipped = hasCaughtUp ? skipIfSlow(cursor, look, filter) : undefined
        if (skipped) yield [skipped]
        let moved = false
        while (cursor.position < look.length && !signal.aborted && !moved) {
          const batch = await take(cursor, filter, Math.min(look.length, cursor.position + STEP))
          if (batch === undefined) moved = true
          else if (batch.length > 0) yield batch
        }
        if (moved) {
          look = await watch.later()
          continue
        }
        hasCaughtUp = true
        if (look.status !== 'running') {
          const again = await watch.now()
          if (again.status !== 'running' && again.length <= cursor.position && again.scan.index === cursor.index) {
            yield [{ event: 'end' as const, data: JSON.stringify({ status: again.status }) }]
            return
          }
          look = again
          continue
        }
        look = await watch.later()
      }
    } finally {
      const entry = this.#watches.get(id)
      if (entry && --entry.clients === 0) this.#watches.delete(id)
    }
  }
}

function place({ scan, length }: Look, start: TailStart): Cursor {
  const { index } = scan
  if ('from' in start) return { scan, index, position: start.from === 'start' ? 0 : length, lastId: undefined }
  const position = index.lookup.findId(start.after)
  if (position < 0) throw eventNotFound(start.after, scan.runId)
  return { scan, index, position: position + 1, lastId: start.after }
}

/** The index was rebuilt (files replaced, or evicted meanwhile): find the place again by the last event passed. */
function reposition(cursor: Cursor, { scan }: Look): void {
  cursor.scan = scan
  if (scan.index === cursor.index) return
  cursor.index = scan.index
  cursor.position = cursor.lastId === undefined ? 0 : scan.index.lookup.findId(cursor.lastId) + 1
}

function skipIfSlow(cursor: Cursor, { length }: Look, filter: EventFilter): TailMessage | undefined {
  if (length - cursor.position <= CLIENT_BUFFER) return undefined
  let skipped = 0
  forEachMatch(cursor.index, filter, length, () => skipped++, cursor.position)
  if (skipped <= CLIENT_BUFFER) return undefined
  cursor.position = length
  cursor.lastId = cursor.index.ids.get(length - 1)
  return { event: 'gap', data: JSON.stringify({ reason: 'client_too_slow', skipped }) }
}

/** Messages for the events from the cursor to before `end`, in order; undefined when the files moved: look again. */
async function take(cursor: Cursor, filter: EventFilter, end: number): Promise<TailMessage[] | undefined> {
  try {
    return await messagesTo(cursor, filter, end)
  } catch (error) {
    if (error instanceof FilesMoved) return undefined
    throw error
  }
}

async function messagesTo(cursor: Cursor, filter: EventFilter, end: number): Promise<TailMessage[]> {
  const { index, scan } = cursor
  const wanted = new Set<number>()
  forEachMatch(index, filter, end, (position) => wanted.add(position), cursor.position)
  const told: number[] = []
  for (let position = cursor.position; position < end; position++) {
    const mark = markOfKind(index.kind.get(position))
    const isGap = mark === MARK.events_dropped || mark === MARK.events_lost
    if (wanted.has(position) || mark === MARK.turn_end || isGap) told.push(position)
  }
  const readable = told.filter(
    (position) => wanted.has(position) || markOfKind(index.kind.get(position)) !== MARK.turn_end,
  )
  const lines = new Map<number, string>()
  let i = 0
  for await (const line of readLines(scan, readable)) lines.set(readable[i++]!, line)
  const messages: TailMessage[] = []
  for (const position of told) {
    const line = lines.get(position)
    if (wanted.has(position)) messages.push({ id: index.ids.get(position), event: 'event', data: line! })
    const mark = markOfKind(index.kind.get(position))
    if (mark === MARK.turn_end)
      messages.push({ event: 'turn', data: JSON.stringify({ turn: index.turn.get(position) }) })
    else if (line && (mark === MARK.events_dropped || mark === MARK.events_lost)) messages.push(gapOf(JSON.parse(line)))
  }
  cursor.position = end
  cursor.lastId = index.ids.get(end - 1)
  return messages
}

const gapOf = ({ details = {} }: SimEvent): TailMessage => ({
  event: 'gap',
  data: JSON.stringify({ reason: details['system_event_type'], ...details }),
})

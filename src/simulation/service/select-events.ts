import { EVENT_TYPES } from '../loop/events/event.ts'
import type { EventFilter } from '../loop/events/event-filter.ts'
import { CHUNK } from './column.ts'
import type { RunIndex } from './run-index.ts'

/** Positions in the order of (timestamp, id); undefined while that is the order they are in anyway. */
const orders = new WeakMap<RunIndex, { length: number; order: Uint32Array }>()

export function chronological(index: RunIndex): Uint32Array | undefined {
  if (index.isSorted) return undefined
  const known = orders.get(index)
  if (known?.length === index.length) return known.order
  const order = new Uint32Array(index.length).map((_, i) => i)
  order.sort((a, b) => index.compare(a, b) || a - b)
  orders.set(index, { length: index.length, order })
  return order
}

type Test = (position: number) => boolean

/** The filter as a test of one chunk's columns; undefined when it lets everything pass. */
function chunkTest(
  index: RunIndex,
  filter: EventFilter,
  isWanted: Uint8Array | undefined,
  chunk: number,
): Test | undefined {
  const tests: Test[] = []
  const base = chunk * CHUNK
  if (filter.eventTypes && filter.eventTypes.length > 0) {
    const types = new Set(filter.eventTypes.map((type) => EVENT_TYPES.indexOf(type)))
    const allowed = Uint8Array.from({ length: 256 }, (_, kind) => (types.has(kind & 7) ? 1 : 0))
    const kinds = index.kind.chunks[chunk]!
    tests.push((i) => allowed[kinds[i]!] === 1)
  }
  if (filter.turnStart !== undefined || filter.turnEnd !== undefined) {
    const turns = index.turn.chunks[chunk]!
    const [low, high] = [filter.turnStart ?? 0, filter.turnEnd ?? Number.POSITIVE_INFINITY]
    tests.push((i) => turns[i]! >= low && turns[i]! <= high)
  }
  if (filter.startMicros !== undefined || filter.endMicros !== undefined) {
    const micros = index.micros.chunks[chunk]!
    const [low, high] = [filter.startMicros ?? Number.NEGATIVE_INFINITY, filter.endMicros ?? Number.POSITIVE_INFINITY]
    tests.push((i) => micros[i]! >= low && micros[i]! <= high)
  }
  const agents = filter.agentIds && filter.agentIds.length > 0 ? combinationsOf(index, filter) : undefined
  if (agents) {
    const combinations = index.agents.chunks[chunk]!
    tests.push((i) => agents[combinations[i]!] === 1)
  }
  if (isWanted) tests.push((i) => isWanted[base + i] === 1)
  const [a, b, ...more] = tests
  if (!a) return undefined
  if (!b) return a
  return more.length === 0 ? (i) => a(i) && b(i) : (i) => a(i) && b(i) && more.every((test) => test(i))
}

/** One byte per combination of agents: 1 where the filter wants it. */
function combinationsOf(index: RunIndex, { agentIds, agentMatch }: EventFilter): Uint8Array {
  const wanted = new Set((agentIds ?? []).map((name) => index.agentNames.find(name)))
  return Uint8Array.from(index.combinations, ({ actor, involved }) =>
    (agentMatch === 'actor' ? wanted.has(actor) : involved.some((agent) => wanted.has(agent))) ? 1 : 0,
  )
}

/** Calls back with the position of every match from `from` to before `length`, in the order of the stream. */
export function forEachMatch(
  index: RunIndex,
  filter: EventFilter,
  length: number,
  visit: (position: number) => void,
  from = 0,
): void {
  const { text, ...columns } = filter
  const isWanted = text ? textMatches(index, columns, text, from, length) : undefined
  for (let chunk = Math.floor(from / CHUNK); chunk * CHUNK < length; chunk++) {
    const base = chunk * CHUNK
    const start = Math.max(0, from - base)
    const end = Math.min(CHUNK, length - base)
    const test = chunkTest(index, columns, isWanted, chunk)
    if (!test) for (let i = start; i < end; i++) visit(base + i)
    else for (let i = start; i < end; i++) if (test(i)) visit(base + i)
  }
}

/** Searches only blocks that hold a match of the other criteria. */
function textMatches(index: RunIndex, columns: EventFilter, text: string, first: number, length: number): Uint8Array {
  const tests = new Map<number, Test | undefined>()
  const testOf = (chunk: number) => {
    if (!tests.has(chunk)) tests.set(chunk, chunkTest(index, columns, undefined, chunk))
    return tests.get(chunk)
  }
  return index.text.search(text, length, (from, to) => {
    for (let i = Math.max(first, from); i < to; i++) {
      const test = testOf(Math.floor(i / CHUNK))
      if (!test || test(i % CHUNK)) return true
    }
    return false
  })
}

/** One byte an event: 1 where it matches. */
function matchMap(index: RunIndex, filter: EventFilter, length: number): Uint8Array {
  const map = new Uint8Array(length)
  forEachMatch(index, filter, length, (position) => {
    map[position] = 1
  })
  return map
}

export type Selection = { positions: number[]; total: number }

/**
 * One page of matches in chronological order (or its reverse) and how many there are in all. The index may grow meanwhile:
 * only its first `length` events count.
 */
export function selectPage(
  index: RunIndex,
  filter: EventFilter,
  page: { offset: number; limit: number; descending: boolean },
  length = index.length,
): Selection {
  const order = chronological(index)
  const positions: number[] = []
  let total = 0
  if (!order && !page.descending) {
    const stop = page.offset + page.limit
    forEachMatch(index, filter, length, (position) => {
      if (total >= page.offset && total < stop) positions.push(position)
      total++
    })
    return { positions, total }
  }
  const map = matchMap(index, filter, length)
  const last = page.offset + page.limit
  for (let i = 0; i < length; i++) {
    const rank = page.descending ? length - 1 - i : i
    const position = order ? order[rank]! : rank
    if (map[position] !== 1) continue
    if (total >= page.offset && total < last) positions.push(position)
    total++
  }
  return { positions, total }
}

/** Matches after an event, in chronological order, with the total of the whole run and whether more follow. */
export function selectAfter(
  index: RunIndex,
  filter: EventFilter,
  after: number,
  limit: number,
): Selection & { hasMore: boolean } {
  const order = chronological(index)
  const map = matchMap(index, filter, index.length)
  const positions: number[] = []
  let total = 0
  let hasMore = false
  for (let rank = 0; rank < index.length; rank++) {
    const position = order ? order[rank]! : rank
    if (map[position] !== 1) continue
    total++
    const isAfter = order ? index.compare(position, after) > 0 : position > after
    if (!isAfter) continue
    if (positions.length < limit) positions.push(position)
    else hasMore = true
  }
  return { positions, total, hasMore }
}

/** Every match in chronological order. */
export function selectAll(index: RunIndex, filter: EventFilter): number[] {
  return selectPage(index, filter, { offset: 0, limit: Number.POSITIVE_INFINITY, descending: false }).positions
}

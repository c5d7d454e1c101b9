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

/** What the index can also tell apart: the kind byte holds more than the type. */
export type IndexFilter = EventFilter & { isKind?: ((kind: number) => boolean) | undefined }

/** First of the first `length` numbers of an ascending column that is at least `bound`. */
function lowerBound(column: { get(i: number): number }, bound: number, length: number): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (column.get(middle) < bound) low = middle + 1
    else high = middle
  }
  return low
}

/** Positions outside of [from, to) cannot match: the columns in order tell without a look at the events. */
export function windowOf(
  index: RunIndex,
  { turnStart, turnEnd, startMicros, endMicros }: EventFilter,
  length = index.length,
): [from: number, to: number] {
  let [from, to] = [0, length]
  if (index.turnsSorted) {
    if (turnStart !== undefined) from = lowerBound(index.turn, turnStart, length)
    if (turnEnd !== undefined) to = lowerBound(index.turn, turnEnd + 1, length)
  }
  if (index.isSorted) {
    if (startMicros !== undefined) from = Math.max(from, lowerBound(index.micros, startMicros, length))
    if (endMicros !== undefined) to = Math.min(to, lowerBound(index.micros, endMicros + 1, length))
  }
  return [from, Math.max(from, to)]
}

/** A filter ready to run over columns: tables and bounds instead of lists and options. */
type Plan = {
  window: readonly [from: number, to: number]
  /** Per kind byte: 1 where the type is wanted. */
  kinds: Uint8Array | undefined
  turns: readonly [number, number] | undefined
  micros: readonly [number, number] | undefined
  /** Per combination of agents: 1 where it is wanted. */
  agents: Uint8Array | undefined
  /** Per position: 1 where the text is found. */
  text: Uint8Array | undefined
}

function planOf(index: RunIndex, filter: IndexFilter, text: Uint8Array | undefined): Plan {
  const types = filter.eventTypes?.length
    ? new Set(filter.eventTypes.map((type) => EVENT_TYPES.indexOf(type)))
    : undefined
  const { isKind } = filter
  const { turnStart, turnEnd, startMicros, endMicros } = filter
  const hasTurns = turnStart !== undefined || turnEnd !== undefined
  const hasTime = startMicros !== undefined || endMicros !== undefined
  return {
    window: windowOf(index, filter),
    kinds:
      types || isKind
        ? Uint8Array.from({ length: 256 }, (_, kind) =>
            (types?.has(kind & 7) ?? true) && (isKind?.(kind) ?? true) ? 1 : 0,
          )
        : undefined,
    turns: hasTurns ? [turnStart ?? 0, turnEnd ?? Number.POSITIVE_INFINITY] : undefined,
    micros: hasTime ? [startMicros ?? Number.NEGATIVE_INFINITY, endMicros ?? Number.POSITIVE_INFINITY] : undefined,
    agents: filter.agentIds?.length ? combinationsOf(index, filter) : undefined,
    text,
  }
}

/** One loop over the columns of a chunk with all tests in it: a third of the time of a function per test. */
function scanChunk(
  index: RunIndex,
  plan: Plan,
  chunk: number,
  from: number,
  to: number,
  visit: (position: number) => void,
): void {
  const kinds = index.kind.chunks[chunk]!
  const turns = index.turn.chunks[chunk]!
  const micros = index.micros.chunks[chunk]!
  const combinations = index.agents.chunks[chunk]!
  const base = chunk * CHUNK
  const { kinds: wantedKinds, agents: wantedAgents, text } = plan
  const [lowTurn, highTurn] = plan.turns ?? [0, 0]
  const [lowMicros, highMicros] = plan.micros ?? [0, 0]
  const hasTurns = plan.turns !== undefined
  const hasMicros = plan.micros !== undefined
  for (let i = from; i < to; i++) {
    if (wantedKinds !== undefined && wantedKinds[kinds[i]!] === 0) continue
    if (hasTurns && (turns[i]! < lowTurn || turns[i]! > highTurn)) continue
    if (hasMicros && (micros[i]! < lowMicros || micros[i]! > highMicros)) continue
    if (wantedAgents !== undefined && wantedAgents[combinations[i]!] === 0) continue
    if (text !== undefined && text[base + i] === 0) continue
    visit(base + i)
  }
}

function scan(index: RunIndex, plan: Plan, first: number, end: number, visit: (position: number) => void): void {
  const from = Math.max(first, plan.window[0])
  const length = Math.min(end, plan.window[1])
  for (let chunk = Math.floor(from / CHUNK); chunk * CHUNK < length; chunk++) {
    const base = chunk * CHUNK
    scanChunk(index, plan, chunk, Math.max(0, from - base), Math.min(CHUNK, length - base), visit)
  }
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
  filter: IndexFilter,
  length: number,
  visit: (position: number) => void,
  from = 0,
): void {
  const { text, ...columns } = filter
  const found = text ? textMatches(index, columns, text, from, length) : undefined
  scan(index, planOf(index, columns, found), from, length, visit)
}

/** Searches only blocks that hold a match of the other criteria. */
function textMatches(index: RunIndex, columns: IndexFilter, text: string, first: number, length: number): Uint8Array {
  const plan = planOf(index, columns, undefined)
  return index.text.search(text, length, (from, to) => {
    let isWanted = false
    if (to > first)
      scan(index, plan, Math.max(first, from), to, () => {
        isWanted = true
      })
    return isWanted
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
export type PageRange = { offset: number; limit: number; descending: boolean }

/** How many match, where the index has counted already: then a page need not look at the rest. */
function knownTotal(index: RunIndex, filter: IndexFilter, plan: Plan): number | undefined {
  if (plan.text || filter.isKind) return undefined
  const [from, to] = plan.window
  const isWhole = from === 0 && to === index.length
  const inWindow = (!plan.turns || index.turnsSorted) && (!plan.micros || index.isSorted)
  if (!plan.kinds && !plan.agents) return inWindow ? to - from : undefined
  if (!isWhole || !inWindow || (plan.kinds && plan.agents)) return undefined
  if (plan.agents) return index.combinationCounts.reduce((sum, count, i) => sum + count * plan.agents![i]!, 0)
  return index.typeCounts.reduce((sum, count, i) => sum + count * plan.kinds![i]!, 0)
}

/** Chunk by chunk from the wanted end: matches are counted, and listed only where the page lies. */
function pageInOrder(index: RunIndex, filter: IndexFilter, { offset, limit, descending }: PageRange): Selection {
  const { text, ...columns } = filter
  const found = text ? textMatches(index, columns, text, 0, index.length) : undefined
  const plan = planOf(index, columns, found)
  const known = knownTotal(index, filter, plan)
  const [from, to] = plan.window
  const [firstChunk, lastChunk] = [Math.floor(from / CHUNK), Math.floor((to - 1) / CHUNK)]
  const positions: number[] = []
  let total = 0
  for (let step = 0; step <= lastChunk - firstChunk; step++) {
    if (known !== undefined && total >= offset + limit) break
    const chunk = descending ? lastChunk - step : firstChunk + step
    const [start, end] = [chunk * CHUNK, (chunk + 1) * CHUNK]
    let count = 0
    scan(index, plan, start, end, () => {
      count++
    })
    if (total < offset + limit && total + count > offset) {
      const hits: number[] = []
      scan(index, plan, start, end, (position) => hits.push(position))
      if (descending) hits.reverse()
      for (const hit of hits.slice(Math.max(0, offset - total), offset + limit - total)) positions.push(hit)
    }
    total += count
  }
  return { positions, total: known ?? total }
}

/** One page of matches in chronological order (or its reverse) and how many there are in all. */
export function selectPage(index: RunIndex, filter: IndexFilter, page: PageRange): Selection {
  const order = chronological(index)
  if (!order) return pageInOrder(index, filter, page)
  const map = matchMap(index, filter, index.length)
  const positions: number[] = []
  let total = 0
  const last = page.offset + page.limit
  for (let i = 0; i < order.length; i++) {
    const position = order[page.descending ? order.length - 1 - i : i]!
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

import { formatMicros } from '../loop/core/timestamp.ts'
import { EVENT_TYPES } from '../loop/events/event.ts'
import type { TurnEntry } from '../schema.ts'
import { MARK, markOfKind, type RunIndex, typeOfKind } from './run-index.ts'
import { chronological, windowOf } from './select-events.ts'

export type TurnSpan = {
  turn: number
  counts: number[]
  agents: Set<number>
  first: number
  last: number
  firstOffset: number
  start: number
  end: number
  /** Positions of the turn's events, in order; kept only when asked for. */
  positions: number[]
}

const newSpan = (turn: number, position: number, rank: number): TurnSpan => ({
  turn,
  counts: EVENT_TYPES.map(() => 0),
  agents: new Set(),
  first: position,
  last: position,
  firstOffset: rank,
  start: -1,
  end: -1,
  positions: [],
})

export type TurnRange = { turnStart?: number | undefined; turnEnd?: number | undefined }

/** One span for every turn number that has events, ascending; only the first `most` when there are more. */
export function turnSpans(
  index: RunIndex,
  { turnStart = 0, turnEnd = Number.POSITIVE_INFINITY }: TurnRange,
  { withPositions = false, most = Number.POSITIVE_INFINITY } = {},
): TurnSpan[] {
  const order = chronological(index)
  const isAscending = !order && index.turnsSorted
  const spans = new Map<number, TurnSpan>()
  const [from, to] = isAscending ? windowOf(index, { turnStart, turnEnd }) : [0, index.length]
  for (let rank = from; rank < to; rank++) {
    const position = order ? order[rank]! : rank
    const turn = index.turn.get(position)
    if (turn < turnStart || turn > turnEnd) continue
    let span = spans.get(turn)
    if (!span) {
      if (isAscending && spans.size === most) break
      span = newSpan(turn, position, rank)
      spans.set(turn, span)
    }
    const kind = index.kind.get(position)
    span.counts[typeOfKind(kind)]!++
    const mark = markOfKind(kind)
    if (mark === MARK.turn_start && span.start < 0) span.start = position
    else if (mark === MARK.turn_end) span.end = position
    const combination = index.agents.get(position)
    for (const agent of index.combinations[combination]!.involved) span.agents.add(agent)
    span.last = position
    if (withPositions) span.positions.push(position)
  }
  return [...spans.values()].sort((a, b) => a.turn - b.turn).slice(0, most)
}

export function spanTimes(index: RunIndex, span: TurnSpan): { started: number; ended: number } {
  return {
    started: index.micros.get(span.start >= 0 ? span.start : span.first),
    ended: index.micros.get(span.end >= 0 ? span.end : span.last),
  }
}

export function turnEntry(index: RunIndex, span: TurnSpan): TurnEntry {
  const { started, ended } = spanTimes(index, span)
  return {
    turn: span.turn,
    started_at: formatMicros(started),
    ended_at: formatMicros(ended),
    duration_ms: index.durations.get(span.end) ?? (ended - started) / 1000,
    counts: Object.fromEntries(EVENT_TYPES.map((type, i) => [type, span.counts[i]!])) as TurnEntry['counts'],
    agents: [...span.agents].map((agent) => index.agentNames.names[agent]!).sort(),
    first_event_id: index.ids.get(span.first),
    last_event_id: index.ids.get(span.last),
    first_offset: span.firstOffset,
  }
}

// The trace event format of Chrome's tracing page and Perfetto (JSON object form): complete events, instants, counters, flows.

import { parseMicros } from '../loop/core/timestamp.ts'
import type { SimEvent } from '../loop/events/event.ts'
import type { EventService } from '../service/event-service.ts'
import { eventTurns } from './event-turns.ts'
import { changeOf, keyOf, variableName } from './variable-keys.ts'

/** Entries the viewers stay usable with. */
export const TRACE_LIMIT = 300_000
const PROCESS = 1
const WORLD = 0

export type TraceOptions = {
  turnStart?: number | undefined
  turnEnd?: number | undefined
  /** Most entries written; what is left out is said in the trace. */
  limit?: number | undefined
}
export type TraceEnd = { entries: number; events: number; truncated: boolean; last_turn: number | null }

type Entry = Record<string, unknown>

/** Turns events into trace entries; lanes are threads: 0 the world, then agents in order of appearance. */
class TraceMaker {
  readonly #lanes = new Map<string, number>()
  readonly #flows = new Map<string, { ts: number; tid: number }>()
  #flow = 0

  lane(agent: string | undefined, into: Entry[]): number {
    if (agent === undefined) return WORLD
    const known = this.#lanes.get(agent)
    if (known !== undefined) return known
    const tid = this.#lanes.size + 1
    this.#lanes.set(agent, tid)
    into.push(named('thread_name', tid, agent), sorted(tid))
    return tid
  }

  /** The entries of one turn: its span, its phases, its events, values that changed, and links from causes in the same turn. */
  turn(turn: number, events: readonly SimEvent[]): Entry[] {
    const entries: Entry[] = []
    const times = events.map((event) => microsOf(event.timestamp))
    const [from, to] = [times[0]!, times.at(-1)!]
    entries.push(span(turn === 0 ? 'start' : `turn ${turn}`, 'turn', from, to, WORLD, { turn, events: events.length }))
    const phases = events.flatMap((event, i) => (phaseOf(event) ? [{ name: phaseOf(event)!, ts: times[i]! }] : []))
    phases.forEach(({ name, ts }, i) => {
      entries.push(span(name, 'phase', ts, phases[i + 1]?.ts ?? to, WORLD, { turn }))
    })
    this.#flows.clear()
    events.forEach((event, i) => {
      const tid = this.lane(event.agent_id, entries)
      const ts = times[i]!
      entries.push(...this.#entriesOf(event, ts, tid))
      if (event.event_type === 'DECISION' || event.event_type === 'ACTION') this.#flows.set(event.event_id, { ts, tid })
      for (const cause of event.caused_by ?? []) {
        const origin = this.#flows.get(cause)
        if (!origin || origin.tid === tid) continue
        const id = ++this.#flow
        entries.push(
          { name: 'causes', cat: 'cause', ph: 's', id, ts: origin.ts, pid: PROCESS, tid: origin.tid },
          { name: 'causes', cat: 'cause', ph: 'f', bp: 'e', id, ts, pid: PROCESS, tid },
        )
      }
    })
    return entries
  }

  #entriesOf(event: SimEvent, ts: number, tid: number): Entry[] {
    const args = { event_id: event.event_id, turn: event.turn_number, ...event.details }
    const change = changeOf(event)
    if (change) {
      if (typeof change.value !== 'number') return []
      return [counter(variableName(keyOf(change.key)), ts, change.value)]
    }
    const milestone = event.details?.['milestone_type']
    if (event.event_type === 'MILESTONE' && milestone !== 'simulation_end' && milestone !== 'simulation_start')
      return []
    const name = event.description ?? event.event_type.toLowerCase()
    const took = event.details?.['duration_ms']
    if (typeof took === 'number' && took > 0) return [span(name, event.event_type, ts - took * 1000, ts, tid, args)]
    if (event.event_type === 'DECISION' || event.event_type === 'ACTION')
      return [span(name, event.event_type, ts, ts + 1, tid, args)]
    return [{ name, cat: event.event_type, ph: 'i', s: 't', ts, pid: PROCESS, tid, args }]
  }
}

const microsOf = (timestamp: string): number => parseMicros(timestamp)
const span = (name: string, cat: string, from: number, to: number, tid: number, args: Entry): Entry => ({
  name,
  cat,
  ph: 'X',
  ts: from,
  dur: Math.max(1, to - from),
  pid: PROCESS,
  tid,
  args,
})
const counter = (name: string, ts: number, value: number): Entry => ({
  name,
  ph: 'C',
  ts,
  pid: PROCESS,
  args: { value },
})
const named = (name: string, tid: number, value: string): Entry => ({
  name,
  ph: 'M',
  pid: PROCESS,
  tid,
  args: { name: value },
})
const sorted = (tid: number): Entry => ({
  name: 'thread_sort_index',
  ph: 'M',
  pid: PROCESS,
  tid,
  args: { sort_index: tid },
})
const phaseOf = (event: SimEvent): string | undefined => {
  const to = event.details?.['phase_to']
  return event.details?.['milestone_type'] === 'phase_transition' && typeof to === 'string' ? to : undefined
}

/**
 * A run as a Chrome trace, piece by piece; open it in ui.perfetto.dev or chrome://tracing. Whole turns only, at most `limit`
 * entries; `otherData` says where it stopped. Throws NOT_FOUND.
 */
export async function* traceOf(
  service: EventService,
  id: string,
  { turnStart, turnEnd, limit = TRACE_LIMIT }: TraceOptions = {},
): AsyncGenerator<string, TraceEnd> {
  const maker = new TraceMaker()
  const lines = await service.exportLines(id, { turnStart, turnEnd })
  const end: TraceEnd = { entries: 0, events: 0, truncated: false, last_turn: null }
  let comma = ''
  const write = (entries: readonly Entry[]) => {
    const text = entries.map((entry) => JSON.stringify(entry)).join(',\n')
    const piece = comma + text
    comma = ',\n'
    end.entries += entries.length
    return piece
  }
  yield '{"displayTimeUnit":"ms","traceEvents":[\n'
  yield write([named('process_name', WORLD, id), named('thread_name', WORLD, 'world'), sorted(WORLD)])
  for await (const { turn, events } of eventTurns(lines)) {
    const entries = maker.turn(turn, events)
    if (end.entries + entries.length > limit) {
      end.truncated = true
      break
    }
    yield write(entries)
    end.events += events.length
    end.last_turn = turn
  }
  yield `\n],"otherData":${JSON.stringify({ run_id: id, limit, ...end })}}\n`
  return end
}

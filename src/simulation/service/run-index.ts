import { parseMicros } from '../loop/core/timestamp.ts'
import { EVENT_TYPES, MILESTONE_TYPES, type SimEvent } from '../loop/events/event.ts'
import { agentsOf } from '../loop/events/event-filter.ts'
import { Column } from './column.ts'
import { Dictionary } from './dictionary.ts'
import { IdColumn, type IdWords, idWords } from './id-column.ts'
import { IdLookup } from './id-lookup.ts'
import { TextBlocks } from './text-blocks.ts'

export const NONE = 0xffffffff

/** What matters about an event beside its type: three bits type, the rest one of these. */
export const MARK = {
  none: 0,
  turn_start: 1,
  turn_end: 2,
  phase_transition: 3,
  simulation_start: 4,
  simulation_end: 5,
  events_dropped: 6,
  events_lost: 7,
  stream_repaired: 8,
  agent_added: 9,
} as const

export const typeOfKind = (kind: number): number => kind & 7
export const markOfKind = (kind: number): number => kind >>> 3

type Combination = { readonly actor: number; readonly involved: readonly number[] }
type Link = { effect: number; link: number }

/** What the last event of a kind said, kept because every summary asks for it. */
export type Highlights = {
  end: { outcome: string; micros: number } | undefined
  verbosity: string | undefined
  agents: string[] | undefined
  dropped: number
  lost: number
}

/**
 * What is known of a run's events without reading them: about 75 bytes each, in columns. Positions are numbers in the order of
 * the stream; events themselves stay on disk.
 */
export class RunIndex {
  readonly offset = new Column(Float64Array)
  readonly lengths = new Column(Uint32Array)
  readonly micros = new Column(Float64Array)
  readonly turn = new Column(Uint32Array)
  readonly kind = new Column(Uint8Array)
  /** Number of the combination of actor and participants. */
  readonly agents = new Column(Uint32Array)
  /** Number in `subjects`: decision, action or calculation type, variable. */
  readonly subject = new Column(Uint32Array)
  readonly ids = new IdColumn()
  readonly lookup = new IdLookup(this.ids)
  readonly text = new TextBlocks()
  /** First link of each event; its links end where the next event's begin. */
  readonly linkStart = new Column(Uint32Array)
  /** Cause of each link (position), NONE while it does not exist. */
  readonly linkCause = new Column(Uint32Array)
  /** Next link with the same cause. */
  readonly linkNext = new Column(Uint32Array)
  /** Latest link that names this event as cause. */
  readonly firstEffect = new Column(Uint32Array)

  readonly agentNames = new Dictionary()
  readonly combinations: Combination[] = []
  readonly #combinationNumbers = new Dictionary()
  readonly subjects = new Dictionary()
  readonly interactions = new Dictionary()
  readonly typeCounts: number[] = EVENT_TYPES.map(() => 0)
  readonly highlights: Highlights = { end: undefined, verbosity: undefined, agents: undefined, dropped: 0, lost: 0 }
  /** duration_ms of turn_end events, by position. */
  readonly durations = new Map<number, number>()
  /** Links whose cause has not been seen, by its id. */
  readonly #open = new Map<string, Link[]>()
  minTurn = Number.POSITIVE_INFINITY
  maxTurn = -1
  minMicros = Number.POSITIVE_INFINITY
  maxMicros = Number.NEGATIVE_INFINITY
  /** True while positions are in order of (timestamp, id). */
  isSorted = true
  /** True while turn numbers never fall from one position to the next. */
  turnsSorted = true
  /** True while every cause came before its effect. */
  causesFirst = true
  foreignIds = 0

  get length(): number {
    return this.micros.length
  }

  get bytes(): number {
    const columns = [this.offset, this.lengths, this.micros, this.turn, this.kind, this.agents, this.subject]
    const links = [this.linkStart, this.linkCause, this.linkNext, this.firstEffect]
    const sum = [...columns, ...links].reduce((total, column) => total + column.bytes, 0)
    const names = this.agentNames.bytes + this.#combinationNumbers.bytes * 2 + this.subjects.bytes
    return (
      sum +
      this.ids.bytes +
      this.lookup.bytes +
      this.text.bytes +
      names +
      this.durations.size * 40 +
      this.#open.size * 120
    )
  }

  get links(): number {
    return this.linkCause.length
  }

  /** Takes in an event at its place. False when its id is known already: the first occurrence stays. */
  add(event: SimEvent, runId: string, offset: number, length: number): boolean {
    const words = idWords(event.event_id)
    if (this.#isKnown(words)) return false
    const position = this.length
    const micros = parseMicros(event.timestamp)
    this.#noteOrder(position, micros, words)
    this.lookup.willPush(words)
    this.ids.push(words)
    this.offset.push(offset)
    this.lengths.push(length)
    this.micros.push(micros)
    if (position > 0 && event.turn_number < this.turn.get(position - 1)) this.turnsSorted = false
    this.turn.push(event.turn_number)
    this.agents.push(this.#combination(event))
    this.#describe(event, position, micros)
    this.text.push(event.description)
    this.#link(event, position)
    if (event.simulation_id !== runId) this.foreignIds++
    this.minTurn = Math.min(this.minTurn, event.turn_number)
    this.maxTurn = Math.max(this.maxTurn, event.turn_number)
    return true
  }

  #isKnown(words: IdWords): boolean {
    const { length } = this
    if (length === 0) return false
    if (this.lookup.bytes === 0 && this.ids.compare(length - 1, words) < 0) return false
    return this.lookup.find(words) >= 0
  }

  #noteOrder(position: number, micros: number, words: IdWords): void {
    if (position > 0 && this.isSorted) {
      const before = this.micros.get(position - 1)
      if (micros < before || (micros === before && this.ids.compare(position - 1, words) > 0)) this.isSorted = false
    }
    this.minMicros = Math.min(this.minMicros, micros)
    this.maxMicros = Math.max(this.maxMicros, micros)
  }

  #combination(event: SimEvent): number {
    const hasParticipants = event.details?.['participating_agent_ids'] !== undefined
    const involved = hasParticipants ? agentsOf(event) : event.agent_id ? [event.agent_id] : []
    const key = hasParticipants ? `${event.agent_id ?? ''}\u0000${involved.join('\u0000')}` : (event.agent_id ?? '')
    const number = this.#combinationNumbers.add(key)
    if (number === this.combinations.length) {
      const numbers = involved.map((name) => this.agentNames.add(name))
      this.combinations.push({ actor: event.agent_id ? numbers[0]! : -1, involved: numbers })
    }
    return number
  }

  /** How often each combination of agents came. */
  get combinationCounts(): readonly number[] {
    return this.#combinationNumbers.counts
  }

  #describe(event: SimEvent, position: number, micros: number): void {
    const details: Readonly<Record<string, any>> = event.details ?? {}
    const type = EVENT_TYPES.indexOf(event.event_type)
    this.typeCounts[type]!++
    let mark: number = MARK.none
    let subject = ''
    switch (event.event_type) {
      case 'MILESTONE':
        mark = this.#noteMilestone(details, position, micros)
        break
      case 'DECISION':
        subject = `DECISION:${details['decision_type']}`
        break
      case 'ACTION':
        subject = `ACTION:${details['action_type']}`
        if (typeof details['interaction_type'] === 'string') this.interactions.add(details['interaction_type'])
        break
      case 'STATE':
        subject = `STATE:${details['variable_name']}`
        if (details['variable_name'] === 'lifecycle_status' && details['old_value'] === 'absent')
          mark = MARK.agent_added
        break
      case 'DETAIL':
        subject = `DETAIL:${details['calculation_type']}`
        break
      case 'SYSTEM':
        mark = this.#noteWarning(details)
        subject = `SYSTEM:${details['system_event_type'] ?? details['status']}`
        break
    }
    this.kind.push(type | (mark << 3))
    this.subject.push(this.subjects.add(subject))
  }

  #noteMilestone(details: Readonly<Record<string, any>>, position: number, micros: number): number {
    const type = details['milestone_type']
    if (type === 'turn_end' && typeof details['duration_ms'] === 'number')
      this.durations.set(position, details['duration_ms'])
    if (type === 'simulation_start') {
      this.highlights.verbosity ??= typeof details['verbosity'] === 'string' ? details['verbosity'] : undefined
      if (Array.isArray(details['agents'])) this.highlights.agents ??= details['agents'].map(String)
    }
    if (type === 'simulation_end' && micros >= (this.highlights.end?.micros ?? 0))
      this.highlights.end = { outcome: String(details['outcome'] ?? 'completed'), micros }
    return MILESTONE_TYPES.includes(type) ? MARK[type as keyof typeof MARK] : MARK.none
  }

  #noteWarning(details: Readonly<Record<string, any>>): number {
    const type = details['system_event_type']
    if (type === 'events_dropped') this.highlights.dropped += Number(details['dropped_count']) || 0
    if (type === 'events_lost') this.highlights.lost += Number(details['lost_count']) || 0
    return type === 'events_dropped' || type === 'events_lost' || type === 'stream_repaired'
      ? MARK[type as 'events_lost']
      : MARK.none
  }

  #link(event: SimEvent, position: number): void {
    this.linkStart.push(this.linkCause.length)
    this.firstEffect.push(NONE)
    const causes = event.caused_by
    if (causes)
      for (let i = 0; i < causes.length; i++) if (causes.indexOf(causes[i]!) === i) this.#addLink(causes[i]!, position)
    if (this.#open.size === 0) return
    const waiting = this.#open.get(event.event_id)
    if (!waiting) return
    this.#open.delete(event.event_id)
    this.causesFirst = false
    for (const { link } of waiting) this.#connect(link, position)
  }

  #addLink(causeId: string, effect: number): void {
    const link = this.linkCause.length
    this.linkCause.push(NONE)
    this.linkNext.push(NONE)
    const cause = this.lookup.findId(causeId)
    if (cause >= 0) {
      if (cause >= effect) this.causesFirst = false
      this.#connect(link, cause)
      return
    }
    const waiting = this.#open.get(causeId)
    if (waiting) waiting.push({ effect, link })
    else this.#open.set(causeId, [{ effect, link }])
  }

  #connect(link: number, cause: number): void {
    this.linkCause.set(link, cause)
    this.linkNext.set(link, this.firstEffect.get(cause))
    this.firstEffect.set(cause, link)
  }

  /** Links of an event to its causes: from the first to before the second. */
  linksOf(position: number): [number, number] {
    const next = position + 1
    return [this.linkStart.get(position), next < this.length ? this.linkStart.get(next) : this.linkCause.length]
  }

  /** The event a link belongs to. */
  effectOf(link: number): number {
    let low = 0
    let high = this.length - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if (this.linkStart.get(middle) <= link) low = middle
      else high = middle - 1
    }
    return low
  }

  /** Cited ids that do not exist, each with the events that cite it. */
  dangling(): [causeId: string, effects: number[]][] {
    return [...this.#open].map(([id, links]) => [id, links.map(({ effect }) => effect)])
  }

  compare(a: number, b: number): number {
    return this.micros.get(a) - this.micros.get(b) || this.ids.compareAt(a, b)
  }
}

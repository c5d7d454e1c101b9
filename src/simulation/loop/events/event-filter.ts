import { parseMicros } from '../core/timestamp.ts'
import { EVENT_TYPES, type EventType, type SimEvent } from './event.ts'

/** What is wanted; absent means no restriction. Timestamps in microseconds, both ends inclusive. */
export type EventFilter = {
  startMicros?: number | undefined
  endMicros?: number | undefined
  eventTypes?: readonly EventType[] | undefined
  agentIds?: readonly string[] | undefined
  agentMatch?: 'involved' | 'actor' | undefined
  turnStart?: number | undefined
  turnEnd?: number | undefined
  /** Part of the description, any case. */
  text?: string | undefined
}

export class FilterError extends Error {
  readonly parameter: string
  readonly expected: string
  readonly actual: string
  constructor(parameter: string, expected: string, actual: string) {
    super(`${parameter} must be ${expected}, not ${actual === '' ? 'empty' : `"${actual}"`}`)
    this.name = 'FilterError'
    this.parameter = parameter
    this.expected = expected
    this.actual = actual
  }
}

/** Agents an event concerns: its actor first, then the other participants. */
export function agentsOf(event: SimEvent): string[] {
  const actor = event.agent_id ? [event.agent_id] : []
  const participants = event.details?.['participating_agent_ids']
  if (!Array.isArray(participants)) return actor
  return [...new Set([...actor, ...participants.filter((id): id is string => typeof id === 'string' && id !== '')])]
}

/** The one predicate behind API, live tail and export. Pure. */
export function matches(filter: EventFilter, event: SimEvent): boolean {
  if (filter.eventTypes?.length && !filter.eventTypes.includes(event.event_type)) return false
  if (filter.turnStart !== undefined && event.turn_number < filter.turnStart) return false
  if (filter.turnEnd !== undefined && event.turn_number > filter.turnEnd) return false
  if (filter.agentIds?.length) {
    const agents = filter.agentMatch === 'actor' ? [event.agent_id ?? ''] : agentsOf(event)
    if (!agents.some((agent) => filter.agentIds!.includes(agent))) return false
  }
  if (filter.startMicros !== undefined || filter.endMicros !== undefined) {
    const at = parseMicros(event.timestamp)
    if (at < (filter.startMicros ?? Number.NEGATIVE_INFINITY)) return false
    if (at > (filter.endMicros ?? Number.POSITIVE_INFINITY)) return false
  }
  if (filter.text) return (event.description ?? '').toLowerCase().includes(filter.text.toLowerCase())
  return true
}

export type RawParameters = Readonly<Record<string, string | readonly string[] | undefined>>

const last = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === 'string' || value === undefined ? value : value.at(-1)

/** Repeated and comma-separated values alike; empty parts do not count. */
export const listParameter = (value: string | readonly string[] | undefined): string[] =>
  (typeof value === 'string' ? [value] : (value ?? []))
    .flatMap((part) => part.split(','))
    .map((part) => part.trim())
    .filter((part) => part !== '')

/** Names may hold commas themselves: the undivided value counts beside its parts. */
const agentParameter = (value: string | readonly string[] | undefined): string[] => [
  ...new Set([
    ...listParameter(value),
    ...(typeof value === 'string' ? [value] : (value ?? [])).map((part) => part.trim()).filter((part) => part !== ''),
  ]),
]

export function intParameter(raw: RawParameters, name: string, min: number, max = Number.MAX_SAFE_INTEGER) {
  const text = last(raw[name])
  if (text === undefined) return undefined
  const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN
  if (!(Number.isSafeInteger(value) && value >= min && value <= max)) {
    const expected =
      max === Number.MAX_SAFE_INTEGER ? `an integer of at least ${min}` : `an integer from ${min} to ${max}`
    throw new FilterError(name, expected, text)
  }
  return value
}

export function choiceParameter<T extends string>(raw: RawParameters, name: string, allowed: readonly T[]) {
  const text = last(raw[name])
  if (text === undefined) return undefined
  const found = allowed.find((value) => value === text)
  if (found === undefined) throw new FilterError(name, `one of ${allowed.join(', ')}`, text)
  return found
}

function timeParameter(raw: RawParameters, name: string): number | undefined {
  const text = last(raw[name])
  if (text === undefined) return undefined
  // A client that does not encode "+" sends a space in the place of the offset sign.
  const micros = parseMicros(text.replace(/ (\d\d(?::?\d\d)?)$/, '+$1'), true)
  if (Number.isNaN(micros)) throw new FilterError(name, 'an ISO 8601 date-time', text)
  return micros
}

/** Query parameters -> filter. Throws FilterError for the first parameter out of range or malformed. */
export function parseFilter(raw: RawParameters): EventFilter {
  const eventTypes = listParameter(raw['event_types']).map((name) => {
    const type = EVENT_TYPES.find((known) => known === name)
    if (!type) throw new FilterError('event_types', `one of ${EVENT_TYPES.join(', ')}`, name)
    return type
  })
  const filter: EventFilter = {
    startMicros: timeParameter(raw, 'start_timestamp'),
    endMicros: timeParameter(raw, 'end_timestamp'),
    eventTypes,
    agentIds: agentParameter(raw['agent_ids']),
    agentMatch: choiceParameter(raw, 'agent_match', ['involved', 'actor']) ?? 'involved',
    turnStart: intParameter(raw, 'turn_start', 0),
    turnEnd: intParameter(raw, 'turn_end', 0),
    text: last(raw['text']) || undefined,
  }
  if (filter.startMicros !== undefined && filter.endMicros !== undefined && filter.endMicros < filter.startMicros)
    throw new FilterError('end_timestamp', 'at or after start_timestamp', last(raw['end_timestamp']) ?? '')
  if (filter.turnStart !== undefined && filter.turnEnd !== undefined && filter.turnEnd < filter.turnStart)
    throw new FilterError('turn_end', `at least turn_start (${filter.turnStart})`, String(filter.turnEnd))
  return filter
}

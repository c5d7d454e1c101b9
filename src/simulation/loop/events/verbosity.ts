import {
  EVENT_TYPES,
  type EventType,
  STREAM_WARNINGS,
  type SystemEventPolicy,
  VERBOSITY_LEVELS,
  type Verbosity,
} from './event.ts'

const ADMITTED: Record<Verbosity, ReadonlySet<EventType>> = {
  MILESTONE: new Set(['MILESTONE']),
  DECISION: new Set(['MILESTONE', 'DECISION']),
  ACTION: new Set(['MILESTONE', 'DECISION', 'ACTION']),
  STATE: new Set(['MILESTONE', 'DECISION', 'ACTION', 'STATE']),
  DETAIL: new Set(EVENT_TYPES),
}

/** Does this level write this type? */
export const admits = (level: Verbosity, type: EventType, systemEvents: SystemEventPolicy = 'by_level'): boolean =>
  ADMITTED[level].has(type) || (type === 'SYSTEM' && systemEvents === 'always')

export const isStreamWarning = (details: Readonly<Record<string, unknown>> | undefined): boolean =>
  (STREAM_WARNINGS as readonly unknown[]).includes(details?.['system_event_type'])

/** Any case -> level; undefined when it names none. */
export const parseVerbosity = (text: unknown): Verbosity | undefined =>
  typeof text === 'string' ? VERBOSITY_LEVELS.find((level) => level === text.trim().toUpperCase()) : undefined

import type { SimEvent } from './event.ts'
import { baseProblem } from './validate-event.ts'

export type ParsedLine = { event: SimEvent } | { reason: string }

/** One line of an event file -> event, or why it is corrupted. The only line parser: API, tail, export and repair use it. */
export function parseLine(text: string): ParsedLine {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { reason: 'not JSON' }
  }
  const found = baseProblem(value)
  return found ? { reason: `${found.code}: ${found.message}` } : { event: value as SimEvent }
}

const NULLABLE = ['agent_id', 'caused_by', 'description', 'details'] as const

/** The event as readers see it: null fields are absent fields. Unknown fields stay. */
export function withoutNulls(event: SimEvent): SimEvent {
  if (!NULLABLE.some((field) => event[field] === null)) return event
  return Object.fromEntries(
    Object.entries(event).filter(([key, value]) => value !== null || !(NULLABLE as readonly string[]).includes(key)),
  ) as unknown as SimEvent
}

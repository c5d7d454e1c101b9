import type { SimEvent } from '../events/event.ts'
import { shortenDetails } from './oversize.ts'

const ORDER = [
  'event_id',
  'timestamp',
  'turn_number',
  'event_type',
  'simulation_id',
  'agent_id',
  'caused_by',
  'description',
  'details',
] as const
const RANK = new Map<string, number>(ORDER.map((key, rank) => [key, rank]))

/** True when keys are in the order of the contract and nothing has to be left out. */
function isInOrder(event: Record<string, unknown>): boolean {
  let last = -1
  for (const key in event) {
    const rank = RANK.get(key) ?? ORDER.length
    const value = event[key]
    if (rank < last || value === null || (key === 'caused_by' && (value as unknown[]).length === 0)) return false
    last = rank
  }
  return true
}

function inOrder(event: Record<string, unknown>): Record<string, unknown> {
  const keys = [...ORDER.filter((key) => key in event), ...Object.keys(event).filter((key) => !RANK.has(key))]
  const kept = keys.filter((key) => {
    const value = event[key]
    if (RANK.has(key) && value === null) return false
    return !(key === 'caused_by' && Array.isArray(value) && value.length === 0)
  })
  return Object.fromEntries(kept.map((key) => [key, event[key]]))
}

const quoted = new Map<string, string>()

/** JSON text of a name that comes again and again. */
function quote(name: string): string {
  let text = quoted.get(name)
  if (text === undefined) {
    if (quoted.size > 10_000) quoted.clear()
    text = JSON.stringify(name)
    quoted.set(name, text)
  }
  return text
}

/** The line of an event known to be valid and without nulls: half the time of JSON.stringify over the whole. */
export function serialiseBuilt(event: SimEvent): string {
  const { agent_id: agent, caused_by: causes, description, details } = event
  let line = `{"event_id":"${event.event_id}","timestamp":"${event.timestamp}","turn_number":${event.turn_number},"event_type":"${event.event_type}","simulation_id":${quote(event.simulation_id)}`
  if (agent !== undefined) line += `,"agent_id":${quote(agent)}`
  if (causes !== undefined) line += `,"caused_by":["${causes.length === 1 ? causes[0] : causes.join('","')}"]`
  if (description !== undefined) line += `,"description":${JSON.stringify(description)}`
  if (details !== undefined) line += `,"details":${JSON.stringify(details)}`
  return `${line}}\n`
}

/**
 * One event -> one line with its newline, keys in contract order. A line above the limit gets its long detail strings
 * shortened; undefined when it is still too large. Throws what JSON.stringify throws.
 */
export function serialiseEvent(event: SimEvent, maxBytes: number, isBuilt = false): string | undefined {
  const record = event as unknown as Record<string, unknown>
  const ordered = isBuilt || isInOrder(record) ? record : inOrder(record)
  const line = isBuilt ? serialiseBuilt(event) : `${JSON.stringify(ordered)}\n`
  if (fits(line, maxBytes)) return line
  const shorter = `${JSON.stringify(shortenDetails(ordered as unknown as SimEvent))}\n`
  return fits(shorter, maxBytes) ? shorter : undefined
}

const fits = (line: string, maxBytes: number): boolean =>
  line.length * 3 <= maxBytes || Buffer.byteLength(line) <= maxBytes

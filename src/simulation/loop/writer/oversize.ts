import type { Json } from '../core/json.ts'
import type { SimEvent } from '../events/event.ts'

const KEEP = 1024

function shortenLeaves(value: Json | undefined): Json | undefined {
  if (typeof value === 'string')
    return value.length > KEEP ? `${value.slice(0, KEEP)}…[truncated ${value.length - KEEP} chars]` : value
  if (Array.isArray(value)) return value.map((item) => shortenLeaves(item) ?? null)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shortenLeaves(item) ?? null]))
  return value
}

/** The event with the long strings of its details shortened and `details.truncated` set. */
export function shortenDetails(event: SimEvent): SimEvent {
  if (!event.details) return event
  return { ...event, details: { ...(shortenLeaves(event.details as Json) as Record<string, Json>), truncated: true } }
}

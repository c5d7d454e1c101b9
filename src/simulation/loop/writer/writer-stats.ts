import { EVENT_TYPES, type EventType } from '../events/event.ts'

/** emitted = filtered + invalid + dropped + accepted + rejected_after_stop; accepted = written + lost (once stopped). */
export type WriterStats = {
  emitted: number
  accepted: number
  filtered: number
  invalid: number
  dropped: number
  dropped_by_type: Record<EventType, number>
  rejected_after_stop: number
  written: number
  lost: number
  warnings_written: number
  bytes_written: number
  batches: number
  write_errors: number
  rotations: number
  queue_depth: number
  queue_high_water: number
  last_error: string | null
  max_write_ms: number
  avg_write_ms: number
}

export const countPerType = (): Record<EventType, number> =>
  Object.fromEntries(EVENT_TYPES.map((type) => [type, 0])) as Record<EventType, number>

export const emptyStats = (): WriterStats => ({
  emitted: 0,
  accepted: 0,
  filtered: 0,
  invalid: 0,
  dropped: 0,
  dropped_by_type: countPerType(),
  rejected_after_stop: 0,
  written: 0,
  lost: 0,
  warnings_written: 0,
  bytes_written: 0,
  batches: 0,
  write_errors: 0,
  rotations: 0,
  queue_depth: 0,
  queue_high_water: 0,
  last_error: null,
  max_write_ms: 0,
  avg_write_ms: 0,
})

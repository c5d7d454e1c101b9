import { byText } from '../core/json.ts'
import { buildEvent } from '../events/build-event.ts'
import type { EventType, SimEvent } from '../events/event.ts'

export type WarningStamp = { id: string; timestamp: string; turn: number }

const stampOf = (event: SimEvent): WarningStamp => ({
  id: event.event_id,
  timestamp: event.timestamp,
  turn: event.turn_number,
})

/**
 * A SYSTEM event of the writer itself. It takes the stamp of the last event it reports, which is nowhere in the stream: later
 * than everything accepted before, earlier than what follows. Becomes a line only when written, so counts can still grow.
 */
export interface StreamWarning {
  readonly kind: 'events_dropped' | 'events_lost' | 'stream_repaired'
  readonly stamp: WarningStamp
  details(): Record<string, unknown>
  description(): string
}

export class DropWarning implements StreamWarning {
  readonly kind = 'events_dropped'
  stamp: WarningStamp
  count = 0
  total = 0
  byType: Partial<Record<EventType, number>> = {}
  firstTurn: number
  firstAt: string

  constructor(first: SimEvent) {
    this.stamp = stampOf(first)
    this.firstTurn = first.turn_number
    this.firstAt = first.timestamp
  }

  add(event: SimEvent, totalDropped: number): void {
    this.count++
    this.total = totalDropped
    this.byType[event.event_type] = (this.byType[event.event_type] ?? 0) + 1
    this.stamp = stampOf(event)
  }

  /** Takes over what an earlier warning, lost with its batch, had to say. */
  absorb(earlier: DropWarning): void {
    this.count += earlier.count
    for (const [type, n] of Object.entries(earlier.byType) as [EventType, number][])
      this.byType[type] = (this.byType[type] ?? 0) + n
    this.firstTurn = earlier.firstTurn
    this.firstAt = earlier.firstAt
  }

  details(): Record<string, unknown> {
    return {
      system_event_type: this.kind,
      error_type: 'event_queue_full',
      status: 'warning',
      dropped_count: this.count,
      total_dropped: this.total,
      dropped_by_type: this.byType,
      first_dropped_turn: this.firstTurn,
      last_dropped_turn: this.stamp.turn,
      first_dropped_at: this.firstAt,
      last_dropped_at: this.stamp.timestamp,
    }
  }

  description(): string {
    return `${this.count} events dropped: the event queue was full`
  }
}

export class LossWarning implements StreamWarning {
  readonly kind = 'events_lost'
  stamp: WarningStamp
  count = 0
  message = ''
  readonly firstAt: string

  constructor(first: SimEvent) {
    this.stamp = stampOf(first)
    this.firstAt = first.timestamp
  }

  add(count: number, last: SimEvent, message: string): void {
    this.count += count
    this.stamp = stampOf(last)
    this.message = message
  }

  details(): Record<string, unknown> {
    return {
      system_event_type: this.kind,
      error_type: 'event_write_failed',
      status: 'warning',
      lost_count: this.count,
      first_lost_at: this.firstAt,
      last_lost_at: this.stamp.timestamp,
      message: this.message,
    }
  }

  description(): string {
    return `${this.count} events lost: writing failed`
  }
}

export class RepairWarning implements StreamWarning {
  readonly kind = 'stream_repaired'
  readonly stamp: WarningStamp
  readonly removedBytes: number

  constructor(stamp: WarningStamp, removedBytes: number) {
    this.stamp = stamp
    this.removedBytes = removedBytes
  }

  details(): Record<string, unknown> {
    return {
      system_event_type: this.kind,
      error_type: 'torn_line',
      status: 'warning',
      removed_bytes: this.removedBytes,
    }
  }

  description(): string {
    return 'An incomplete last line was removed'
  }
}

export const warningLine = (warning: StreamWarning, simulationId: string): string =>
  `${JSON.stringify(
    buildEvent(
      { id: warning.stamp.id, timestamp: warning.stamp.timestamp },
      'SYSTEM',
      { simulationId, turnNumber: warning.stamp.turn, description: warning.description() },
      undefined,
      warning.details(),
    ),
  )}\n`

/** Warnings due together are written in the order of their stamps. */
export const inStampOrder = <T extends StreamWarning>(warnings: T[]): T[] =>
  warnings.sort((a, b) => byText(a.stamp.timestamp, b.stamp.timestamp) || byText(a.stamp.id, b.stamp.id))

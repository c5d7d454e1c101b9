// Vocabulary of the event stream. No imports from Node: the UI shares these types.
import type { Json } from '../core/json.ts'

export const EVENT_TYPES = ['MILESTONE', 'DECISION', 'ACTION', 'STATE', 'DETAIL', 'SYSTEM'] as const
export type EventType = (typeof EVENT_TYPES)[number]

export const VERBOSITY_LEVELS = ['MILESTONE', 'DECISION', 'ACTION', 'STATE', 'DETAIL'] as const
export type Verbosity = (typeof VERBOSITY_LEVELS)[number]

export const SYSTEM_EVENT_POLICIES = ['by_level', 'always'] as const
export type SystemEventPolicy = (typeof SYSTEM_EVENT_POLICIES)[number]

export const MILESTONE_TYPES = [
  'turn_start',
  'turn_end',
  'phase_transition',
  'simulation_start',
  'simulation_end',
] as const
export type MilestoneType = (typeof MILESTONE_TYPES)[number]

export const SYSTEM_STATUSES = ['success', 'failure', 'retry', 'warning'] as const
export type SystemStatus = (typeof SYSTEM_STATUSES)[number]

export const STATE_SCOPES = ['global', 'agent'] as const
export type StateScope = (typeof STATE_SCOPES)[number]

export const PHASES = ['observe', 'decide', 'validate', 'apply', 'rules', 'lifecycle'] as const
export type Phase = (typeof PHASES)[number]

export const RUN_OUTCOMES = ['completed', 'failed', 'aborted'] as const
export type RunOutcome = (typeof RUN_OUTCOMES)[number]

/** The writer's own warnings: they say that the stream is incomplete, so no filter stops them. */
export const STREAM_WARNINGS = ['events_dropped', 'events_lost', 'stream_repaired'] as const

export type Details = { readonly [key: string]: Json | undefined }

/** One line of the stream. Absent fields are omitted, never null. */
export interface SimEvent {
  readonly event_id: string
  readonly timestamp: string
  readonly turn_number: number
  readonly event_type: EventType
  readonly simulation_id: string
  readonly agent_id?: string
  readonly caused_by?: readonly string[]
  readonly description?: string
  readonly details?: Details
}

/**
 * What `emit` returns. For an event in the stream `causeIds` is its own id; for one that was filtered out or dropped they are
 * its causes, so whoever cites it links around the gap.
 */
export interface EventRef {
  readonly id: string | null
  readonly causeIds: readonly string[]
}

export type Cause = string | EventRef

export const MAX_DESCRIPTION = 500

import { formatMicros } from '../loop/core/timestamp.ts'
import { EVENT_TYPES, type SimEvent } from '../loop/events/event.ts'
import { agentsOf } from '../loop/events/event-filter.ts'
import type { PlaybackChange, PlaybackFrame, PlaybackStep } from '../schema.ts'
import type { RunIndex } from './run-index.ts'
import { typeOfKind } from './run-index.ts'
import { spanTimes, type TurnSpan } from './turns.ts'

const DETAIL = EVENT_TYPES.indexOf('DETAIL')

/** Events of a turn that its frame shows: all but DETAIL. */
export const framePositions = (index: RunIndex, span: TurnSpan): number[] =>
  span.positions.filter((position) => typeOfKind(index.kind.get(position)) !== DETAIL)

function labelOf(event: SimEvent): string {
  if (event.description) return event.description
  const d = event.details ?? {}
  const what = d['decision_type'] ?? d['action_type'] ?? d['milestone_type'] ?? d['system_event_type'] ?? d['status']
  const text = String(what ?? event.event_type.toLowerCase())
  return event.agent_id ? `${event.agent_id}: ${text}` : text
}

function stepOf(event: SimEvent): PlaybackStep {
  const participants = agentsOf(event)
  const step: PlaybackStep = {
    event_id: event.event_id,
    timestamp: event.timestamp,
    event_type: event.event_type,
    label: labelOf(event),
  }
  if (event.agent_id) step.agent_id = event.agent_id
  if (participants.length > 1) step.participants = participants
  if (event.caused_by && event.caused_by.length > 0) step.caused_by = [...event.caused_by]
  return step
}

function changeOf(event: SimEvent): PlaybackChange {
  const d = event.details ?? {}
  const change: PlaybackChange = {
    scope: event.agent_id ? 'agent' : 'global',
    variable_name: String(d['variable_name'] ?? ''),
    old_value: d['old_value'] ?? null,
    new_value: d['new_value'] ?? null,
    event_id: event.event_id,
  }
  if (event.agent_id) change.agent_id = event.agent_id
  return change
}

export function frameOf(index: RunIndex, span: TurnSpan, events: readonly SimEvent[]): PlaybackFrame {
  const { started, ended } = spanTimes(index, span)
  return {
    turn: span.turn,
    started_at: formatMicros(started),
    ended_at: formatMicros(ended),
    steps: events.filter(({ event_type }) => event_type !== 'STATE').map(stepOf),
    changes: events.filter(({ event_type }) => event_type === 'STATE').map(changeOf),
  }
}

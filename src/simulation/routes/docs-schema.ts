import { z } from 'zod'
import { EVENT_TYPES } from '../loop/events/event.ts'

// Parameters are described here and read by the contract's own parser, whose errors name parameter, expected and actual. So
// these schemas let everything pass.
const described = (schema: Record<string, unknown>) => z.any().optional().meta(schema)

const integer = (minimum: number, more: Record<string, unknown> = {}) =>
  described({ type: 'integer', minimum, ...more })
const time = (description: string) => described({ type: 'string', format: 'date-time', description })

export const turnRange = {
  turn_start: integer(0, { description: 'first turn, inclusive' }),
  turn_end: integer(0, { description: 'last turn, inclusive' }),
}

export const filterParameters = {
  start_timestamp: time('inclusive'),
  end_timestamp: time('inclusive'),
  event_types: described({
    type: 'array',
    items: { type: 'string', enum: [...EVENT_TYPES] },
    description: 'any of; repeated or comma separated',
  }),
  agent_ids: described({ type: 'array', items: { type: 'string' }, description: 'any of' }),
  agent_match: described({ type: 'string', enum: ['involved', 'actor'], default: 'involved' }),
  ...turnRange,
  text: described({ type: 'string', description: 'part of the description, any case' }),
}

export const EventsQuery = z.looseObject({
  ...filterParameters,
  limit: integer(1, { maximum: 10_000, default: 1000 }),
  offset: integer(0, { default: 0 }),
  order: described({ type: 'string', enum: ['asc', 'desc'], default: 'asc' }),
  after: described({ type: 'string', description: 'events after this event id' }),
  fields: described({ type: 'string', enum: ['full', 'compact'], default: 'full' }),
})
export const CausalityQuery = z.looseObject({ depth: integer(1, { maximum: 20, default: 5 }) })
export const TurnsQuery = z.looseObject(turnRange)
export const PlaybackQuery = z.looseObject({ ...turnRange, limit: integer(1, { maximum: 200, default: 50 }) })
export const StateQuery = z.looseObject({ turn: integer(0) })
export const StreamQuery = z.looseObject({
  ...filterParameters,
  from: described({ type: 'string', enum: ['now', 'start'], default: 'now' }),
  after: described({ type: 'string', description: 'events after this event id; also as header Last-Event-ID' }),
})
export const ExportQuery = z.looseObject({
  ...filterParameters,
  format: described({ type: 'string', enum: ['jsonl', 'csv'], default: 'jsonl' }),
})

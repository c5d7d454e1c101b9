import { z } from 'zod'

/** From the rarest to the finest. A level filter shows its level and everything above it. */
export const EVENT_LEVELS = ['MILESTONE', 'DECISION', 'ACTION', 'STATE', 'DETAIL'] as const
export const EventLevel = z.enum(EVENT_LEVELS)
export type EventLevel = z.infer<typeof EventLevel>

/** A record in the causal stream. `seq` is gapless within `stream`; `causes` are ids of events that made this one happen. */
export const TroupeEvent = z.object({
  id: z.string(),
  at: z.string(),
  domain: z.string(),
  type: z.string(),
  level: EventLevel,
  stream: z.string(),
  seq: z.number().int(),
  run_id: z.string().nullable(),
  agent_id: z.string().nullable(),
  actor: z.string(),
  correlation_id: z.string(),
  causes: z.array(z.string()),
  summary: z.string(),
  data: z.record(z.string(), z.unknown()),
})
export type TroupeEvent = z.infer<typeof TroupeEvent>

/** A date, or a date and time with its offset; years that PostgreSQL keeps. */
export const Moment = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], {
    error: 'must be a date or a date and time with its offset, like 2026-05-06T10:00:00Z',
  })
  .refine((text) => /^[1-9]\d{3}-/.test(text), 'must be in the years 1000 to 9999')

export const EventFilter = z.object({
  domain: z.string().optional(),
  stream: z.string().optional(),
  run_id: z.string().optional(),
  agent_id: z.string().optional(),
  type: z.array(z.string()).optional(),
  level: EventLevel.optional(),
  correlation_id: z.string().optional(),
  from: Moment.optional(),
  to: Moment.optional(),
  q: z.string().max(200).optional(),
})
export type EventFilter = z.infer<typeof EventFilter>

/** Newest first unless `ascending`. `cursor` is the last id of the page before; absent on the last page. */
export type EventPage = { events: TroupeEvent[]; next_cursor: string | null; total?: number }

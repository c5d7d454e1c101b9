import { z } from 'zod'
import { AppError } from '../../kernel/errors/app-error.ts'
import { EventLevel, TroupeEvent } from '../../kernel/events/schema.ts'
import type { Router } from '../../kernel/http/route.ts'
import { limit, listOf } from './query.ts'

const Page = z.object({ events: z.array(TroupeEvent), next_cursor: z.string().nullable() })
const Walk = z.object({ event: TroupeEvent, related: z.array(z.object({ event: TroupeEvent, depth: z.number() })) })
/** Date.parse alone also takes "$1" and the 30th of February; what passes here is a time to PostgreSQL, too. */
const Time = z
  .string()
  .refine((value) => /^\d{4}-\d{2}-\d{2}/.test(value) && !Number.isNaN(Date.parse(value)), 'must be an ISO 8601 time')
  .transform((value) => new Date(value).toISOString())

export function eventRoutes(router: Router): void {
  router.add({
    method: 'GET',
    url: '/v1/events',
    summary: 'Events, newest first',
    tag: 'events',
    access: 'read',
    query: z.object({
      domain: z.string().optional(),
      stream: z.string().optional(),
      run_id: z.string().optional(),
      agent_id: z.string().optional(),
      type: listOf(z.string()),
      level: z.preprocess((value) => (typeof value === 'string' ? value.toUpperCase() : value), EventLevel.optional()),
      correlation_id: z.string().optional(),
      from: Time.optional(),
      to: Time.optional(),
      q: z.string().max(200).optional(),
      after: z.string().optional(),
      order: z.enum(['asc', 'desc']).default('desc'),
      limit: limit(1000, 100),
    }),
    replies: { 200: Page },
    handler: ({ kernel }, { query: { limit: size, after, order, ...filter } }) =>
      kernel.events.page(filter, { limit: size, ascending: order === 'asc', ...(after ? { after } : {}) }),
  })
  router.add({
    method: 'GET',
    url: '/v1/events/:id',
    summary: 'One event',
    tag: 'events',
    access: 'read',
    params: z.object({ id: z.string() }),
    replies: { 200: TroupeEvent },
    handler: async ({ kernel }, { params }) => {
      const event = await kernel.events.one(params.id)
      if (!event) throw new AppError('NOT_FOUND', `No event ${params.id}`, { resource: 'event', id: params.id })
      return event
    },
  })
  for (const direction of ['causes', 'effects'] as const)
    router.add({
      method: 'GET',
      url: `/v1/events/:id/${direction}`,
      summary: direction === 'causes' ? 'What made an event happen' : 'What an event made happen',
      tag: 'events',
      access: 'read',
      params: z.object({ id: z.string() }),
      query: z.object({ depth: z.coerce.number().int().min(1).max(50).default(5) }),
      replies: { 200: Walk },
      handler: async ({ kernel }, { params, query }) => {
        const event = await kernel.events.one(params.id)
        if (!event) throw new AppError('NOT_FOUND', `No event ${params.id}`, { resource: 'event', id: params.id })
        return { event, related: await kernel.events[direction](params.id, query.depth) }
      },
    })
}

import { z } from 'zod'
import { HttpReply, type Router } from '../../kernel/http/route.ts'
import { CSV_TABLES } from '../exports/csv-table.ts'
import { EventPath } from '../schema.ts'
import { exportCalendar, exportCsv, exportJson } from '../verbs/export-event.ts'

const attachment = (name: string) => ({ 'content-disposition': `attachment; filename="${name}"` })

/** Files of an event. `calendar.ics` may be subscribed to: calendars send a key as `?api_key=`. */
export function exportRoutes(router: Pick<Router, 'add'>): void {
  const tag = 'exports'
  const base = '/api/event-briefs/:id'
  router.add({
    method: 'GET',
    url: `${base}/calendar.ics`,
    summary: 'The event, its milestones and sessions as iCalendar',
    tag,
    access: 'read',
    params: EventPath,
    replies: { 200: 'text/calendar' },
    handler: async (ctx, { params }) =>
      new HttpReply(200, await exportCalendar(ctx, params.id), { 'content-type': 'text/calendar; charset=utf-8' }),
  })
  router.add({
    method: 'GET',
    url: `${base}/export.json`,
    summary: 'Everything of an event in one document',
    tag,
    access: 'read',
    params: EventPath,
    handler: async (ctx, { params }) =>
      new HttpReply(200, await exportJson(ctx, params.id), attachment(`${params.id}.json`)),
  })
  router.add({
    method: 'GET',
    url: `${base}/export/:table`,
    summary: `A table of an event as CSV: ${CSV_TABLES.join(', ')}`,
    tag,
    access: 'read',
    params: EventPath.extend({ table: z.enum(CSV_TABLES) }),
    replies: { 200: 'text/csv' },
    handler: async (ctx, { params }) =>
      new HttpReply(200, await exportCsv(ctx, params.id, params.table), {
        'content-type': 'text/csv; charset=utf-8',
        ...attachment(`${params.id}-${params.table}.csv`),
      }),
  })
}

import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { AppError } from '../../kernel/errors/app-error.ts'
import type { Router } from '../../kernel/http/route.ts'

const DAY_MS = 86_400_000

const Template = z.object({
  kind: z.enum(['event', 'film']),
  id: z.string(),
  title: z.string(),
  about: z.string(),
  at: z.string(),
})

const SQL = {
  event: `select id, body ->> 'title' as title, concat(body ->> 'audience_size', ' people, ', body ->> 'event_type', ', ', lifecycle_state) as about, updated_at as at
            from planning.event_briefs order by updated_at desc limit $1`,
  film: `select workflow_id::text as id, view ->> 'title' as title, concat(view ->> 'target_duration', ' s, ', replace(workflow_type, '_', ' '), ', ', status) as about, updated_at as at
           from movies.workflows order by updated_at desc limit $1`,
} as const

/** Calls one of our own routes as the caller, so that its checks, its record and its audit are those of any call. */
async function ownCall(request: FastifyRequest, method: 'GET' | 'POST', url: string, payload?: unknown): Promise<any> {
  const { authorization, 'x-api-key': key, host } = request.headers
  const answer = await request.server.inject({
    method,
    url,
    remoteAddress: request.ip,
    headers: {
      accept: 'application/json',
      ...(host ? { host } : {}),
      ...(authorization ? { authorization } : {}),
      ...(typeof key === 'string' ? { 'x-api-key': key } : {}),
    },
    ...(payload === undefined ? {} : { payload: payload as object }),
  })
  const body = answer.json()
  if (answer.statusCode >= 400)
    throw new AppError(
      answer.statusCode === 404 ? 'NOT_FOUND' : 'VALIDATION_ERROR',
      body.detail ?? body.message ?? body.error?.message ?? `${url} answered ${answer.statusCode}`,
    )
  return body
}

const shifted = (iso: string, ms: number) => new Date(Date.parse(iso) + ms).toISOString().replace('.000Z', 'Z')

/** Past events and films as beginnings of new ones. */
export function templateRoutes(router: Router): void {
  router.add({
    method: 'GET',
    url: '/v1/templates',
    summary: 'Past events and films that a new one can begin from, newest first',
    tag: 'templates',
    access: 'read',
    query: z.object({ limit: z.coerce.number().int().min(1).max(100).default(20) }),
    replies: { 200: z.object({ templates: z.array(Template) }) },
    handler: async ({ kernel }, { query }) => {
      const found = await Promise.all(
        (['event', 'film'] as const).map(async (kind) => {
          const { rows } = await kernel.db.query(SQL[kind], [query.limit])
          return rows.map((row) => ({ ...row, kind, at: (row['at'] as Date).toISOString() }))
        }),
      )
      return { templates: found.flat().sort((a: any, b: any) => (a.at < b.at ? 1 : -1)) }
    },
  })
  router.add({
    method: 'POST',
    url: '/v1/templates/:kind/:id',
    summary: 'Begin a new event or film from a past one',
    tag: 'templates',
    access: 'write',
    params: z.object({ kind: Template.shape.kind, id: z.string() }),
    body: z.object({
      title: z.string().trim().min(1).max(200).optional(),
      /** When the new event begins; default: a year after the old one, or after today. */
      starts_at: z.string().optional(),
    }),
    replies: { 201: z.object({ kind: z.string(), id: z.string(), title: z.string() }) },
    handler: async (ctx, { params, body, request }) => {
      const at = encodeURIComponent(params.id)
      if (params.kind === 'event') {
        const old = await ownCall(request, 'GET', `/api/event-briefs/${at}`)
        const from = Date.parse(old.date_range_start)
        const start = body.starts_at
          ? Date.parse(body.starts_at)
          : from + Math.ceil(Math.max(1, (ctx.kernel.clock.now() - from) / DAY_MS) / 364) * 364 * DAY_MS
        if (Number.isNaN(start)) throw new AppError('VALIDATION_ERROR', 'starts_at must be an ISO 8601 time')
        const made = await ownCall(request, 'POST', '/api/event-briefs', {
          title: body.title ?? old.title,
          date_range_start: shifted(old.date_range_start, start - from),
          date_range_end: shifted(old.date_range_end, start - from),
          audience_size: old.audience_size,
          event_type: old.event_type,
          objectives: old.objectives,
          constraints: old.constraints ?? '',
        })
        return { kind: 'event', id: made.id, title: made.title }
      }
      const old = await ownCall(request, 'GET', `/api/v1/workflows/${at}`)
      const title = body.title ?? old.title
      const project = `${old.project_id.slice(0, 60)}-${ctx.kernel.newId('t').slice(-6)}`
      await ownCall(request, 'POST', '/api/v1/projects', { project_id: project, title })
      const made = await ownCall(request, 'POST', '/api/v1/workflows', {
        project_id: project,
        workflow_type: old.workflow_type,
        title,
        description: old.description ?? '',
        ...(old.genre ? { genre: old.genre } : {}),
        target_duration: old.target_duration,
        style_preferences: old.style_preferences ?? {},
        custom_parameters: old.custom_parameters ?? {},
      })
      return { kind: 'film', id: made.workflow_id, title }
    },
  })
}

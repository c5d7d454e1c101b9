import type { FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { HttpReply } from '../../kernel/http/route.ts'
import type { SimEvent } from '../loop/events/event.ts'
import { choiceParameter, intParameter, parseFilter, type RawParameters } from '../loop/events/event-filter.ts'
import * as schema from '../schema.ts'
import type { EventService, Page } from '../service/event-service.ts'
import { invalidParameter } from '../service/service-error.ts'
import { TailService, type TailStart } from '../service/tail.ts'
import * as docs from './docs-schema.ts'
import { exportStream } from './export.ts'
import { jsonReply } from './json-reply.ts'
import { streamTail } from './stream.ts'

export type RouteCall = {
  params: Readonly<Record<string, string>>
  query: RawParameters
  request: FastifyRequest
  reply: FastifyReply
}

/** One reading route; both servers register the same list. */
export type QueryRoute = {
  url: string
  summary: string
  query?: z.ZodType
  replies: Readonly<Record<number, z.ZodType | string>>
  handle(call: RouteCall): Promise<HttpReply | undefined>
}

const single = (value: string | readonly string[] | undefined): string | undefined =>
  value === undefined || typeof value === 'string' ? value : value.at(-1)

function pageParameters(query: RawParameters): Page {
  const page: Page = {
    limit: intParameter(query, 'limit', 1, 10_000) ?? 1000,
    offset: intParameter(query, 'offset', 0) ?? 0,
    order: choiceParameter(query, 'order', ['asc', 'desc']) ?? 'asc',
  }
  const after = single(query['after'])
  if (after === undefined) return page
  if (query['offset'] !== undefined) throw invalidParameter('after', 'used without offset', after)
  if (page.order === 'desc') throw invalidParameter('after', 'used without order=desc', after)
  return { ...page, after }
}

const compact = ({ details: _, ...event }: SimEvent): SimEvent => event

function tailStart({ query, request }: RouteCall): TailStart {
  const from = choiceParameter(query, 'from', ['now', 'start']) ?? 'now'
  const header = request.headers['last-event-id']
  const after = (typeof header === 'string' && header !== '' ? header : undefined) ?? single(query['after'])
  return after === undefined ? { from } : { after }
}

/** E1 to E4 and E7 to E15. Errors are thrown as ServiceError or FilterError. */
export function queryRoutes(service: EventService): QueryRoute[] {
  const tails = new TailService(service)

  /** A JSON route below one run: cached by the version of its files once it has ended. */
  const ofRun = (
    path: string,
    summary: string,
    reply: z.ZodType,
    answer: (id: string, call: RouteCall) => Promise<unknown>,
    query?: z.ZodType,
  ): QueryRoute => ({
    url: `/simulations/:id${path}`,
    summary,
    replies: { 200: reply },
    ...(query ? { query } : {}),
    handle: async (call) => {
      const id = call.params['id'] ?? ''
      const value = await answer(id, call)
      const text = typeof value === 'string' ? value : JSON.stringify(value)
      return jsonReply(call.request, text, await service.getVersion(id))
    },
  })

  return [
    {
      url: '/simulations',
      summary: 'Runs of the output folder, newest first',
      replies: { 200: schema.SimulationList },
      handle: async ({ request }) => {
        const list: schema.SimulationList = { simulations: await service.listSimulations() }
        return jsonReply(request, JSON.stringify(list), undefined)
      },
    },
    ofRun('', 'One run with configuration, result and files', schema.SimulationDetail, (id) =>
      service.getSimulation(id),
    ),
    ofRun(
      '/events',
      'Filtered, paged events of a run',
      schema.EventsResponse,
      async (id, { query }) => {
        const filter = parseFilter(query)
        const page = pageParameters(query)
        const fields = choiceParameter(query, 'fields', ['full', 'compact'])
        const found = await service.getFilteredEvents(id, filter, page)
        return fields === 'compact' ? { ...found, events: found.events.map(compact) } : found
      },
      docs.EventsQuery,
    ),
    ofRun('/events/:eventId', 'One event', schema.SimEvent, (id, { params }) =>
      service.getEventById(id, params['eventId'] ?? ''),
    ),
    ofRun(
      '/causality/:eventId',
      'What led to an event and what it led to',
      schema.CausalityResponse,
      (id, { params, query }) => {
        const depth = intParameter(query, 'depth', 1, 20) ?? 5
        return service.getCausalityChain(id, params['eventId'] ?? '', depth)
      },
      docs.CausalityQuery,
    ),
    ofRun(
      '/turns',
      'Turn index',
      schema.TurnsResponse,
      async (id, { query }): Promise<schema.TurnsResponse> => ({
        turns: await service.getTurns(id, parseFilter(turnsOnly(query))),
      }),
      docs.TurnsQuery,
    ),
    ofRun(
      '/playback',
      'Frames per turn to animate',
      schema.PlaybackResponse,
      (id, { query }) =>
        service.getPlayback(id, parseFilter(turnsOnly(query)), intParameter(query, 'limit', 1, 200) ?? 50),
      docs.PlaybackQuery,
    ),
    ofRun(
      '/state',
      'State after a turn',
      schema.StateResponse,
      (id, { query }) => service.getState(id, intParameter(query, 'turn', 0)),
      docs.StateQuery,
    ),
    ofRun('/checkpoints', 'Turns with a checkpoint', schema.CheckpointsResponse, (id) => service.getCheckpoints(id)),
    {
      ...ofRun('/checkpoints/:turn', 'A checkpoint as stored', schema.SimEvent, (id, { params }) =>
        service.getCheckpoint(id, params['turn'] ?? ''),
      ),
      replies: { 200: 'metadata and state' },
    },
    ofRun('/facets', 'Values for filter controls', schema.FacetsResponse, (id) => service.getFacets(id)),
    ofRun('/integrity', 'Integrity of the event files', schema.IntegrityReport, (id) => service.getIntegrity(id)),
    {
      url: '/simulations/:id/stream',
      summary: 'Live tail as server-sent events',
      query: docs.StreamQuery,
      replies: { 200: 'text/event-stream' },
      handle: async (call) => {
        const id = call.params['id'] ?? ''
        const filter = parseFilter(call.query)
        const start = tailStart(call)
        if (call.request.method === 'HEAD') {
          await service.getVersion(id)
          return new HttpReply(200, '', { 'content-type': 'text/event-stream; charset=utf-8' })
        }
        await streamTail(tails, id, filter, start, call.request, call.reply)
        return undefined
      },
    },
    {
      url: '/simulations/:id/export',
      summary: 'Audit export of all matching events',
      query: docs.ExportQuery,
      replies: { 200: 'a file' },
      handle: async ({ params, query, request }) => {
        const id = params['id'] ?? ''
        const format = choiceParameter(query, 'format', ['jsonl', 'csv']) ?? 'jsonl'
        const filter = parseFilter(query)
        // For HEAD nobody would read, or close, what was opened.
        const isHead = request.method === 'HEAD'
        if (isHead) await service.getVersion(id)
        return new HttpReply(200, isHead ? '' : exportStream(await service.exportLines(id, filter), format), {
          'content-type': format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson; charset=utf-8',
          'content-disposition': `attachment; filename="${id}.${format}"`,
          'cache-control': 'no-store',
        })
      },
    },
  ]
}

const turnsOnly = ({ turn_start, turn_end }: RawParameters): RawParameters => ({ turn_start, turn_end })

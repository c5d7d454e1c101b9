import fs from 'node:fs'
import path from 'node:path'
import { Readable } from 'node:stream'
import { z } from 'zod'
import { HttpReply } from '../../kernel/http/route.ts'
import { isMap } from '../loop/core/json.ts'
import { choiceParameter, intParameter, listParameter } from '../loop/events/event-filter.ts'
import { MANIFEST_FILE } from '../loop/run/manifest.ts'
import { turnRange } from '../routes/docs-schema.ts'
import { jsonReply } from '../routes/json-reply.ts'
import type { QueryRoute, RouteCall } from '../routes/query-routes.ts'
import * as schema from '../schema.ts'
import type { EventService } from '../service/event-service.ts'
import { ServiceError } from '../service/service-error.ts'
import { withoutSecrets } from '../service/without-secrets.ts'
import { compareRuns } from './compare-runs.ts'
import { metricsCsv } from './metrics-csv.ts'
import { MAX_LINES, MAX_POINTS, runSeries } from './run-series.ts'
import { TRACE_LIMIT, traceOf } from './write-trace.ts'

// Described here, read by the contract's own parser, as the other reading routes are.
const described = (schema: Record<string, unknown>) => z.any().optional().meta(schema)
const MetricsQuery = z.object({
  variables: described({ type: 'string', description: 'comma separated: wealth, ada.wealth; all when absent' }),
  shape: described({ type: 'string', enum: ['wide', 'long'], default: 'wide' }),
})
const SeriesQuery = z.object({
  variables: described({ type: 'string', description: 'comma separated; the liveliest when absent' }),
  ...turnRange,
  points: described({ type: 'integer', minimum: 2, maximum: MAX_POINTS, default: 400, description: 'most a line' }),
  lines: described({ type: 'integer', minimum: 1, maximum: MAX_LINES, default: 24 }),
})
const TraceQuery = z.object({
  ...turnRange,
  limit: described({ type: 'integer', minimum: 10, maximum: TRACE_LIMIT, description: 'most entries' }),
})

const idOf = ({ params }: RouteCall): string => params['id'] ?? ''

/** A download made piece by piece. */
function download({ request }: RouteCall, pieces: AsyncGenerator<string, unknown>, name: string, type: string) {
  const body = request.method === 'HEAD' ? '' : Readable.from(pieces, { objectMode: false })
  return new HttpReply(200, body, {
    'content-type': type,
    'content-disposition': `attachment; filename="${name}"`,
    'cache-control': 'no-store',
  })
}

function readManifest(service: EventService, id: string): Record<string, unknown> {
  try {
    const file = path.join(service.outputRoot, id, MANIFEST_FILE)
    const manifest: unknown = JSON.parse(fs.readFileSync(file, 'utf8'))
    if (isMap(manifest)) return { ...manifest, config: withoutSecrets(manifest['config'] as never) }
  } catch {
    // Not there or half written: told below.
  }
  throw new ServiceError('NOT_FOUND', `Simulation ${id} has no manifest`)
}

/** Questions over whole runs, beside the contract's own: comparison, variables as CSV, trace, manifest. */
export const analysisRoutes = (service: EventService): QueryRoute[] => [
  {
    url: '/simulations/:id/compare/:other',
    summary: 'Two runs to their first divergence',
    replies: { 200: schema.Comparison },
    handle: async (call) => {
      const other = call.params['other'] ?? ''
      const found = await compareRuns(service, idOf(call), other)
      const versions = [await service.getVersion(idOf(call)), await service.getVersion(other)]
      return jsonReply(
        call.request,
        JSON.stringify(found),
        versions.includes(undefined) ? undefined : versions.join('|'),
      )
    },
  },
  {
    url: '/simulations/:id/series',
    summary: 'Histories of numeric variables, thin enough to draw',
    query: SeriesQuery,
    replies: { 200: schema.RunSeries },
    handle: async (call) => {
      const version = await service.getVersion(idOf(call))
      const found = await runSeries(service, idOf(call), {
        variables: listParameter(call.query['variables']),
        turnStart: intParameter(call.query, 'turn_start', 0),
        turnEnd: intParameter(call.query, 'turn_end', 0),
        points: intParameter(call.query, 'points', 2, MAX_POINTS),
        lines: intParameter(call.query, 'lines', 1, MAX_LINES),
      })
      return jsonReply(call.request, JSON.stringify(found), version)
    },
  },
  {
    url: '/simulations/:id/metrics.csv',
    summary: 'Variables by turn as CSV',
    query: MetricsQuery,
    replies: { 200: 'a file' },
    handle: async (call) => {
      const shape = choiceParameter(call.query, 'shape', ['wide', 'long']) ?? 'wide'
      const variables = listParameter(call.query['variables'])
      await service.getVersion(idOf(call))
      const rows = metricsCsv(service, idOf(call), { shape, ...(variables?.length ? { variables } : {}) })
      return download(call, rows, `${idOf(call)}.metrics.csv`, 'text/csv; charset=utf-8')
    },
  },
  {
    url: '/simulations/:id/trace.json',
    summary: 'Chrome trace of a run, for ui.perfetto.dev',
    query: TraceQuery,
    replies: { 200: 'a file' },
    handle: async (call) => {
      const options = {
        turnStart: intParameter(call.query, 'turn_start', 0),
        turnEnd: intParameter(call.query, 'turn_end', 0),
        limit: intParameter(call.query, 'limit', 10, TRACE_LIMIT),
      }
      await service.getVersion(idOf(call))
      return download(call, traceOf(service, idOf(call), options), `${idOf(call)}.trace.json`, 'application/json')
    },
  },
  {
    url: '/simulations/:id/manifest',
    summary: 'What it takes to repeat a run bit for bit',
    replies: { 200: 'the manifest' },
    handle: async (call) => {
      const version = await service.getVersion(idOf(call))
      return jsonReply(call.request, JSON.stringify(readManifest(service, idOf(call))), version)
    },
  },
]

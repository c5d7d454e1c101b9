import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../kernel/errors/app-error.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { roleOf } from '../access.ts'
import { movieMetrics } from '../metrics/movie-metrics.ts'

const WINDOW_MS = 60_000
type Bucket = 'standard' | 'changes' | 'bulk'
const LISTS = new Set(['/api/v1/workflows', '/api/v1/agents', '/api/v1/projects', '/api/v1/audit'])

/** Which limit a call counts against: lists of everything, changes of workflows, the rest. */
export function bucketOf(method: string, path: string): Bucket {
  const at = path.split('?')[0]!.replace(/(.)\/$/, '$1')
  if (method === 'GET') return LISTS.has(at) ? 'bulk' : 'standard'
  return /^\/api\/v1\/(workflows|projects\/[^/]+\/workflows)/.test(at) ? 'changes' : 'standard'
}

/** `100,50,20` -> limits per minute; null when switched off. */
export function parseLimits(text: string): Record<Bucket, number> | null {
  if (text === 'off') return null
  const [standard, changes, bulk] = text.split(',').map(Number) as [number, number, number]
  return { standard, changes, bulk }
}

/** Counts calls of end-user keys in fixed minutes; service and administrator keys are exempt. */
export function limitRates(app: FastifyInstance, kernel: Kernel) {
  const limits = kernel.config.core.environment === 'testing' ? null : parseLimits(kernel.config.movies.rateLimits)
  if (!limits) return
  const counts = new Map<string, { window: number; count: number }>()
  app.addHook('preHandler', async (request: FastifyRequest, reply: FastifyReply) => {
    const { actor } = request
    if (!request.url.startsWith('/api/v1/') || !actor) return
    const role = roleOf(actor)
    if (role === 'admin' || role === 'service') return
    const bucket = bucketOf(request.method, request.url)
    const now = kernel.clock.now()
    const window = Math.floor(now / WINDOW_MS)
    const key = `${actor.id}|${bucket}`
    const seen = counts.get(key)
    const count = seen?.window === window ? seen.count + 1 : 1
    if (counts.size > 10_000) counts.clear()
    counts.set(key, { window, count })
    const resetAt = (window + 1) * WINDOW_MS
    reply.header('x-ratelimit-limit', String(limits[bucket]))
    reply.header('x-ratelimit-remaining', String(Math.max(0, limits[bucket] - count)))
    reply.header('x-ratelimit-reset', String(Math.ceil(resetAt / 1000)))
    if (count <= limits[bucket]) return
    movieMetrics(kernel).rateLimitHits.inc({ endpoint: request.routeOptions.url ?? 'unknown' })
    throw new AppError('RATE_LIMIT_EXCEEDED', `More than ${limits[bucket]} calls of this kind in a minute: wait`, {
      limit: limits[bucket],
      retry_after: Math.max(1, Math.ceil((resetAt - now) / 1000)),
    })
  })
}

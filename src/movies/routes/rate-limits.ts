import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { MinuteCounter, refuseOver, tellLimit } from '../../kernel/http/rate-limit.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { roleOf } from '../access.ts'
import { movieMetrics } from '../metrics/movie-metrics.ts'

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
  const counter = new MinuteCounter(() => kernel.clock.now())
  app.addHook('preHandler', async (request: FastifyRequest, reply: FastifyReply) => {
    const { actor } = request
    if (!request.url.startsWith('/api/v1/') || !actor) return
    const role = roleOf(actor)
    if (role === 'admin' || role === 'service') return
    const bucket = bucketOf(request.method, request.url)
    const counted = counter.count(`${actor.id}|${bucket}`, limits[bucket])
    tellLimit(reply, counted)
    if (!counted.allowed) movieMetrics(kernel).rateLimitHits.inc({ endpoint: request.routeOptions.url ?? 'unknown' })
    refuseOver(counted, 'RATE_LIMIT_EXCEEDED')
  })
}

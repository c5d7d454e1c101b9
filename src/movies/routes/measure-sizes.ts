import type { FastifyInstance } from 'fastify'
import type { Kernel } from '../../kernel/kernel.ts'
import { movieMetrics } from '../metrics/movie-metrics.ts'

/** Lengths of requests and answers of this API, by route; streams of unknown length are left out. */
export function measureSizes(app: FastifyInstance, kernel: Kernel) {
  app.addHook('onResponse', async (request, reply) => {
    if (!request.url.startsWith('/api/')) return
    const labels = {
      method: request.method,
      endpoint: request.routeOptions.url ?? 'unknown',
      status_code: String(reply.statusCode),
    }
    const m = movieMetrics(kernel)
    m.requestBytes.observe(labels, Number(request.headers['content-length'] ?? 0))
    const answered = Number(reply.getHeader('content-length'))
    if (Number.isFinite(answered)) m.responseBytes.observe(labels, answered)
  })
}

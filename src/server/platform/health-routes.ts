import { HttpReply, type Router } from '../../kernel/http/route.ts'
import { type Part, part } from '../../kernel/kernel.ts'
import { stagesInFlight } from '../../kernel/runs/engine.ts'
import type { Metrics } from '../../kernel/telemetry/metrics.ts'
import { VERSION } from '../version.ts'
import type { PlatformParts } from './index.ts'
import { definePlatformMetrics } from './platform-metrics.ts'

const METRICS: Part<Metrics> = part('metrics')
const DATABASE_TIMEOUT_MS = 2_000

/** One body for every contract: the union of their fields. 503 when database or a loop is down, `degraded` when a service is. */
export function healthRoutes(router: Router, { kernel, state }: PlatformParts): void {
  definePlatformMetrics(kernel, kernel.use(METRICS))
  const look = async () => {
    const database = await Promise.race([
      kernel.db.query('select 1').then(
        () => true,
        () => false,
      ),
      new Promise<false>((resolve) => setTimeout(() => resolve(false), DATABASE_TIMEOUT_MS)),
    ])
    const loops = {
      dispatcher: state.dispatchers.every((loop) => loop.running),
      results: state.engine?.running ?? state.dispatchers.length === 0,
      monitor: state.monitors.every((loop) => loop.running),
    }
    const modules = database ? await Promise.all(state.modules.map((module) => module.health?.(kernel))) : []
    const down = !database || Object.values(loops).includes(false)
    const degraded = modules.some((module) => module?.degraded)
    const fields = modules.map((module) => module?.fields ?? {})
    const dependencies = Object.assign({}, ...fields.map((field) => field['dependencies'] ?? {}))
    const metrics = Object.assign({}, ...fields.map((field) => field['metrics'] ?? {}))
    const store = database ? 'connected' : 'disconnected'
    const uptime = (Date.now() - state.startedAt) / 1000
    const body = {
      ...Object.assign({}, ...fields),
      status: down ? 'unhealthy' : degraded ? 'degraded' : 'healthy',
      timestamp: new Date().toISOString(),
      version: VERSION,
      uptime_seconds: uptime,
      dependencies: { database: store, coordination: store, state_store: store, ...dependencies },
      workers: Object.fromEntries(Object.entries(loops).map(([name, ok]) => [name, ok ? 'running' : 'stopped'])),
      metrics: {
        uptime_seconds: uptime,
        memory_usage_mb: Math.round(process.memoryUsage.rss() / 1_048_576),
        ...metrics,
      },
    }
    return new HttpReply(down ? 503 : 200, body)
  }
  router.add({
    method: 'GET',
    url: '/health',
    aliases: ['/health/ready'],
    summary: 'Whether everything works',
    tag: 'health',
    access: 'public',
    replies: { 200: 'healthy or degraded', 503: 'unhealthy' },
    handler: look,
  })
  router.add({
    method: 'GET',
    url: '/health/live',
    summary: 'Whether the process answers',
    tag: 'health',
    access: 'public',
    handler: async () => ({ status: 'alive' }),
  })
  router.add({
    method: 'GET',
    url: '/v1/doctor',
    summary: 'Stages in flight, followers’ lag, and who holds them back',
    tag: 'health',
    access: 'read',
    handler: async () => {
      const { rows } = await kernel.db.query(
        `select pid, application_name, extract(epoch from now() - xact_start)::float8 as seconds from pg_stat_activity
          where backend_xid is not null and state <> 'idle' and pid <> pg_backend_pid() order by xact_start limit 1`,
      )
      return { stages: await stagesInFlight(kernel), lag_seconds: rows[0]?.['seconds'] ?? 0, holder: rows[0] ?? null }
    },
  })
  router.add({
    method: 'GET',
    url: '/metrics',
    summary: 'Prometheus text format',
    tag: 'health',
    access: 'read',
    handler: async () => {
      const metrics = kernel.use(METRICS)
      return new HttpReply(200, await metrics.text(), { 'content-type': metrics.contentType })
    },
  })
}

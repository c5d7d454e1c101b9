// The composition root: builds every part from configuration, starts and stops everything in order.
import path from 'node:path'
import type { FastifyInstance } from 'fastify'
import { createAuthenticator } from '../kernel/access/authenticate.ts'
import { type Dispatcher, startDispatcher } from '../kernel/agents/dispatcher.ts'
import { type Monitor, startMonitor } from '../kernel/agents/monitor.ts'
import { registerPool } from '../kernel/agents/pool.ts'
import { startSealing } from '../kernel/audit/seal-audit.ts'
import type { Config, Environment } from '../kernel/config/load-config.ts'
import { createKernel } from '../kernel/create-kernel.ts'
import { openDb, untilAccepting } from '../kernel/db/database.ts'
import { migrate } from '../kernel/db/migrate.ts'
import { createApp } from '../kernel/http/app.ts'
import { createLiveFeed, liveRoute } from '../kernel/http/live-socket.ts'
import { type Presenter, platformPresenter } from '../kernel/http/presenter.ts'
import { type RouteRegistry, Router } from '../kernel/http/route.ts'
import { serveUi } from '../kernel/http/static-ui.ts'
import type { DomainHooks, Kernel } from '../kernel/kernel.ts'
import type { Module } from '../kernel/module.ts'
import { startWebhooks } from '../kernel/notify/follow-webhooks.ts'
import { startOutbox } from '../kernel/notify/outbox.ts'
import { createEmailSender } from '../kernel/notify/send-email.ts'
import { type Engine, startEngine } from '../kernel/runs/engine.ts'
import { registerFlow } from '../kernel/runs/flows.ts'
import type { Log } from '../kernel/telemetry/logger.ts'
import { createMetrics } from '../kernel/telemetry/metrics.ts'
import { startMetricPush } from '../kernel/telemetry/otlp-metrics.ts'
import { createSecrets, type Secrets } from '../kernel/telemetry/secrets.ts'
import { secretsOfConfig } from '../kernel/telemetry/secrets-of-config.ts'
import { startTracing } from '../kernel/telemetry/tracing.ts'
import { mountMcp } from '../kernel/tools/mcp-server.ts'
import { loadModules } from './compose.ts'
import { ensureDatabase } from './ensure-database.ts'
import { mountA2a } from './interfaces/a2a.ts'
import { contextFor, platformToolsFor } from './interfaces/platform-tools.ts'
import { openDatabase } from './open-database.ts'
import { buildParts } from './parts.ts'
import { createPhoneLink } from './phone-link.ts'
import { auditCalls } from './platform/audit-calls.ts'
import { auditTools } from './platform/audit-tools.ts'
import { platformRoutes } from './platform/index.ts'
import { startRetention } from './retention/start-retention.ts'
import { ROOT, VERSION } from './version.ts'

export const DATABASE_NAME = 'troupe'

export type ServerOptions = {
  config: Config
  env: Environment
  log: Log
  /** `api` serves HTTP; `work` runs stages and dispatch. Both by default. */
  roles?: readonly ('api' | 'work')[]
  /** The register the logger masks with; default: a new one of the configuration's secrets. */
  secrets?: Secrets
  /** Token own agents register with. */
  agentToken?: string
  modules?: readonly Module[]
  uiDist?: string
}

export type RunningServer = {
  readonly url: string
  readonly kernel: Kernel
  readonly app: FastifyInstance
  readonly databaseUrl: string
  readonly registry: RouteRegistry
  /** `stopDatabase`: also stop the embedded server. */
  stop(options?: { stopDatabase?: boolean }): Promise<void>
}

export type ServerState = {
  dispatchers: Dispatcher[]
  monitors: Monitor[]
  engine: Engine | undefined
  startedAt: number
  modules: readonly Module[]
  /** The agent processes that `troupe up` started: the only ones a demonstration may end. */
  ownAgents?: { readonly ids: string[]; kill(id: string): number | undefined }
}

function presenterFinder(modules: readonly Module[]): (path: string) => Presenter {
  const table = modules
    .flatMap((module) =>
      module.presenter ? (module.prefixes ?? []).map((prefix) => ({ prefix, presenter: module.presenter! })) : [],
    )
    .concat([{ prefix: '/v1', presenter: platformPresenter }])
    .sort((a, b) => b.prefix.length - a.prefix.length)
  return (url) => {
    const at = url.split('?')[0]!
    return (
      table.find(({ prefix }) => prefix === '/' || at === prefix || at.startsWith(`${prefix}/`))?.presenter ??
      platformPresenter
    )
  }
}

/** Starts everything this process is for. Throws before anything listens when configuration or database are not usable. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, env, log } = options
  const roles = options.roles ?? ['api', 'work']
  const secrets = options.secrets ?? createSecrets(secretsOfConfig(config as never))
  if (options.agentToken) secrets.add(options.agentToken)
  const modules = options.modules ?? (await loadModules(config))
  const database = await openDatabase(config, env, log)
  const databaseUrl = database.embedded ? await ensureDatabase(database.url, DATABASE_NAME) : database.url
  secrets.add(new URL(databaseUrl).password)
  const db = openDb({
    url: databaseUrl,
    max: config.core.databasePool + 3, // the listener, the liveness lock and one spare
    applicationName: 'troupe',
    ...(database.password ? { password: database.password } : {}),
    onError: (error) => log.warn({ error: error.message }, 'a database connection was lost'),
  })
  const undo: (() => Promise<unknown>)[] = [() => db.close()]
  try {
    await untilAccepting(db)
    await migrate(db, [
      { schema: 'kernel', dir: path.join(ROOT, 'src/kernel/db/migrations') },
      ...modules.flatMap((module) => (module.migrations ? [module.migrations] : [])),
    ])
    const hooks = new Map<string, DomainHooks>(
      modules.flatMap((module) => (module.hooks ? [[module.name, module.hooks] as const] : [])),
    )
    const metrics = createMetrics({ processMetrics: true })
    const state: ServerState = { dispatchers: [], monitors: [], engine: undefined, startedAt: Date.now(), modules }
    const kernel = createKernel({
      config,
      db,
      log,
      hooks,
      mask: (text) => secrets.mask(text),
      parts: {
        ...(await buildParts({ config, db, log, metrics, mask: (text) => secrets.mask(text) })),
        secrets,
        server: state,
      },
    })
    await kernel.notifier.start()
    undo.unshift(() => kernel.notifier.close())
    for (const module of modules) {
      for (const flow of module.flows ?? []) registerFlow(flow)
      for (const pool of module.pools ?? []) registerPool(pool)
    }

    const registry: RouteRegistry = []
    let app: FastifyInstance | undefined
    let url = ''
    if (roles.includes('api')) {
      const authenticator = createAuthenticator(config, db, options.agentToken)
      kernel.notifier.on('keys', () => authenticator.forgetKeys())
      const http = metrics.scope()
      const requests = http.counter({
        name: 'http_requests_total',
        help: 'HTTP requests',
        labels: ['service', 'route', 'status', 'status_code', 'method', 'endpoint'],
      })
      const seconds = http.histogram({
        name: 'http_request_duration_seconds',
        help: 'Time to answer',
        labels: ['service', 'route', 'status', 'status_code', 'method', 'endpoint'],
      })
      http
        .gauge({ name: 'app_info', help: 'What runs here; always 1', labels: ['version', 'environment'] })
        .set({ version: VERSION, environment: config.core.environment }, 1)
      const screens = modules.flatMap((module) => (module.screenOf ? [module.screenOf] : []))
      app = await createApp({
        kernel,
        authenticator,
        registry,
        presenterOf: presenterFinder(modules),
        screenOf: (at) => screens.map((screen) => screen(at)).find((found) => found !== undefined),
        onResponse: (request, status, elapsed) => {
          const route = request.routeOptions.url ?? 'unknown'
          const labels = {
            service: 'orchestrator',
            route,
            status: String(status),
            status_code: String(status),
            method: request.method,
            endpoint: route,
          }
          requests.inc(labels)
          seconds.observe(labels, elapsed)
        },
      })
      auditCalls(app, kernel)
      const feed = createLiveFeed(kernel)
      undo.unshift(() => feed.stop())
      const server = app
      undo.unshift(() => server.close())
      const phones = createPhoneLink(app, kernel)
      undo.unshift(() => phones.close())
      await platformRoutes(new Router(app, kernel, 'platform', registry), {
        kernel,
        state,
        registry,
        authenticator,
        phones,
      })
      for (const module of modules) await module.routes?.(new Router(app, kernel, module.name, registry), kernel, app)
      await app.register(async (scope) => liveRoute(scope, kernel, feed))
      mountMcp(app, {
        name: 'troupe',
        version: VERSION,
        instructions:
          'Start tasks, follow them, answer questions that wait for a person, and ask why something happened.',
        authenticate: async (request) => request.actor,
        toolsFor: platformToolsFor,
        contextOf: (actor, call) => contextFor(kernel, actor, call),
        hooks: [auditTools('mcp')],
        log,
      })
      mountA2a(app, kernel, () => config.core.publicUrl ?? url)
      await serveUi(app, options.uiDist ?? path.join(ROOT, 'web/dist'))
      url = await listen(app, config)
    }
    const callbackBase = config.core.publicUrl ?? (url || `http://127.0.0.1:${config.core.port}`)
    if (roles.includes('work')) {
      state.engine = await startEngine({
        kernel,
        databaseUrl,
        role: roles.join('+'),
        ...(database.password ? { password: database.password } : {}),
      })
      undo.unshift(() => state.engine!.stop())
      for (const policy of modules.flatMap((module) => module.pools ?? [])) {
        state.dispatchers.push(startDispatcher({ kernel, policy, callbackBase, executeToken: config.core.apiToken }))
        state.monitors.push(startMonitor(kernel, policy))
      }
      undo.unshift(() => Promise.all([...state.dispatchers, ...state.monitors].map((loop) => loop.stop())))
    }
    const tracing = await startTracing({
      endpoint: config.core.otlpEndpoint,
      serviceName: 'troupe',
      version: VERSION,
      log,
      secrets,
    })
    undo.push(() => tracing.shutdown())
    if (config.core.otlpEndpoint) {
      const push = startMetricPush({ endpoint: config.core.otlpEndpoint, serviceName: 'troupe', metrics, log })
      undo.push(() => push.stop())
    }
    if (roles.includes('work')) {
      undo.unshift(startSealing(kernel))
      undo.unshift(startWebhooks(kernel))
    }
    if (roles.includes('work')) undo.unshift(startOutbox(kernel, await createEmailSender(config.notify)))
    if (roles.includes('work')) undo.unshift(await startRetention(kernel, modules))
    for (const module of modules) {
      const stop = await module.start?.(kernel)
      if (stop) undo.unshift(stop)
    }
    return {
      url,
      kernel,
      app: app as FastifyInstance,
      databaseUrl,
      registry,
      async stop({ stopDatabase = false } = {}) {
        for (const action of undo.splice(0))
          await action().catch((error: Error) => log.warn({ error: error.message }, 'while stopping'))
        await database.close(stopDatabase)
      },
    }
  } catch (error) {
    for (const action of undo.splice(0))
      await action().catch((cause: Error) => log.warn({ error: cause.message }, 'while stopping'))
    await database.close(true)
    throw error
  }
}

async function listen(app: FastifyInstance, config: Config): Promise<string> {
  const { host, port } = config.core
  try {
    await app.listen({ host, port })
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === 'EADDRINUSE')
      throw new Error(`Port ${port} on ${host} is in use by another program: stop it, or set PORT to a free one`, {
        cause: error,
      })
    if (code === 'EACCES')
      throw new Error(`Port ${port} needs more rights than this user has: set PORT to one above 1023`, { cause: error })
    throw error
  }
  const address = app.server.address()
  const actual = typeof address === 'object' && address ? address.port : port
  return `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host}:${actual}`
}

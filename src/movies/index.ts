import path from 'node:path'
import type { Config } from '../kernel/config/load-config.ts'
import { systemCtx } from '../kernel/context.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { models } from '../kernel/models/part.ts'
import type { Module } from '../kernel/module.ts'
import { maskedSettings } from './audit/masked-settings.ts'
import { writeAudit } from './audit/write-audit.ts'
import { movieMetrics } from './metrics/movie-metrics.ts'
import { installParts, type MovieParts, partsOf } from './parts.ts'
import { moviesPresenter } from './present-error.ts'
import { seedBuiltins } from './registry/seed-builtins.ts'
import { agentRoutes } from './routes/agent-routes.ts'
import { exportRoutes } from './routes/export-routes.ts'
import { measureSizes } from './routes/measure-sizes.ts'
import { noteKeyFailures } from './routes/note-key-failures.ts'
import { otherRoutes } from './routes/other-routes.ts'
import { projectRoutes } from './routes/project-routes.ts'
import { limitRates } from './routes/rate-limits.ts'
import { shotRoutes } from './routes/shot-routes.ts'
import { workflowRoutes } from './routes/workflow-routes.ts'
import { workflowFlow } from './runs/workflow-flow.ts'
import { requireSecrets } from './secret-key.ts'
import { createServices } from './services/create-services.ts'
import { socketRoutes } from './sockets/socket-routes.ts'
import { expireFilms } from './upkeep/clean-up.ts'
import { startUpkeep } from './upkeep/start-upkeep.ts'
import { onAnswered, onDecisionTimeout, requireRight } from './workflow/submit-decision.ts'

const SCREENS: [pattern: RegExp, screen: (match: RegExpExecArray) => string][] = [
  [/^\/api\/v1\/workflows\/([0-9a-f-]{36})\/?(\?.*)?$/, (match) => `/app/movies/workflows/${match[1]}`],
  [/^\/api\/v1\/workflows\/?(\?.*)?$/, () => '/app/movies'],
  [/^\/api\/v1\/agents\/?(\?.*)?$/, () => '/app/movies/agents'],
]

/** The movies domain: concept to finished production. `parts` replaces studio and services in tests. */
export const moviesModule = (_config: Config, parts?: Partial<MovieParts>): Module => ({
  name: 'movies',
  migrations: { schema: 'movies', dir: path.join(import.meta.dirname, 'migrations') },
  flows: [workflowFlow],
  hooks: { onAnswered, onDecisionTimeout, requireRight },
  prefixes: ['/api/v1', '/ws/workflows', '/api/docs', '/api/openapi.json'],
  presenter: moviesPresenter,
  async routes(router, kernel, app) {
    await prepare(kernel, parts)
    limitRates(app, kernel)
    noteKeyFailures(app, kernel)
    measureSizes(app, kernel)
    workflowRoutes(router)
    agentRoutes(router)
    projectRoutes(router)
    exportRoutes(router)
    shotRoutes(router)
    otherRoutes(router, kernel)
    await socketRoutes(app, kernel)
  },
  screenOf(url) {
    for (const [pattern, screen] of SCREENS) {
      const match = pattern.exec(url)
      if (match) return screen(match)
    }
    return undefined
  },
  expire: expireFilms,
  async start(kernel) {
    await prepare(kernel, parts)
    await seedBuiltins(kernel)
    await writeAudit(kernel.db, systemCtx(kernel), {
      action: 'settings.loaded',
      entityType: 'settings',
      entityId: kernel.processId,
      after: maskedSettings(kernel.config),
    })
    const stop = await startUpkeep(kernel)
    partsOf(kernel).services.start()
    return async () => {
      await stop()
      const { services, studio } = partsOf(kernel)
      await services.close()
      if ('close' in studio && typeof studio.close === 'function') studio.close()
    }
  },
  health: healthOf,
})

/** Loaded when it is needed: drawing and sound are large. */
async function localStudio() {
  const { LocalStudio } = await import('./studio/local-studio.ts')
  return new LocalStudio()
}

const prepared = new WeakSet<Kernel>()

/** Studio, services, secret and metrics: once per kernel, whichever of routes and start comes first. */
async function prepare(kernel: Kernel, parts: Partial<MovieParts> | undefined) {
  if (prepared.has(kernel)) return
  prepared.add(kernel)
  await requireSecrets(kernel)
  installParts(kernel, {
    services: parts?.services ?? createServices(kernel),
    studio: parts?.studio ?? (await localStudio()),
  })
  movieMetrics(kernel)
}

async function healthOf(kernel: Kernel) {
  const { services } = partsOf(kernel)
  const dependencies = {
    auto_movie: services.state('auto_movie'),
    brain: services.state('brain'),
    task_service: services.state('task_service'),
  }
  const { rows } = await kernel.db.query(
    `select (select count(*)::int from movies.workflows where status in ('running', 'paused')) as workflows,
            (select count(*)::int from movies.agents where status in ('available', 'busy')) as agents`,
  )
  return {
    fields: {
      dependencies,
      metrics: { active_workflows: rows[0]!['workflows'], active_agents: rows[0]!['agents'] },
      model_configured: kernel.use(models).status().configured,
    },
    degraded: Object.values(dependencies).some((state) => state === 'unavailable' || state === 'degraded'),
  }
}

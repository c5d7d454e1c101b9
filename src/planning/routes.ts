import type { FastifyInstance } from 'fastify'
import type { Router } from '../kernel/http/route.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { planFileRoutes } from './exports/plan-file-routes.ts'
import { importRoutes } from './imports/import-routes.ts'
import { artifactRoutes } from './routes/artifact-routes.ts'
import { eventRoutes } from './routes/event-routes.ts'
import { exportRoutes } from './routes/export-routes.ts'
import { governanceRoutes } from './routes/governance-routes.ts'
import { guarded } from './routes/shared.ts'
import { sessionRoutes } from './session-routes.ts'

/** The paths of this domain's records and of its agents (section 2). */
export function planningRoutes(router: Router, kernel: Kernel, app: FastifyInstance): void {
  const routes = guarded(router, kernel)
  eventRoutes(routes, kernel)
  artifactRoutes(routes)
  governanceRoutes(routes, kernel)
  sessionRoutes(routes, kernel, app)
  planFileRoutes(routes, kernel)
  exportRoutes(routes)
  importRoutes(routes, kernel, app)
}

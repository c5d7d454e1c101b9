import type { Router } from '../kernel/http/route.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { artifactRoutes } from './routes/artifact-routes.ts'
import { eventRoutes } from './routes/event-routes.ts'
import { governanceRoutes } from './routes/governance-routes.ts'
import { guarded } from './routes/shared.ts'

/** The paths of this domain's records (section 2 without 69–80 and 93). */
export function planningRoutes(router: Router, kernel: Kernel): void {
  const routes = guarded(router, kernel)
  eventRoutes(routes, kernel)
  artifactRoutes(routes)
  governanceRoutes(routes, kernel)
}

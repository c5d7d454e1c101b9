import type { FixtureRoute, FixtureSocket } from './_fixture-server.ts'
import { movieRoutes, movieSocket } from './_fixtures/movies.ts'
import { movieOfficeRoutes } from './_fixtures/movies-office.ts'
import { oneProductRoutes } from './_fixtures/one-product.ts'
import { planningRoutes, planningSocket } from './_fixtures/planning.ts'
import { platformRoutes } from './_fixtures/platform.ts'
import { simulationRoutes } from './_fixtures/simulation.ts'
import { taskRoutes } from './_fixtures/tasks.ts'

/** Contract-shaped answers for every screen, for work on the UI and its tests without a server. */
export function fixtureRoutes(): FixtureRoute[] {
  return [
    ...planningRoutes,
    ...movieRoutes,
    ...movieOfficeRoutes,
    ...taskRoutes,
    ...oneProductRoutes,
    ...platformRoutes,
    ...simulationRoutes,
  ]
}

/** The sockets of the domains beside the platform's own. */
export const fixtureSockets: FixtureSocket[] = [planningSocket, movieSocket]

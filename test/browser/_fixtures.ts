import type { FixtureRoute } from './_fixture-server.ts'
import { platformRoutes } from './_fixtures/platform.ts'
import { simulationRoutes } from './_fixtures/simulation.ts'
import { taskRoutes } from './_fixtures/tasks.ts'

/** Contract-shaped answers for every screen, for work on the UI and its tests without a server. */
export function fixtureRoutes(): FixtureRoute[] {
  return [...taskRoutes, ...platformRoutes, ...simulationRoutes]
}

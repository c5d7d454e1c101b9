import path from 'node:path'
import type { Config } from '../kernel/config/load-config.ts'
import type { Presenter } from '../kernel/http/presenter.ts'
import type { Module } from '../kernel/module.ts'
import { eventsOf } from './events-of.ts'
import { simulationPresenter } from './routes/present-error.ts'
import { platformQueryRoutes } from './routes/simulation-routes.ts'
import { controlRoutes } from './served/control-routes.ts'
import { expireRuns } from './served/expire-runs.ts'
import { simulationFlow } from './served/simulation-flow.ts'
import { startSupervisor } from './served/supervisor.ts'
import { sweepRoutes } from './served/sweeps/sweep-routes.ts'

const SCREENS: [pattern: RegExp, screen: (match: RegExpExecArray) => string][] = [
  [/^\/simulations\/([A-Za-z0-9_][\w.-]*)\/?(\?.*)?$/, (match) => `/app/simulations/${match[1]}`],
  [/^\/simulations\/?(\?.*)?$/, () => '/app/simulations'],
]

/** Control of served runs speaks the platform's error body, with `code` beside it. */
const controlPresenter: Presenter = {
  ...simulationPresenter,
  codes: {},
  present: ({ code, message, details, correlationId }) => ({
    error: code,
    code,
    message,
    ...(Object.keys(details).length > 0 ? { details } : {}),
    correlation_id: correlationId,
  }),
}

/** The simulation domain: reading runs from their folders, and running them in child processes. Two modules, one per error body. */
export const simulationModules = (_config: Config): Module[] => [
  {
    name: 'simulation',
    prefixes: ['/simulations'],
    presenter: simulationPresenter,
    routes(router, kernel) {
      platformQueryRoutes(router, eventsOf(kernel))
    },
    screenOf(url) {
      for (const [pattern, screen] of SCREENS) {
        const match = pattern.exec(url)
        if (match) return screen(match)
      }
      return undefined
    },
  },
  {
    name: 'simulation',
    migrations: { schema: 'simulation', dir: path.join(import.meta.dirname, 'migrations') },
    flows: [simulationFlow],
    prefixes: ['/v1/simulations', '/v1/sweeps'],
    presenter: controlPresenter,
    routes(router) {
      controlRoutes(router)
      sweepRoutes(router)
    },
    expire: expireRuns,
    async start(kernel) {
      const supervisor = startSupervisor(kernel)
      return () => supervisor.stop()
    },
  },
]

import path from 'node:path'
import { dataKey } from '../kernel/access/data-keys.ts'
import type { Config } from '../kernel/config/load-config.ts'
import { AppError } from '../kernel/errors/app-error.ts'
import type { Module } from '../kernel/module.ts'
import { loadSpecialists } from './agents/load-specialists.ts'
import { joinTeam } from './agents/team.ts'
import { DEFINITIONS } from './artifacts/definitions.ts'
import { healthOf } from './health.ts'
import { planningPresenter } from './present-error.ts'
import { planningRoutes } from './routes.ts'
import { onAnswered } from './runs/on-answered.ts'
import { sessionFlow } from './runs/session-flow.ts'
import { untested } from './tools/planning-tool.ts'
import { toolbox } from './tools/toolbox.ts'
import { startUpkeep } from './upkeep.ts'
import { onApprovalDelegated, requireApprovalRight } from './verbs/settle-approval.ts'

const SCREENS: [pattern: RegExp, screen: (match: RegExpExecArray) => string][] = [
  [/^\/api\/event-briefs\/([^/?]+)\/?(\?.*)?$/, (match) => `/app/planning/${match[1]}`],
  [/^\/api\/event-briefs\/?(\?.*)?$/, () => '/app/planning'],
  [/^\/dashboard\/?(\?.*)?$/, () => '/app/planning'],
  [/^\/planning\/([^/?]+)\/?(\?.*)?$/, (match) => `/app/planning/${match[1]}`],
  [/^\/approvals\/?(\?.*)?$/, () => '/app/planning/approvals'],
]

/** The planning domain: events from the first words to the lessons learnt. */
export function planningModule(config: Config): Module {
  if (config.planning.enableTestEndpoints && config.core.environment === 'production')
    throw new AppError('CONFIG', 'ENABLE_TEST_ENDPOINTS=true is refused when ENVIRONMENT=production: unset it')
  dataKey(config)
  for (const { type, tests } of DEFINITIONS)
    if (tests.length === 0) throw new AppError('CONFIG', `Artifact definition ${type} lists no tests: add them`)
  joinTeam([
    ...loadSpecialists(path.join(import.meta.dirname, 'specialists')),
    ...(config.planning.specialistsDir ? loadSpecialists(config.planning.specialistsDir) : []),
  ])
  return {
    name: 'planning',
    migrations: { schema: 'planning', dir: path.join(import.meta.dirname, 'migrations') },
    flows: [sessionFlow],
    hooks: { onAnswered, requireRight: requireApprovalRight, onDelegated: onApprovalDelegated },
    prefixes: ['/api', '/ws/agents'],
    presenter: planningPresenter,
    routes: planningRoutes,
    screenOf(url) {
      for (const [pattern, screen] of SCREENS) {
        const match = pattern.exec(url)
        if (match) return screen(match)
      }
      return undefined
    },
    async start(kernel) {
      const bare = untested(toolbox(kernel))
      if (bare.length > 0) throw new AppError('CONFIG', `Tool definition ${bare.join(', ')} lists no tests: add them`)
      return startUpkeep(kernel)
    },
    health: healthOf,
  }
}

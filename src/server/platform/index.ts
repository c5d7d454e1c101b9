import type { Authenticator } from '../../kernel/access/authenticate.ts'
import { agentProtocolRoutes } from '../../kernel/agents/protocol-routes.ts'
import type { RouteRegistry, Router } from '../../kernel/http/route.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { PhoneLink } from '../phone-link.ts'
import type { ServerState } from '../start-server.ts'
import { agentRoutes } from './agent-routes.ts'
import { auditRoutes } from './audit-routes.ts'
import { decisionRoutes } from './decision-routes.ts'
import { demoRoutes } from './demo-routes.ts'
import { documentRoutes } from './document-routes.ts'
import { eventRoutes } from './event-routes.ts'
import { healthRoutes } from './health-routes.ts'
import { homeRoutes } from './home-routes.ts'
import { keyRoutes } from './key-routes.ts'
import { modelRoutes } from './model-routes.ts'
import { phoneRoutes } from './phone-routes.ts'
import { runRoutes } from './run-routes.ts'
import { templateRoutes } from './template-routes.ts'
import { tryRoutes } from './try-routes.ts'
import { webhookRoutes } from './webhook-routes.ts'
import { whyRoutes } from './why-routes.ts'

export type PlatformParts = {
  kernel: Kernel
  state: ServerState
  registry: RouteRegistry
  authenticator: Authenticator
  phones: PhoneLink
}

/** The platform's own paths, under /v1. */
export async function platformRoutes(router: Router, parts: PlatformParts): Promise<void> {
  healthRoutes(router, parts)
  documentRoutes(router, parts)
  eventRoutes(router)
  decisionRoutes(router)
  runRoutes(router)
  agentRoutes(router)
  tryRoutes(router)
  templateRoutes(router)
  keyRoutes(router, parts)
  homeRoutes(router, parts)
  auditRoutes(router)
  whyRoutes(router)
  webhookRoutes(router)
  modelRoutes(router)
  demoRoutes(router, parts)
  phoneRoutes(router, parts.phones)
  agentProtocolRoutes(router)
}

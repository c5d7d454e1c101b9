import fastify, { type FastifyInstance } from 'fastify'
import type { EventService } from '../service/event-service.ts'
import { type StandaloneOptions, simulationRoutes } from './simulation-routes.ts'

/** A server of its own for one output folder. */
export async function createServer(service: EventService, options: StandaloneOptions = {}): Promise<FastifyInstance> {
  const app = fastify({
    logger: false,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 400, ignoreTrailingSlash: true },
  })
  await simulationRoutes(app, service, options)
  return app
}

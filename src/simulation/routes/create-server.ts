import fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import type { EventService } from '../service/event-service.ts'
import { notFoundBody, type StandaloneOptions, simulationRoutes } from './simulation-routes.ts'

/** A server of its own for one output folder. */
export async function createServer(service: EventService, options: StandaloneOptions = {}): Promise<FastifyInstance> {
  const app = fastify({
    logger: false,
    forceCloseConnections: true,
    // A path that cannot be decoded leads nowhere.
    frameworkErrors: (_error, request, reply) => {
      const answer = reply as FastifyReply
      answer.code(404).send(notFoundBody(request.url))
    },
    routerOptions: { maxParamLength: 400, ignoreTrailingSlash: true },
  })
  await simulationRoutes(app, service, options)
  return app
}

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../kernel/errors/app-error.ts'
import { openApiDocument } from '../../kernel/http/openapi.ts'
import { describeError } from '../../kernel/http/presenter.ts'
import type { RouteDef, RouteRegistry, Router } from '../../kernel/http/route.ts'
import { analysisRoutes } from '../analysis/analysis-routes.ts'
import type { RawParameters } from '../loop/events/event-filter.ts'
import { type Logger, silentLogger } from '../loop/logging/logger.ts'
import { type ErrorBody, Health } from '../schema.ts'
import type { EventService } from '../service/event-service.ts'
import { jsonReply } from './json-reply.ts'
import { asAppError, simulationPresenter } from './present-error.ts'
import { type QueryRoute, queryRoutes } from './query-routes.ts'

export type StandaloneOptions = {
  /** Allowed origins; `*` when empty. */
  corsOrigins?: readonly string[]
  logger?: Logger
  version?: string
}

const asDef = (route: QueryRoute): RouteDef<any, any, any> => ({
  method: 'GET',
  url: route.url,
  summary: route.summary,
  access: 'read',
  ...(route.query ? { query: route.query } : {}),
  replies: route.replies,
  handler: async (_, { request, reply }) => {
    try {
      const params = request.params as Record<string, string>
      return await route.handle({ params, query: request.query as RawParameters, request, reply })
    } catch (error) {
      throw asAppError(error)
    }
  },
})

const allRoutes = (service: EventService): QueryRoute[] => [...queryRoutes(service), ...analysisRoutes(service)]

/** The reading routes on the platform's server: authentication, CORS and errors are the platform's. */
export function platformQueryRoutes(router: Router, service: EventService): void {
  for (const route of allRoutes(service)) router.add(asDef(route))
}

/**
 * The reading routes on a Fastify app of their own, with CORS, error bodies, 405, `/health` and `/openapi.json`: what
 * `troupe simulate serve` serves. Needs neither database nor platform.
 */
export async function simulationRoutes(
  app: FastifyInstance,
  service: EventService,
  options: StandaloneOptions = {},
): Promise<void> {
  const log = options.logger ?? silentLogger
  const routes = allRoutes(service)
  allowOrigins(app, options.corsOrigins ?? [])
  const health: QueryRoute = {
    url: '/health',
    summary: 'Whether the server is well',
    replies: { 200: Health },
    handle: ({ request }) => Promise.resolve(jsonReply(request, '{"status":"healthy"}', undefined)),
  }
  const description: QueryRoute = {
    url: '/openapi.json',
    summary: 'This description',
    replies: { 200: 'an OpenAPI 3.1 document' },
    handle: ({ request }) => Promise.resolve(jsonReply(request, JSON.stringify(document), undefined)),
  }
  routes.push(health, description, { ...description, url: '/v1/openapi/simulation.json' })
  const registry: RouteRegistry = routes.map((route) => ({ module: 'simulation', def: asDef(route) }))
  const document = openApiDocument(registry, 'Troupe simulations', options.version ?? '1')
  for (const route of routes) app.get(route.url, (request, reply) => answer(route, request, reply))
  app.setErrorHandler((error, request, reply) => {
    const info = describeError(asAppError(error), simulationPresenter, '')
    if (info.status >= 500)
      log.error('request_failed', { path: request.url, error: String((error as Error).stack ?? error) })
    return reply.code(info.status).send(simulationPresenter.present(info))
  })
  const paths = routes.map(({ url }) => new RegExp(`^${url.replaceAll('.', '\\.').replace(/:\w+/g, '[^/]+')}/?$`))
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0]!
    const isKnown = request.method !== 'GET' && paths.some((pattern) => pattern.test(path))
    if (!isKnown) return reply.code(404).send(notFoundBody(request.url))
    reply.header('allow', 'GET, HEAD, OPTIONS')
    const error = new AppError('METHOD_NOT_ALLOWED', `${request.method} is not possible here: use GET`)
    const info = describeError(error, simulationPresenter, '')
    return reply.code(info.status).send(simulationPresenter.present(info))
  })
}

/** What a path without anything answers. */
export const notFoundBody = (url: string): ErrorBody => ({
  code: 'NOT_FOUND',
  message: `Nothing is at ${url.split('?')[0]}: see /openapi.json for the paths`,
})

async function answer(route: QueryRoute, request: FastifyRequest, reply: FastifyReply) {
  const params = request.params as Record<string, string>
  const made = await route.handle({ params, query: request.query as RawParameters, request, reply })
  if (!made) return reply
  for (const [name, value] of Object.entries(made.headers)) reply.header(name, value)
  return reply.code(made.status).send(made.body)
}

function allowOrigins(app: FastifyInstance, origins: readonly string[]): void {
  const isAny = origins.length === 0 || origins.includes('*')
  app.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers
    reply.header('x-content-type-options', 'nosniff')
    if (!isAny) reply.header('vary', 'Origin')
    if (isAny || (origin !== undefined && origins.includes(origin))) {
      reply.header('access-control-allow-origin', isAny ? '*' : origin)
      reply.header('access-control-expose-headers', 'etag, content-disposition')
    }
    if (request.method !== 'OPTIONS') return
    reply.header('access-control-allow-methods', 'GET, HEAD, OPTIONS')
    reply.header('access-control-allow-headers', '*')
    reply.header('access-control-max-age', '600')
    return reply.code(204).send()
  })
}

import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import multipart from '@fastify/multipart'
import websocket from '@fastify/websocket'
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { type Authenticator, OWN_AGENTS } from '../access/authenticate.ts'
import { AppError } from '../errors/app-error.ts'
import type { Kernel } from '../kernel.ts'
import { OUTBOUND_HEADER } from '../tools/outbound-header.ts'
import { defendDevMode } from './browser-defence.ts'
import { describeError, type Presenter } from './presenter.ts'
import { isUnlimited, MinuteCounter, refuseOver, tellLimit } from './rate-limit.ts'
import type { RouteRegistry } from './route.ts'

export const BODY_LIMIT = 1_048_576
const CORRELATION = /^[A-Za-z0-9._-]{1,64}$/
const SUSPECT = /\\u|__proto__/

export type AppOptions = {
  kernel: Kernel
  authenticator: Authenticator
  registry: RouteRegistry
  /** Presenter of a path, known before any route matched. */
  presenterOf: (path: string) => Presenter
  /** Screen of an API path asked for as text/html. */
  screenOf: (path: string) => string | undefined
  onResponse?: (request: FastifyRequest, status: number, seconds: number) => void
}

function credentialsOf(request: FastifyRequest) {
  const [, bearer] = /^Bearer\s+(.+)$/i.exec(request.headers.authorization ?? '') ?? []
  const header = request.headers['x-api-key']
  const query = (request.query as Record<string, unknown> | undefined)?.['api_key']
  // A browser cannot set headers on a socket: the token travels as a subprotocol `bearer.<token>`, or as a cookie.
  const protocols = String(request.headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map((part) => part.trim())
  const socketToken = protocols.find((part) => part.startsWith('bearer.'))?.slice('bearer.'.length)
  const cookieToken = request.headers.upgrade ? request.cookies?.['troupe_token'] : undefined
  const token = bearer ?? socketToken ?? cookieToken
  const apiKey = (Array.isArray(header) ? header[0] : header) ?? (typeof query === 'string' ? query : undefined)
  return {
    ...(token ? { bearer: token } : {}),
    ...(apiKey ? { apiKey } : {}),
    remoteAddress: request.ip,
    // What an agent's tool sends is never the local developer.
    ...(request.headers[OUTBOUND_HEADER] === undefined ? {} : { isOutbound: true }),
  }
}

declare module 'fastify' {
  interface FastifyInstance {
    /** `METHOD /url` of everything this app answers, declared or not. */
    servedRoutes: readonly string[]
  }
}

const isSocket = (request: FastifyRequest) => request.headers.upgrade?.toLowerCase() === 'websocket'

/** The one Fastify app: correlation, authentication, browser defences, error bodies per contract. Routes come from modules. */
export async function createApp({
  kernel,
  authenticator,
  registry,
  presenterOf,
  screenOf,
  onResponse,
}: AppOptions): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: BODY_LIMIT,
    logger: false,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 400, ignoreTrailingSlash: true },
    requestTimeout: 120_000,
  })
  const served: string[] = []
  app.decorate('servedRoutes', served)
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) served.push(`${one} ${url}`)
  })
  await app.register(cookie)
  await app.register(formbody, { bodyLimit: BODY_LIMIT })
  await app.register(multipart)
  await app.register(websocket, {
    options: { maxPayload: BODY_LIMIT },
    // Before any other hook: the code a socket is closed with first is the one its client sees.
    preClose(done: () => void) {
      for (const socket of app.websocketServer.clients) socket.close(1001, 'server is stopping')
      app.server.removeAllListeners('upgrade')
      app.websocketServer.close()
      done()
    },
  })
  app.decorateRequest('actor', undefined)
  app.decorateRequest('correlationId', '')
  // JSON without a body is no body: DELETE and control calls are often sent so.
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
    if (text === '') return done(null, undefined)
    try {
      done(
        null,
        // Half of a surrogate pair is no character and PostgreSQL keeps none: it becomes U+FFFD, as in every USVString of the web. It comes
        // escaped only; looking at every value costs ten times as much as reading a body without.
        SUSPECT.test(text as string)
          ? JSON.parse(text as string, (key, value) =>
              key === '__proto__' ? undefined : typeof value === 'string' ? value.toWellFormed() : value,
            )
          : JSON.parse(text as string),
      )
    } catch {
      done(
        new AppError('VALIDATION_ERROR', 'The body is not valid JSON', {
          fields: [{ field: 'body', message: 'not valid JSON' }],
        }),
      )
    }
  })

  const { rateLimit } = kernel.config.core
  const counter = new MinuteCounter(() => kernel.clock.now())
  const anyOrigin = kernel.config.core.corsOrigins.includes('*')
  app.addHook('onRequest', async (request, reply) => {
    const given = request.headers['x-correlation-id'] ?? request.headers['x-request-id']
    request.correlationId = typeof given === 'string' && CORRELATION.test(given) ? given : kernel.newId('corr')
    reply.header('x-correlation-id', request.correlationId)
    reply.header('x-request-id', request.correlationId)
    reply.header('x-content-type-options', 'nosniff')
    reply.header('referrer-policy', 'same-origin')
    const { origin } = request.headers
    if (origin && (anyOrigin || kernel.config.core.corsOrigins.includes(origin))) {
      reply.header('access-control-allow-origin', anyOrigin ? '*' : origin)
      if (!anyOrigin) reply.header('vary', 'Origin')
      reply.header(
        'access-control-expose-headers',
        'x-correlation-id, x-request-id, etag, content-disposition, retry-after, x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset',
      )
      if (request.method === 'OPTIONS') {
        reply.header('access-control-allow-methods', 'GET, POST, PUT, PATCH, DELETE, OPTIONS')
        reply.header('access-control-allow-headers', request.headers['access-control-request-headers'] ?? '*')
        reply.header('access-control-max-age', '600')
        return reply.code(204).send()
      }
    }
    if (authenticator.mode === 'dev') defendDevMode(kernel.config, request)
    const credentials = credentialsOf(request)
    const isOwnToken = /^(at|ct)_/.test(('bearer' in credentials ? credentials.bearer : '') ?? '')
    if (!isOwnToken) {
      request.actor = await authenticator.authenticate(credentials)
      const wrong = request.actor === undefined && ('bearer' in credentials || 'apiKey' in credentials)
      // Sockets say it with a close code of their own.
      if (wrong && !isPublicPath(request.url) && !isSocket(request))
        throw new AppError('UNAUTHORIZED', 'The token or key is not valid: it may be revoked, expired or mistyped')
    }
    // Agents of the platform answer for work it gave them; everybody else is counted, the unnamed by address.
    if (rateLimit > 0 && !isOwnToken && request.actor?.id !== OWN_AGENTS && !isUnlimited(request.url)) {
      const counted = counter.count(request.actor?.id ?? request.ip, rateLimit)
      tellLimit(reply, counted)
      refuseOver(counted)
    }
    if (request.method === 'GET' && !isSocket(request) && wantsPage(request)) {
      const screen = screenOf(request.url)
      if (screen) return reply.redirect(screen, 302)
    }
  })
  if (onResponse)
    app.addHook('onResponse', async (request, reply) => onResponse(request, reply.statusCode, reply.elapsedTime / 1000))

  /** Refusals quote what was sent: not when it is a secret of this installation. */
  const masked = (body: unknown): unknown => JSON.parse(kernel.mask(JSON.stringify(body)))
  app.setErrorHandler((error, request, reply) => {
    const presenter = presenterOf(request.url)
    const info = describeError(error, presenter, request.correlationId)
    if (info.status >= 500)
      kernel.log.error(
        { error: (error as Error).stack, path: request.url, correlation_id: request.correlationId },
        'request failed',
      )
    const retryAfter = info.details['retry_after']
    if (typeof retryAfter === 'number') reply.header('retry-after', String(retryAfter))
    if (info.status === 401) reply.header('www-authenticate', 'Bearer')
    return reply.code(info.status).send(masked(presenter.present(info)))
  })
  app.setNotFoundHandler((request, reply) => {
    const presenter = presenterOf(request.url)
    const allowed = methodsOf(registry, request.url)
    const error =
      allowed.length > 0
        ? new AppError('METHOD_NOT_ALLOWED', `${request.method} is not possible here: use ${allowed.join(' or ')}`, {
            allowed,
          })
        : new AppError('NOT_FOUND', `Nothing is at ${request.url.split('?')[0]}: see /openapi.json for the paths`, {
            resource: 'path',
            id: request.url.split('?')[0],
          })
    if (allowed.length > 0) reply.header('allow', allowed.join(', '))
    const info = describeError(error, presenter, request.correlationId)
    return reply.code(info.status).send(masked(presenter.present(info)))
  })
  return app
}

const isPublicPath = (url: string) => /^\/(health|app\/|app$|$|\?)/.test(url)

/** A browser that navigates, not a script that accepts anything. */
function wantsPage(request: FastifyRequest): boolean {
  const accept = request.headers.accept ?? ''
  return accept.startsWith('text/html') && request.headers['sec-fetch-dest'] !== 'iframe'
}

/** Methods under which a path is known, for 405. */
function methodsOf(registry: RouteRegistry, url: string): string[] {
  const path = url.split('?')[0]!.replace(/(.)\/$/, '$1')
  const found = new Set<string>()
  for (const { def } of registry)
    for (const pattern of [def.url, ...(def.aliases ?? [])]) {
      const source = pattern
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replace(/:\w+/g, '[^/]+')
        .replace(/\*/g, '.*')
      if (new RegExp(`^${source}$`).test(path)) found.add(def.method)
    }
  return [...found].sort()
}

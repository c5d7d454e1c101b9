// One way to declare a route for all contracts: what it reads (zod), who may call it, what it answers. The declaration is also
// the source of the OpenAPI documents and of the route x role matrix.
import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { type Access, requireAccess } from '../access/scopes.ts'
import { type Actor, type Ctx, SYSTEM } from '../context.ts'
import { AppError, type FieldProblem, ValidationError } from '../errors/app-error.ts'
import type { Kernel } from '../kernel.ts'
import { withIdempotency } from './idempotency.ts'
import { untilStoreIsBack } from './until-store-is-back.ts'

type Shape = z.ZodType | undefined
type Out<S extends Shape> = S extends z.ZodType ? z.output<S> : undefined

export type RouteInput<P extends Shape, Q extends Shape, B extends Shape> = {
  params: Out<P>
  query: Out<Q>
  body: Out<B>
  request: FastifyRequest
  reply: FastifyReply
}

export type RouteDef<P extends Shape = Shape, Q extends Shape = Shape, B extends Shape = Shape> = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Fastify path, e.g. `/tasks/:id`. Further paths answer the same. */
  url: string
  aliases?: readonly string[]
  summary: string
  tag?: string
  access: Access
  params?: P
  query?: Q
  body?: B
  /** Default: the request's parsed body. A route that reads multipart or merges query and body gives its own. */
  readBody?: (request: FastifyRequest, kernel: Kernel) => Promise<unknown>
  /** What idempotency compares beside the body, e.g. hashes of uploaded files. Default: the body. */
  fingerprint?: (body: unknown) => unknown
  /** For the OpenAPI document, and the status of a plain answer: the first key. Default 200. */
  replies?: Readonly<Record<number, z.ZodType | string>>
  /** What a repeat with the same idempotency key is answered. Default: the first answer; a route that shows a secret once leaves it out. */
  repeatAnswer?: (body: unknown) => unknown
  bodyLimit?: number
  websocket?: boolean
  handler: (ctx: Ctx, input: RouteInput<P, Q, B>) => Promise<unknown>
}

/** A reply of another kind than JSON with the declared status. */
export class HttpReply {
  readonly status: number
  readonly body: unknown
  readonly headers: Record<string, string>
  constructor(status: number, body: unknown, headers: Record<string, string> = {}) {
    this.status = status
    this.body = body
    this.headers = headers
  }
}

const fieldOf = (path: readonly PropertyKey[]) => path.map(String).join('.')

/** zod issues as fields with a message each. Unions report their best branch. */
export function problemsOf(error: z.ZodError, where = ''): FieldProblem[] {
  return error.issues.map((issue) => {
    const field = [where, fieldOf(issue.path)].filter(Boolean).join('.')
    return { field: field || where || 'body', message: issue.message, constraint: issue.code }
  })
}

/** Parses or throws a ValidationError that names every field. */
export function parse<S extends z.ZodType>(schema: S, value: unknown, where = ''): z.output<S> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const fields = problemsOf(parsed.error, where)
  const shown = fields.slice(0, 3).map(({ field, message }) => `${field}: ${message}`)
  throw new ValidationError(shown.join('; ') + (fields.length > 3 ? ` (and ${fields.length - 3} more)` : ''), fields)
}

declare module 'fastify' {
  interface FastifyRequest {
    actor: Actor | undefined
    correlationId: string
  }
}

export type RouteRegistry = { module: string; def: RouteDef<any, any, any> }[]

/** Registers routes of one module on the app and keeps their declarations for documents and checks. */
export class Router {
  readonly #app: FastifyInstance
  readonly #kernel: Kernel
  readonly module: string
  readonly registry: RouteRegistry
  constructor(app: FastifyInstance, kernel: Kernel, module: string, registry: RouteRegistry) {
    this.#app = app
    this.#kernel = kernel
    this.module = module
    this.registry = registry
  }
  /** The same module's router on an encapsulated scope of the app. */
  within(scope: FastifyInstance): Router {
    return new Router(scope, this.#kernel, this.module, this.registry)
  }
  get app(): FastifyInstance {
    return this.#app
  }

  add<P extends Shape, Q extends Shape, B extends Shape>(def: RouteDef<P, Q, B>): void {
    this.registry.push({ module: this.module, def })
    for (const url of [def.url, ...(def.aliases ?? [])])
      this.#app.route({
        method: def.method,
        url,
        ...(def.bodyLimit ? { bodyLimit: def.bodyLimit } : {}),
        handler: (request, reply) => this.#handle(def, request, reply),
      })
  }

  async #handle<P extends Shape, Q extends Shape, B extends Shape>(
    def: RouteDef<P, Q, B>,
    request: FastifyRequest,
    reply: FastifyReply,
  ) {
    const ctx = contextOf(this.#kernel, def.access, request)
    const params = def.params ? parse(def.params, request.params) : undefined
    const query = def.query ? parse(def.query, request.query) : undefined
    const raw = def.readBody ? await def.readBody(request, this.#kernel) : request.body
    const body = def.body ? parse(def.body, raw ?? {}) : undefined
    const run = async () => {
      const answer = await def.handler(ctx, { params, query, body, request, reply } as RouteInput<P, Q, B>)
      return answer instanceof HttpReply ? answer : new HttpReply(statusOf(def), answer)
    }
    const key = request.headers['idempotency-key']
    const answer =
      key !== undefined && def.method === 'POST'
        ? await withIdempotency(this.#kernel, {
            caller: `${ctx.actor.kind}:${ctx.actor.id}`,
            key: String(key),
            path: request.url,
            bodyHash: createHash('sha256')
              .update(JSON.stringify(def.fingerprint ? def.fingerprint(raw) : (raw ?? null)))
              .digest('hex'),
            run,
            ...(def.repeatAnswer ? { repeatAnswer: def.repeatAnswer } : {}),
          })
        : await (def.access === 'token'
            ? untilStoreIsBack(run, () => reply.raw.destroyed || !this.#app.server.listening)
            : run())
    if (reply.sent) return reply
    for (const [name, value] of Object.entries(answer.headers)) reply.header(name, value)
    reply.code(answer.status)
    if (answer.status === 204) return reply.send()
    return reply.send(answer.body)
  }
}

export function statusOf(def: RouteDef<any, any, any>): number {
  return Number(Object.keys(def.replies ?? { 200: '' }).find((status) => status.startsWith('2')) ?? 200)
}

/** Who calls and in which conversation; throws UNAUTHORIZED or FORBIDDEN. */
export function contextOf(kernel: Kernel, access: Access, request: FastifyRequest): Ctx {
  const open = access === 'public' || access === 'token'
  if (!request.actor && !open)
    throw new AppError(
      'UNAUTHORIZED',
      'Credentials are missing or not valid: send "Authorization: Bearer <token>" or "X-API-Key: <key>"',
    )
  const actor = request.actor ?? { ...SYSTEM, kind: 'user', id: 'anonymous', roles: [], scopes: [] }
  requireAccess(actor, access)
  return { kernel, actor, correlationId: request.correlationId, causes: [] }
}

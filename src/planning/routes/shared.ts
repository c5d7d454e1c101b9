import type { FastifyRequest } from 'fastify'
import { AppError, ValidationError } from '../../kernel/errors/app-error.ts'
import { HttpReply, type Router } from '../../kernel/http/route.ts'
import type { Kernel } from '../../kernel/kernel.ts'

/** The version a caller expects, of an `If-Match` header: `3`, `"3"` or `*` (any). */
export function ifMatchOf(request: FastifyRequest): number | undefined {
  const header = request.headers['if-match']
  if (header === undefined || header === '*') return undefined
  const [, version] = /^(?:W\/)?"?(\d{1,9})"?$/.exec(header) ?? []
  if (version === undefined)
    throw new ValidationError('If-Match must be a version number', [
      { field: 'If-Match', message: 'must be the expected version, for example 3', value: header },
    ])
  return Number(version)
}

/** 201 with the stored object and its place. */
export const created = (body: unknown, location: string): HttpReply =>
  new HttpReply(201, body, { location, ...etag(body) })

export const etag = (body: unknown): Record<string, string> => {
  const version = (body as { version?: unknown } | null)?.version
  return typeof version === 'number' ? { etag: `"${version}"` } : {}
}

export const testEndpointsEnabled = ({ config }: Pick<Kernel, 'config'>): boolean =>
  config.planning.enableTestEndpoints ?? config.core.environment !== 'production'

/** The router of this domain: in read-only mode every write is refused before it starts. */
export function guarded(router: Router, kernel: Kernel): Pick<Router, 'add'> {
  return {
    add(def) {
      router.add({
        ...def,
        handler: async (ctx, input) => {
          if (kernel.config.planning.readOnlyMode && def.method !== 'GET')
            throw new AppError(
              'READ_ONLY_MODE',
              'The service is in maintenance: reading works, try the change again later',
            )
          return def.handler(ctx, input)
        },
      })
    },
  }
}

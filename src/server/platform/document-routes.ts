import { z } from 'zod'
import { AppError } from '../../kernel/errors/app-error.ts'
import { openApiDocument } from '../../kernel/http/openapi.ts'
import { HttpReply, type Router } from '../../kernel/http/route.ts'
import { typedClient } from '../interfaces/typed-client.ts'
import { VERSION } from '../version.ts'
import { apiReference } from './api-reference.ts'
import type { PlatformParts } from './index.ts'

/** OpenAPI 3.1: all of it, one contract each. */
export function documentRoutes(router: Router, { registry, state }: PlatformParts): void {
  router.add({
    method: 'GET',
    url: '/openapi.json',
    summary: 'The combined OpenAPI 3.1 document',
    tag: 'documents',
    access: 'read',
    handler: async () => openApiDocument(registry, 'Troupe', VERSION),
  })
  router.add({
    method: 'GET',
    url: '/v1/openapi/:file',
    summary: 'The OpenAPI 3.1 document of one module: platform.json, tasks.json …',
    tag: 'documents',
    access: 'read',
    handler: async (_ctx, { request }) => {
      const name = (request.params as { file: string }).file.replace(/\.json$/, '')
      const known = ['platform', ...state.modules.map((module) => module.name)]
      if (!known.includes(name))
        throw new AppError('NOT_FOUND', `No module ${name}: there are ${known.join(', ')}`, {
          resource: 'openapi',
          id: name,
        })
      return openApiDocument(registry, `Troupe ${name}`, VERSION, [name])
    },
  })
  router.add({
    method: 'GET',
    url: '/v1/client.ts',
    summary: 'A typed TypeScript client of this server in one file',
    tag: 'documents',
    access: 'read',
    replies: { 200: 'TypeScript source' },
    handler: async () =>
      new HttpReply(200, typedClient(openApiDocument(registry, 'Troupe', VERSION)), {
        'content-type': 'text/plain; charset=utf-8',
      }),
  })
  router.add({
    method: 'GET',
    url: '/docs',
    summary: 'The API reference as a page',
    tag: 'documents',
    access: 'read',
    query: z.object({ module: z.string().optional() }),
    handler: async (_ctx, { query }) => {
      const document = openApiDocument(registry, 'Troupe', VERSION, query.module ? [query.module] : undefined)
      return new HttpReply(200, apiReference(document, query.module ? `Troupe ${query.module} API` : 'Troupe API'), {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
      })
    },
  })
}

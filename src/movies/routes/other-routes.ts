import { createReadStream } from 'node:fs'
import fs from 'node:fs/promises'
import { z } from 'zod'
import { AppError } from '../../kernel/errors/app-error.ts'
import { contentTypeOf, parseRangeHeader } from '../../kernel/files/file-store.ts'
import { openApiDocument } from '../../kernel/http/openapi.ts'
import { HttpReply, type Router } from '../../kernel/http/route.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { listAudit } from '../audit/list-audit.ts'
import { localPath } from '../files/media-files.ts'
import { partsOf } from '../parts.ts'
import { AuditPage, ErrorBody, ListAudit, Received, TaskServiceCallback } from '../schema.ts'
import { isSignature } from '../secret-key.ts'
import { readWorkflow } from '../workflow/read-workflow.ts'
import { docsPage } from './docs-page.ts'

export function otherRoutes(router: Router, kernel: Kernel) {
  router.add({
    method: 'GET',
    url: '/api/v1/audit',
    summary: 'The audit log, newest first',
    tag: 'audit',
    access: 'admin',
    query: ListAudit,
    replies: { 200: AuditPage },
    handler: (ctx, { query }) => listAudit(ctx, query),
  })
  router.add({
    method: 'POST',
    url: '/api/v1/callbacks/task-service',
    summary: 'The Task Service says that a job has ended',
    tag: 'callbacks',
    access: 'token',
    query: z.object({ token: z.string().default('') }),
    body: TaskServiceCallback,
    replies: { 200: Received, 202: Received },
    handler: async (_ctx, { query, body }) => {
      const taskId = body.metadata?.['task_id']
      if (typeof taskId !== 'string' || !isSignature(kernel, 'callback', taskId, query.token))
        throw new AppError('UNAUTHORIZED', 'The token does not belong to this task')
      const known = (await partsOf(kernel).services.jobs?.acceptCallback(body)) ?? false
      // A job of another instance, or one that has ended before: it is told that nothing is wrong.
      return new HttpReply(known ? 200 : 202, { received: true })
    },
  })
  router.add({
    method: 'GET',
    url: '/api/v1/workflows/:id/files/*',
    summary: 'Bytes of an artifact',
    tag: 'workflows',
    access: 'read',
    params: z.object({ id: z.string(), '*': z.string() }),
    handler: async (ctx, { params, request }) => {
      await readWorkflow(ctx, params.id)
      const file = localPath(kernel, params.id, params['*'])
      const stat = await fs.stat(file).catch(() => null)
      if (!stat?.isFile())
        throw new AppError('ARTIFACT_NOT_FOUND', `No file ${params['*']} in this workflow`, { path: params['*'] })
      const range = parseRangeHeader(request.headers.range, stat.size)
      const start = range?.start ?? 0
      const end = Math.min(range?.end ?? stat.size - 1, stat.size - 1)
      const headers = {
        'content-type': contentTypeOf(file),
        'accept-ranges': 'bytes',
        // Pages and drawings come from agents: they may show, but not act in our name.
        'content-security-policy':
          "sandbox allow-scripts allow-downloads; default-src 'self' 'unsafe-inline' data: blob:",
        'cache-control': 'private, max-age=60',
      }
      if (range && start > end) return new HttpReply(416, '', { 'content-range': `bytes */${stat.size}` })
      return new HttpReply(range ? 206 : 200, stat.size === 0 ? '' : createReadStream(file, { start, end }), {
        ...headers,
        'content-length': String(stat.size === 0 ? 0 : end - start + 1),
        ...(range ? { 'content-range': `bytes ${start}-${end}/${stat.size}` } : {}),
      })
    },
  })
  router.add({
    method: 'GET',
    url: '/api/openapi.json',
    summary: 'The OpenAPI 3.1 document of the movie API',
    tag: 'documents',
    access: 'read',
    handler: async () => describeApi(router),
  })
  router.add({
    method: 'GET',
    url: '/api/docs',
    summary: 'The API as a page',
    tag: 'documents',
    access: 'read',
    handler: async () =>
      new HttpReply(200, docsPage(describeApi(router)), {
        'content-type': 'text/html; charset=utf-8',
      }),
  })
}

const describeApi = (router: Router) =>
  openApiDocument(router.registry, 'Troupe movies', '1.0.0', ['movies'], ErrorBody)

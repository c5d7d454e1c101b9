import type { FastifyInstance } from 'fastify'
import { systemCtx } from '../../kernel/context.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { noteAddress, writeAudit } from '../audit/write-audit.ts'

/** Calls with a missing, wrong or insufficient key go into the audit log. */
export function noteKeyFailures(app: FastifyInstance, kernel: Kernel) {
  app.addHook('onResponse', async (request, reply) => {
    if (!request.url.startsWith('/api/v1/') || (reply.statusCode !== 401 && reply.statusCode !== 403)) return
    const actor = request.actor ?? { kind: 'user' as const, id: 'anonymous', roles: [], scopes: [] }
    const ctx = noteAddress(systemCtx(kernel, { actor, correlationId: request.correlationId }), request.ip)
    await writeAudit(kernel.db, ctx, {
      action: reply.statusCode === 401 ? 'key.refused' : 'key.forbidden',
      entityType: 'request',
      entityId: `${request.method} ${request.url.split('?')[0]}`.slice(0, 300),
    }).catch((error: Error) =>
      kernel.log.warn({ error: error.message }, 'a refused key was not noted in the audit log'),
    )
  })
}

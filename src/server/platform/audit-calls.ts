import type { FastifyInstance, FastifyRequest } from 'fastify'
import { recordAudit } from '../../kernel/audit/record-audit.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { lookAt, subjectOf } from './audit-subjects.ts'

const CHANGES = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])
const LONGEST_REPLY = 200_000

type Noted = { before: unknown; id: string | undefined; made: string | undefined }
const noted = new WeakMap<FastifyRequest, Noted>()

/** Signs of life and messages of machines about their own work are no acts worth an audit row; MCP and A2A write their own, a row a tool. */
const isMachine = (path: string) =>
  /\/heartbeat$|^\/v1\/assignments\/|^\/v1\/agents$|\/callbacks?(\/|$)|^\/mcp$|^\/a2a$/.test(path)

const counts = (request: FastifyRequest): boolean =>
  CHANGES.has(request.method) &&
  request.actor !== undefined &&
  request.actor.id !== 'own-agents' &&
  request.actor.kind !== 'agent' &&
  !isMachine(pathOf(request))

const pathOf = (request: FastifyRequest) => request.url.split('?')[0]!

/** Writes an audit row for each changing call: who, with which key, on what, how that looked before and after. */
export function auditCalls(app: FastifyInstance, kernel: Kernel): void {
  // One after the other: the rows stand in the order of the answers, however long a look at what was changed takes.
  let tail: Promise<void> = Promise.resolve()
  app.addHook('preHandler', async (request) => {
    if (!counts(request)) return
    const found = subjectOf(pathOf(request))
    noted.set(request, {
      id: found?.id,
      before: found?.id ? await lookAt(kernel.db, found.subject, found.id) : undefined,
      made: undefined,
    })
  })
  app.addHook('onSend', async (request, _reply, payload) => {
    const note = noted.get(request)
    const fields = note && !note.id ? subjectOf(pathOf(request))?.subject.made : undefined
    if (note && fields && typeof payload === 'string' && payload.length < LONGEST_REPLY && payload.startsWith('{')) {
      const body = JSON.parse(payload) as Record<string, unknown>
      const data = (body['data'] ?? body) as Record<string, unknown>
      const id = fields.map((field) => data[field] ?? body[field]).find((value) => typeof value === 'string')
      if (id) note.made = id as string
    }
    return payload
  })
  app.addHook('onResponse', async (request, reply) => {
    const note = noted.get(request)
    const { actor } = request
    if (!note || !actor) return
    const at = new Date(kernel.clock.now())
    const write = async () => {
      const found = subjectOf(pathOf(request))
      const id = note.id ?? note.made
      const changed = reply.statusCode < 400
      const after = changed && found && id ? await lookAt(kernel.db, found.subject, id) : undefined
      await recordAudit(
        kernel.db,
        {
          actor,
          source: 'http',
          action: `${request.method} ${request.routeOptions.url ?? pathOf(request)}`,
          ...(found && id ? { target: { kind: found.subject.kind, id } } : {}),
          before: note.before,
          after,
          outcome: reply.statusCode,
          correlationId: request.correlationId,
          at,
        },
        kernel.mask,
      )
    }
    tail = tail
      .then(write)
      .catch((error: Error) => kernel.log.error({ error: error.message }, 'an audit row could not be written'))
    await tail
  })
}

import { Readable } from 'node:stream'
import { z } from 'zod'
import { AuditRow, AuditSeal } from '../../kernel/audit/audit-row.ts'
import { sealNow } from '../../kernel/audit/seal-audit.ts'
import { listAudit, listSeals } from '../../kernel/audit/store.ts'
import { exportAudit, verifyAudit } from '../../kernel/audit/verify-audit.ts'
import { Moment } from '../../kernel/events/schema.ts'
import { HttpReply, type Router } from '../../kernel/http/route.ts'
import { limit } from './query.ts'

const Report = z.object({
  ok: z.boolean(),
  seals: z.number(),
  rows: z.number(),
  unsealed: z.number(),
  head: z.string(),
  problems: z.array(z.object({ seal: z.number(), problem: z.string() })),
})

export function auditRoutes(router: Router): void {
  router.add({
    method: 'GET',
    url: '/v1/audit',
    summary: 'Who did what with which key, before and after; newest first',
    tag: 'audit',
    access: 'audit',
    query: z.object({
      actor: z.string().optional(),
      key_id: z.string().optional(),
      action: z.string().max(200).optional(),
      target_kind: z.string().optional(),
      target_id: z.string().optional(),
      from: Moment.optional(),
      to: Moment.optional(),
      q: z.string().max(200).optional(),
      after: z.coerce.number().int().optional(),
      limit: limit(1000, 100),
    }),
    replies: { 200: z.object({ rows: z.array(AuditRow), next: z.number().nullable() }) },
    handler: async ({ kernel }, { query: { limit: size, ...filter } }) => {
      const rows = await listAudit(kernel.db, filter as never, size + 1)
      return { rows: rows.slice(0, size), next: rows.length > size ? rows[size - 1]!.n : null }
    },
  })
  router.add({
    method: 'GET',
    url: '/v1/audit/seals',
    summary: 'The sealed batches: the hash of each hour’s rows, chained',
    tag: 'audit',
    access: 'audit',
    replies: { 200: z.object({ seals: z.array(AuditSeal) }) },
    handler: async ({ kernel }) => ({ seals: (await listSeals(kernel.db)).reverse().slice(0, 1000) }),
  })
  router.add({
    method: 'POST',
    url: '/v1/audit/seal',
    summary: 'Seal what is there now instead of at the end of the hour',
    tag: 'audit',
    access: 'audit',
    replies: { 200: z.object({ seal: AuditSeal.nullable() }) },
    handler: async ({ kernel }) => ({
      seal: (await sealNow(kernel.db, () => new Date(kernel.clock.now()))) ?? null,
    }),
  })
  router.add({
    method: 'GET',
    url: '/v1/audit/verify',
    summary: 'Recompute every seal and check the chain',
    tag: 'audit',
    access: 'audit',
    replies: { 200: Report },
    handler: ({ kernel }) => verifyAudit(kernel.db),
  })
  router.add({
    method: 'GET',
    url: '/v1/audit/export',
    summary: 'Rows and seals as lines of JSON, checked without a server by "troupe audit verify <file>"',
    tag: 'audit',
    access: 'audit',
    query: z.object({ from: Moment.optional(), to: Moment.optional() }),
    replies: { 200: 'application/x-ndjson' },
    handler: async ({ kernel }, { query }) =>
      new HttpReply(200, Readable.from(exportAudit(kernel.db, query as never)), {
        'content-type': 'application/x-ndjson',
        'content-disposition': 'attachment; filename="audit.ndjson"',
      }),
  })
}

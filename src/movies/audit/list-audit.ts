import type { z } from 'zod'
import type { Ctx } from '../../kernel/context.ts'
import type { AuditEntry, ListAudit } from '../schema.ts'

/** Entries newest first; every filter narrows. */
export async function listAudit(ctx: Ctx, query: z.output<typeof ListAudit>) {
  const where = `($1::text is null or entity_type = $1) and ($2::text is null or entity_id = $2) and ($3::text is null or actor = $3)
    and ($4::timestamptz is null or at >= $4) and ($5::timestamptz is null or at <= $5)`
  const values = [
    query.entity_type ?? null,
    query.entity_id ?? null,
    query.actor ?? null,
    query.from ?? null,
    query.to ?? null,
  ]
  const [page, count] = await Promise.all([
    ctx.kernel.db.query(
      `select id, at, actor, action, entity_type, entity_id, before, after, correlation_id, source_address from movies.audit
        where ${where} order by at desc, id desc limit $6 offset $7`,
      [...values, query.limit, query.offset],
    ),
    ctx.kernel.db.query(`select count(*)::int as n from movies.audit where ${where}`, values),
  ])
  const total = count.rows[0]!['n'] as number
  const entries = page.rows.map((row) => ({ ...row, at: row['at'].toISOString() })) as AuditEntry[]
  return { entries, total_count: total, has_more: query.offset + entries.length < total }
}

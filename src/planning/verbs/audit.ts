import { hasRole } from '../../kernel/access/scopes.ts'
import type { Ctx } from '../../kernel/context.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import type { AuditQuery } from '../schema.ts'
import { COLUMNS, toStored } from '../store/rows.ts'

const deleted = (table: string) => `(select event_deleted_at from planning.${table} d where d.id = a.id)`
const live = 'null::timestamptz'
const PARTS: Record<string, string> = {
  decision: `select 'decision' as kind, a.event_brief_id, ${COLUMNS}, body ->> 'owner' as actor, ${deleted('decisions')} as gone from planning.decisions a`,
  change: `select 'change', a.event_brief_id, ${COLUMNS}, body ->> 'initiated_by', ${deleted('changelogs')} from planning.changelogs a`,
  approval: `select 'approval', event_brief_id, id, body, 1, '1.0.0', 'valid', '[]'::jsonb, correlation_id, requested_at, requested_at,
    body ->> 'requested_by', coalesce(body ->> 'decided_by', body ->> 'requested_by'), ${live} from planning.approvals`,
  trace: `select 'trace', event_brief_id, ${COLUMNS}, body ->> 'agent_name', ${live} from planning.traces`,
}

/** What was decided, changed, approved and done over all events, newest first (91). Auditors and administrators only. */
export async function readAudit(ctx: Ctx, query: AuditQuery) {
  if (!hasRole(ctx.actor, 'Auditor') && !ctx.actor.scopes.includes('*'))
    throw new AppError('FORBIDDEN', 'The audit is readable by the roles Auditor and Admin', {
      roles: ['Auditor', 'Admin'],
    })
  const parts = query.kind ? [PARTS[query.kind]!] : Object.values(PARTS)
  // column names come from the first select: every part has the same order
  const names = `kind, event_brief_id, ${COLUMNS}, actor, gone`
  const { rows } = await ctx.kernel.db.query(
    `select *, count(*) over ()::int as total from (${parts.join(' union all ')}) as e (${names})
      where ($1::timestamptz is null or created_at >= $1) and ($2::timestamptz is null or created_at <= $2)
        and ($3::text is null or actor ilike $3 or created_by ilike $3) and ($4::text is null or event_brief_id = $4)
        and ($5::text is null or correlation_id = $5) and ($6::boolean or gone is null)
      order by created_at desc, id desc limit $7 offset $8`,
    [
      query.from ?? null,
      query.to ?? null,
      query.actor ?? null,
      query.event_brief_id ?? null,
      query.correlation_id ?? null,
      query.include_deleted,
      query.limit,
      query.offset,
    ],
  )
  const data = rows.map((row) => ({
    kind: row['kind'] as string,
    ...toStored(row),
    event_brief_id: row['event_brief_id'] as string,
    event_deleted_at: row['gone'] ? new Date(row['gone']).toISOString() : null,
  }))
  return { data, total: (rows[0]?.['total'] as number | undefined) ?? 0, limit: query.limit, offset: query.offset }
}

import type { Ctx } from '../../kernel/context.ts'
import type { Reader } from '../../kernel/db/database.ts'

export type AuditInput = {
  action: string
  entityType: string
  entityId: string
  before?: unknown
  after?: unknown
}

const addresses = new WeakMap<Ctx, string>()
/** The caller's address belongs to the request; a route notes it for the verbs it calls. */
export const noteAddress = (ctx: Ctx, address: string): Ctx => {
  addresses.set(ctx, address)
  return ctx
}

/** Appends to the audit log in the given transaction. Entries are never changed. */
export async function writeAudit(tx: Reader, ctx: Ctx, entry: AuditInput): Promise<string> {
  const id = ctx.kernel.newId('aud')
  const json = (value: unknown) => (value === undefined ? null : ctx.kernel.mask(JSON.stringify(value)))
  await tx.query(
    `insert into movies.audit (id, at, actor, action, entity_type, entity_id, before, after, correlation_id, source_address)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      id,
      new Date(ctx.kernel.clock.now()),
      ctx.actor.kind === 'system' ? 'system' : ctx.actor.id,
      entry.action,
      entry.entityType,
      entry.entityId,
      json(entry.before),
      json(entry.after),
      ctx.correlationId,
      addresses.get(ctx) ?? null,
    ],
  )
  return id
}

import type { Ctx } from '../../kernel/context.ts'
import type { Reader, Row, Tx } from '../../kernel/db/database.ts'
import type { Approval } from '../schema.ts'
import { openBody, SEALED_RECORDS, sealBody } from './sealed.ts'

const sealed = (ctx: Ctx, approval: Approval) =>
  sealBody(ctx, approval.approval_id, SEALED_RECORDS['approvals'], approval)

/** A row with `id` and `body` as the approval it holds. */
export const toApproval = (row: Row): Approval => openBody(row['id'], row['body']) as Approval

/** The approval, locked when read in a transaction; undefined when unknown. */
export async function findApproval(reader: Reader, id: string, lock = false): Promise<Approval | undefined> {
  const { rows } = await reader.query(
    `select id, body from planning.approvals where id = $1${lock ? ' for update' : ''}`,
    [id],
  )
  return rows[0] && toApproval(rows[0])
}

export async function insertApproval(tx: Tx, ctx: Ctx, approval: Approval): Promise<void> {
  await tx.query(
    'insert into planning.approvals (id, event_brief_id, body, requested_at, due_at, correlation_id) values ($1, $2, $3, $4, $5, $6)',
    [
      approval.approval_id,
      approval.event_brief_id,
      JSON.stringify(sealed(ctx, approval)),
      approval.requested_at,
      approval.due_at,
      ctx.correlationId,
    ],
  )
}

export async function updateApproval(
  tx: Tx,
  ctx: Ctx,
  approval: Approval,
  fields: Partial<Approval>,
): Promise<Approval> {
  const next = { ...approval, ...fields }
  await tx.query('update planning.approvals set body = $2, due_at = $3 where id = $1', [
    approval.approval_id,
    JSON.stringify(sealed(ctx, next)),
    next.due_at,
  ])
  return next
}

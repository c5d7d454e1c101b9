import type { Ctx } from '../kernel/context.ts'
import type { Reader } from '../kernel/db/database.ts'
import { answerDecisionIn } from '../kernel/decisions/answer-decision.ts'
import { findDecision } from '../kernel/decisions/store.ts'
import { AppError } from '../kernel/errors/app-error.ts'
import type { DecideApprovalRequest, TaskApproval } from './schema.ts'

const SELECT =
  'select id, task_id, subtask_id, agent_id, tool, arguments, requested_at, expires_at, status from tasks.approvals'

const present = (row: Record<string, any>): TaskApproval =>
  ({
    ...row,
    requested_at: row['requested_at'].toISOString(),
    expires_at: row['expires_at']?.toISOString() ?? row['requested_at'].toISOString(),
  }) as TaskApproval

/** Tool approvals are kernel decisions seen through this contract (2.2.9). */
export async function listApprovals(db: Reader, status: string | undefined): Promise<{ approvals: TaskApproval[] }> {
  const { rows } = await db.query(
    `${SELECT} where $1::text is null or status = $1 order by requested_at desc limit 500`,
    [status ?? null],
  )
  return { approvals: rows.map(present) }
}

/** The first answer wins; a second, or one after the deadline, is APPROVAL_ALREADY_DECIDED. */
export async function answerApproval(
  ctx: Ctx,
  id: string,
  { decision, reason }: DecideApprovalRequest,
): Promise<TaskApproval> {
  const { kernel } = ctx
  const found = await findDecision(kernel.db, id)
  if (found?.type !== 'tool_approval')
    throw new AppError('APPROVAL_NOT_FOUND', `No approval ${id}`, { approval_id: id })
  const over = () =>
    new AppError('APPROVAL_ALREADY_DECIDED', 'This call was decided or has expired: reload to see the outcome', {
      approval_id: id,
    })
  if (found.status !== 'open' || (found.deadline && Date.parse(found.deadline) <= kernel.clock.now())) throw over()
  try {
    await kernel.db.transaction(async (tx) => {
      await answerDecisionIn(tx, ctx, id, { choice: decision, ...(reason ? { comment: reason } : {}) })
    })
  } catch (error) {
    if (error instanceof AppError && error.code === 'ALREADY_DECIDED') throw over()
    throw error
  }
  return present((await kernel.db.query(`${SELECT} where id = $1`, [id])).rows[0]!)
}

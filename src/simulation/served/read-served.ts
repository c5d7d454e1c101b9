import type { Ctx } from '../../kernel/context.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import { SERVED_STATUSES, type ServedRun, type ServedRunList } from '../schema.ts'
import { findRow, notServed, type ServedRow, toServedRun } from './store.ts'

/** S4. Throws NOT_FOUND. */
export async function getServedRun(ctx: Ctx, runId: string): Promise<ServedRun> {
  const row = await findRow(ctx.kernel.db, runId)
  if (!row) throw notServed(runId)
  return toServedRun(row)
}

export type ListQuery = { status: string[]; limit: number; offset: number }

/** S3: newest first. Throws INVALID_PARAMETER for an unknown status. */
export async function listServedRuns(ctx: Ctx, { status, limit, offset }: ListQuery): Promise<ServedRunList> {
  const unknown = status.find((name) => !(SERVED_STATUSES as readonly string[]).includes(name))
  if (unknown !== undefined) {
    const expected = `one of ${SERVED_STATUSES.join(', ')}`
    throw new AppError('INVALID_PARAMETER', `status must be ${expected}`, {
      parameter: 'status',
      expected,
      actual: unknown,
    })
  }
  const { rows } = await ctx.kernel.db.query(
    `select *, count(*) over () as total from simulation.served_runs where $1::text[] = '{}' or status = any ($1)
      order by created_at desc, run_id limit $2 offset $3`,
    [status, limit, offset],
  )
  const counted = rows[0]
    ? Number(rows[0]['total'])
    : Number(
        (
          await ctx.kernel.db.query(
            `select count(*) as total from simulation.served_runs where $1::text[] = '{}' or status = any ($1)`,
            [status],
          )
        ).rows[0]!['total'],
      )
  const simulations = rows.map((row) => toServedRun(row as ServedRow))
  return { simulations, total: counted, has_more: offset + simulations.length < counted }
}

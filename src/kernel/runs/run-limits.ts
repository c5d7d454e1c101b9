import type { Ctx } from '../context.ts'
import type { Reader, Row, Tx } from '../db/database.ts'
import { AppError } from '../errors/app-error.ts'
import type { Kernel } from '../kernel.ts'
import { type BudgetLimits, createBudget, type Spent, shareOf } from '../models/budget.ts'
import { models } from '../models/part.ts'
import { type RunScope, runScope } from '../models/run-scope.ts'
import type { RunCost, RunLimits } from './schema.ts'

const SPENT = `select coalesce(sum(estimated_usd), 0)::float8 as estimated_usd, count(*) filter (where estimated_usd is null)::int as unpriced,
    coalesce(sum(estimated_tokens), 0)::int as estimated_tokens, coalesce(sum(cost_usd), 0)::float8 as spent_usd,
    coalesce(sum(input_tokens + output_tokens), 0)::int as spent_tokens, count(*)::int as calls from kernel.model_calls where run_id = $1`

const spentOf = (row: Row): Spent => ({ tokens: row['spent_tokens'], usd: row['spent_usd'], turns: row['calls'] })

/** The run's own limits, else the operator's. */
const capsOf = ({ models }: Kernel['config'], limits: RunLimits): BudgetLimits => ({
  usd: limits.usd ?? models.budgetUsd,
  tokens: limits.tokens ?? models.budgetTokens,
  turns: limits.turns,
})
const isLimited = (caps: BudgetLimits) => Object.values(caps).some((limit) => limit !== undefined)

/** What the models' calls of a run could cost, may cost and cost. */
export async function costOfRun(db: Reader, kernel: Kernel, id: string): Promise<RunCost> {
  const { rows } = await db.query(`select r.limits, c.* from kernel.runs r cross join (${SPENT}) c where r.id = $1`, [
    id,
  ])
  const row = rows[0]
  if (!row) throw new AppError('NOT_FOUND', `No run ${id}`, { resource: 'run', id })
  const limits = row['limits'] as RunLimits
  const { budgetUsd, budgetTokens } = kernel.config.models
  return {
    estimated_usd: row['calls'] > 0 && row['unpriced'] === row['calls'] ? null : row['estimated_usd'],
    estimated_tokens: row['estimated_tokens'],
    capped_usd: limits.usd ?? budgetUsd ?? null,
    capped_tokens: limits.tokens ?? budgetTokens ?? null,
    spent_usd: row['spent_usd'],
    spent_tokens: row['spent_tokens'],
    calls: row['calls'],
  }
}

/** For whom models work during a stage: the run, its own model, and what is left of its limits. */
export async function scopeOfRun(kernel: Kernel, runId: string, limits: RunLimits = {}): Promise<RunScope> {
  const scope: RunScope = { runId, ...(limits.model ? { model: limits.model } : {}) }
  const caps = capsOf(kernel.config, limits)
  if (!isLimited(caps)) return scope
  if (!kernel.use(models).status().configured) return scope
  const { rows } = await kernel.db.query(SPENT, [runId])
  return { ...scope, budget: createBudget(caps, spentOf(rows[0]!)) }
}

/** What one piece of a run's work may let models use that goes on in a process of its own, one of `sharers`; undefined without limits. */
export async function modelBudgetFor(
  { config, db }: Pick<Kernel, 'config' | 'db'>,
  runId: string,
  limits: RunLimits,
  sharers: () => Promise<number>,
): Promise<BudgetLimits | undefined> {
  const caps = capsOf(config, limits)
  if (!isLimited(caps)) return undefined
  const { rows } = await db.query(SPENT, [runId])
  return shareOf(caps, spentOf(rows[0]!), await sharers())
}

/** Work of a run outside its stages: its model calls count for the run, under its limits, by its model. */
export async function withinRun<T>(kernel: Kernel, runId: string | null, work: () => Promise<T>): Promise<T> {
  if (!runId) return work()
  const { rows } = await kernel.db.query('select limits from kernel.runs where id = $1', [runId])
  return runScope.run(await scopeOfRun(kernel, runId, rows[0]?.['limits'] ?? {}), work)
}

/** Sets limits of a run; they hold from its next stage on. What is left out stays as it is. */
export async function limitRun(tx: Tx, ctx: Ctx, id: string, limits: RunLimits): Promise<void> {
  const { rowCount } = await tx.query(
    'update kernel.runs set limits = limits || $2::jsonb, updated_at = now() where id = $1 and finished_at is null',
    [id, JSON.stringify(limits)],
  )
  if (rowCount === 0)
    throw new AppError('INVALID_STATE', `Run ${id} is over or does not exist: its limits cannot change`, { run_id: id })
  tx.afterCommit(() => ctx.kernel.notifier.touch('runs', id))
}

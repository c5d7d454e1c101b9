import type { Ctx } from '../context.ts'
import type { Tx } from '../db/database.ts'
import { ValidationError } from '../errors/app-error.ts'
import { emitAll } from '../events/emit.ts'
import { CHANGED_COLUMNS } from './assignment-store.ts'
import { lintPlan } from './lint-plan.ts'
import type { ChangedAssignment, NewPlan } from './plan-types.ts'
import { poolOf } from './pool.ts'

/** Refuses a plan that could never settle or that nobody could do; every fault is named. */
export function checkPlan(plan: NewPlan): void {
  const findings = lintPlan(plan, poolOf(plan.pool))
  if (findings.length > 0)
    throw new ValidationError(
      `The plan cannot be dispatched: ${findings[0]!.message}`,
      findings.map(({ code, field, message }) => ({ field, message, constraint: code })),
    )
}

/** Stores a plan; what has no prerequisite is ready when the transaction commits. Repeating a given plan id changes nothing. */
export async function delegate(
  tx: Tx,
  ctx: Ctx,
  plan: NewPlan,
): Promise<{ planId: string; assignments: ChangedAssignment[] }> {
  checkPlan(plan)
  const policy = poolOf(plan.pool)
  const planId = plan.id ?? ctx.kernel.newId('plan')
  const created = await tx.query(
    `insert into kernel.plans (id, pool, domain, subject, run_id, user_id, data, correlation_id, causes)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (id) do nothing`,
    [
      planId,
      plan.pool,
      plan.domain,
      plan.subject,
      plan.runId ?? ctx.runId ?? null,
      plan.userId,
      JSON.stringify(plan.data ?? {}),
      ctx.correlationId,
      ctx.causes,
    ],
  )
  if (created.rowCount === 0) {
    const { rows } = await tx.query<ChangedAssignment>(
      `select ${CHANGED_COLUMNS} from kernel.assignments where plan_id = $1 order by ordinal`,
      [planId],
    )
    return { planId, assignments: rows }
  }
  const idOf = new Map(plan.assignments.map((a) => [a.key, ctx.kernel.newId('asg')]))
  const rows = plan.assignments.map((a, ordinal) => ({
    id: idOf.get(a.key)!,
    key: a.key,
    ordinal,
    capabilities: a.capabilities,
    priority: a.priority ?? 5,
    depends_on: a.dependsOn ?? [],
    open_prerequisites: new Set(a.dependsOn ?? []).size,
    input: a.input,
    timeout_seconds: a.timeoutSeconds ?? policy.defaultTimeoutSeconds,
  }))
  await tx.query(
    `insert into kernel.assignments (id, plan_id, pool, domain, subject, key, ordinal, user_id, capabilities, priority, status, depends_on,
       open_prerequisites, input, timeout_seconds, queued_at)
     select g.id, $2, $3, $4, $5, g.key, g.ordinal, $6, g.capabilities, g.priority,
            case when g.open_prerequisites = 0 then 'ready' else 'pending' end, g.depends_on, g.open_prerequisites, g.input, g.timeout_seconds,
            case when g.open_prerequisites = 0 then clock_timestamp() end
       from jsonb_to_recordset($1::jsonb) as g (id text, key text, ordinal int, capabilities text[], priority int, depends_on text[],
            open_prerequisites int, input jsonb, timeout_seconds real)
      order by g.ordinal`,
    [JSON.stringify(rows), planId, plan.pool, plan.domain, plan.subject, plan.userId],
  )
  const edges = plan.assignments.flatMap((a) =>
    [...new Set(a.dependsOn ?? [])].map((key) => [idOf.get(key)!, idOf.get(a.key)!] as const),
  )
  if (edges.length > 0)
    await tx.query(
      'insert into kernel.assignment_edges (plan_id, prerequisite, dependent) select $1, p, d from unnest($2::text[], $3::text[]) as e (p, d)',
      [planId, edges.map(([prerequisite]) => prerequisite), edges.map(([, dependent]) => dependent)],
    )
  const assignments = rows.map(
    ({ id, key, ordinal, capabilities, open_prerequisites }): ChangedAssignment => ({
      id,
      plan_id: planId,
      subject: plan.subject,
      key,
      ordinal,
      capabilities: [...capabilities],
      status: open_prerequisites === 0 ? 'ready' : 'pending',
      attempt: 1,
      agent_id: null,
      blocked_by: [],
      error: null,
    }),
  )
  const ready = assignments.filter((a) => a.status === 'ready')
  await emitAll(tx, ctx, [
    {
      domain: plan.domain,
      type: 'plan.created',
      stream: plan.subject,
      summary: `${assignments.length} assignment${assignments.length === 1 ? '' : 's'} planned`,
      data: { plan_id: planId, pool: plan.pool, assignments: assignments.length, ready: ready.length },
    },
  ])
  await policy.onChanges?.(
    tx,
    ctx,
    ready.map((assignment) => ({ kind: 'queued', assignment })),
  )
  tx.afterCommit(() => ctx.kernel.notifier.touch('assignments', plan.pool))
  return { planId, assignments }
}

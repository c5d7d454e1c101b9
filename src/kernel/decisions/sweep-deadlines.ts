import { type Ctx, systemCtx } from '../context.ts'
import { emit } from '../events/emit.ts'
import type { Kernel } from '../kernel.ts'
import { answerDecisionIn, closeDecision } from './answer-decision.ts'
import type { Decision } from './schema.ts'
import { applyStaged } from './stage-answer.ts'
import { DECISION_COLUMNS, rowToDecision } from './store.ts'

const BATCH = 50
const ESCALATES_AT = `created_at + make_interval(secs => (escalation -> escalation_step ->> 'afterSeconds')::float8)`

/**
 * Escalates and times out open questions by the database's clock. Each is handled in its own transaction under its row lock, so
 * two sweepers, or a sweeper and an answer, never both act. Returns how many were handled.
 */
export async function sweepDeadlines(kernel: Kernel): Promise<number> {
  const now = new Date(kernel.clock.now())
  const { rows } = await kernel.db.query(
    `with due as (
       select id, deadline as at from kernel.decisions where status = 'open' and staged is null and deadline <= $1 and not data ? 'overdue'
       union all
       select id, ${ESCALATES_AT} as at from kernel.decisions
        where status = 'open' and staged is null and escalation_step < jsonb_array_length(escalation) and ${ESCALATES_AT} <= $1)
     select id from due group by id order by min(at) limit ${BATCH}`,
    [now],
  )
  for (const { id } of rows) await kernel.db.transaction((tx) => handle(kernel, tx, id as string, now))
  return rows.length + (await applyStaged(kernel, now))
}

async function handle(kernel: Kernel, tx: Parameters<typeof closeDecision>[0], id: string, now: Date): Promise<void> {
  const { rows } = await tx.query(
    `select ${DECISION_COLUMNS} from kernel.decisions where id = $1 and status = 'open' and staged is null for update skip locked`,
    [id],
  )
  if (!rows[0]) return
  const decision = rowToDecision(rows[0])
  const ctx = systemCtx(kernel, {
    correlationId: decision.correlation_id,
    causes: decision.event_id ? [decision.event_id] : [],
  })
  if (decision.deadline && !decision.data['overdue'] && new Date(decision.deadline) <= now)
    return timeOut(tx, ctx, decision)
  return escalate(tx, ctx, decision)
}

async function escalate(tx: Parameters<typeof closeDecision>[0], ctx: Ctx, decision: Decision): Promise<void> {
  const step = decision.escalation[decision.escalation_step]
  if (!step) return
  const roles = [...new Set([...decision.roles, ...(step.roles ?? [])])]
  const users = [...new Set([...decision.users, ...(step.users ?? [])])]
  await tx.query(
    'update kernel.decisions set roles = $2, users = $3, escalation_step = escalation_step + 1, escalated_at = now(), updated_at = now() where id = $1',
    [decision.id, roles, users],
  )
  await emit(tx, ctx, {
    domain: decision.domain,
    type: 'decision.escalated',
    level: 'DECISION',
    stream: `decision:${decision.id}`,
    summary: `${decision.title}: escalated to ${[...(step.roles ?? []), ...(step.users ?? [])].join(', ') || 'everyone'}`,
    ...(decision.run_id ? { runId: decision.run_id } : {}),
    data: {
      decision_id: decision.id,
      step: decision.escalation_step + 1,
      roles: step.roles ?? [],
      users: step.users ?? [],
    },
  })
  const escalated = { ...decision, roles, users, escalation_step: decision.escalation_step + 1 }
  await ctx.kernel.hooks.get(decision.domain)?.onDecisionTimeout?.(tx, ctx, escalated)
  tx.afterCommit(() => ctx.kernel.notifier.touch('decisions', decision.id))
}

async function timeOut(tx: Parameters<typeof closeDecision>[0], ctx: Ctx, decision: Decision): Promise<void> {
  if (decision.on_timeout === 'default' && decision.default_answer) {
    await answerDecisionIn(tx, ctx, decision.id, decision.default_answer, true)
    return
  }
  if (decision.on_timeout === 'deny') {
    await ctx.kernel.hooks.get(decision.domain)?.onDecisionTimeout?.(tx, ctx, { ...decision, status: 'expired' })
    await closeDecision(tx, ctx, decision.id, 'expired')
    return
  }
  // hold, or escalate with nobody left: the question stays open, the deadline is told once.
  await tx.query(`update kernel.decisions set data = data || '{"overdue": true}', updated_at = now() where id = $1`, [
    decision.id,
  ])
  await emit(tx, ctx, {
    domain: decision.domain,
    type: 'decision.overdue',
    level: 'DECISION',
    stream: `decision:${decision.id}`,
    summary: `${decision.title}: the deadline passed, still waiting`,
    ...(decision.run_id ? { runId: decision.run_id } : {}),
    data: { decision_id: decision.id, deadline: decision.deadline },
  })
  if (decision.on_timeout === 'escalate') await escalate(tx, ctx, decision)
  else await ctx.kernel.hooks.get(decision.domain)?.onDecisionTimeout?.(tx, ctx, decision)
}

import { hasRole, isAllowed } from '../access/scopes.ts'
import type { Actor, Ctx } from '../context.ts'
import type { Tx } from '../db/database.ts'
import { release } from '../db/holds.ts'
import { AppError } from '../errors/app-error.ts'
import { emit } from '../events/emit.ts'
import { checkAnswer } from './check-answer.ts'
import { decisionHold } from './raise-decision.ts'
import type { AnswerInput, Decision } from './schema.ts'
import { DECISION_COLUMNS, getDecision, rowToDecision } from './store.ts'

/** Named people and roles when the question names any; else whoever has the approving scope. */
export function mayAnswer(actor: Actor, decision: Pick<Decision, 'roles' | 'users'>): boolean {
  if (actor.kind === 'system' || hasRole(actor)) return true
  const named = [actor.id, actor.email, actor.name].some((name) => name !== undefined && decision.users.includes(name))
  if (named) return true
  if (decision.roles.some((role) => actor.roles.includes(role))) return true
  return decision.roles.length === 0 && decision.users.length === 0 && isAllowed(actor, 'approve')
}

/** The question is closed: who closed it, when and how. */
function alreadyDecided(decision: Decision): AppError {
  const by = decision.answered_by
    ? ` by ${decision.data['answered_by_name'] ?? decision.answered_by} at ${decision.answered_at}`
    : ''
  return new AppError('ALREADY_DECIDED', `This question is ${decision.status}${by}: reload to see the outcome`, {
    decision_id: decision.id,
    status: decision.status,
    answered_by: decision.answered_by,
    answered_at: decision.answered_at,
    answer: decision.answer,
  })
}

/** Somebody's answer stands and takes effect when it can no longer be taken back. */
const alreadyStaged = ({ id, staged, staged_until }: Decision): AppError =>
  new AppError(
    'ALREADY_DECIDED',
    `${staged?.by_name} has answered this question; the answer takes effect at ${staged_until} unless it is taken back`,
    { decision_id: id, status: 'open', answered_by: staged?.by ?? null, staged_until: staged_until ?? null },
  )

/** Throws when the question is closed, when the actor may not answer it, when another's answer is on its way, or when the answer does not fit. */
export function assertAnswerable(ctx: Ctx, decision: Decision, answer: AnswerInput): void {
  if (decision.status !== 'open') throw alreadyDecided(decision)
  if (!mayAnswer(ctx.actor, decision))
    throw new AppError(
      'FORBIDDEN',
      `Only ${[...decision.roles, ...decision.users].join(', ') || 'people who may approve'} can answer this question`,
      { roles: decision.roles, users: decision.users },
    )
  if (decision.staged && decision.staged.by !== ctx.actor.id) throw alreadyStaged(decision)
  checkAnswer(decision, answer)
}

/**
 * Records an answer in the given transaction. The first valid one wins; every other gets ALREADY_DECIDED naming the winner. The
 * domain's onAnswered runs in the same transaction, then the hold goes and the run continues after commit.
 */
export async function answerDecisionIn(
  tx: Tx,
  ctx: Ctx,
  id: string,
  answer: AnswerInput,
  automatic = false,
): Promise<Decision> {
  const before = await getDecision(tx, id)
  assertAnswerable(ctx, before, answer)
  const { rows } = await tx.query(
    `update kernel.decisions set status = 'answered', answer = $2, answered_by = $3, answered_at = now(), automatic = $4, data = data || $5, staged = null, staged_until = null, updated_at = now()
      where id = $1 and status = 'open' and (staged is null or staged ->> 'by' = $3) returning ${DECISION_COLUMNS}`,
    [
      id,
      JSON.stringify(answer),
      ctx.actor.id,
      automatic,
      JSON.stringify(ctx.actor.name ? { answered_by_name: ctx.actor.name } : {}),
    ],
  )
  if (!rows[0]) {
    const now = await getDecision(tx, id)
    throw now.status === 'open' ? alreadyStaged(now) : alreadyDecided(now)
  }
  const decision = rowToDecision(rows[0])
  const event = await emit(tx, ctx, {
    domain: decision.domain,
    type: 'decision.answered',
    level: 'DECISION',
    stream: `decision:${id}`,
    summary: `${decision.title}: ${answer.choice ?? 'answered'}${automatic ? ' (deadline passed)' : ''}`,
    causes: decision.event_id ? [decision.event_id, ...ctx.causes] : ctx.causes,
    ...(decision.run_id ? { runId: decision.run_id } : {}),
    data: { decision_id: id, choice: answer.choice ?? null, by: ctx.actor.id, automatic },
  })
  const caused: Ctx = { ...ctx, causes: [event.id] }
  await ctx.kernel.hooks.get(decision.domain)?.onAnswered?.(tx, caused, decision)
  if (decision.run_id) await release(tx, decision.run_id, decisionHold(id), event.id)
  tx.afterCommit(() => ctx.kernel.notifier.touch('decisions', id))
  return decision
}

export const answerDecision = (ctx: Ctx, id: string, answer: AnswerInput): Promise<Decision> =>
  ctx.kernel.db.transaction((tx) => answerDecisionIn(tx, ctx, id, answer))

/** Closes an open question without an answer; the hold goes too. Closing it again changes nothing. */
export async function closeDecision(
  tx: Tx,
  ctx: Ctx,
  id: string,
  status: 'withdrawn' | 'superseded' | 'expired',
  supersededBy?: string,
): Promise<boolean> {
  const { rows } = await tx.query(
    `update kernel.decisions set status = $2, superseded_by = $3, staged = null, staged_until = null, updated_at = now() where id = $1 and status = 'open' returning domain, title, run_id, event_id`,
    [id, status, supersededBy ?? null],
  )
  const row = rows[0]
  if (!row) return false
  await emit(tx, ctx, {
    domain: row['domain'],
    type: `decision.${status}`,
    level: 'DECISION',
    stream: `decision:${id}`,
    summary: `${row['title']}: ${status}`,
    causes: row['event_id'] ? [row['event_id'], ...ctx.causes] : ctx.causes,
    ...(row['run_id'] ? { runId: row['run_id'] } : {}),
    data: { decision_id: id, superseded_by: supersededBy ?? null },
  })
  if (row['run_id']) await release(tx, row['run_id'], decisionHold(id))
  tx.afterCommit(() => ctx.kernel.notifier.touch('decisions', id))
  return true
}

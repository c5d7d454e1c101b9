import type { Ctx } from '../context.ts'
import { AppError, ValidationError } from '../errors/app-error.ts'
import { emit } from '../events/emit.ts'
import { mayAnswer } from './answer-decision.ts'
import type { Decision } from './schema.ts'
import { getDecision } from './store.ts'

export type DelegateInput = { users: string[]; roles: string[]; note?: string | undefined }

/** Hands an open question on: from now on these people and roles may answer it (administrators always). Who handed it on, and why, stays with it. */
export async function delegateDecision(ctx: Ctx, id: string, { users, roles, note }: DelegateInput): Promise<Decision> {
  if (users.length + roles.length === 0)
    throw new ValidationError('Name a person or a role to hand the question on to', [
      { field: 'users', message: 'a person or a role is needed' },
    ])
  return ctx.kernel.db.transaction(async (tx) => {
    await tx.query('select 1 from kernel.decisions where id = $1 for update', [id])
    const decision = await getDecision(tx, id)
    if (decision.status !== 'open' || decision.staged)
      throw new AppError('INVALID_STATE', `This question is ${decision.staged ? 'being answered' : decision.status}`, {
        decision_id: id,
        status: decision.status,
      })
    if (!mayAnswer(ctx.actor, decision))
      throw new AppError('FORBIDDEN', 'Only who may answer a question can hand it on', {
        roles: decision.roles,
        users: decision.users,
      })
    const delegation = {
      from: ctx.actor.name ?? ctx.actor.id,
      users,
      roles,
      ...(note ? { note } : {}),
      at: new Date(ctx.kernel.clock.now()).toISOString(),
    }
    const before = Array.isArray(decision.data['delegations']) ? decision.data['delegations'] : []
    await tx.query(
      `update kernel.decisions set users = $2, roles = $3, data = data || jsonb_build_object('delegations', $4::jsonb), updated_at = now() where id = $1`,
      [id, users, roles, JSON.stringify([...before, delegation])],
    )
    await emit(tx, ctx, {
      domain: decision.domain,
      type: 'decision.delegated',
      level: 'DECISION',
      stream: `decision:${id}`,
      summary: `${decision.title}: handed on to ${[...users, ...roles].join(', ')}`,
      causes: decision.event_id ? [decision.event_id, ...ctx.causes] : ctx.causes,
      ...(decision.run_id ? { runId: decision.run_id } : {}),
      data: { decision_id: id, ...delegation },
    })
    tx.afterCommit(() => ctx.kernel.notifier.touch('decisions', id))
    return getDecision(tx, id)
  })
}

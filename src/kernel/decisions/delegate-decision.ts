import { z } from 'zod'
import type { Actor, Ctx } from '../context.ts'
import { AppError, ValidationError } from '../errors/app-error.ts'
import { emit } from '../events/emit.ts'
import { mayAnswer } from './answer-decision.ts'
import type { Decision } from './schema.ts'
import { getDecision } from './store.ts'

const Delegations = z.array(z.object({ users: z.array(z.string()), roles: z.array(z.string()) })).min(1)

/** Whether this person was handed the question, by name or role, by the last who handed it on. */
export function wasHandedTo(actor: Actor, data: Decision['data']): boolean {
  const last = Delegations.safeParse(data['delegations']).data?.at(-1)
  if (!last) return false
  return (
    last.users.some((user) => [actor.id, actor.email, actor.name].includes(user)) ||
    last.roles.some((role) => actor.roles.includes(role))
  )
}

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
    const hooks = ctx.kernel.hooks.get(decision.domain)
    await hooks?.requireRight?.(tx, ctx, decision)
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
    const handed = await getDecision(tx, id)
    await hooks?.onDelegated?.(tx, ctx, handed)
    tx.afterCommit(() => ctx.kernel.notifier.touch('decisions', id))
    return handed
  })
}

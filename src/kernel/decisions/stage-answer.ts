// An answer given with room for second thoughts: it is kept, shown to everybody, and takes effect when its time is over. Undo is
// possible exactly until then, since the next stage starts with the answer taking effect.
import type { Actor, Ctx } from '../context.ts'
import type { Tx } from '../db/database.ts'
import { AppError } from '../errors/app-error.ts'
import { emit } from '../events/emit.ts'
import type { Kernel } from '../kernel.ts'
import { answerDecisionIn, assertAnswerable } from './answer-decision.ts'
import { decisionHold } from './raise-decision.ts'
import { type AnswerInput, type Decision, StagedAnswer } from './schema.ts'
import { getDecision } from './store.ts'

const BATCH = 50

const tell = (
  tx: Tx,
  ctx: Ctx,
  decision: Decision,
  type: string,
  summary: string,
  data: Record<string, unknown> = {},
) =>
  emit(tx, ctx, {
    domain: decision.domain,
    type,
    level: 'ACTION',
    stream: `decision:${decision.id}`,
    summary: `${decision.title}: ${summary}`,
    causes: decision.event_id ? [decision.event_id, ...ctx.causes] : ctx.causes,
    ...(decision.run_id ? { runId: decision.run_id } : {}),
    data: { decision_id: decision.id, by: ctx.actor.id, ...data },
  })

const lock = (tx: Tx, id: string) => tx.query('select 1 from kernel.decisions where id = $1 for update', [id])

/** Keeps an answer for `seconds` before it takes effect. The same person may replace it meanwhile; others get ALREADY_DECIDED. */
export async function stageAnswer(ctx: Ctx, id: string, answer: AnswerInput, seconds: number): Promise<Decision> {
  return ctx.kernel.db.transaction(async (tx) => {
    await lock(tx, id)
    const decision = await getDecision(tx, id)
    assertAnswerable(ctx, decision, answer)
    await ctx.kernel.hooks.get(decision.domain)?.requireRight?.(tx, ctx, decision)
    const { actor } = ctx
    const staged: StagedAnswer = { answer, by: actor.id, by_name: actor.name ?? actor.id, actor: { ...actor } }
    await tx.query('update kernel.decisions set staged = $2, staged_until = $3, updated_at = now() where id = $1', [
      id,
      JSON.stringify(staged),
      new Date(ctx.kernel.clock.now() + seconds * 1000),
    ])
    await tell(
      tx,
      ctx,
      decision,
      'decision.staged',
      `${answer.choice ?? 'answered'}, can be taken back for ${seconds} s`,
    )
    tx.afterCommit(() => ctx.kernel.notifier.touch('decisions', id))
    return getDecision(tx, id)
  })
}

/**
 * Takes an answer back while the next stage has not started: a staged one, or one in effect whose run still waits for something else and whose
 * domain has not acted on it. Throws INVALID_STATE saying why it is too late.
 */
export async function undoAnswer(ctx: Ctx, id: string): Promise<Decision> {
  return ctx.kernel.db.transaction(async (tx) => {
    await lock(tx, id)
    const decision = await getDecision(tx, id)
    const by = decision.staged?.by ?? decision.answered_by
    if (by !== null && by !== ctx.actor.id && !ctx.actor.roles.includes('Admin') && !ctx.actor.scopes.includes('*'))
      throw new AppError('FORBIDDEN', `Only ${by} can take this answer back`, { answered_by: by })
    if (decision.staged)
      await tx.query(
        'update kernel.decisions set staged = null, staged_until = null, updated_at = now() where id = $1',
        [id],
      )
    else await reopen(tx, ctx, decision)
    await tell(tx, ctx, decision, 'decision.undone', 'the answer was taken back')
    tx.afterCommit(() => ctx.kernel.notifier.touch('decisions', id))
    return getDecision(tx, id)
  })
}

async function reopen(tx: Tx, ctx: Ctx, decision: Decision): Promise<void> {
  const late = (why: string) =>
    new AppError('INVALID_STATE', `This answer cannot be taken back: ${why}`, {
      decision_id: decision.id,
      status: decision.status,
    })
  if (decision.status === 'open') throw late('there is none')
  if (decision.status !== 'answered') throw late(`the question is ${decision.status}`)
  if (ctx.kernel.hooks.get(decision.domain)?.onAnswered || !decision.run_id)
    throw late(`it took effect at ${decision.answered_at}`)
  const { rows } = await tx.query(
    `update kernel.runs set holds = array_append(holds, $2), updated_at = now()
      where id = $1 and not due and status in ('waiting', 'paused') and cardinality(holds) > 0 returning id`,
    [decision.run_id, decisionHold(decision.id)],
  )
  if (!rows[0]) throw late('the next stage has started')
  await tx.query(
    `update kernel.decisions set status = 'open', answer = null, answered_by = null, answered_at = null, data = data - 'answered_by_name', updated_at = now() where id = $1`,
    [decision.id],
  )
}

/** Lets answers take effect whose time for second thoughts is over. Each in its own transaction, in its giver's name. */
export async function applyStaged(kernel: Kernel, now: Date): Promise<number> {
  const { rows } = await kernel.db.query(
    `select id, correlation_id, staged from kernel.decisions where staged is not null and staged_until <= $1 and status = 'open'
      order by staged_until limit ${BATCH}`,
    [now],
  )
  for (const row of rows) {
    const { actor, answer } = StagedAnswer.parse(row['staged'])
    const ctx: Ctx = {
      kernel,
      actor: actor as unknown as Actor,
      correlationId: row['correlation_id'] as string,
      causes: [],
    }
    await kernel.db
      .transaction(async (tx) => {
        await lock(tx, row['id'])
        const decision = await getDecision(tx, row['id'])
        if (decision.status !== 'open' || !decision.staged || new Date(decision.staged_until!) > now) return
        await answerDecisionIn(tx, ctx, decision.id, answer)
      })
      .catch((error: unknown) => refuseStaged(kernel, ctx, row['id'], error))
  }
  return rows.length
}

/** The domain refuses the answer now: the question is open again, and everybody sees why. Other failures are tried again. */
async function refuseStaged(kernel: Kernel, ctx: Ctx, id: string, error: unknown): Promise<void> {
  if (!(error instanceof AppError)) throw error
  await kernel.db.transaction(async (tx) => {
    const decision = await getDecision(tx, id)
    await tx.query('update kernel.decisions set staged = null, staged_until = null, updated_at = now() where id = $1', [
      id,
    ])
    await tell(tx, ctx, decision, 'decision.refused', `the answer was not taken: ${error.message}`, {
      code: error.code,
    })
    tx.afterCommit(() => kernel.notifier.touch('decisions', id))
  })
}

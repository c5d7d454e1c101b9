import { planHold } from '../agents/complete.ts'
import { delegate } from '../agents/delegate.ts'
import type { Ctx } from '../context.ts'
import type { Tx } from '../db/database.ts'
import { announceDue } from '../db/holds.ts'
import { decisionHold, raiseDecision } from '../decisions/raise-decision.ts'
import { emit } from '../events/emit.ts'
import type { Outcome, Run, RunState } from './flow.ts'
import { flowOf } from './flows.ts'

/** Holds that outlive a stage: they were set from outside. */
const isOutside = (hold: string): boolean => hold === 'user' || hold === 'admission'

/** Applies how a stage ended, in one transaction. A run that was cancelled meanwhile is left as it is. */
export async function endStage(tx: Tx, run: Run, outcome: Outcome): Promise<void> {
  const { ctx } = run
  const { rows } = await tx.query(
    'select holds, kind, key, title, domain, state from kernel.runs where id = $1 and stage_no = $2 and cancelled_at is null and finished_at is null for update',
    [run.id, run.stageNo],
  )
  const row = rows[0]
  await tx.query(
    `update kernel.run_steps set status = $3, finished_at = now(), output = $4, error = $5 where run_id = $1 and stage_no = $2 and kind = 'stage'`,
    [
      run.id,
      run.stageNo,
      outcome.kind === 'failed' ? 'failed' : 'completed',
      JSON.stringify({
        outcome: outcome.kind,
        ...('stage' in outcome ? { stage: outcome.stage } : {}),
      }),
      outcome.kind === 'failed' ? JSON.stringify(outcome.error) : null,
    ],
  )
  if (!row) return
  const state: RunState = { ...row['state'], ...outcome.state }
  tx.afterCommit(() => ctx.kernel.notifier.touch('runs', run.id))
  if (outcome.kind === 'done' || outcome.kind === 'failed') return finish(tx, ctx, run, row as never, outcome, state)

  const holds: string[] = (row['holds'] as string[]).filter(isOutside)
  let wakeAt: Date | null = null
  if (outcome.kind === 'ask')
    for (const [i, question] of outcome.questions.entries()) {
      const id = question.id ?? `dec_${run.id}_${run.stageNo}_${i + 1}`
      const decision = await raiseDecision(tx, ctx, { ...question, id, runId: run.id })
      if (decision.status === 'open') holds.push(decisionHold(id))
    }
  if (outcome.kind === 'delegate')
    for (const [i, plan] of outcome.plans.entries()) {
      const id = plan.id ?? `plan_${run.id}_${run.stageNo}_${i + 1}`
      await delegate(tx, ctx, { ...plan, id, runId: run.id })
      holds.push(planHold(id))
    }
  if (outcome.kind === 'sleep') {
    wakeAt = outcome.until
    holds.push('timer')
  }
  if (outcome.kind === 'hold' && !(await outcome.unless?.(tx))) holds.push(outcome.hold)
  const { stage } = outcome
  const due = holds.length === 0
  await tx.query(
    `update kernel.runs set state = $2, holds = $3, stage = $4, stage_no = stage_no + 1, due = $5, wake_at = $6,
       status = $7, waiting_since = case when $5 then null else coalesce(waiting_since, now()) end, updated_at = now() where id = $1`,
    [
      run.id,
      JSON.stringify(state),
      holds,
      stage,
      due,
      wakeAt,
      due ? 'queued' : holds.includes('user') ? 'paused' : 'waiting',
    ],
  )
  if (due) tx.afterCommit(() => announceDue({ id: run.id, kind: row['kind'], stage, stageNo: run.stageNo + 1 }))
}

async function finish(
  tx: Tx,
  ctx: Ctx,
  run: Run,
  row: { kind: string; key: string | null; title: string; domain: string },
  outcome: Extract<Outcome, { kind: 'done' | 'failed' }>,
  state: RunState,
): Promise<void> {
  const failed = outcome.kind === 'failed'
  await tx.query(
    `update kernel.runs set state = $2, status = $3, result = $4, error = $5, progress = case when $3 = 'completed' then 100 else progress end, due = false, holds = '{}',
       wake_at = null, waiting_since = null, finished_at = now(), updated_at = now() where id = $1`,
    [
      run.id,
      JSON.stringify(state),
      failed ? 'failed' : 'completed',
      failed ? null : JSON.stringify(outcome.result ?? null),
      failed ? JSON.stringify(outcome.error) : null,
    ],
  )
  const event = await emit(tx, ctx, {
    domain: row.domain,
    type: failed ? 'run.failed' : 'run.completed',
    level: 'MILESTONE',
    stream: `run:${run.id}`,
    runId: run.id,
    summary: failed ? `${row.title}: ${outcome.error.message}` : `${row.title}: done`,
    data: { run_id: run.id, ...(failed ? { error: outcome.error } : {}) },
  })
  await flowOf(row.kind)?.onEnded?.(
    tx,
    { ...ctx, causes: [event.id] },
    {
      id: run.id,
      key: row.key,
      state,
      status: failed ? 'failed' : 'completed',
      ...(failed ? { error: outcome.error } : { result: outcome.result }),
    },
  )
}

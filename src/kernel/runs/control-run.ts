import { cancelPlan } from '../agents/cancel-plan.ts'
import type { Ctx } from '../context.ts'
import type { Tx } from '../db/database.ts'
import { announceDue, release } from '../db/holds.ts'
import { closeDecision } from '../decisions/answer-decision.ts'
import { AppError } from '../errors/app-error.ts'
import { emit } from '../events/emit.ts'
import { flowOf } from './flows.ts'

type Row = {
  id: string
  domain: string
  kind: string
  key: string | null
  title: string
  status: string
  holds: string[]
  stage: string
  stage_no: number
  due: boolean
  state: any
  owner: string
}

async function lockRun(tx: Tx, id: string): Promise<Row> {
  const { rows } = await tx.query<Row>(
    'select id, domain, kind, key, title, status, holds, stage, stage_no, due, state, owner from kernel.runs where id = $1 for update',
    [id],
  )
  if (!rows[0]) throw new AppError('NOT_FOUND', `No run ${id}`, { resource: 'run', id })
  return rows[0]
}

const isFinal = (status: string) => ['completed', 'failed', 'cancelled'].includes(status)
const refuse = (run: Row, verb: string) =>
  new AppError('INVALID_STATE', `This run is ${run.status} and cannot be ${verb}`, {
    run_id: run.id,
    status: run.status,
  })

const tell = (tx: Tx, ctx: Ctx, run: Row, type: string, summary: string) =>
  emit(tx, ctx, {
    domain: run.domain,
    type,
    level: 'MILESTONE',
    stream: `run:${run.id}`,
    runId: run.id,
    summary: `${run.title}: ${summary}`,
    data: { run_id: run.id },
  })

/** Keeps the run from going on; a stage in flight may finish. Pausing a paused run changes nothing. */
export async function pauseRun(tx: Tx, ctx: Ctx, id: string): Promise<void> {
  const run = await lockRun(tx, id)
  if (isFinal(run.status)) throw refuse(run, 'paused')
  const unpausable = flowOf(run.kind)?.unpausable
  if (unpausable) throw new AppError('INVALID_STATE', unpausable, { run_id: id })
  if (run.holds.includes('user')) return
  // A due stage may be starting now: the next number keeps its id from being spent on nothing.
  await tx.query(
    `update kernel.runs set holds = array_append(holds, 'user'), stage_no = stage_no + case when due then 1 else 0 end, due = false,
       status = case when status = 'running' then status else 'paused' end, waiting_since = coalesce(waiting_since, now()), updated_at = now() where id = $1`,
    [id],
  )
  await tell(tx, ctx, run, 'run.paused', 'paused')
  tx.afterCommit(() => ctx.kernel.notifier.touch('runs', id))
}

/** Ends a user's pause. The run goes on when nothing else holds it. */
export async function resumeRun(tx: Tx, ctx: Ctx, id: string): Promise<void> {
  const run = await lockRun(tx, id)
  if (!run.holds.includes('user')) throw refuse(run, 'resumed')
  const inFlight = run.status === 'running'
  if (inFlight)
    await tx.query(`update kernel.runs set holds = array_remove(holds, 'user'), updated_at = now() where id = $1`, [id])
  else await release(tx, id, 'user')
  await tell(tx, ctx, run, 'run.resumed', 'resumed')
  tx.afterCommit(() => ctx.kernel.notifier.touch('runs', id))
}

/** Answers and results lock decision or plan first, then the run: whoever ends a run takes them in the same order, or the two wait for each other. */
export async function lockWork(tx: Tx, id: string): Promise<void> {
  await tx.query(`select id from kernel.decisions where run_id = $1 and status = 'open' order by id for update`, [id])
  await tx.query('select id from kernel.plans where run_id = $1 order by id for update', [id])
}

/** Ends a run for good: its questions are withdrawn, its plans cancelled, a stage in flight is told to stop. */
export async function cancelRun(tx: Tx, ctx: Ctx, id: string): Promise<void> {
  await lockWork(tx, id)
  const run = await lockRun(tx, id)
  if (run.status === 'cancelled') return
  if (run.status === 'completed') throw refuse(run, 'cancelled')
  await tx.query(
    `update kernel.runs set status = 'cancelled', cancelled_at = now(), finished_at = now(), error = null, due = false, holds = '{}', wake_at = null,
       waiting_since = null, updated_at = now() where id = $1`,
    [id],
  )
  const event = await tell(tx, ctx, run, 'run.cancelled', 'cancelled')
  const caused: Ctx = { ...ctx, causes: [event.id] }
  const open = await tx.query(`select id from kernel.decisions where run_id = $1 and status = 'open'`, [id])
  for (const row of open.rows) await closeDecision(tx, caused, row['id'], 'withdrawn')
  const plans = await tx.query(`select id from kernel.plans where run_id = $1 and status = 'open'`, [id])
  for (const row of plans.rows) await cancelPlan(tx, caused, row['id'])
  await flowOf(run.kind)?.onEnded?.(tx, caused, { id, key: run.key, state: run.state, status: 'cancelled' })
  tx.afterCommit(() => ctx.kernel.notifier.touch('runs-over', id))
  tx.afterCommit(() => ctx.kernel.notifier.touch('runs', id))
}

/** Goes on with a failed run at the stage that failed, with a changed state if one is given. */
export async function retryRun(
  tx: Tx,
  ctx: Ctx,
  id: string,
  patch: Record<string, unknown> = {},
  stage?: string,
): Promise<void> {
  const run = await lockRun(tx, id)
  if (run.status !== 'failed') throw refuse(run, 'retried')
  const at = stage ?? run.stage
  const { rows } = await tx.query(
    `update kernel.runs set status = 'queued', error = null, finished_at = null, due = true, holds = '{}', stage = $2, stage_no = stage_no + 1,
       state = state || $3::jsonb, updated_at = now() where id = $1 returning stage_no`,
    [id, at, JSON.stringify(patch)],
  )
  await tell(tx, ctx, run, 'run.retried', 'retried')
  tx.afterCommit(() => announceDue({ id, kind: run.kind, stage: at, stageNo: rows[0]!['stage_no'] }))
  tx.afterCommit(() => ctx.kernel.notifier.touch('runs', id))
}

/** Puts an ended run back to waiting for these holds: its domain works on it again. A cancelled run stays cancelled. */
export async function reopenRun(tx: Tx, ctx: Ctx, id: string, holds: readonly string[]): Promise<void> {
  const { rowCount } = await tx.query(
    `update kernel.runs set status = 'waiting', error = null, result = null, finished_at = null, due = false, holds = $2, stage_no = stage_no + 1,
       waiting_since = now(), updated_at = now() where id = $1 and status in ('failed', 'completed')`,
    [id, holds],
  )
  if (rowCount === 0) return
  await tell(tx, ctx, await lockRun(tx, id), 'run.retried', 'retried')
  tx.afterCommit(() => ctx.kernel.notifier.touch('runs', id))
}

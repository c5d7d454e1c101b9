import type { Ctx } from '../context.ts'
import type { Tx } from '../db/database.ts'
import { announceDue } from '../db/holds.ts'
import { emit } from '../events/emit.ts'
import type { Flow, RunState } from './flow.ts'
import type { RunLimits } from './schema.ts'

export type NewRun<S extends RunState> = {
  id?: string
  /** Unique per flow: starting the same key again returns the run that exists. */
  key?: string
  title: string
  owner?: string
  state: S
  parentId?: string
  forkedFrom?: string
  /** Number of the other run's stage this one begins at. */
  forkedAt?: number
  limits?: RunLimits
  /** Start at another stage than the flow's first (fork, restore). */
  stage?: string
  /** Holds it starts with, e.g. `admission` or `user`. */
  holds?: readonly string[]
}

/** Starts a run in the caller's transaction; its first stage begins right after commit unless a hold keeps it. */
export async function startRun<S extends RunState>(
  tx: Tx,
  ctx: Ctx,
  flow: Flow<S>,
  run: NewRun<S>,
): Promise<{ id: string; created: boolean }> {
  const id = run.id ?? ctx.kernel.newId('run')
  const stage = run.stage ?? flow.first
  const holds = run.holds ?? []
  const status = holds.length === 0 ? 'queued' : holds.includes('user') ? 'paused' : 'waiting'
  const { rows } = await tx.query(
    `insert into kernel.runs (id, domain, kind, key, title, owner, status, holds, stage, due, state, correlation_id, causes, parent_id, forked_from, forked_at, limits, waiting_since)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, case when $10 then null else now() end)
     on conflict do nothing returning id`,
    [
      id,
      flow.domain,
      flow.kind,
      run.key ?? null,
      run.title,
      run.owner ?? ctx.actor.id,
      status,
      holds,
      stage,
      holds.length === 0,
      JSON.stringify(run.state),
      ctx.correlationId,
      ctx.causes,
      run.parentId ?? null,
      run.forkedFrom ?? null,
      run.forkedAt ?? null,
      JSON.stringify(run.limits ?? {}),
    ],
  )
  if (!rows[0]) {
    const found = await tx.query('select id from kernel.runs where id = $1 or (kind = $2 and key = $3)', [
      id,
      flow.kind,
      run.key ?? null,
    ])
    return { id: found.rows[0]!['id'], created: false }
  }
  const event = await emit(tx, ctx, {
    domain: flow.domain,
    type: 'run.started',
    level: 'MILESTONE',
    stream: `run:${id}`,
    runId: id,
    summary: run.title,
    data: { run_id: id, kind: flow.kind, key: run.key ?? null },
  })
  await tx.query('update kernel.runs set causes = $2 where id = $1', [id, [event.id]])
  tx.afterCommit(() => {
    if (holds.length === 0) announceDue({ id, kind: flow.kind, stage, stageNo: 1 })
    ctx.kernel.notifier.touch('runs', id)
  })
  return { id, created: true }
}

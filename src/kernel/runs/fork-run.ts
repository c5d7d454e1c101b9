import type { Ctx } from '../context.ts'
import type { Reader } from '../db/database.ts'
import { AppError } from '../errors/app-error.ts'
import { retryRun } from './control-run.ts'
import type { Border, Flow, RunRef, RunState } from './flow.ts'
import { flowOf } from './flows.ts'
import type { RunLimits, RunStep } from './schema.ts'
import { startRun } from './start-run.ts'
import { getRun, stepsOfRun } from './store.ts'

type Forkable = { ref: RunRef; flow: Flow; limits: RunLimits }

async function readRun(db: Reader, id: string): Promise<Forkable> {
  const { rows } = await db.query('select id, kind, key, title, state, limits from kernel.runs where id = $1', [id])
  const row = rows[0]
  if (!row) throw new AppError('NOT_FOUND', `No run ${id}`, { resource: 'run', id })
  const flow = flowOf(row['kind'])
  if (!flow) throw new AppError('INVALID_STATE', `Runs of kind ${row['kind']} are not known here`, { run_id: id })
  return {
    flow,
    limits: row['limits'],
    ref: { id: row['id'], key: row['key'], title: row['title'], state: row['state'] as RunState },
  }
}

/** Stages and steps of a run, those of its domain included. */
export async function allStepsOfRun(db: Reader, id: string): Promise<RunStep[]> {
  const own = await stepsOfRun(db, id)
  const { rows } = await db.query('select kind, key, title, state from kernel.runs where id = $1', [id])
  const row = rows[0]
  const steps = row && flowOf(row['kind'])?.work?.steps
  // The stages of such a run only wait: what was done stands in the steps of its domain.
  if (!row || !steps) return own
  const ref: RunRef = { id, key: row['key'], title: row['title'], state: row['state'] as RunState }
  const found = await steps(db, ref)
  return found.length > 0 ? found : own
}

const readable = (stage: string) => stage.replace(/@\d+$/, '').replace(/[._-]/g, ' ')

/** The stages a run began, each with the state it began with. */
async function stageBorders(db: Reader, id: string): Promise<Border[]> {
  const { rows } = await db.query(
    `select stage_no, stage, input, started_at from kernel.run_steps where run_id = $1 and kind = 'stage' order by stage_no`,
    [id],
  )
  return rows.map((row) => ({
    no: row['stage_no'],
    label: readable(row['stage']),
    at: (row['started_at'] as Date).toISOString(),
    input: row['input'] ?? {},
  }))
}

/** Where a run may be forked; a border asked for by its number comes with what the work behind it begins with. Throws NOT_FOUND. */
export async function bordersOfRun(ctx: Ctx, id: string, no?: number): Promise<Border[]> {
  const { ref, flow } = await readRun(ctx.kernel.db, id)
  const borders = flow.work ? await flow.work.borders(ctx, ref, no) : await stageBorders(ctx.kernel.db, id)
  return no === undefined ? borders : borders.filter((border) => border.no === no)
}

/**
 * A new run from a border of another one, with edited input, another model or other limits. The old run and its work stay as they are.
 * Throws NOT_FOUND for a border the run does not have, and whatever the domain has against the edited input.
 */
export async function forkRun(
  ctx: Ctx,
  id: string,
  no: number,
  state: Record<string, unknown> = {},
  limits: RunLimits = {},
): Promise<string> {
  const { ref, flow, limits: before } = await readRun(ctx.kernel.db, id)
  const border = (await bordersOfRun(ctx, id, no))[0]
  if (!border)
    throw new AppError('NOT_FOUND', `Run ${id} has no stage ${no} to fork from`, { resource: 'stage', id: String(no) })
  const lineage = { forkedFrom: id, forkedAt: no, limits: { ...before, ...limits } }
  if (flow.work) return flow.work.fork(ctx, ref, border, { state, lineage })
  const { rows } = await ctx.kernel.db.query(
    `select stage from kernel.run_steps where run_id = $1 and stage_no = $2 and kind = 'stage'`,
    [id, no],
  )
  return ctx.kernel.db.transaction(async (tx) => {
    const forked = await startRun(tx, ctx, flow, {
      title: `${ref.title} (fork)`,
      state: { ...border.input, ...state },
      stage: rows[0]!['stage'],
      ...lineage,
    })
    return forked.id
  })
}

/** Goes on with a failed run: as its domain does, else at the stage that failed. Answers the run that goes on. */
export async function goOnWithRun(ctx: Ctx, id: string, state?: Record<string, unknown>): Promise<string> {
  const { ref, flow } = await readRun(ctx.kernel.db, id)
  const { status } = await getRun(ctx.kernel.db, id)
  if (flow.retry && status === 'failed') return flow.retry(ctx, ref)
  await ctx.kernel.db.transaction((tx) => retryRun(tx, ctx, id, state))
  return id
}

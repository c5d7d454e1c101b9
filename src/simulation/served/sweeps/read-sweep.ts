import path from 'node:path'
import type { Ctx } from '../../../kernel/context.ts'
import { AppError } from '../../../kernel/errors/app-error.ts'
import { defaultMeasures, groupRows, measureOf, sweepCsv } from '../../analysis/sweep-table.ts'
import type { Sweep, SweepList, SweepRow, SweepSummary } from '../../schema.ts'
import { JsonFiles } from '../../service/run-folder.ts'
import { outputRootOf } from '../served.ts'

const LIST_LIMIT = 200
const LATEST = `
  with recursive chain as (
    select m.sweep_id, m.position, r.run_id, r.continued_as
      from simulation.sweep_runs m join simulation.served_runs r using (run_id) where m.sweep_id = any ($1)
    union all
    select c.sweep_id, c.position, r.run_id, r.continued_as
      from chain c join simulation.served_runs r on r.run_id = c.continued_as
  )`

const notFound = (sweepId: string) => new AppError('NOT_FOUND', `There is no sweep ${sweepId}`, { sweep_id: sweepId })

type Counts = { runs: number; done: number; failed: number }

/** Runs and ended runs of sweeps, each run being the last of its continuations. */
async function countsOf(ctx: Ctx, ids: readonly string[]): Promise<Map<string, Counts>> {
  const { rows } = await ctx.kernel.db.query(
    `${LATEST}
     select c.sweep_id, count(*)::int as runs, count(r.ended_at)::int as done,
            count(*) filter (where r.status in ('failed', 'crashed'))::int as failed
       from chain c join simulation.served_runs r using (run_id) where c.continued_as is null group by c.sweep_id`,
    [ids],
  )
  return new Map(
    rows.map((row) => [
      row['sweep_id'] as string,
      { runs: row['runs'], done: row['done'], failed: row['failed'] } as Counts,
    ]),
  )
}

function summaryOf(row: Record<string, any>, counts: Counts | undefined): SweepSummary {
  const { runs = 0, done = 0, failed = 0 } = counts ?? {}
  return {
    sweep_id: row['sweep_id'],
    name: row['name'],
    status: done < runs ? 'running' : row['stopped_at'] ? 'stopped' : 'completed',
    runs,
    done,
    failed,
    parameters: row['parameters'],
    seeds: row['seeds'],
    started_by: row['started_by'],
    created_at: (row['created_at'] as Date).toISOString(),
  }
}

/** Sweeps, newest first. */
export async function listSweeps(ctx: Ctx): Promise<SweepList> {
  const { rows } = await ctx.kernel.db.query(
    'select * from simulation.sweeps order by created_at desc, sweep_id limit $1',
    [LIST_LIMIT],
  )
  const counts = await countsOf(
    ctx,
    rows.map((row) => row['sweep_id'] as string),
  )
  return { sweeps: rows.map((row) => summaryOf(row, counts.get(row['sweep_id']))) }
}

const files = new JsonFiles()

/** Takes the measures of runs that have ended since somebody looked; a final state is read once. */
async function measureEnded(ctx: Ctx, sweepId: string, named: string[], rows: readonly any[]): Promise<string[]> {
  let measures = named
  const root = outputRootOf(ctx.kernel)
  for (const row of rows) {
    if (row.ended_at === null || row.measures !== null) continue
    const state = files.read(path.join(root, row.run_id, 'result.json'))?.['final_state'] as object | null | undefined
    if (measures.length === 0 && state) {
      measures = defaultMeasures(state)
      await ctx.kernel.db.query(`update simulation.sweeps set measures = $2 where sweep_id = $1 and measures = '[]'`, [
        sweepId,
        JSON.stringify(measures),
      ])
    }
    if (!state && row.status === 'completed') continue // The result is about to be written.
    row.measures = Object.fromEntries(measures.map((name) => [name, state ? measureOf(state, name) : null]))
    await ctx.kernel.db.query(
      'update simulation.sweep_runs set measures = $3 where sweep_id = $1 and position = $2 and measures is null',
      [sweepId, row.position, JSON.stringify(row.measures)],
    )
  }
  return measures
}

/** A sweep with its table of results as far as it has got. Throws NOT_FOUND. */
export async function getSweep(ctx: Ctx, sweepId: string): Promise<Sweep> {
  const { db } = ctx.kernel
  const found = (await db.query('select * from simulation.sweeps where sweep_id = $1', [sweepId])).rows[0]
  if (!found) throw notFound(sweepId)
  const { rows } = await db.query(
    `${LATEST}
     select m.position, m.parameters, m.seed, m.measures, r.run_id, r.status, r.turn, r.ended_at, r.error
       from chain c join simulation.served_runs r using (run_id)
       join simulation.sweep_runs m on m.sweep_id = c.sweep_id and m.position = c.position
      where c.continued_as is null order by m.position`,
    [[sweepId]],
  )
  const measures = await measureEnded(ctx, sweepId, found['measures'] as string[], rows)
  const table = rows.map(
    (row): SweepRow => ({
      position: row['position'],
      parameters: row['parameters'],
      seed: row['seed'] === null ? null : Number(row['seed']),
      run_id: row['run_id'],
      status: row['status'],
      final_turn: row['turn'],
      measures: row['measures'] ?? {},
      error: row['error']?.message ?? null,
    }),
  )
  const counts: Counts = {
    runs: rows.length,
    done: rows.filter((row) => row['ended_at'] !== null).length,
    failed: rows.filter((row) => ['failed', 'crashed'].includes(row['status'])).length,
  }
  return { ...summaryOf(found, counts), measures, rows: table, groups: groupRows(table, measures) }
}

/** The table as CSV. Throws NOT_FOUND. */
export async function sweepTable(ctx: Ctx, sweepId: string): Promise<string> {
  const { parameters, measures, rows } = await getSweep(ctx, sweepId)
  return sweepCsv(
    parameters.map(({ path: at }) => at),
    measures,
    rows,
  )
}

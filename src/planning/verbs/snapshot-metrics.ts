import type { Ctx } from '../../kernel/context.ts'
import type { Reader, Tx } from '../../kernel/db/database.ts'
import type { Board } from '../artifacts/board.ts'
import { isoTime, type MetricSnapshot } from '../schema.ts'
import { loadBoard } from '../store/load-board.ts'
import { requireEventAccess } from './access.ts'
import { METRIC_GROUPS, type MetricGroupName, metricsOf } from './compute-metrics.ts'

const NAMES = Object.keys(METRIC_GROUPS) as MetricGroupName[]

/** Keeps all figures of this moment. */
export async function snapshotMetrics(tx: Tx, ctx: Ctx, board: Board): Promise<void> {
  const now = new Date(ctx.kernel.clock.now())
  for (const name of NAMES) {
    const { values, thresholds, passed, agent_name } = metricsOf({ ...board, now: isoTime(now) }, name)
    for (const [metric, { value: threshold }] of Object.entries(thresholds))
      await tx.query(
        `insert into planning.metric_snapshots (event_brief_id, agent_name, metric, value, threshold, passed, computed_at)
         values ($1, $2, $3, $4, $5, $6, $7)`,
        [board.brief.id, agent_name, metric, values[metric] ?? null, threshold, passed[metric] ?? null, now],
      )
  }
}

export async function listSnapshots(reader: Reader, eventId: string): Promise<MetricSnapshot[]> {
  const { rows } = await reader.query(
    `select event_brief_id, agent_name, metric, value::float8, threshold::float8, passed, computed_at
       from planning.metric_snapshots where event_brief_id = $1 order by computed_at, id limit 5000`,
    [eventId],
  )
  return rows.map((row) => ({ ...row, computed_at: isoTime(row['computed_at']) }) as MetricSnapshot)
}

/** One group of metrics of an event (86–89). */
export async function readMetrics(ctx: Ctx, id: string, name: MetricGroupName) {
  const board = await loadBoard(ctx.kernel.db, id, new Date(ctx.kernel.clock.now()))
  requireEventAccess(ctx.actor, board)
  const { values: _values, ...report } = metricsOf(board, name)
  return report
}

/** All four groups with the kept snapshots (90). */
export async function readAllMetrics(ctx: Ctx, id: string) {
  const groups = Object.fromEntries(
    await Promise.all(NAMES.map(async (name) => [name, await readMetrics(ctx, id, name)] as const)),
  )
  return { event_brief_id: id, ...groups, history: await listSnapshots(ctx.kernel.db, id) }
}

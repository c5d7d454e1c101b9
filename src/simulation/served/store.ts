import type { Reader, Row, Tx } from '../../kernel/db/database.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import type { Override } from '../loop/config/load-config.ts'
import type { ServedRun, ServedStatus } from '../schema.ts'
import type { RunSource } from './child-protocol.ts'

export type ServedRow = {
  run_id: string
  name: string
  status: ServedStatus
  agents: number
  max_turns: number
  turn: number
  source: RunSource | null
  overrides: Override[]
  output_root: string
  started_by: string
  correlation_id: string
  kernel_run_id: string | null
  resumed_from_run: string | null
  resumed_from_turn: number | null
  continued_as: string | null
  crash_streak: number
  termination_reason: string | null
  error: { type: string; message: string } | null
  start_paused: boolean
  process_id: string | null
  created_at: Date
  ended_at: Date | null
}

const iso = (value: Date | null): string | null => (value === null ? null : value.toISOString())

export const toServedRun = (row: ServedRow): ServedRun => ({
  run_id: row.run_id,
  name: row.name,
  status: row.status,
  turn: row.turn,
  max_turns: row.max_turns,
  started_by: row.started_by,
  created_at: row.created_at.toISOString(),
  ended_at: iso(row.ended_at),
  resumed_from:
    row.resumed_from_run === null ? null : { run_id: row.resumed_from_run, turn: row.resumed_from_turn ?? 0 },
  continued_as: row.continued_as,
  termination_reason: row.termination_reason,
  error: row.error,
})

export async function findRow(db: Reader, runId: string): Promise<ServedRow | undefined> {
  const { rows } = await db.query<Row>('select * from simulation.served_runs where run_id = $1', [runId])
  return rows[0] as ServedRow | undefined
}

/** The row, locked. Throws NOT_FOUND. */
export async function lockRow(tx: Tx, runId: string): Promise<ServedRow> {
  const { rows } = await tx.query<Row>('select * from simulation.served_runs where run_id = $1 for update', [runId])
  if (!rows[0]) throw notServed(runId)
  return rows[0] as ServedRow
}

export const notServed = (runId: string) =>
  new AppError('NOT_FOUND', `Simulation ${runId} is not a served run`, { run_id: runId })

export const wrongState = (row: Pick<ServedRow, 'run_id' | 'status'>, verb: string) =>
  new AppError('INVALID_STATE', `Simulation ${row.run_id} is ${row.status} and cannot be ${verb}`, {
    run_id: row.run_id,
    status: row.status,
  })

export type NewServedRun = Pick<
  ServedRow,
  'run_id' | 'name' | 'agents' | 'max_turns' | 'turn' | 'overrides' | 'output_root' | 'started_by' | 'correlation_id'
> & {
  source: RunSource
  resumedFrom?: { run_id: string; turn: number }
  crashStreak?: number
  startPaused?: boolean
}

export async function insertRow(tx: Tx, run: NewServedRun): Promise<ServedRow> {
  const { rows } = await tx.query<Row>(
    `insert into simulation.served_runs (run_id, name, status, agents, max_turns, turn, source, overrides, output_root, started_by,
       correlation_id, resumed_from_run, resumed_from_turn, crash_streak, start_paused)
     values ($1, $2, 'queued', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) returning *`,
    [
      run.run_id,
      run.name,
      run.agents,
      run.max_turns,
      run.turn,
      JSON.stringify(run.source),
      JSON.stringify(run.overrides),
      run.output_root,
      run.started_by,
      run.correlation_id,
      run.resumedFrom?.run_id ?? null,
      run.resumedFrom?.turn ?? null,
      run.crashStreak ?? 0,
      run.startPaused ?? false,
    ],
  )
  return rows[0] as ServedRow
}

export type Ending = {
  status: 'completed' | 'failed' | 'aborted' | 'crashed'
  turn?: number
  terminationReason?: string | null
  error?: { type: string; message: string } | null
  continuedAs?: string
}

/** Ends a run that has not ended; false when it has. What was still asked of its agents is answered no. */
export async function endRow(tx: Tx, runId: string, ending: Ending): Promise<ServedRow | undefined> {
  const { rows } = await tx.query<Row>(
    `update simulation.served_runs
        set status = $2, turn = coalesce($3, turn), termination_reason = $4, error = $5, continued_as = $6, ended_at = now(),
            lease_until = null, process_id = null, source = null
      where run_id = $1 and ended_at is null returning *`,
    [
      runId,
      ending.status,
      ending.turn ?? null,
      ending.terminationReason ?? null,
      ending.error ? JSON.stringify(ending.error) : null,
      ending.continuedAs ?? null,
    ],
  )
  if (!rows[0]) return undefined
  await tx.query(`update simulation.agent_operations set outcome = $2 where run_id = $1 and outcome is null`, [
    runId,
    JSON.stringify({ ok: false, name: '', reason: 'the run has ended' }),
  ])
  return rows[0] as ServedRow
}

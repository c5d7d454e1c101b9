import path from 'node:path'
import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import { release } from '../../kernel/db/holds.ts'
import { readCheckpoint } from '../loop/checkpoints/checkpoint-store.ts'
import { reserveRunId } from '../loop/run/run-id.ts'
import type { RunSource } from './child-protocol.ts'
import { queueRun } from './queue-run.ts'
import { CHILD_HOLD } from './simulation-flow.ts'
import { endRow, type ServedRow } from './store.ts'

const MOST_IN_A_ROW = 3

/** Turn of `last.json`; undefined before the first checkpoint or when it is damaged. */
function lastTurn(row: ServedRow): number | undefined {
  try {
    return readCheckpoint(path.join(row.output_root, row.run_id), 'last').state.turn
  } catch {
    return undefined // Nothing to go on from: the run starts again from its configuration.
  }
}

/**
 * Ends a run whose process died without a result and, unless it was being stopped or has crashed three times in a row without a
 * turn in between, queues a new run that goes on from its last checkpoint. The row must be locked by the caller.
 */
export async function continueAfterCrash(
  tx: Tx,
  ctx: Ctx,
  row: ServedRow,
  message: string,
): Promise<string | undefined> {
  const last = lastTurn(row)
  const advanced = last !== undefined && last > (row.resumed_from_turn ?? 0)
  const crashStreak = advanced ? 1 : row.crash_streak + 1
  const goesOn = row.status !== 'stopping' && crashStreak <= MOST_IN_A_ROW && row.source !== null
  const runId = goesOn ? reserveRunId(row.output_root, row.name, row.agents, new Date()) : undefined
  await endRow(tx, row.run_id, {
    status: 'crashed',
    ...(last === undefined ? {} : { turn: last }),
    terminationReason: 'error',
    error: { type: 'ProcessLost', message },
    ...(runId ? { continuedAs: runId } : {}),
  })
  if (row.kernel_run_id) await release(tx, row.kernel_run_id, CHILD_HOLD)
  if (!runId || !row.source) return undefined
  const source: RunSource = last === undefined ? row.source : { kind: 'resume', runId: row.run_id, turn: 'last' }
  await queueRun(tx, ctx, {
    run_id: runId,
    name: row.name,
    agents: row.agents,
    max_turns: row.max_turns,
    turn: last ?? 0,
    source,
    // A resumed run reads the effective configuration: what won over the file is in it already.
    overrides: last === undefined ? row.overrides : [],
    output_root: row.output_root,
    started_by: row.started_by,
    correlation_id: row.correlation_id,
    crashStreak,
    startPaused: row.status === 'paused' || row.start_paused,
    ...(last === undefined ? {} : { resumedFrom: { run_id: row.run_id, turn: last } }),
  })
  return runId
}

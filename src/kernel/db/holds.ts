import type { Tx } from './database.ts'

export type DueRun = { id: string; kind: string; stage: string; stageNo: number }
type Listener = (run: DueRun) => void

const listeners = new Set<Listener>()

/** Hears, after commit, of each run that became due here. `runs` starts it; decisions and agents know nothing of runs (R4). */
export function onDue(listener: Listener): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

export function announceDue(run: DueRun): void {
  for (const listener of listeners) listener(run)
}

/** What started the run stays, of what moved it on the latest. */
const caused = (event: string) => `causes[1:1] || causes[greatest(2, cardinality(causes) - 6):] || ${event}::text`

const RELEASE = {
  name: 'kernel.holds.release',
  text: `
  update kernel.runs
     set holds = array_remove(holds, $2),
         due = cancelled_at is null and finished_at is null and cardinality(array_remove(holds, $2)) = 0,
         wake_at = case when $2 = 'timer' then null else wake_at end,
         status = case when finished_at is not null then status
                       when cardinality(array_remove(holds, $2)) = 0 then 'queued'
                       when 'user' = any (array_remove(holds, $2)) then 'paused' else 'waiting' end,
         waiting_since = case when cardinality(array_remove(holds, $2)) = 0 then null else waiting_since end,
         causes = case when $3::text is null then causes else ${caused('$3')} end,
         updated_at = now()
   where id = $1 and $2 = any (holds)
  returning id, kind, stage, stage_no, due`,
}

const LOCK = { name: 'kernel.holds.lock', text: 'select 1 from kernel.runs where id = $1 for update' }

const BECAUSE = {
  name: 'kernel.holds.because',
  text: `update kernel.runs set causes = ${caused('$2')} where id = $1`,
}

/**
 * Removes one hold in the transaction of what ended the wait. When none is left and the run is not cancelled, the same
 * transaction marks its stage due and the run starts right after commit. Releasing a hold twice changes nothing. A stage that is
 * just writing the hold is waited for: its row still looks unheld, and the update alone would pass it by. `because`: the event that what the
 * run does next happens because of, too, whether the hold was still there or not.
 */
export async function release(tx: Tx, runId: string, hold: string, because?: string): Promise<boolean> {
  await tx.query(LOCK, [runId])
  const { rows } = await tx.query(RELEASE, [runId, hold, because ?? null])
  const row = rows[0]
  if (!row) {
    if (because) await tx.query(BECAUSE, [runId, because])
    return false
  }
  if (row.due)
    tx.afterCommit(() => announceDue({ id: row.id, kind: row.kind, stage: row.stage, stageNo: row.stage_no }))
  return true
}

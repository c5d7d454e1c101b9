import type { Tx } from './database.ts'

export type DueRun = { id: string; stage: string; stageNo: number }
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
         updated_at = now()
   where id = $1 and $2 = any (holds)
  returning id, stage, stage_no, due`,
}

const LOCK = { name: 'kernel.holds.lock', text: 'select 1 from kernel.runs where id = $1 for update' }

const BECAUSE = {
  name: 'kernel.holds.because',
  text: `update kernel.runs set causes = causes[1:1] || causes[greatest(2, cardinality(causes) - 6):] || $2::text where id = $1`,
}

/** What the run does next happens because of this event too: what started it stays, of what moved it on the latest. */
export const goesOnBecause = (tx: Tx, runId: string, eventId: string) => tx.query(BECAUSE, [runId, eventId])

/**
 * Removes one hold in the transaction of what ended the wait. When none is left and the run is not cancelled, the same
 * transaction marks its stage due and the run starts right after commit. Releasing a hold twice changes nothing. A stage that is
 * just writing the hold is waited for: its row still looks unheld, and the update alone would pass it by.
 */
export async function release(tx: Tx, runId: string, hold: string): Promise<boolean> {
  await tx.query(LOCK, [runId])
  const { rows } = await tx.query(RELEASE, [runId, hold])
  const row = rows[0]
  if (!row) return false
  if (row.due) tx.afterCommit(() => announceDue({ id: row.id, stage: row.stage, stageNo: row.stage_no }))
  return true
}

import fs from 'node:fs'
import path from 'node:path'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Expired } from '../../kernel/module.ts'

/** A run that a younger one goes on from stays: its folder holds the checkpoint. */
const ENDED = `ended_at < $1 and not exists (select 1 from simulation.served_runs y
  where y.resumed_from_run = r.run_id and (y.ended_at is null or y.ended_at >= $1))`

/** Simulations that ended before a time go with their folders: stream, checkpoints, results. */
export async function expireRuns(kernel: Kernel, before: Date, dry: boolean): Promise<Expired[]> {
  const { rows } = await kernel.db.query(
    `select run_id, output_root from simulation.served_runs r where ${ENDED} order by ended_at`,
    [before],
  )
  const expired = [{ what: 'simulations with their folders', count: rows.length }]
  if (dry) return expired
  for (const { run_id: id, output_root: root } of rows) {
    // The row goes last: what a kill leaves behind is found again.
    await fs.promises.rm(path.join(root, id), { recursive: true, force: true })
    const stream = `simulation:${id}`
    await kernel.db.transaction(async (tx) => {
      await tx.query('delete from kernel.events where stream = $1', [stream])
      await tx.query('delete from kernel.event_streams where stream = $1', [stream])
      await tx.query('delete from simulation.served_runs where run_id = $1', [id])
    })
  }
  return expired
}

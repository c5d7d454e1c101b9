import type { Kernel } from '../kernel.ts'
import type { Expired } from '../module.ts'

/** Sessions of planning are records of their event; everything else of a run is in its domain by the time it ended. */
const ENDED = `finished_at < $1 and domain <> 'planning'`
const ENDED_STAGES = `status in ('SUCCESS', 'ERROR', 'CANCELLED') and updated_at < $1
  and not exists (select 1 from kernel.runs r where r.id = split_part(workflow_uuid, ':', 1) and r.finished_at is null)`

/** Runs that ended before a time with their steps and questions, and what the engine keeps of ended stages. */
export async function expireRuns({ db }: Kernel, before: Date, dry: boolean): Promise<Expired[]> {
  const count = async (sql: string, value: unknown) => (await db.query(sql, [value])).rows[0]!['n'] as number
  const expired = [
    {
      what: 'runs with their steps',
      count: await count(`select count(*)::int as n from kernel.runs where ${ENDED}`, before),
    },
    {
      what: 'ended stages of the engine',
      count: await count(`select count(*)::int as n from dbos.workflow_status where ${ENDED_STAGES}`, before.getTime()),
    },
  ]
  if (!dry) {
    await db.query(`delete from kernel.runs where ${ENDED}`, [before])
    await db.query(`delete from dbos.workflow_status where ${ENDED_STAGES}`, [before.getTime()])
  }
  return expired
}

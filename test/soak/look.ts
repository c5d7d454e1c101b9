import type { Db } from '../../src/kernel/db/database.ts'
import type { Job } from './work.ts'

/** What must be 0 in the store when all jobs have ended, by name. */
export async function faultsOfStore(db: Db, jobs: readonly Job[]): Promise<Record<string, number>> {
  const count = async (sql: string, values: unknown[] = []) => (await db.query(sql, values)).rows[0]!['n'] as number
  const started = (kind: string) => jobs.filter((job) => job.kind === kind).length
  const extra = async (kind: string, table: string) =>
    (await count(`select count(*)::int as n from ${table}`)) - started(kind)
  return {
    completed_twice: await count(
      `select count(*)::int as n from (select 1 from kernel.events where type = 'assignment.completed' group by data->>'assignment_id' having count(*) > 1) d`,
    ),
    streams_with_gaps: await count(
      `select count(*)::int as n from (select max(seq) - min(seq) + 1 - count(*) as missing from kernel.events group by stream) s where missing <> 0`,
    ),
    runs_not_ended: await count(
      `select count(*)::int as n from kernel.runs where status not in ('completed', 'failed', 'cancelled') and parent_id is null`,
    ),
    runs_failed: await count(
      `select count(*)::int as n from kernel.runs where status = 'failed' and error->>'code' <> 'SIMULATION_CRASHED'`,
    ),
    assignments_open: await count(
      `select count(*)::int as n from kernel.assignments where status not in ('completed', 'failed', 'cancelled')`,
    ),
    questions_open: await count(
      `select count(*)::int as n from kernel.decisions where status = 'open' and run_id is not null`,
    ),
    tasks_too_many: await extra('tasks', 'tasks.tasks'),
    briefs_too_many: await extra('planning', 'planning.event_briefs'),
    films_too_many: await extra('movies', 'movies.workflows'),
    simulations_too_many: await extra(
      'simulation',
      '(select 1 from simulation.served_runs where resumed_from_run is null and crash_streak = 0) s',
    ),
    artifacts_of_films_twice: await count(
      `select count(*)::int as n from (select 1 from movies.artifacts group by workflow_id, name, index having count(*) > 1) d`,
    ),
  }
}

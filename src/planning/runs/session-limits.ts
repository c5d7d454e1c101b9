import type { Reader, Tx } from '../../kernel/db/database.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { wake } from './questions.ts'
import type { Session } from './session-store.ts'

const AT_WORK = `status = 'in_progress' and (body ->> 'iterations')::int > 0 and body -> 'waiting_on' = 'null'::jsonb`

async function countAtWork(reader: Reader): Promise<number> {
  const { rows } = await reader.query(`select count(*)::int as n from planning.sessions where ${AT_WORK}`)
  return rows[0]!['n'] as number
}

/** Whether a session that has not begun must wait for a place (MAX_CONCURRENT_SESSIONS). Sessions that wait for people take none. */
export async function mustQueue(tx: Tx, kernel: Kernel, session: Pick<Session, 'iterations'>): Promise<boolean> {
  if (session.iterations > 0) return false
  await tx.query(`select pg_advisory_xact_lock(hashtext('planning.sessions'))`)
  return (await countAtWork(tx)) >= kernel.config.planning.maxConcurrentSessions
}

/** Whether the question of a session stayed unanswered for its 24 hours. */
export const isExpired = (
  { waiting_on, expires_at }: Pick<Session, 'waiting_on' | 'expires_at'>,
  now: number,
): boolean => waiting_on?.kind === 'question' && expires_at !== null && Date.parse(expires_at) <= now

/** Sessions that still hold although what they waited for is decided. */
const SETTLED = `select s.run_id from planning.sessions s join kernel.runs r on r.id = s.run_id
  where s.status = 'in_progress' and (s.body ->> 'iterations')::int > 0 and 'planning.session' = any (r.holds) and (
    s.body -> 'waiting_on' = 'null'::jsonb or (s.body -> 'waiting_on' ->> 'kind' = 'approval'
      and not exists (select 1 from planning.approvals a where a.id = s.body -> 'waiting_on' ->> 'id' and a.status = 'pending')))`

/** Wakes sessions whose question expired, so that they end, and the oldest queued ones for which there is a place. */
export async function sweepSessions(kernel: Kernel): Promise<void> {
  await kernel.db.transaction(async (tx) => {
    const expired = await tx.query(
      `select run_id from planning.sessions where status = 'in_progress' and body -> 'waiting_on' ->> 'kind' = 'question'
          and (body ->> 'expires_at')::timestamptz <= $1`,
      [new Date(kernel.clock.now())],
    )
    const room = kernel.config.planning.maxConcurrentSessions - (await countAtWork(tx))
    const queued = await tx.query(
      `select run_id from planning.sessions where status = 'in_progress' and (body ->> 'iterations')::int = 0
        order by updated_at, id limit $1`,
      [Math.max(0, room)],
    )
    const settled = await tx.query(SETTLED)
    for (const row of [...expired.rows, ...queued.rows, ...settled.rows])
      await wake(tx, kernel, { run_id: row['run_id'] as string })
  })
}

import { randomBytes } from 'node:crypto'
import { acquireLock, deleteState, getState, putState, releaseLock } from '../../kernel/agents/shared-state.ts'
import type { Db } from '../../kernel/db/database.ts'
import { readArguments } from '../arguments.ts'
import type { Io } from '../io.ts'
import { type Part, reportParts } from './report-parts.ts'
import { withDatabase } from './with-database.ts'

const HELP = `troupe check-coordination [--json]

Queues an item and claims it from two connections at once, registers an agent, shares a value, fights for a lock, and removes
everything again. The items belong to a pool of their own: running agents never see them. Exit code 1 when a part fails.`

const must = (ok: unknown, message: string) => {
  if (!ok) throw new Error(message)
}

const CLAIM = `update kernel.assignments set status = 'running' where id = (
  select id from kernel.assignments where pool = $1 and status = 'ready' order by queued_at limit 1 for update skip locked) returning id`

function parts(db: Db): Part[] {
  const name = `check_${randomBytes(6).toString('hex')}`
  return [
    {
      name: 'queue',
      async work() {
        await db.query(
          `insert into kernel.plans (id, pool, domain, subject, user_id, correlation_id) values ($1, $1, 'check', $1, 'check', $1)`,
          [name],
        )
        await db.query(
          `insert into kernel.assignments (id, plan_id, pool, domain, subject, key, ordinal, user_id, capabilities, status, queued_at)
           values ($1, $1, $1, 'check', $1, 'one', 0, 'check', '{work}', 'ready', clock_timestamp())`,
          [name],
        )
        const claims = await Promise.all([db.query(CLAIM, [name]), db.query(CLAIM, [name]), db.query(CLAIM, [name])])
        const claimed = claims.reduce((sum, { rowCount }) => sum + rowCount, 0)
        must(claimed === 1, `one item was claimed ${claimed} times`)
        return 'an item is claimed once, whoever asks at the same time'
      },
    },
    {
      name: 'registry',
      async work() {
        await db.query(
          `insert into kernel.agents (pool, id, transport, endpoint, capabilities, instance) values ($1, 'agent_0', 'http', 'http://127.0.0.1:9', '{work}', $1)`,
          [name],
        )
        const { rows } = await db.query(
          `select extract(epoch from now() - seen_at) < 60 as alive from kernel.agents where pool = $1`,
          [name],
        )
        must(rows[0]?.['alive'] === true, 'the registered agent is not alive')
        return 'a registered agent is there, alive for 60 s'
      },
    },
    {
      name: 'shared state',
      async work() {
        await putState(db, name, 'key', { n: 1 }, 60, name)
        must(
          ((await getState(db, name, 'key'))?.value as { n: number } | undefined)?.n === 1,
          'the value did not come back',
        )
        await putState(db, name, 'gone', 1, -1, name)
        must((await getState(db, name, 'gone')) === undefined, 'an expired value is still there')
        must(await deleteState(db, name, 'key'), 'the value could not be deleted')
        return 'set, read, expired, deleted'
      },
    },
    {
      name: 'locks',
      async work() {
        must((await acquireLock(db, name, 'lock', 'one', 10)).held, 'a free lock was refused')
        must(!(await acquireLock(db, name, 'lock', 'two', 10)).held, 'a lock was given twice')
        must(!(await releaseLock(db, name, 'lock', 'two')), 'a lock was released by a stranger')
        must((await acquireLock(db, name, 'lock', 'one', 10)).held, 'the owner could not extend')
        must(await releaseLock(db, name, 'lock', 'one'), 'the owner could not release')
        return 'one owner; only the owner extends and releases'
      },
    },
    {
      name: 'clean-up',
      async work() {
        await db.query('delete from kernel.plans where id = $1', [name])
        await db.query('delete from kernel.agents where pool = $1', [name])
        await db.query('delete from kernel.shared_state where scope = $1', [name])
        await db.query('delete from kernel.shared_locks where scope = $1', [name])
        return 'nothing left'
      },
    },
  ]
}

/** `check-coordination`: queue, registry, shared state and locks, with clean-up. */
export async function checkCoordination(argv: string[], io: Io): Promise<number> {
  const { values } = readArguments(argv, {})
  if (values.help) {
    io.out(HELP)
    return 0
  }
  return withDatabase(io, async ({ db }) =>
    (await reportParts(io, parts(db), { good: 'OK', bad: 'FAILED' }, values.json === true)) ? 0 : 1,
  )
}

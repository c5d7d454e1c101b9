// Who is alive (R2). Each process has a row (host, boot id, pid, seen each second by the database's clock) and a session advisory
// lock on its own connection. Dead means: same host and the pid is gone; or lock free and not seen for 1.5 s, and not within 5 s
// of a PostgreSQL start; or lock held but not seen for 30 s. For 5 s after an outage, or after
// the clock was set, only a missing pid counts.
// Taking over is fenced by DBOS: a mistake costs repeated steps only.
import { randomInt, randomUUID } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import { DBOSExecutor } from '@dbos-inc/dbos-sdk/internal/dbos-executor'
import { globalParams, INTERNAL_QUEUE_NAME } from '@dbos-inc/dbos-sdk/internal/utils'
import { wfQueueRunner } from '@dbos-inc/dbos-sdk/internal/wfqueue'
import type pg from 'pg'
import { findPool } from '../agents/pool.ts'
import { requeue } from '../agents/requeue.ts'
import { isConnectionError } from '../db/database.ts'
import { isProcessAlive } from '../db/embedded-server.ts'
import { watchSilence } from '../db/watch-silence.ts'
import { ulid } from '../events/ulid.ts'
import type { Kernel } from '../kernel.ts'

const LOCK_CLASS = 7_310_200
const BEAT_MS = 1_000
/** Every 5th look also adopts what a dead adopter left. */
const READOPT_EVERY = 5

export type Liveness = { readonly executorId: string; stop(): Promise<void> }

/** Same host means same kernel boot and same process namespace: only then does a missing pid prove anything. */
export function hostIdentity(): { host: string; bootId: string } {
  const read = (file: string) => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim() : '')
  const namespace = process.platform === 'linux' ? fs.readlinkSync('/proc/self/ns/pid') : process.platform
  return { host: `${os.hostname()}/${namespace}`, bootId: read('/proc/sys/kernel/random/boot_id') || os.hostname() }
}

const NOW = 'extract(epoch from now())::float8 * 1000 as now'
const DEAD = `
  select p.id from kernel.processes p
   where p.id <> $1 and p.taken_at is null and (
     ($3 and not exists (select 1 from pg_locks l where l.locktype = 'advisory' and l.classid = ${LOCK_CLASS} and l.objid = p.lock_key and l.objsubid = 2)
       and p.seen_at not between now() - interval '1.5 seconds' and now() + interval '1.5 seconds'
       and pg_postmaster_start_time() not between now() - interval '5 seconds' and now())
     or $3 and p.seen_at not between now() - interval '30 seconds' and now() + interval '30 seconds'
     or p.id = any ($2))`

/** Starts what these executors left unfinished, here and at once: the engine alone would look for it up to a second later. Answers how many. */
async function recoverStages(kernel: Kernel, executorIds: string[]): Promise<number> {
  const engine = DBOSExecutor.globalInstance
  const queue = wfQueueRunner.getInternalQueue(INTERNAL_QUEUE_NAME)
  if (!engine || !queue) return 0 // given up meanwhile: another process takes them over
  const { length } = await engine.recoverPendingWorkflows(executorIds)
  if (length === 0) return 0
  try {
    const owner = randomUUID()
    const { executorID, systemDatabase } = engine
    const ids = await systemDatabase.findAndMarkStartableWorkflows(
      queue,
      executorID,
      globalParams.appVersion,
      undefined,
      0,
      0,
      owner,
    )
    await engine.dispatchDequeuedWorkflows(ids, owner)
  } catch (error) {
    kernel.log.debug({ error: (error as Error).message }, 'recovered stages are left to the next look of the engine')
  }
  return length
}

export async function startLiveness(
  kernel: Kernel,
  role: string,
  launch: (executorId: string) => Promise<void>,
  giveUp: () => Promise<void>,
): Promise<Liveness> {
  const identity = hostIdentity()
  let executorId = ''
  let lockKey = 0
  let client: pg.PoolClient | undefined
  let stopped = false
  let looks = 0
  const silence = watchSilence()

  const holdLock = async () => {
    const connected = await kernel.db.connect()
    let gone = false
    const drop = () => {
      if (gone) return
      gone = true
      if (client !== connected) return
      client = undefined
      connected.release(true)
    }
    connected.on('error', drop)
    connected.on('end', drop)
    await connected.query(
      `set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 2; set tcp_keepalives_count = 3; set idle_in_transaction_session_timeout = 0`,
    )
    await connected.query('select pg_advisory_lock($1, $2)', [LOCK_CLASS, lockKey])
    client = connected
  }
  const dropLock = () => {
    const held = client
    client = undefined
    held?.release(true)
  }
  const register = async () => {
    executorId = `exec_${ulid()}`
    lockKey = randomInt(1, 2_000_000_000)
    await holdLock()
    const { rows } = await kernel.db.query(
      `insert into kernel.processes (id, role, host, boot_id, pid, lock_key) values ($1, $2, $3, $4, $5, $6) returning ${NOW}`,
      [executorId, role, identity.host, identity.bootId, process.pid, lockKey],
    )
    silence.heard(rows[0]!['now'] as number)
    await kernel.db.query('insert into kernel.process_names (process_id, executor_id) values ($1, $2)', [
      kernel.processId,
      executorId,
    ])
    await launch(executorId)
  }

  const beat = async (): Promise<void> => {
    if (!client) await holdLock()
    const { rows } = await kernel.db.query(
      `update kernel.processes set seen_at = now() where id = $1 and taken_at is null returning ${NOW}`,
      [executorId],
    )
    silence.heard(rows[0]?.['now'] as number | undefined)
    if (rows.length > 0) return
    // Taken over (we hung, or the database lost us): what we had belongs to another; begin anew under a new id.
    kernel.log.warn(
      { executor: executorId },
      'this process was taken for dead: its stages run elsewhere, it continues under a new id',
    )
    await disown()
    dropLock()
    await giveUp()
    await register()
  }
  /** Its stages belong to nobody from here on: how they end now, cut off in the middle, must not be taken for their end. */
  const disown = () =>
    kernel.db.query(`update dbos.workflow_status set owner_xid = null where executor_id = $1 and status = 'PENDING'`, [
      executorId,
    ])
  const look = async (): Promise<void> => {
    const { rows: neighbours } = await kernel.db.query(
      'select id, pid from kernel.processes where taken_at is null and id <> $1 and host = $2 and boot_id = $3',
      [executorId, identity.host, identity.bootId],
    )
    const gone = neighbours
      .filter((row) => !isProcessAlive(row['pid']) || row['pid'] === process.pid)
      .map((row) => row['id'] as string)
    const { rows: dead } = await kernel.db.query(DEAD, [executorId, gone, silence.counts])
    for (const row of dead) await takeOver(row['id'])
    if (++looks % READOPT_EVERY === 0) {
      const { rows } = await kernel.db.query(
        `select distinct w.executor_id from dbos.workflow_status w join kernel.processes p on p.id = w.executor_id
          where w.status = 'PENDING' and p.taken_at is not null
            and p.taken_at not between now() - interval '3 seconds' and now()`,
      )
      if (rows.length > 0)
        await recoverStages(
          kernel,
          rows.map((row) => row['executor_id']),
        )
    }
  }
  const takeOver = async (id: string): Promise<void> => {
    const { rows } = await kernel.db.query(
      'update kernel.processes set taken_at = now(), taken_by = $2 where id = $1 and taken_at is null returning id',
      [id, executorId],
    )
    if (rows.length === 0) return
    const stages = await recoverStages(kernel, [id])
    // Builtin agents worked inside that process: their assignments go back to the queue.
    const { rows: work } = await kernel.db.query(
      `select a.id, a.attempt, a.pool from kernel.assignments a join kernel.process_names n on n.process_id = a.instance where n.executor_id = $1 and a.status = 'running'`,
      [id],
    )
    for (const row of work) {
      const policy = findPool(row['pool'])
      if (policy)
        await kernel.db.transaction((tx) =>
          requeue(tx, kernel, policy, row['id'], row['attempt'], { kind: 'lost', reason: 'its process ended' }),
        )
    }
    // What it had claimed and perhaps pushed: the agent may have it, so the next dispatch goes under the next attempt number.
    const { rows: claims } = await kernel.db.query(
      `select a.id, a.attempt, a.pool from kernel.assignments a join kernel.process_names n on n.process_id = a.claimer
        where n.executor_id = $1 and a.status = 'running' and a.accepted_at is null`,
      [id],
    )
    for (const row of claims) {
      const policy = findPool(row['pool'])
      if (policy)
        await kernel.db.transaction((tx) =>
          requeue(tx, kernel, policy, row['id'], row['attempt'], {
            kind: 'unreachable',
            reason: 'the process that dispatched it ended',
          }),
        )
    }
    kernel.log.info({ dead: id, stages, assignments: work.length }, 'took over the work of a dead process')
  }

  await register()
  await look()
  let busy: Promise<void> | undefined
  const timer = setInterval(() => {
    if (busy || stopped) return
    busy = beat()
      .then(look)
      .catch((error: Error) => {
        if (!isConnectionError(error)) kernel.log.warn({ error: error.message }, 'liveness pass failed, trying again')
      })
      .finally(() => (busy = undefined))
  }, BEAT_MS)

  return {
    get executorId() {
      return executorId
    },
    async stop() {
      stopped = true
      clearInterval(timer)
      await busy
      await disown().catch((error: Error) => kernel.log.debug({ error: error.message }, 'database already gone'))
      await giveUp()
      // A clean stop leaves nothing in flight; what is still pending here is adopted like that of a dead process.
      await kernel.db
        .query(`update kernel.processes set seen_at = now() - interval '1 hour' where id = $1`, [executorId])
        .catch((error: Error) => kernel.log.debug({ error: error.message }, 'database already gone'))
      dropLock()
    },
  }
}

import type { Reader, Tx } from '../../../kernel/db/database.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import { type ServiceCaller, type ServiceName, ServiceOutageError } from '../../services-port.ts'
import { backOffSeconds } from './back-off.ts'
import type { ServiceLine } from './service-line.ts'

export const OUTBOX_TOPIC = 'movies-outbox'
const SWEEP_MS = 1000
const LANES_AT_ONCE = 20
/** No pause and no claim is longer: what lies further ahead was written before the clock was set back. */
const LONGEST_PAUSE = "interval '1 hour'"
const isDue = (column: string) => `(${column} <= now() or ${column} > now() + ${LONGEST_PAUSE})`

/** Something a service is to be told, however long that takes. Entries of one lane are delivered in order. */
export type OutboxEntry = {
  service: ServiceName
  lane: string
  operation: string
  payload: Record<string, unknown>
  workflow_id: string | null
  correlation_id: string
  priority: number
  /** An entry that waits right before a later one with the same key is left out: only the latest matters. */
  supersede_key?: string
}

/** Writes entries in the caller's transaction: what was rolled back is never told, what was committed always is. */
export async function putInOutbox(tx: Tx, kernel: Kernel, entries: readonly OutboxEntry[]): Promise<void> {
  if (entries.length === 0) return
  await tx.query(
    `insert into movies.outbox (service, lane, operation, payload, workflow_id, correlation_id, priority, supersede_key)
     select e->>'service', e->>'lane', e->>'operation', e->'payload', (e->>'workflow_id')::uuid, e->>'correlation_id', (e->>'priority')::int, e->>'supersede_key'
       from jsonb_array_elements($1::jsonb) with ordinality as t(e, n) order by n`,
    [JSON.stringify(entries)],
  )
  tx.afterCommit(() => kernel.notifier.touch(OUTBOX_TOPIC))
}

type Row = OutboxEntry & { id: string; attempts: number }

export type Deliver = (entry: OutboxEntry, caller: ServiceCaller) => Promise<void>

export type OutboxOptions = {
  line: ServiceLine
  backOffBase: number
  /** Seconds one delivery may take; afterwards another process may take it over. */
  claimSeconds: number
  deliver: Deliver
}

/** Delivers what is for one service until it is stopped. An outage holds a lane; a refusal is kept for the operator and passed over. */
export function startOutbox(kernel: Kernel, options: OutboxOptions): { stop(): Promise<void>; wake(): void } {
  const { line } = options
  const service = line.service
  const busy = new Map<string, Promise<void>>()
  let stopped = false
  let looking: Promise<void> | undefined
  let again = false

  const look = () => {
    if (stopped) return
    if (looking) {
      again = true
      return
    }
    looking = takeLanes()
      .catch((error: Error) => kernel.log.warn({ service, error: error.message }, 'the outbox was not read'))
      .finally(() => {
        looking = undefined
        if (again) {
          again = false
          look()
        }
      })
  }

  async function takeLanes() {
    if (line.circuit() === 'open') return
    const { rows } = await kernel.db.query(
      `select lane, max(priority) as priority, min(id) as first from movies.outbox o
        where service = $1 and delivered_at is null and refused_at is null
        group by lane having (select ${isDue('next_attempt_at')} and (claimed_until is null or ${isDue('claimed_until')}) from movies.outbox h where h.id = min(o.id))
        order by priority desc, first limit $2`,
      [service, LANES_AT_ONCE],
    )
    for (const { lane } of rows as { lane: string }[]) {
      if (stopped || busy.has(lane) || busy.size >= LANES_AT_ONCE) continue
      const work = emptyLane(lane)
        .catch((error: Error) => kernel.log.warn({ service, lane, error: error.message }, 'an outbox lane stopped'))
        .finally(() => {
          busy.delete(lane)
        })
      busy.set(lane, work)
    }
  }

  async function emptyLane(lane: string) {
    while (!stopped) {
      const row = await claim(kernel.db, service, lane, options.claimSeconds)
      if (!row) return
      if (!(await deliverOne(row))) return
    }
  }

  /** False: the lane has to wait. */
  async function deliverOne(row: Row): Promise<boolean> {
    const caller: ServiceCaller = {
      workflow_id: row.workflow_id,
      project_id: String(row.payload['project_id'] ?? ''),
      priority: row.priority,
      correlation_id: row.correlation_id,
    }
    try {
      await options.deliver(row, caller)
      await kernel.db.query('update movies.outbox set delivered_at = now(), last_error = null where id = $1', [row.id])
      return true
    } catch (error) {
      const text = kernel.mask((error as Error).message).slice(0, 1000)
      if (error instanceof ServiceOutageError) {
        const wait = Math.max(
          backOffSeconds(row.attempts, Math.random(), options.backOffBase),
          line.closedForMs() / 1000,
        )
        await kernel.db.query(
          `update movies.outbox set claimed_until = null, last_error = $2, next_attempt_at = now() + make_interval(secs => $3) where id = $1`,
          [row.id, text, wait],
        )
        return false
      }
      await kernel.db.query('update movies.outbox set refused_at = now(), last_error = $2 where id = $1', [
        row.id,
        text,
      ])
      kernel.log.warn({ service, operation: row.operation, error: text }, 'an outside service refused what it was told')
      return true
    }
  }

  const timer = setInterval(look, SWEEP_MS)
  const offTopic = kernel.notifier.on(OUTBOX_TOPIC, look)
  const offRecovered = line.onRecovered(() => {
    kernel.db
      .query(
        `update movies.outbox set next_attempt_at = now() where service = $1 and delivered_at is null and refused_at is null and next_attempt_at > now()`,
        [service],
      )
      .then(look, (error: Error) => kernel.log.warn({ service, error: error.message }, 'the outbox was not woken'))
  })
  look()
  return {
    wake: look,
    async stop() {
      stopped = true
      clearInterval(timer)
      offTopic()
      offRecovered()
      await looking
      await Promise.allSettled(busy.values())
    },
  }
}

/** The oldest open entry of a lane, for this process, unless it has to wait or somebody has it. */
async function claim(db: Reader, service: string, lane: string, seconds: number): Promise<Row | undefined> {
  await db.query(
    `update movies.outbox o set delivered_at = now(), last_error = 'left out: a later one says more'
      where service = $1 and lane = $2 and delivered_at is null and refused_at is null and claimed_until is null and supersede_key is not null
        and supersede_key = (select n.supersede_key from movies.outbox n where n.service = $1 and n.lane = $2 and n.id > o.id
                               and n.delivered_at is null and n.refused_at is null order by n.id limit 1)`,
    [service, lane],
  )
  const { rows } = await db.query(
    `update movies.outbox set attempts = attempts + 1, claimed_until = now() + make_interval(secs => $3)
      where id = (select id from movies.outbox where service = $1 and lane = $2 and delivered_at is null and refused_at is null order by id limit 1)
        and ${isDue('next_attempt_at')} and (claimed_until is null or ${isDue('claimed_until')})
      returning id, service, lane, operation, payload, workflow_id, correlation_id, priority, attempts`,
    [service, lane, seconds],
  )
  return rows[0] as Row | undefined
}

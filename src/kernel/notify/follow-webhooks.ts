// Events become messages of the webhooks that want them: cursor and messages in one transaction, so each exactly once, whichever
// process does it.
import { systemCtx } from '../context.ts'
import { isConnectionError, type Tx } from '../db/database.ts'
import { currentCursor, readAfter } from '../events/follow.ts'
import { EVENT_LEVELS, type EventLevel, type TroupeEvent } from '../events/schema.ts'
import type { Kernel } from '../kernel.ts'
import { queueMessage } from './outbox.ts'

const LOCK = 7_310_011
const CURSOR = 'webhooks.cursor'
const EVERY_MS = 2_000

type Wanted = {
  id: string
  url: string
  secret: string
  old_secret: string | null
  allow_private: boolean
  domains: string[]
  types: string[]
  level: EventLevel
  created_at: Date
}

const fits = (pattern: string, type: string) =>
  pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : pattern === type

/** Whether a webhook asked for this event. A webhook never hears of itself. */
export function wants(
  webhook: Pick<Wanted, 'domains' | 'types' | 'level' | 'created_at'>,
  event: TroupeEvent,
): boolean {
  if (event.stream.startsWith('webhook:') || new Date(event.at) < webhook.created_at) return false
  if (EVENT_LEVELS.indexOf(event.level) > EVENT_LEVELS.indexOf(webhook.level)) return false
  if (webhook.domains.length > 0 && !webhook.domains.includes(event.domain)) return false
  return webhook.types.length === 0 || webhook.types.some((pattern) => fits(pattern, event.type))
}

/** To be called before a webhook becomes active: when none is, following begins now, not where it once ended. */
export async function beginFollowing(tx: Tx): Promise<void> {
  const { rows } = await tx.query('select 1 from kernel.webhooks where enabled limit 1')
  if (rows.length === 0) await saveCursor(tx, await currentCursor(tx))
}

async function saveCursor(tx: Tx, cursor: string): Promise<void> {
  await tx.query(
    `insert into kernel.settings (name, value, updated_by) values ($1, $2, 'system') on conflict (name) do update set value = excluded.value, updated_at = now()`,
    [CURSOR, JSON.stringify(cursor)],
  )
}

/** Queues messages for the events since the last time. Returns how many; -1 when there may be more events at once. */
export async function queueWebhooks(kernel: Kernel): Promise<number> {
  return kernel.db.transaction(async (tx) => {
    const lock = await tx.query('select pg_try_advisory_xact_lock($1) as mine', [LOCK])
    if (!lock.rows[0]!['mine']) return 0
    const known = await tx.query('select value from kernel.settings where name = $1', [CURSOR])
    const { rows: hooks } = await tx.query<Wanted>(
      `select id, url, secret, case when old_secret_until > now() then old_secret end as old_secret, allow_private, domains, types, level, created_at
         from kernel.webhooks where enabled`,
    )
    if (!known.rows[0] || hooks.length === 0) return 0
    const read = await readAfter(tx, known.rows[0]['value'] as string)
    let queued = 0
    for (const event of read.events)
      for (const hook of hooks) if (wants(hook, event)) queued += await queue(kernel, tx, hook, event)
    if (read.events.length > 0) await saveCursor(tx, read.cursor)
    return read.full ? -1 : queued
  })
}

async function queue(kernel: Kernel, tx: Tx, hook: Wanted, event: TroupeEvent): Promise<number> {
  const sent = await tx.query('select 1 from kernel.webhook_deliveries where webhook_id = $1 and event_id = $2', [
    hook.id,
    event.id,
  ])
  if (sent.rows.length > 0) return 0
  const id = await queueMessage(tx, systemCtx(kernel), {
    channel: 'webhook',
    target: {
      url: hook.url,
      secret: hook.secret,
      ...(hook.old_secret ? { old_secret: hook.old_secret } : {}),
      allow_private: hook.allow_private,
    },
    type: event.type,
    data: event,
  })
  await tx.query('insert into kernel.webhook_deliveries (message_id, webhook_id, event_id) values ($1, $2, $3)', [
    id,
    hook.id,
    event.id,
  ])
  return 1
}

/** Follows the events while the server runs. */
export function startWebhooks(kernel: Kernel): () => Promise<void> {
  let busy: Promise<unknown> = Promise.resolve()
  let working = false
  let again = false
  const look = () => {
    if (working) {
      again = true
      return
    }
    working = true
    busy = (async () => {
      do {
        again = false
        while ((await queueWebhooks(kernel)) === -1);
      } while (again)
    })()
      .catch((error: Error) => {
        if (!isConnectionError(error))
          kernel.log.warn({ error: error.message }, 'webhooks could not be queued, trying again')
      })
      .finally(() => {
        working = false
      })
  }
  const timer = setInterval(look, EVERY_MS)
  timer.unref()
  look()
  return async () => {
    clearInterval(timer)
    await busy
  }
}

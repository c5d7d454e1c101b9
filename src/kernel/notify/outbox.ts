// Messages to the outside are written in the transaction of what they tell of and sent after it, at least once, with an id that
// every repetition carries.
import type { Ctx } from '../context.ts'
import type { Tx } from '../db/database.ts'
import { isConnectionError } from '../db/database.ts'
import type { Kernel } from '../kernel.ts'
import type { EmailMessage, EmailSender } from './send-email.ts'
import { sendWebhook } from './send-webhook.ts'

export type OutboxMessage =
  | { channel: 'email'; message: Omit<EmailMessage, 'id'> }
  | {
      channel: 'webhook'
      target: { url: string; secret: string | null; old_secret?: string; allow_private?: boolean }
      type: string
      data: Record<string, unknown>
    }

/** Queues a message with the change that causes it. */
export async function queueMessage(tx: Tx, ctx: Ctx, message: OutboxMessage): Promise<string> {
  const id = ctx.kernel.newId('msg')
  const [target, body] =
    message.channel === 'email' ? [{}, message.message] : [message.target, { type: message.type, data: message.data }]
  await tx.query('insert into kernel.outbox (id, channel, target, message) values ($1, $2, $3, $4)', [
    id,
    message.channel,
    JSON.stringify(target),
    JSON.stringify(body),
  ])
  tx.afterCommit(() => ctx.kernel.notifier.touch('outbox'))
  return id
}

const EVERY_MS = 5_000
const BATCH = 20
/** The longest pause is an hour: what lies further ahead was written before the clock was set back. */
const LONGEST_PAUSE = "interval '61 minutes'"
const MAX_ATTEMPTS = 8

/** Sends what is due; failures wait longer each time, up to an hour, and are given up after 8 tries. */
export async function deliverDue(kernel: Kernel, email: EmailSender | undefined): Promise<number> {
  const { rows } = await kernel.db.query(
    `update kernel.outbox set attempts = attempts + 1, next_at = now() + least(interval '1 hour', interval '10 seconds' * power(4, attempts))
      where id in (select id from kernel.outbox where status = 'pending' and (next_at <= now() or next_at > now() + ${LONGEST_PAUSE}) order by next_at limit ${BATCH} for update skip locked)
     returning id, channel, target, message, attempts, created_at`,
  )
  for (const row of rows) {
    const error = await send(email, row).catch((cause: Error) => cause.message)
    await kernel.db.query(
      `update kernel.outbox set status = case when $2::text is null then 'delivered' when attempts >= ${MAX_ATTEMPTS} then 'failed' else 'pending' end,
         last_error = $2, delivered_at = case when $2::text is null then now() end where id = $1`,
      [row['id'], error === undefined ? null : kernel.mask(error).slice(0, 500)],
    )
  }
  return rows.length
}

async function send(email: EmailSender | undefined, row: Record<string, any>): Promise<string | undefined> {
  if (row['channel'] === 'email') {
    if (!email) return 'no mail server is configured: set SMTP_HOST'
    const delivery = await email.send({ ...row['message'], id: row['id'] })
    return delivery.delivered ? undefined : (delivery.error ?? 'not delivered')
  }
  const { url, secret, old_secret, allow_private } = row['target'] as {
    url: string
    secret: string | null
    old_secret?: string
    allow_private?: boolean
  }
  const delivery = await sendWebhook(
    { id: row['id'], type: row['message'].type, data: row['message'].data, at: row['created_at'] as Date },
    { url, secrets: [secret, old_secret].filter((one) => one != null), allowPrivate: allow_private === true },
    { attempts: 1 },
  )
  return delivery.delivered ? undefined : (delivery.error ?? `answered ${delivery.status}`)
}

export function startOutbox(kernel: Kernel, email: EmailSender | undefined): () => Promise<void> {
  let busy: Promise<unknown> | undefined
  let again = false
  const look = () => {
    if (busy) {
      again = true
      return
    }
    busy = deliverDue(kernel, email)
      .catch((error: Error) => {
        if (!isConnectionError(error))
          kernel.log.warn({ error: error.message }, 'messages could not be delivered, trying again')
      })
      .finally(() => {
        busy = undefined
        if (again) {
          again = false
          look()
        }
      })
  }
  const off = kernel.notifier.on('outbox', look)
  const timer = setInterval(look, EVERY_MS)
  timer.unref()
  return async () => {
    off()
    clearInterval(timer)
    await busy
  }
}

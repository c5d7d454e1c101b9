import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Ctx } from '../context.ts'
import type { Reader } from '../db/database.ts'
import { AppError } from '../errors/app-error.ts'
import { emit } from '../events/emit.ts'
import { EventLevel } from '../events/schema.ts'
import { beginFollowing } from './follow-webhooks.ts'

const Url = z
  .string()
  .max(2000)
  .refine((value) => /^https?:$/.test(URL.parse(value)?.protocol ?? ''), 'must be an http or https address')

export const WebhookInput = z.object({
  name: z.string().trim().min(1).max(100),
  url: Url,
  /** Empty: all domains. */
  domains: z.array(z.string().max(100)).max(20).default([]),
  /** Event types, `run.failed` or `run.*`; empty: all. */
  types: z.array(z.string().max(100)).max(50).default([]),
  /** The least important level that is sent. */
  level: EventLevel.default('MILESTONE'),
  /** Loopback and private addresses are refused unless an administrator says otherwise here. */
  allow_private: z.boolean().default(false),
  enabled: z.boolean().default(true),
})
export type WebhookInput = z.infer<typeof WebhookInput>

export const Webhook = WebhookInput.extend({
  id: z.string(),
  created_by: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
  delivered: z.number(),
  pending: z.number(),
  failed: z.number(),
  last_error: z.string().nullable(),
})
export type Webhook = z.infer<typeof Webhook>

export const WebhookDelivery = z.object({
  message_id: z.string(),
  event_id: z.string(),
  type: z.string(),
  status: z.string(),
  attempts: z.number(),
  last_error: z.string().nullable(),
  created_at: z.string(),
  delivered_at: z.string().nullable(),
})

const SELECT = `select w.id, w.name, w.url, w.domains, w.types, w.level, w.allow_private, w.enabled, w.created_by, w.created_at, w.updated_at,
    count(o.id) filter (where o.status = 'delivered')::int as delivered, count(o.id) filter (where o.status = 'pending')::int as pending,
    count(o.id) filter (where o.status = 'failed')::int as failed,
    (array_agg(o.last_error order by o.created_at desc) filter (where o.last_error is not null and o.status <> 'delivered'))[1] as last_error
  from kernel.webhooks w left join kernel.webhook_deliveries d on d.webhook_id = w.id left join kernel.outbox o on o.id = d.message_id`

const iso = (row: Record<string, any>): Webhook =>
  ({
    ...row,
    created_at: row['created_at'].toISOString(),
    updated_at: row['updated_at'].toISOString(),
  }) as unknown as Webhook

export async function listWebhooks(db: Reader): Promise<Webhook[]> {
  const { rows } = await db.query(`${SELECT} group by w.id order by w.created_at`)
  return rows.map(iso)
}

export async function getWebhook(db: Reader, id: string): Promise<Webhook> {
  const { rows } = await db.query(`${SELECT} where w.id = $1 group by w.id`, [id])
  if (!rows[0]) throw new AppError('NOT_FOUND', `No webhook ${id}`, { resource: 'webhook', id })
  return iso(rows[0])
}

const newSecret = () => `whsec_${randomBytes(32).toString('base64')}`

const tell = (ctx: Ctx, tx: Parameters<typeof emit>[0], id: string, type: string, summary: string) =>
  emit(tx, ctx, { domain: 'platform', type, stream: `webhook:${id}`, summary, data: { webhook_id: id } })

/** Makes a webhook. Its secret is in the reply only. */
export async function createWebhook(ctx: Ctx, input: WebhookInput): Promise<{ webhook: Webhook; secret: string }> {
  const id = ctx.kernel.newId('wh')
  const secret = newSecret()
  await ctx.kernel.db.transaction(async (tx) => {
    if (input.enabled) await beginFollowing(tx)
    await tx.query(
      `insert into kernel.webhooks (id, name, url, secret, domains, types, level, allow_private, enabled, created_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        id,
        input.name,
        input.url,
        secret,
        input.domains,
        input.types,
        input.level,
        input.allow_private,
        input.enabled,
        ctx.actor.id,
      ],
    )
    await tell(ctx, tx, id, 'webhook.created', `Webhook "${input.name}" created`)
  })
  return { webhook: await getWebhook(ctx.kernel.db, id), secret }
}

export async function changeWebhook(ctx: Ctx, id: string, change: Partial<WebhookInput>): Promise<Webhook> {
  const now = await getWebhook(ctx.kernel.db, id)
  const next = WebhookInput.parse({ ...now, ...change })
  await ctx.kernel.db.transaction(async (tx) => {
    if (next.enabled) await beginFollowing(tx)
    await tx.query(
      `update kernel.webhooks set name = $2, url = $3, domains = $4, types = $5, level = $6, allow_private = $7, enabled = $8, updated_at = now() where id = $1`,
      [id, next.name, next.url, next.domains, next.types, next.level, next.allow_private, next.enabled],
    )
    await tell(ctx, tx, id, 'webhook.changed', `Webhook "${next.name}" changed`)
  })
  return getWebhook(ctx.kernel.db, id)
}

const OVERLAP_HOURS = 24

/** A new secret; messages are signed with the old one too for a day, so that receivers can change over. */
export async function rotateWebhookSecret(ctx: Ctx, id: string): Promise<{ webhook: Webhook; secret: string }> {
  const secret = newSecret()
  await getWebhook(ctx.kernel.db, id)
  await ctx.kernel.db.transaction(async (tx) => {
    await tx.query(
      `update kernel.webhooks set old_secret = secret, old_secret_until = now() + interval '${OVERLAP_HOURS} hours', secret = $2, updated_at = now() where id = $1`,
      [id, secret],
    )
    await tell(ctx, tx, id, 'webhook.rotated', 'Webhook secret changed')
  })
  return { webhook: await getWebhook(ctx.kernel.db, id), secret }
}

export async function deleteWebhook(ctx: Ctx, id: string): Promise<void> {
  const webhook = await getWebhook(ctx.kernel.db, id)
  await ctx.kernel.db.transaction(async (tx) => {
    await tx.query(
      `delete from kernel.outbox where status = 'pending' and id in (select message_id from kernel.webhook_deliveries where webhook_id = $1)`,
      [id],
    )
    await tx.query('delete from kernel.webhooks where id = $1', [id])
    await tell(ctx, tx, id, 'webhook.deleted', `Webhook "${webhook.name}" deleted`)
  })
}

/** The newest messages of a webhook and what became of them. */
export async function deliveriesOf(db: Reader, id: string, limit: number): Promise<z.infer<typeof WebhookDelivery>[]> {
  const { rows } = await db.query(
    `select d.message_id, d.event_id, o.message ->> 'type' as type, o.status, o.attempts, o.last_error, o.created_at, o.delivered_at
       from kernel.webhook_deliveries d join kernel.outbox o on o.id = d.message_id where d.webhook_id = $1 order by o.created_at desc, o.id desc limit $2`,
    [id, limit],
  )
  return rows.map((row) => ({
    ...row,
    created_at: row['created_at'].toISOString(),
    delivered_at: row['delivered_at']?.toISOString() ?? null,
  })) as never
}

/** Sends a failed message once more. */
export async function resendDelivery(ctx: Ctx, id: string, messageId: string): Promise<void> {
  const { rowCount } = await ctx.kernel.db.query(
    `update kernel.outbox set status = 'pending', attempts = 0, next_at = now() where id = $2 and status = 'failed'
        and id in (select message_id from kernel.webhook_deliveries where webhook_id = $1)`,
    [id, messageId],
  )
  if (rowCount === 0)
    throw new AppError('NOT_FOUND', `No failed message ${messageId} of webhook ${id}`, {
      resource: 'message',
      id: messageId,
    })
  ctx.kernel.notifier.touch('outbox')
}

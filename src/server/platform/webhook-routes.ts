import { z } from 'zod'
import type { Router } from '../../kernel/http/route.ts'
import { sendWebhook } from '../../kernel/notify/send-webhook.ts'
import {
  changeWebhook,
  createWebhook,
  deleteWebhook,
  deliveriesOf,
  getWebhook,
  listWebhooks,
  resendDelivery,
  rotateWebhookSecret,
  Webhook,
  WebhookDelivery,
  WebhookInput,
} from '../../kernel/notify/webhook-store.ts'
import { limit } from './query.ts'

const Id = z.object({ id: z.string() })
const tag = 'webhooks'

export function webhookRoutes(router: Router): void {
  router.add({
    method: 'GET',
    url: '/v1/webhooks',
    summary: 'Webhooks: who is told of which events, and whether it arrives',
    tag,
    access: 'admin',
    replies: { 200: z.object({ webhooks: z.array(Webhook) }) },
    handler: async ({ kernel }) => ({ webhooks: await listWebhooks(kernel.db) }),
  })
  router.add({
    method: 'POST',
    url: '/v1/webhooks',
    summary: 'Make a webhook; its secret is shown once',
    tag,
    access: 'admin',
    body: WebhookInput,
    replies: { 201: Webhook.extend({ secret: z.string() }) },
    handler: async (ctx, { body }) => {
      const { webhook, secret } = await createWebhook(ctx, body)
      return { ...webhook, secret }
    },
  })
  router.add({
    method: 'PATCH',
    url: '/v1/webhooks/:id',
    summary: 'Change a webhook',
    tag,
    access: 'admin',
    params: Id,
    body: WebhookInput.partial(),
    // Defaults of a partial schema would overwrite what is left out.
    readBody: async (request) => request.body,
    replies: { 200: Webhook },
    handler: (ctx, { params, request, body }) =>
      changeWebhook(
        ctx,
        params.id,
        Object.fromEntries(
          Object.entries(body).filter(([name]) => name in ((request.body ?? {}) as Record<string, unknown>)),
        ) as never,
      ),
  })
  router.add({
    method: 'DELETE',
    url: '/v1/webhooks/:id',
    summary: 'End a webhook; what is not sent yet is dropped',
    tag,
    access: 'admin',
    params: Id,
    handler: async (ctx, { params }) => {
      await deleteWebhook(ctx, params.id)
      return { id: params.id, deleted: true }
    },
  })
  router.add({
    method: 'POST',
    url: '/v1/webhooks/:id/secret',
    summary: 'Change the secret; messages carry signatures of both for a day',
    tag,
    access: 'admin',
    params: Id,
    replies: { 200: Webhook.extend({ secret: z.string() }) },
    handler: async (ctx, { params }) => {
      const { webhook, secret } = await rotateWebhookSecret(ctx, params.id)
      return { ...webhook, secret }
    },
  })
  router.add({
    method: 'POST',
    url: '/v1/webhooks/:id/test',
    summary: 'Send a signed test message now and say what came back',
    tag,
    access: 'admin',
    params: Id,
    handler: async (ctx, { params }) => {
      await getWebhook(ctx.kernel.db, params.id)
      const { rows } = await ctx.kernel.db.query(
        'select url, secret, allow_private from kernel.webhooks where id = $1',
        [params.id],
      )
      const {
        url,
        secret,
        allow_private: allowPrivate,
      } = rows[0] as {
        url: string
        secret: string
        allow_private: boolean
      }
      return sendWebhook(
        {
          id: ctx.kernel.newId('msg'),
          type: 'webhook.test',
          data: { webhook_id: params.id, by: ctx.actor.id },
          at: new Date(ctx.kernel.clock.now()),
        },
        { url, secrets: [secret], allowPrivate },
        { attempts: 1 },
      )
    },
  })
  router.add({
    method: 'GET',
    url: '/v1/webhooks/:id/deliveries',
    summary: 'The newest messages of a webhook and what became of them',
    tag,
    access: 'admin',
    params: Id,
    query: z.object({ limit: limit(200, 50) }),
    replies: { 200: z.object({ deliveries: z.array(WebhookDelivery) }) },
    handler: async ({ kernel }, { params, query }) => {
      await getWebhook(kernel.db, params.id)
      return { deliveries: await deliveriesOf(kernel.db, params.id, query.limit) }
    },
  })
  router.add({
    method: 'POST',
    url: '/v1/webhooks/:id/deliveries/:message/resend',
    summary: 'Send a failed message once more',
    tag,
    access: 'admin',
    params: z.object({ id: z.string(), message: z.string() }),
    handler: async (ctx, { params }) => {
      await resendDelivery(ctx, params.id, params.message)
      return { message_id: params.message, status: 'pending' }
    },
  })
}

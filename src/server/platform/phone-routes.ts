import { z } from 'zod'
import type { Router } from '../../kernel/http/route.ts'
import type { PhoneLink } from '../phone-link.ts'
import { qrSvg } from './qr-code.ts'

const Status = z.object({
  open: z.boolean(),
  address: z.string().nullable(),
  phones: z.number(),
  closes_at: z.string().nullable(),
})

export function phoneRoutes(router: Router, phones: PhoneLink): void {
  router.add({
    method: 'GET',
    url: '/v1/phone-link',
    summary: 'Whether phones on the local network may come in',
    tag: 'access',
    access: 'admin',
    replies: { 200: Status },
    handler: async () => phones.status(),
  })
  router.add({
    method: 'POST',
    url: '/v1/phone-link',
    summary: 'Open this server to one phone on the local network, by a link that works once',
    tag: 'access',
    access: 'admin',
    body: z.object({
      /** How long the phone may stay. */
      minutes: z.number().int().min(5).max(1440).default(120),
    }),
    replies: {
      201: z.object({ url: z.string(), link_expires_at: z.string(), session_minutes: z.number(), qr_svg: z.string() }),
    },
    handler: async (ctx, { body }) => {
      const link = await phones.create(ctx, body.minutes)
      return { ...link, qr_svg: qrSvg(link.url) }
    },
  })
  router.add({
    method: 'DELETE',
    url: '/v1/phone-link',
    summary: 'Send all phones away and close the door',
    tag: 'access',
    access: 'admin',
    replies: { 200: Status },
    handler: async () => {
      await phones.close()
      return phones.status()
    },
  })
}

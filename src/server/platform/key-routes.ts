import { z } from 'zod'
import { createKey, listKeys, revokeKey } from '../../kernel/access/keys.ts'
import { ROLES, roleNamed } from '../../kernel/access/scopes.ts'
import type { Router } from '../../kernel/http/route.ts'
import type { PlatformParts } from './index.ts'

export function keyRoutes(router: Router, { authenticator }: PlatformParts): void {
  router.add({
    method: 'GET',
    url: '/v1/me',
    summary: 'Who the server takes you for',
    tag: 'access',
    access: 'read',
    handler: async ({ actor }) => ({
      id: actor.id,
      name: actor.name ?? actor.id,
      kind: actor.kind,
      roles: actor.roles,
      scopes: actor.scopes,
      auth_mode: authenticator.mode,
    }),
  })
  router.add({
    method: 'GET',
    url: '/v1/keys',
    summary: 'API keys, without their secrets',
    tag: 'access',
    access: 'admin',
    handler: async ({ kernel }) => ({ keys: await listKeys(kernel.db) }),
  })
  router.add({
    method: 'POST',
    url: '/v1/keys',
    summary: 'Make an API key; its secret is shown once',
    tag: 'access',
    access: 'admin',
    body: z.object({
      name: z.string().trim().min(1).max(100),
      roles: z.array(z.string().transform(roleNamed).pipe(z.enum(ROLES))).default([]),
      scopes: z.array(z.string().max(100)).default([]),
      projects: z.array(z.string().max(100)).default(['*']),
      expires_in_days: z.number().int().min(1).max(3650).optional(),
    }),
    replies: { 201: 'The key and its secret' },
    repeatAnswer: (answer) => ({ ...(answer as object), secret: null }),
    handler: async (ctx, { body: { expires_in_days, ...body } }) => {
      const { key, secret } = await createKey(ctx, {
        ...body,
        ...(expires_in_days ? { expiresInDays: expires_in_days } : {}),
      })
      return { ...key, secret }
    },
  })
  router.add({
    method: 'DELETE',
    url: '/v1/keys/:id',
    summary: 'End an API key',
    tag: 'access',
    access: 'admin',
    params: z.object({ id: z.string() }),
    handler: async (ctx, { params }) => {
      await revokeKey(ctx, params.id)
      return { id: params.id, revoked: true }
    },
  })
}

import { z } from 'zod'
import type { Router } from '../../kernel/http/route.ts'
import { judgeShot, regenerateShot } from '../shots/judge-shot.ts'
import { getShot, listShots } from '../shots/read-shots.ts'
import { ShotList, ShotRow, ShotVerdict } from '../shots/schema.ts'
import { withAddress } from './with-address.ts'

const BASE = '/api/v1/workflows/:id/shots'
const tag = 'shots'
const Id = z.object({ id: z.string() })
const FrameId = Id.extend({ frameId: z.string() })

const VERBS = [
  ['approve', 'Approve the present take of a shot', 'approved'],
  ['reject', 'Reject the present take of a shot', 'rejected'],
] as const

/** The pictures of the storyboard: takes with score, approve, reject, make one again in place. */
export function shotRoutes(router: Router) {
  router.add({
    method: 'GET',
    url: BASE,
    summary: 'Shots of the storyboard with their takes',
    tag,
    access: 'read',
    params: Id,
    replies: { 200: ShotList },
    handler: (ctx, { params }) => listShots(ctx, params.id),
  })
  router.add({
    method: 'GET',
    url: `${BASE}/:frameId`,
    summary: 'One shot with its takes',
    tag,
    access: 'read',
    params: FrameId,
    replies: { 200: ShotRow },
    handler: (ctx, { params }) => getShot(ctx, params.id, params.frameId),
  })
  for (const [verb, summary, verdict] of VERBS)
    router.add({
      method: 'POST',
      url: `${BASE}/:frameId/${verb}`,
      summary,
      tag,
      access: 'write',
      params: FrameId,
      body: ShotVerdict,
      replies: { 200: ShotRow },
      handler: (ctx, { params, body, request }) =>
        judgeShot(withAddress(ctx, request), params.id, params.frameId, verdict, body),
    })
  router.add({
    method: 'POST',
    url: `${BASE}/:frameId/regenerate`,
    summary: 'Make the picture of a shot again; its segment and the film follow',
    tag,
    access: 'write',
    params: FrameId,
    body: ShotVerdict,
    replies: { 200: ShotRow },
    handler: (ctx, { params, body, request }) =>
      regenerateShot(withAddress(ctx, request), params.id, params.frameId, body),
  })
}

import { z } from 'zod'
import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import type { Router } from '../../kernel/http/route.ts'
import { cancelRun, forkRun, pauseRun, resumeRun, retryRun } from '../../kernel/runs/control-run.ts'
import { RunStatus, RunStep, RunView } from '../../kernel/runs/schema.ts'
import { getRun, listRuns, stepsOfRun } from '../../kernel/runs/store.ts'
import { limit, listOf, offset } from './query.ts'

const Id = z.object({ id: z.string() })
const Patch = z.object({ state: z.record(z.string(), z.unknown()).optional() })

export function runRoutes(router: Router): void {
  router.add({
    method: 'GET',
    url: '/v1/runs',
    summary: 'Runs, newest first',
    tag: 'runs',
    access: 'read',
    query: z.object({
      status: listOf(RunStatus),
      domain: z.string().optional(),
      kind: z.string().optional(),
      owner: z.string().optional(),
      q: z.string().max(200).optional(),
      limit: limit(500, 50),
      offset,
    }),
    replies: { 200: z.object({ runs: z.array(RunView), total: z.number() }) },
    handler: ({ kernel }, { query: { limit: size, offset: from, ...filter } }) =>
      listRuns(kernel.db, filter as never, size, from),
  })
  router.add({
    method: 'GET',
    url: '/v1/runs/:id',
    summary: 'One run and what it waits for',
    tag: 'runs',
    access: 'read',
    params: Id,
    replies: { 200: RunView },
    handler: ({ kernel }, { params }) => getRun(kernel.db, params.id),
  })
  router.add({
    method: 'GET',
    url: '/v1/runs/:id/steps',
    summary: 'Stages and steps of a run with their attempts, inputs and outputs',
    tag: 'runs',
    access: 'read',
    params: Id,
    replies: { 200: z.object({ steps: z.array(RunStep) }) },
    handler: async ({ kernel }, { params }) => {
      await getRun(kernel.db, params.id)
      return { steps: await stepsOfRun(kernel.db, params.id) }
    },
  })
  const control = (verb: string, summary: string, act: (tx: Tx, ctx: Ctx, id: string) => Promise<void>) =>
    router.add({
      method: 'POST',
      url: `/v1/runs/:id/${verb}`,
      summary,
      tag: 'runs',
      access: 'write',
      params: Id,
      replies: { 200: RunView },
      handler: async (ctx, { params }) => {
        await ctx.kernel.db.transaction((tx) => act(tx, ctx, params.id))
        return getRun(ctx.kernel.db, params.id)
      },
    })
  control('pause', 'Keep a run from going on', pauseRun)
  control('resume', 'End a pause', resumeRun)
  control('cancel', 'End a run for good', cancelRun)
  router.add({
    method: 'POST',
    url: '/v1/runs/:id/retry',
    summary: 'Go on with a failed run at the stage that failed',
    tag: 'runs',
    access: 'write',
    params: Id,
    body: Patch,
    replies: { 200: RunView },
    handler: async (ctx, { params, body }) => {
      await ctx.kernel.db.transaction((tx) => retryRun(tx, ctx, params.id, body.state))
      return getRun(ctx.kernel.db, params.id)
    },
  })
  router.add({
    method: 'POST',
    url: '/v1/runs/:id/fork',
    summary: 'Start a new run from the border before a stage, with an edited state',
    tag: 'runs',
    access: 'write',
    params: Id,
    body: Patch.extend({ stage_no: z.number().int().min(1) }),
    replies: { 201: RunView },
    handler: async (ctx, { params, body }) => {
      const id = await ctx.kernel.db.transaction((tx) => forkRun(tx, ctx, params.id, body.stage_no, body.state))
      return getRun(ctx.kernel.db, id)
    },
  })
}

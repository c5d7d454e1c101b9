import { z } from 'zod'
import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import type { Router } from '../../kernel/http/route.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { compareRuns } from '../../kernel/runs/compare-runs.ts'
import { cancelRun, pauseRun, resumeRun } from '../../kernel/runs/control-run.ts'
import { flowOf } from '../../kernel/runs/flows.ts'
import { allStepsOfRun, bordersOfRun, forkRun, goOnWithRun } from '../../kernel/runs/fork-run.ts'
import { costOfRun, limitRun } from '../../kernel/runs/run-limits.ts'
import { RunBorder, RunCost, RunLimits, RunStatus, RunStep, RunView } from '../../kernel/runs/schema.ts'
import { getRun, listRuns } from '../../kernel/runs/store.ts'
import { waitingLines } from '../../kernel/runs/waiting-line.ts'
import { limit, listOf, offset } from './query.ts'

const Id = z.object({ id: z.string() })
const Patch = z.object({ state: z.record(z.string(), z.unknown()).optional() })

type Act = (ctx: Ctx, id: string) => Promise<unknown>
const inTx =
  (verb: (tx: Tx, ctx: Ctx, id: string) => Promise<void>): Act =>
  (ctx, id) =>
    ctx.kernel.db.transaction((tx) => verb(tx, ctx, id))

const BULK: Readonly<Record<'pause' | 'resume' | 'cancel' | 'retry', Act>> = {
  pause: inTx(pauseRun),
  resume: inTx(resumeRun),
  cancel: inTx(cancelRun),
  retry: goOnWithRun,
}

async function tryVerb(ctx: Ctx, act: Act, id: string) {
  try {
    await act(ctx, id)
    return { id, ok: true }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { id, ok: false, code: error.code, message: error.message }
  }
}

/** Runs with what each waits for in one line. */
async function withWaiting(kernel: Kernel, runs: readonly RunView[]): Promise<RunView[]> {
  const lines = await waitingLines(kernel.db, runs)
  return runs.map((run) => ({
    ...run,
    waiting_on: null,
    waiting_decision: null,
    ...lines.get(run.id),
    pausable: flowOf(run.kind)?.unpausable === undefined,
  }))
}

async function oneRun(kernel: Kernel, id: string): Promise<RunView> {
  const run = (await withWaiting(kernel, [await getRun(kernel.db, id)]))[0]!
  const { rows } = await kernel.db.query('select state from kernel.runs where id = $1', [id])
  return { ...run, screen: flowOf(run.kind)?.screen?.(rows[0]!['state']) ?? null }
}

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
      forked_from: z.string().optional(),
      parent_id: z.string().optional(),
      waiting_for: z.string().max(100).optional(),
      limit: limit(500, 50),
      offset,
    }),
    replies: { 200: z.object({ runs: z.array(RunView), total: z.number() }) },
    handler: async ({ kernel }, { query: { limit: size, offset: from, ...filter } }) => {
      const { runs, total } = await listRuns(kernel.db, filter as never, size, from)
      return { runs: await withWaiting(kernel, runs), total }
    },
  })
  router.add({
    method: 'GET',
    url: '/v1/runs/compare',
    summary: 'Two runs side by side, with the first place where they went apart',
    tag: 'runs',
    access: 'read',
    query: z.object({ left: z.string(), right: z.string() }),
    replies: { 200: 'Both runs, their steps aligned, and the index of the first row that differs' },
    handler: async ({ kernel }, { query }) => {
      const [left, right] = await Promise.all([getRun(kernel.db, query.left), getRun(kernel.db, query.right)])
      const [a, b] = await Promise.all([allStepsOfRun(kernel.db, left.id), allStepsOfRun(kernel.db, right.id)])
      const alike = left.kind === right.kind && flowOf(left.kind)?.work?.steps !== undefined
      return { left, right, ...compareRuns(left, a, right, b, alike) }
    },
  })
  router.add({
    method: 'GET',
    url: '/v1/runs/:id',
    summary: 'One run and what it waits for',
    tag: 'runs',
    access: 'read',
    params: Id,
    replies: { 200: RunView },
    handler: ({ kernel }, { params }) => oneRun(kernel, params.id),
  })
  router.add({
    method: 'GET',
    url: '/v1/runs/:id/cost',
    summary: 'What the models of a run could cost, may cost and cost',
    tag: 'runs',
    access: 'read',
    params: Id,
    replies: { 200: RunCost },
    handler: ({ kernel }, { params }) => costOfRun(kernel.db, kernel, params.id),
  })
  router.add({
    method: 'POST',
    url: '/v1/runs/:id/limits',
    summary: 'Cap what models may spend on a run, or give it a model of its own; holds from its next stage on',
    tag: 'runs',
    access: 'write',
    params: Id,
    body: RunLimits,
    replies: { 200: RunView },
    handler: async (ctx, { params, body }) => {
      await ctx.kernel.db.transaction((tx) => limitRun(tx, ctx, params.id, body))
      return oneRun(ctx.kernel, params.id)
    },
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
      return { steps: await allStepsOfRun(kernel.db, params.id) }
    },
  })
  router.add({
    method: 'GET',
    url: '/v1/runs/:id/borders',
    summary: 'Where a run may be forked, with the input that may be edited there',
    tag: 'runs',
    access: 'read',
    params: Id,
    query: z.object({ no: z.coerce.number().int().min(0).optional() }),
    replies: { 200: z.object({ borders: z.array(RunBorder) }) },
    handler: async (ctx, { params, query }) => ({ borders: await bordersOfRun(ctx, params.id, query.no) }),
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
        return oneRun(ctx.kernel, params.id)
      },
    })
  control('pause', 'Keep a run from going on', pauseRun)
  control('resume', 'End a pause', resumeRun)
  control('cancel', 'End a run for good', cancelRun)
  router.add({
    method: 'POST',
    url: '/v1/runs/bulk',
    summary: 'Pause, resume, cancel or retry many runs: by id, or all that a filter finds; each stands for itself',
    tag: 'runs',
    access: 'write',
    body: z
      .object({
        verb: z.enum(['pause', 'resume', 'cancel', 'retry']),
        ids: z.array(z.string()).min(1).max(500).optional(),
        filter: z
          .object({
            status: z.array(RunStatus).min(1).optional(),
            domain: z.string().optional(),
            kind: z.string().optional(),
            owner: z.string().optional(),
            q: z.string().max(200).optional(),
          })
          .optional(),
      })
      .refine(({ ids, filter }) => (ids === undefined) !== (filter === undefined), {
        message: 'give either ids or filter',
        path: ['ids'],
      }),
    replies: {
      200: z.object({
        done: z.number(),
        results: z.array(
          z.object({ id: z.string(), ok: z.boolean(), code: z.string().optional(), message: z.string().optional() }),
        ),
      }),
    },
    handler: async (ctx, { body }) => {
      const ids = body.ids ?? (await listRuns(ctx.kernel.db, body.filter as never, 500, 0)).runs.map((run) => run.id)
      const results = []
      for (const id of new Set(ids)) results.push(await tryVerb(ctx, BULK[body.verb], id))
      return { done: results.filter((result) => result.ok).length, results }
    },
  })
  router.add({
    method: 'POST',
    url: '/v1/runs/:id/retry',
    summary: 'Go on with a failed run at the stage that failed, as its domain does; answers the run that goes on',
    tag: 'runs',
    access: 'write',
    params: Id,
    body: Patch,
    replies: { 200: RunView },
    handler: async (ctx, { params, body }) => {
      return oneRun(ctx.kernel, await goOnWithRun(ctx, params.id, body.state))
    },
  })
  router.add({
    method: 'POST',
    url: '/v1/runs/:id/fork',
    summary: 'Start a new run from the border before a stage, with an edited state, another model or other limits',
    tag: 'runs',
    access: 'write',
    params: Id,
    body: Patch.extend({
      stage_no: z.number().int().min(0),
      limits: RunLimits.optional(),
      model: RunLimits.shape.model,
    }),
    replies: { 201: RunView },
    handler: async (ctx, { params, body }) => {
      const limits = { ...body.limits, ...(body.model ? { model: body.model } : {}) }
      return oneRun(ctx.kernel, await forkRun(ctx, params.id, body.stage_no, body.state, limits))
    },
  })
}

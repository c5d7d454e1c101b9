import { z } from 'zod'
import type { Ctx } from '../../kernel/context.ts'
import { answerDecision, closeDecision, mayAnswer } from '../../kernel/decisions/answer-decision.ts'
import { delegateDecision } from '../../kernel/decisions/delegate-decision.ts'
import { AnswerInput, DECISION_STATUSES, Decision } from '../../kernel/decisions/schema.ts'
import { stageAnswer, undoAnswer } from '../../kernel/decisions/stage-answer.ts'
import { getDecision, listDecisions } from '../../kernel/decisions/store.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import type { Router } from '../../kernel/http/route.ts'
import { limit, listOf, offset } from './query.ts'

/** Room for second thoughts: the answer takes effect after it. */
const UndoSeconds = z.number().min(0).max(300).default(0)
const Name = z.string().trim().min(1).max(200)
const Delegate = z.object({
  users: z.array(Name).max(20).default([]),
  roles: z.array(Name).max(20).default([]),
  note: z.string().max(2000).optional(),
})
const give = (ctx: Ctx, id: string, answer: AnswerInput, undoSeconds: number) =>
  undoSeconds > 0 ? stageAnswer(ctx, id, answer, undoSeconds) : answerDecision(ctx, id, answer)

// Who may answer or hand on is said by the question itself: named people and roles, such as the organizer of a film, need no scope of their own.
const View = Decision.extend({ may_answer: z.boolean() })

export function decisionRoutes(router: Router): void {
  router.add({
    method: 'GET',
    url: '/v1/decisions',
    summary: 'Questions to people: open ones due first',
    tag: 'decisions',
    access: 'read',
    query: z.object({
      status: listOf(z.enum(DECISION_STATUSES)),
      domain: z.string().optional(),
      kind: z.string().optional(),
      type: z.string().optional(),
      scope: z.string().optional(),
      run_id: z.string().optional(),
      limit: limit(500, 100),
      offset,
    }),
    replies: { 200: z.object({ decisions: z.array(View), total: z.number() }) },
    handler: async (ctx, { query: { limit: size, offset: from, status, ...filter } }) => {
      const { decisions, total } = await listDecisions(
        ctx.kernel.db,
        { ...filter, ...(status ? { status } : {}) } as never,
        size,
        from,
      )
      return {
        decisions: decisions.map((one) => ({ ...one, may_answer: one.status === 'open' && mayAnswer(ctx.actor, one) })),
        total,
      }
    },
  })
  router.add({
    method: 'GET',
    url: '/v1/decisions/:id',
    summary: 'One question with its evidence',
    tag: 'decisions',
    access: 'read',
    params: z.object({ id: z.string() }),
    replies: { 200: View },
    handler: async (ctx, { params }) => {
      const decision = await getDecision(ctx.kernel.db, params.id)
      return { ...decision, may_answer: decision.status === 'open' && mayAnswer(ctx.actor, decision) }
    },
  })
  router.add({
    method: 'POST',
    url: '/v1/decisions/:id/answer',
    summary: 'Answer a question; the first valid answer wins',
    tag: 'decisions',
    access: 'read',
    params: z.object({ id: z.string() }),
    body: AnswerInput.extend({ undo_seconds: UndoSeconds }),
    replies: { 200: Decision },
    handler: (ctx, { params, body: { undo_seconds, ...answer } }) => give(ctx, params.id, answer, undo_seconds),
  })
  router.add({
    method: 'POST',
    url: '/v1/decisions/:id/undo',
    summary: 'Take an answer back while the next stage has not started',
    tag: 'decisions',
    access: 'read',
    params: z.object({ id: z.string() }),
    replies: { 200: Decision },
    handler: (ctx, { params }) => undoAnswer(ctx, params.id),
  })
  router.add({
    method: 'POST',
    url: '/v1/decisions/:id/delegate',
    summary: 'Hand a question on to other people or roles',
    tag: 'decisions',
    access: 'read',
    params: z.object({ id: z.string() }),
    body: Delegate,
    replies: { 200: Decision },
    handler: (ctx, { params, body }) => delegateDecision(ctx, params.id, body),
  })
  router.add({
    method: 'POST',
    url: '/v1/decisions/batch',
    summary: 'Answer or hand on several questions; each stands for itself',
    tag: 'decisions',
    access: 'read',
    body: z
      .object({
        ids: z.array(z.string()).min(1).max(100),
        answer: AnswerInput.optional(),
        delegate: Delegate.optional(),
        undo_seconds: UndoSeconds,
      })
      .refine(({ answer, delegate }) => (answer === undefined) !== (delegate === undefined), {
        message: 'give either answer or delegate',
        path: ['answer'],
      }),
    replies: {
      200: z.object({
        results: z.array(
          z.object({ id: z.string(), ok: z.boolean(), code: z.string().optional(), message: z.string().optional() }),
        ),
      }),
    },
    handler: async (ctx, { body: { ids, answer, delegate, undo_seconds } }) => {
      const results = []
      for (const id of new Set(ids))
        results.push(
          await (answer ? give(ctx, id, answer, undo_seconds) : delegateDecision(ctx, id, delegate!)).then(
            () => ({ id, ok: true }),
            (error: unknown) => {
              if (!(error instanceof AppError)) throw error
              return { id, ok: false, code: error.code, message: error.message }
            },
          ),
        )
      return { results }
    },
  })
  router.add({
    method: 'POST',
    url: '/v1/decisions/:id/withdraw',
    summary: 'Take an open question back',
    tag: 'decisions',
    access: 'approve',
    params: z.object({ id: z.string() }),
    replies: { 200: Decision },
    handler: async (ctx, { params }) => {
      await getDecision(ctx.kernel.db, params.id)
      await ctx.kernel.db.transaction((tx) => closeDecision(tx, ctx, params.id, 'withdrawn'))
      return getDecision(ctx.kernel.db, params.id)
    },
  })
}

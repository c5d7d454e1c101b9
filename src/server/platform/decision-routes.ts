import { z } from 'zod'
import { answerDecision, closeDecision, mayAnswer } from '../../kernel/decisions/answer-decision.ts'
import { AnswerInput, DECISION_STATUSES, Decision } from '../../kernel/decisions/schema.ts'
import { getDecision, listDecisions } from '../../kernel/decisions/store.ts'
import type { Router } from '../../kernel/http/route.ts'
import { limit, listOf, offset } from './query.ts'

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
    access: 'approve',
    params: z.object({ id: z.string() }),
    body: AnswerInput,
    replies: { 200: Decision },
    handler: (ctx, { params, body }) => answerDecision(ctx, params.id, body),
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

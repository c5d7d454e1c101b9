import { HttpReply, type Router } from '../../kernel/http/route.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { maskTexts } from '../../kernel/telemetry/mask-texts.ts'
import type { Board } from '../artifacts/board.ts'
import { previewChange } from '../propagation/preview-change.ts'
import { reApprovals } from '../propagation/re-approvals.ts'
import { finalPlan, madeBy } from '../runs/final-plan.ts'
import { listSessions, type Session } from '../runs/session-store.ts'
import { EventBriefPatch, EventPath, positiveMoney } from '../schema.ts'
import { loadBoard } from '../store/load-board.ts'
import { requireEventAccess } from '../verbs/access.ts'
import { exportBudgetXlsx } from './export-budget.ts'
import { exportRunOfShow } from './export-run-of-show.ts'

type Export = { name: string; mime: string; summary: string; make(board: Board, lastRun: Session | undefined): unknown }
const EXPORTS: readonly Export[] = [
  {
    name: 'budget.xlsx',
    mime: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    summary: 'Budget as a workbook with live formulas',
    make: exportBudgetXlsx,
  },
  {
    name: 'run-of-show.pdf',
    mime: 'application/pdf',
    summary: 'Programme, workflows and contingencies as PDF',
    make: exportRunOfShow,
  },
  {
    name: 'plan.md',
    mime: 'text/markdown; charset=utf-8',
    summary: 'The plan as Markdown',
    make: (board, lastRun) => finalPlan(board, lastRun ? madeBy(lastRun) : null).plan,
  },
]

/** Files of an event, made from its artifacts at the moment of asking. */
export function planFileRoutes(routes: Pick<Router, 'add'>, kernel: Kernel): void {
  for (const { name, mime, summary, make } of EXPORTS)
    routes.add({
      method: 'GET',
      url: `/api/event-briefs/:id/exports/${name}`,
      summary,
      tag: 'exports',
      access: 'read',
      params: EventPath,
      replies: { 200: mime },
      handler: async (ctx, { params }) => {
        const board = await loadBoard(kernel.db, params.id, new Date(kernel.clock.now()))
        requireEventAccess(ctx.actor, board)
        const { sessions } = await listSessions(kernel.db, { event_brief_id: params.id, limit: 1, offset: 0 })
        const made = await make(maskTexts(kernel.mask, board), sessions[0])
        const body = made instanceof Uint8Array ? Buffer.from(made) : made
        return new HttpReply(200, body, {
          'content-type': mime,
          'content-disposition': `attachment; filename="${params.id}-${name}"`,
        })
      },
    })
  routes.add({
    method: 'POST',
    url: '/api/event-briefs/:id/change-preview',
    summary: 'What a change of guests, dates or budget would move; nothing is written',
    tag: 'exports',
    access: 'read',
    params: EventPath,
    body: EventBriefPatch.extend({ total_budget: positiveMoney.optional() }),
    handler: async (ctx, { params, body }) => {
      const board = await loadBoard(kernel.db, params.id, new Date(kernel.clock.now()))
      requireEventAccess(ctx.actor, board)
      const { total_budget, ...patch } = body
      return {
        event_brief_id: params.id,
        changes: previewChange(board, patch, total_budget),
        re_approvals: reApprovals(board, patch, total_budget),
      }
    },
  })
}

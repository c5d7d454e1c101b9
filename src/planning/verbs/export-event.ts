import type { Ctx } from '../../kernel/context.ts'
import { maskTexts } from '../../kernel/telemetry/mask-texts.ts'
import type { Stored } from '../artifacts/definition.ts'
import { DEFINITIONS } from '../artifacts/definitions.ts'
import { calendarFile } from '../exports/calendar-file.ts'
import { type CsvTable, csvTable } from '../exports/csv-table.ts'
import { loadBoard, onBoard } from '../store/load-board.ts'
import { isOnlyViewer, requireEventAccess } from './access.ts'
import { forReader } from './approvals.ts'
import { redact } from './read-artifacts.ts'

async function boardFor(ctx: Ctx, id: string) {
  const board = await loadBoard(ctx.kernel.db, id, new Date(ctx.kernel.clock.now()))
  requireEventAccess(ctx.actor, board)
  return maskTexts(ctx.kernel.mask, board)
}

export const exportCalendar = async (ctx: Ctx, id: string): Promise<string> => calendarFile(await boardFor(ctx, id))
export const exportCsv = async (ctx: Ctx, id: string, table: CsvTable): Promise<string> =>
  csvTable(await boardFor(ctx, id), table)

/** All artifacts and records of an event in one document, as far as the reader may see them. */
export async function exportJson(ctx: Ctx, id: string) {
  const board = await boardFor(ctx, id)
  const hidden = (type: string) => type === 'BudgetDecision' && isOnlyViewer(ctx.actor)
  const artifacts = Object.fromEntries(
    DEFINITIONS.filter(({ type }) => type !== 'AgentTrace' && !hidden(type)).map((definition) => [
      definition.type,
      onBoard(board, definition.type).map((one: Stored) => redact(ctx, definition, one)),
    ]),
  )
  const { incidents, executions, feedback } = board
  const approvals = board.approvals.map((approval) => forReader(ctx, approval))
  return { event_brief_id: id, exported_at: board.now, artifacts, approvals, incidents, executions, feedback }
}

import type { Ctx } from '../../kernel/context.ts'
import type { Stored } from '../artifacts/definition.ts'
import type { ArtifactType } from '../schema.ts'
import { loadBoard, lockEvent, onBoard } from '../store/load-board.ts'
import { cancelVendorIn } from './cancel-vendor.ts'
import { metricsOf } from './compute-metrics.ts'
import { saveArtifactIn } from './save-artifact.ts'
import { checkDeadlineIn } from './slip-deadline.ts'

const LIMIT = 10

/**
 * Changes an entry of a list artifact (16, 19, 42) with what follows from it beyond the record: a cancelled contract is an incident, a task
 * that pushes the forecast past the limit is escalated.
 */
export async function changeEntry(
  ctx: Ctx,
  eventId: string,
  type: ArtifactType,
  id: string,
  raw: unknown,
  ifMatch?: number,
): Promise<Stored> {
  return ctx.kernel.db.transaction(async (tx) => {
    await lockEvent(tx, eventId)
    const now = new Date(ctx.kernel.clock.now())
    const before = await loadBoard(tx, eventId, now)
    const saved = await saveArtifactIn(tx, ctx, eventId, type, raw, { patchId: id, ifMatch })
    if (type === 'VendorContracts' && saved['status'] === 'cancelled') await cancelVendorIn(tx, ctx, eventId, id)
    if (type === 'TaskRegister') {
      const slippage = (board: typeof before) => metricsOf(board, 'planner').values['timeline_slippage'] ?? 0
      const after = await loadBoard(tx, eventId, now)
      if (slippage(before) <= LIMIT && slippage(after) > LIMIT) await checkDeadlineIn(tx, ctx, eventId)
    }
    return onBoard(await loadBoard(tx, eventId, now), type).find((one) => one.id === id) ?? saved
  })
}

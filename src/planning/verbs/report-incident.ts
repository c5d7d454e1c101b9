import type { Ctx } from '../../kernel/context.ts'
import type { Incident, IncidentInput } from '../schema.ts'
import { loadBoard, lockEvent } from '../store/load-board.ts'
import { requireEventAccess, requireOpen } from './access.ts'
import { cancelVenueIn } from './cancel-venue.ts'
import { reportIncidentIn } from './incidents.ts'

/** An incident a person reports (52). The loss of the selected venue is handled to its end at once (5.5.1). */
export async function reportByHand(ctx: Ctx, id: string, input: IncidentInput): Promise<Incident> {
  return ctx.kernel.db.transaction(async (tx) => {
    await lockEvent(tx, id)
    const board = await loadBoard(tx, id, new Date(ctx.kernel.clock.now()))
    requireEventAccess(ctx.actor, board)
    requireOpen(board.brief)
    const selected = board.artifacts.VenueScorecard?.selected_venue_id
    if (input.kind === 'venue_cancellation' && input.severity === 'critical' && selected)
      return cancelVenueIn(tx, ctx, id, selected, { title: input.title, description: input.description })
    return (await reportIncidentIn(tx, ctx, id, input)).incident
  })
}

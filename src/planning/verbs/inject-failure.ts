import type { Ctx } from '../../kernel/context.ts'
import { isOnTeam } from '../agents/team.ts'
import { invalid } from '../artifacts/rules-initiation.ts'
import type { InjectFailureInput } from '../schema.ts'
import { loadBoard, lockEvent, notFound } from '../store/load-board.ts'
import { requireEventAccess, requireOpen } from './access.ts'
import { cancelVendorIn } from './cancel-vendor.ts'
import { cancelVenueIn } from './cancel-venue.ts'
import { slipTaskIn } from './slip-deadline.ts'

/**
 * Puts a failure in an event's way (93). Cancellations and slips act at once; agent, tool and schema failures wait for the next matching
 * turn or call and are used up by it.
 */
export async function injectFailure(ctx: Ctx, input: InjectFailureInput) {
  const id = input.event_brief_id
  return ctx.kernel.db.transaction(async (tx) => {
    await lockEvent(tx, id)
    const board = await loadBoard(tx, id, new Date(ctx.kernel.clock.now()))
    requireEventAccess(ctx.actor, board)
    requireOpen(board.brief)
    const injection_id = ctx.kernel.newId('inj')
    let incidentId: string | undefined
    if (input.failure_type === 'venue_cancellation') {
      if (!input.venue_id) throw invalid('venue_id', 'is required for venue_cancellation')
      incidentId = (await cancelVenueIn(tx, ctx, id, input.venue_id, { injected: true })).id
    } else if (input.failure_type === 'vendor_cancellation') {
      if (!input.vendor_contract_id) throw invalid('vendor_contract_id', 'is required for vendor_cancellation')
      incidentId = (await cancelVendorIn(tx, ctx, id, input.vendor_contract_id, { injected: true })).id
    } else if (input.failure_type === 'deadline_slip') {
      if (!input.task_id) throw invalid('task_id', 'is required for deadline_slip')
      if (input.delay_days === undefined) throw invalid('delay_days', 'is required for deadline_slip')
      await slipTaskIn(tx, ctx, id, input.task_id, input.delay_days)
    } else {
      if (input.agent_name && !isOnTeam(input.agent_name)) throw notFound('Agent', input.agent_name)
      await tx.query(
        'insert into planning.injections (id, event_brief_id, failure_type, target) values ($1, $2, $3, $4)',
        [injection_id, id, input.failure_type, input.agent_name ?? input.tool_name ?? null],
      )
    }
    return {
      injection_id,
      failure_type: input.failure_type,
      ...(incidentId ? { incident_id: incidentId } : {}),
      correlation_id: ctx.correlationId,
    }
  })
}

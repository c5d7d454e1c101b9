import type { Ctx } from '../../kernel/context.ts'
import type { InjectFailureInput } from '../schema.ts'
import { AGENT_NAMES } from '../schema.ts'
import { loadBoard, lockEvent, notFound } from '../store/load-board.ts'
import { reportIncidentIn } from '../verbs/incidents.ts'
import { saveArtifactIn } from '../verbs/save-artifact.ts'

const DAY_MS = 86_400_000

/** Puts a failure in the way of an event (93): cancellations and slips at once, the others at the next matching turn. */
export async function injectFailure(ctx: Ctx, input: InjectFailureInput) {
  const { event_brief_id: eventId, failure_type } = input
  return ctx.kernel.db.transaction(async (tx) => {
    await lockEvent(tx, eventId)
    const board = await loadBoard(tx, eventId, new Date(ctx.kernel.clock.now()))
    const injection_id = ctx.kernel.newId('inj')
    const reply = { injection_id, failure_type, correlation_id: ctx.correlationId }
    if (failure_type === 'venue_cancellation') {
      const venue = board.artifacts.VenueShortlist.find(({ id }) => id === input.venue_id)
      if (!venue) throw notFound('VenueShortlist', input.venue_id ?? '')
      const { incident } = await reportIncidentIn(
        tx,
        ctx,
        eventId,
        {
          title: `${venue.venue_name} cancelled`,
          severity: 'critical',
          kind: 'venue_cancellation',
          description: `The venue ${venue.id} is not available any more`,
        },
        true,
      )
      return { ...reply, incident_id: incident.id }
    }
    if (failure_type === 'vendor_cancellation') {
      const contract = board.artifacts.VendorContracts.find(({ id }) => id === input.vendor_contract_id)
      if (!contract) throw notFound('VendorContracts', input.vendor_contract_id ?? '')
      await saveArtifactIn(tx, ctx, eventId, 'VendorContracts', { status: 'cancelled' }, { patchId: contract.id })
      return reply
    }
    if (failure_type === 'deadline_slip') {
      const task = board.artifacts.TaskRegister.find(({ id }) => id === input.task_id)
      if (!task) throw notFound('TaskRegister', input.task_id ?? '')
      const end_date = new Date(Date.parse(task.end_date) + (input.delay_days ?? 1) * DAY_MS).toISOString()
      await saveArtifactIn(tx, ctx, eventId, 'TaskRegister', { end_date }, { patchId: task.id })
      return reply
    }
    if (input.agent_name && !(AGENT_NAMES as readonly string[]).includes(input.agent_name))
      throw notFound('Agent', input.agent_name)
    await tx.query(
      'insert into planning.injections (id, event_brief_id, failure_type, target) values ($1, $2, $3, $4)',
      [injection_id, eventId, failure_type, input.agent_name ?? input.tool_name ?? null],
    )
    return reply
  })
}

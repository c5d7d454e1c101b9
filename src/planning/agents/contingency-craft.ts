import { RISKS } from './planner-tables.ts'
import type { Draft, TurnInput } from './turn.ts'
import { tasksFor } from './workflows.ts'

/** A scenario for every risk rated 8 or more and for the loss of the venue, each with trigger, response, owner and the tasks behind it. */
export function contingency(input: TurnInput): Draft {
  const { RiskRegister, TaskRegister, VenueShortlist, VenueScorecard } = input.board.artifacts
  const known = new Map(RISKS.map((row) => [row.description, row]))
  const rank = new Map(VenueScorecard?.candidate_scores.map(({ venue_id, rank: at }) => [venue_id, at ?? 99]))
  const fallback = VenueShortlist.filter(
    ({ id, status, venue_role }) =>
      status === 'active' &&
      id !== VenueScorecard?.selected_venue_id &&
      (venue_role === 'main' || venue_role === 'backup'),
  ).sort(
    (a, b) =>
      Number(b.venue_role === 'backup') - Number(a.venue_role === 'backup') || rank.get(a.id)! - rank.get(b.id)!,
  )[0]
  const wanted = RiskRegister.filter(
    ({ rating, status, description }) =>
      (rating >= 8 && status !== 'closed') || known.get(description)?.key === 'venue_cancellation',
  )
  const scenarios = wanted.map(({ id, description, owner }) => {
    const row = known.get(description)
    const key =
      row?.key ??
      description
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, '_')
        .slice(0, 60)
    return {
      scenario:
        key === 'venue_cancellation'
          ? 'Venue cancellation'
          : key === 'vendor_cancellation'
            ? 'Vendor cancellation'
            : description,
      trigger: row?.trigger ?? `${description} happens`,
      trigger_key: key,
      response: row?.response ?? 'The owner informs the planner, who picks the best option left',
      owner: row?.owner ?? owner,
      task_ids: tasksFor(
        TaskRegister,
        key === 'venue_cancellation' ? /venue|halls/i : key === 'vendor_cancellation' ? /vendor/i : /conting|prepare/i,
      ),
      risk_ids: [id],
      fallback_venue_id: key === 'venue_cancellation' ? (fallback?.id ?? null) : null,
    }
  })
  return { type: 'ContingencyPlan', body: { scenarios } }
}

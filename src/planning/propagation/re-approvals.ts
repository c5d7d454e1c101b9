import type { Board } from '../artifacts/board.ts'
import { money } from '../formulas/round.ts'
import type { ApprovalType, BudgetDecision, EventBriefPatch } from '../schema.ts'

export type ReApproval = { approval_type: ApprovalType; artifact_id: string; why: string }

/** Cost above which a budget change is decided anew (1.7). */
export const approvalThreshold = ({ artifacts }: Board): number =>
  artifacts.CostModel?.variance_rules.require_approval_threshold ?? 1000

/** What people would have to approve again after the change: the contract's rules 1.7 and what no longer fits. Pure. */
export function reApprovals(board: Board, patch: EventBriefPatch, totalBudget?: number): ReApproval[] {
  const {
    BudgetBaseline,
    BudgetDecision: decided,
    VenueScorecard: card,
    VenueShortlist,
    VendorContracts,
  } = board.artifacts
  const found: ReApproval[] = []
  const decision = decided as (BudgetDecision & { basis?: { total_budget: number } }) | null
  if (decision && BudgetBaseline && totalBudget !== undefined && decision.status !== 'superseded') {
    const delta = money(totalBudget - (decision.basis?.total_budget ?? BudgetBaseline.total_budget))
    if (Math.abs(delta) > approvalThreshold(board))
      found.push({
        approval_type: 'budget_decision',
        artifact_id: decision.id,
        why: `The total moves by ${delta.toFixed(2)}, more than ${approvalThreshold(board).toFixed(2)}: the budget needs a new decision`,
      })
  }
  const venue = VenueShortlist.find(({ id }) => id === card?.selected_venue_id)
  if (card && venue && patch.audience_size !== undefined && patch.audience_size > venue.capacity)
    found.push({
      approval_type: 'venue_selection',
      artifact_id: card.id,
      why: `${venue.venue_name} has room for ${venue.capacity}: another venue has to be selected and approved`,
    })
  const moved = patch.date_range_start ?? patch.date_range_end
  for (const { id, vendor_name, status, terms } of moved ? VendorContracts : []) {
    if (status === 'cancelled' || !terms) continue
    const [start, end] = [
      patch.date_range_start ?? board.brief.date_range_start,
      patch.date_range_end ?? board.brief.date_range_end,
    ]
    if (terms.start_date > start.slice(0, 10) || terms.end_date < end.slice(0, 10))
      found.push({
        approval_type: 'vendor_contract',
        artifact_id: id,
        why: `The contract with ${vendor_name} runs ${terms.start_date} to ${terms.end_date}: its change goes back to approval`,
      })
  }
  return found
}

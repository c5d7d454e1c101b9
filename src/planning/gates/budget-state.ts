import type { Board } from '../artifacts/board.ts'
import { isOverBudget } from '../formulas/variance.ts'
import type { Approval, BudgetDecision } from '../schema.ts'

/** Whether a person approved this version of the decision. */
export const humanApprovedBudget = (decision: BudgetDecision): boolean =>
  decision.approvals.some(({ kind, version }) => kind === 'human' && version === decision.version)

/** Over budget, or further from it than the cost model's rule allows. */
export const isBudgetBreached = ({
  artifacts: { BudgetDecision: budget_decision, CostModel: cost_model, BudgetBaseline: baseline },
}: Board): boolean =>
  Boolean(
    cost_model &&
      baseline &&
      (isOverBudget(cost_model.variance_amount, budget_decision?.approved_total, baseline.total_budget) ||
        cost_model.variance_percent > cost_model.variance_rules.max_variance_percent),
  )

/** A person's approval counts always; the planner's endorsement in a Beginner run within budget and variance only. */
export function budgetApprovalCounts(board: Board): boolean {
  const decision = board.artifacts.BudgetDecision
  if (!decision) return false
  if (humanApprovedBudget(decision)) return true
  const endorsed = decision.approvals.some(({ kind, version }) => kind === 'agent' && version === decision.version)
  return endorsed && board.brief.instruction_level === 'Beginner' && !isBudgetBreached(board)
}

const coversVenue = (board: Board, approval: Approval): boolean => {
  const card = board.artifacts.VenueScorecard!
  const same = approval.details['selected_venue_id'] === card.selected_venue_id
  const refs = [
    { artifact_type: approval.artifact_type, artifact_id: approval.artifact_id, version: approval.artifact_version },
    ...approval.covers,
  ]
  return refs.some(
    ({ artifact_type, artifact_id, version }) =>
      (artifact_type === 'VenueShortlist' && artifact_id === card.selected_venue_id) ||
      (artifact_type === 'VenueScorecard' && artifact_id === card.id && (same || version === card.version)),
  )
}

/** Whether a person approved the venue that is selected now, alone or with the budget. */
export const humanApprovedVenue = (board: Board): boolean =>
  Boolean(board.artifacts.VenueScorecard?.selected_venue_id) &&
  board.approvals.some((approval) => approval.status === 'approved' && coversVenue(board, approval))

/** Whether an approval waits that covers the venue selected now. */
export const venueApprovalPending = (board: Board): boolean =>
  Boolean(board.artifacts.VenueScorecard?.selected_venue_id) &&
  board.approvals.some((approval) => approval.status === 'pending' && coversVenue(board, approval))

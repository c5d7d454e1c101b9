import type { Board } from '../artifacts/board.ts'
import type { BudgetDecision, VendorContract, VenueScorecard } from '../schema.ts'

/** What the decider needs to know (81): totals, variance and the allocation table. */
export function decisionDetails({ artifacts }: Board, decision: BudgetDecision): Record<string, unknown> {
  const { BudgetBaseline: baseline, CostModel: cost } = artifacts
  return {
    approved_total: decision.approved_total,
    total_budget: baseline?.total_budget ?? null,
    currency: baseline?.currency ?? null,
    total_cost: cost?.total_cost ?? null,
    variance_amount: cost?.variance_amount ?? null,
    variance_percent: cost?.variance_percent ?? null,
    over_budget: decision.over_budget,
    allocations: baseline?.category_allocations ?? [],
    category_variances: cost?.category_variances ?? [],
    rationale: decision.rationale,
  }
}

export function venueDetails({ artifacts }: Board, card: VenueScorecard): Record<string, unknown> {
  const venue = (id: string | null) => artifacts.VenueShortlist.find((entry) => entry.id === id)
  const selected = venue(card.selected_venue_id)
  return {
    selected_venue_id: card.selected_venue_id,
    venue_name: selected?.venue_name ?? null,
    venue_cost: selected?.cost_estimate ?? null,
    selection_rationale: card.selection_rationale,
    ranking: [...card.candidate_scores]
      .sort((a, b) => (a.rank ?? 999) - (b.rank ?? 999))
      .map(({ venue_id, total, rank }) => ({
        venue_id,
        venue_name: venue(venue_id)?.venue_name ?? null,
        cost_estimate: venue(venue_id)?.cost_estimate ?? null,
        total,
        rank,
      })),
  }
}

export const contractDetails = (contract: VendorContract): Record<string, unknown> => ({
  vendor_name: contract.vendor_name,
  service_type: contract.service_type,
  terms: contract.terms,
  sla: contract.sla,
  cancellation_policy: contract.cancellation_policy,
  exception_rationale: contract.exception_rationale,
})

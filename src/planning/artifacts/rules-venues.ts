import { AppError } from '../../kernel/errors/app-error.ts'
import { scoreCandidates, weightsSumValid } from '../formulas/scorecard.ts'
import type {
  ArtifactProblem,
  VenueAvailabilityInput,
  VenueCriteriaInput,
  VenueLeadInput,
  VenueNegotiationNotesInput,
  VenueScorecard,
  VenueScorecardInput,
  VenueShortlistInput,
} from '../schema.ts'
import type { Board } from './board.ts'
import type { ArtifactDefinition, Body, RuleInput } from './definition.ts'
import { invalid, requireUnique, unknownReference } from './rules-initiation.ts'

type Rules = Pick<ArtifactDefinition, 'prepare' | 'recompute' | 'validate'>

const field = (name: string, message: string, value?: unknown) => ({
  fields: [{ field: name, message, ...(value === undefined ? {} : { value }) }],
})

export const criteriaRules: Rules = {
  prepare({ input, board }: RuleInput<VenueCriteriaInput>) {
    if (input.max_capacity < input.min_capacity)
      throw invalid('max_capacity', 'must not be below min_capacity', input.max_capacity)
    if (input.budget_range_max < input.budget_range_min)
      throw invalid('budget_range_max', 'must not be below budget_range_min', input.budget_range_max)
    if (input.min_capacity < board.brief.audience_size)
      throw new AppError(
        'CAPACITY_BELOW_AUDIENCE',
        `min_capacity ${input.min_capacity} is below the audience of ${board.brief.audience_size}`,
        field('min_capacity', `must be at least ${board.brief.audience_size}`, input.min_capacity),
      )
    return { event_brief_id: board.brief.id, ...input }
  },
  validate: (stored, { brief: event }) =>
    stored['min_capacity'] < event.audience_size
      ? [
          {
            code: 'CAPACITY_BELOW_AUDIENCE',
            message: `min_capacity ${stored['min_capacity']} is below the audience of ${event.audience_size}`,
            field: 'min_capacity',
          },
        ]
      : [],
}

export const leadRules: Rules = {
  prepare({ input, board, id, byAgent }: RuleInput<VenueLeadInput>) {
    const same = (name: string) => name.toLowerCase() === input.venue_name.toLowerCase()
    if (board.artifacts.VenueLeads.some((lead) => lead.id !== id && same(lead.venue_name)))
      throw invalid('venue_name', `"${input.venue_name}" is already among the leads`, input.venue_name)
    if (byAgent && input.source === 'web search' && input.citations.length === 0)
      throw invalid('citations', 'needs the address a search result came from')
    return { venue_criteria_id: board.artifacts.VenueCriteria!.id, ...input }
  },
}

function fits(entry: Pick<VenueShortlistInput, 'cost_estimate' | 'capacity' | 'venue_role'>, board: Board) {
  const criteria = board.artifacts.VenueCriteria
  if (!criteria) return { budget_fit: true, capacity_fit: true }
  return {
    budget_fit: entry.cost_estimate >= criteria.budget_range_min && entry.cost_estimate <= criteria.budget_range_max,
    capacity_fit: !['main', 'backup'].includes(entry.venue_role) || entry.capacity >= criteria.min_capacity,
  }
}

export const shortlistRules: Rules = {
  prepare({ input, board, current, id }: RuleInput<VenueShortlistInput>) {
    const twin = board.artifacts.VenueShortlist.find(
      (entry) =>
        entry.id !== id &&
        entry.venue_role === input.venue_role &&
        entry.venue_name.toLowerCase() === input.venue_name.toLowerCase(),
    )
    if (twin)
      throw invalid(
        'venue_name',
        `"${input.venue_name}" is already shortlisted as ${input.venue_role} (${twin.id})`,
        input.venue_name,
      )
    if (input.lead_id && !board.artifacts.VenueLeads.some((lead) => lead.id === input.lead_id))
      throw unknownReference(input.lead_id, 'Venue lead')
    const fit = fits(input, board)
    const criteria = board.artifacts.VenueCriteria!
    if (!input.exception_rationale?.trim()) {
      if (!fit.capacity_fit)
        throw new AppError(
          'VENUE_CAPACITY_BELOW_MINIMUM',
          `capacity ${input.capacity} is below min_capacity ${criteria.min_capacity}: choose a larger venue or give exception_rationale`,
          field('capacity', `must be at least ${criteria.min_capacity}`, input.capacity),
        )
      if (!fit.budget_fit)
        throw new AppError(
          'VENUE_OUT_OF_BUDGET',
          `cost_estimate ${input.cost_estimate} is outside ${criteria.budget_range_min} to ${criteria.budget_range_max}: choose another venue or give exception_rationale`,
          field(
            'cost_estimate',
            `must be from ${criteria.budget_range_min} to ${criteria.budget_range_max}`,
            input.cost_estimate,
          ),
        )
    }
    return { venue_criteria_id: criteria.id, ...input, status: current?.['status'] ?? 'active', ...fit }
  },
  recompute(stored, board) {
    if (stored['status'] === 'cancelled') return fits(stored as never, board)
    const status = board.artifacts.VenueScorecard?.selected_venue_id === stored.id ? 'selected' : 'active'
    return { ...fits(stored as never, board), status }
  },
  validate(stored, board): ArtifactProblem[] {
    if ((stored['exception_rationale'] as string | null)?.trim()) return []
    const fit = fits(stored as never, board)
    return [
      ...(fit.capacity_fit
        ? []
        : [{ code: 'VENUE_CAPACITY_BELOW_MINIMUM', message: 'capacity is below min_capacity', field: 'capacity' }]),
      ...(fit.budget_fit
        ? []
        : [{ code: 'VENUE_OUT_OF_BUDGET', message: 'cost is outside the budget range', field: 'cost_estimate' }]),
    ]
  },
}

function scorecardSystem(
  card: Pick<VenueScorecard, 'criteria_weights' | 'candidate_scores' | 'selected_venue_id' | 'selection_rationale'>,
  board: Board,
): Body {
  const venues = new Map(board.artifacts.VenueShortlist.map((entry) => [entry.id, entry]))
  const criteria = card.criteria_weights.map(({ criterion }) => criterion)
  const complete = new Set(
    card.candidate_scores
      .filter(({ scores }) => criteria.every((criterion) => scores[criterion] !== undefined))
      .map(({ venue_id }) => venue_id),
  )
  const open = board.artifacts.VenueShortlist.filter(({ status }) => status !== 'cancelled')
  return {
    candidate_scores: scoreCandidates(
      card.criteria_weights,
      card.candidate_scores.map(({ venue_id, scores }) => ({ venue_id, scores })),
      venues,
    ),
    weights_sum_valid: weightsSumValid(card.criteria_weights),
    all_candidates_scored: open.length > 0 && open.every(({ id }) => complete.has(id)),
    rationale_captured: Boolean(card.selected_venue_id && card.selection_rationale?.trim()),
  }
}

export const scorecardRules: Rules = {
  prepare({ input, board }: RuleInput<VenueScorecardInput>) {
    requireUnique(
      input.criteria_weights.map(({ criterion }) => criterion),
      'criteria_weights.criterion',
      'criterion',
    )
    requireUnique(
      input.candidate_scores.map(({ venue_id }) => venue_id),
      'candidate_scores.venue_id',
      'venue',
    )
    if (!weightsSumValid(input.criteria_weights)) {
      const sum = input.criteria_weights.reduce((total, { weight }) => total + weight, 0)
      throw new AppError(
        'WEIGHTS_SUM_INVALID',
        `criteria_weights sum to ${Math.round(sum * 1e6) / 1e6}, they must sum to 1 (± 0.001)`,
        field('criteria_weights', 'weights must sum to 1'),
      )
    }
    const criteria = new Set(input.criteria_weights.map(({ criterion }) => criterion))
    const venues = new Map(board.artifacts.VenueShortlist.map((entry) => [entry.id, entry]))
    for (const { venue_id, scores } of input.candidate_scores) {
      if (!venues.has(venue_id)) throw unknownReference(venue_id, 'Shortlisted venue')
      for (const criterion of Object.keys(scores))
        if (!criteria.has(criterion)) throw unknownReference(criterion, 'Criterion')
    }
    const selected = input.selected_venue_id
    if (selected && !venues.has(selected)) throw unknownReference(selected, 'Shortlisted venue')
    if (selected && venues.get(selected)!.status === 'cancelled')
      throw invalid('selected_venue_id', 'this venue is cancelled: select another', selected)
    if (selected && !input.selection_rationale?.trim())
      throw new AppError(
        'RATIONALE_REQUIRED',
        'selection_rationale is required when a venue is selected',
        field('selection_rationale', 'is required when a venue is selected'),
      )
    const card = {
      venue_criteria_id: board.artifacts.VenueCriteria!.id,
      criteria_weights: input.criteria_weights,
      candidate_scores: input.candidate_scores,
      selected_venue_id: selected,
      selection_rationale: input.selection_rationale,
    }
    const system = scorecardSystem(card as never, board)
    const totals = new Map(
      (system['candidate_scores'] as VenueScorecard['candidate_scores']).map(({ venue_id, total }) => [
        venue_id,
        total,
      ]),
    )
    const warnings = input.candidate_scores.flatMap(({ venue_id, total }) => {
      const computed = totals.get(venue_id) ?? null
      if (total === undefined || (computed !== null && Math.abs(computed - total) < 0.00005)) return []
      return [
        computed === null
          ? `total ${total} of ${venue_id} left out: not every criterion is scored`
          : `total ${total} of ${venue_id} replaced by ${computed}`,
      ]
    })
    return { ...card, ...system, warnings }
  },
  recompute: (stored, board) => scorecardSystem(stored as never, board),
}

export const availabilityRules: Rules = {
  prepare({ input, board }: RuleInput<VenueAvailabilityInput>) {
    if (!board.artifacts.VenueShortlist.some(({ id }) => id === input.shortlist_id))
      throw unknownReference(input.shortlist_id, 'Shortlisted venue')
    for (const [index, { start, end }] of input.dates.entries())
      if (end <= start) throw invalid(`dates.${index}.end`, 'must be after start', end)
    return { ...input }
  },
}

export const negotiationRules: Rules = {
  prepare({ input, board }: RuleInput<VenueNegotiationNotesInput>) {
    const known = new Set(board.artifacts.VenueShortlist.map(({ id }) => id))
    const fallback = input.playbook?.fallback_venue_id
    for (const id of [input.shortlist_id, ...(fallback ? [fallback] : [])])
      if (!known.has(id)) throw unknownReference(id, 'Shortlisted venue')
    return { ...input }
  },
}

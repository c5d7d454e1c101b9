import { AppError } from '../../kernel/errors/app-error.ts'
import { money } from '../formulas/round.ts'
import { scoreCandidates } from '../formulas/scorecard.ts'
import { accessibilityNeeds, locationPreferences, requiredAmenities } from '../inference/place.ts'
import { amount } from '../operations/words.ts'
import type { VenueRole } from '../schema.ts'
import type { Venue } from '../venues/catalogue.ts'
import { allocationsFor } from './shares.ts'
import {
  answerTo,
  chosenIndex,
  type DecisionDraft,
  type Draft,
  isAtLeast,
  question,
  type TurnInput,
  type TurnOutput,
  turn,
} from './turn.ts'
import { scoresOf, weightsOf } from './venue-scores.ts'

const LEADS = { Beginner: 6, Intermediate: 9, Advanced: 9 } as const
const CHOICE = 'Which venue'
const DAY_MS = 86_400_000
type Pick = { venue: Venue; role: VenueRole; ref: string; exception?: string }

export function criteriaOf(input: Pick2<TurnInput, 'board' | 'level'>) {
  const { brief, artifacts } = input.board
  const text = `${brief.constraints}\n${brief.objectives}`
  const booked = artifacts.BudgetBaseline?.category_allocations.find(({ category }) => category === 'Venue')
  const fresh = allocationsFor(input).allocations.find(({ category }) => category === 'Venue')!
  const stale = artifacts.BudgetBaseline && artifacts.BudgetBaseline.total_budget !== allocationsFor(input).total
  const accessibility = accessibilityNeeds(text)
  return {
    min_capacity: brief.audience_size,
    max_capacity: Math.ceil(1.5 * brief.audience_size),
    budget_range_min: 0,
    budget_range_max: booked && !stale ? booked.allocated : fresh.allocated,
    location_preferences: locationPreferences(text),
    required_amenities: requiredAmenities(text),
    accessibility_requirements:
      accessibility.length > 0 || input.level === 'Beginner' ? accessibility : ['step-free access'],
    layout_requirements:
      input.level === 'Advanced' ? 'Theatre for the plenary, classroom for breakouts, open floor for the expo' : '',
  }
}
type Pick2<T, K extends keyof T> = { [P in K]: T[P] }
type Criteria = ReturnType<typeof criteriaOf>

const wantedOf = (criteria: Criteria, audience: number) => ({
  audience,
  places: criteria.location_preferences,
  range_max: criteria.budget_range_max,
  amenities: criteria.required_amenities,
  accessibility: criteria.accessibility_requirements,
})
const asVenue = (venue: Venue) => ({ ...venue, cost: venue.price })

function problemOf(venue: Venue, criteria: Criteria): string | null {
  if (venue.price > criteria.budget_range_max) return `costs ${venue.price}, above ${criteria.budget_range_max}`
  if (venue.capacity < criteria.min_capacity) return `holds ${venue.capacity} of ${criteria.min_capacity}`
  return null
}

function picksOf(input: TurnInput, criteria: Criteria): Pick[] {
  const { audience_size } = input.board.brief
  const weights = weightsOf(input.level)
  const totalOf = (venue: Venue) =>
    scoreCandidates(weights, [
      { venue_id: venue.name, scores: scoresOf(input.level, asVenue(venue), wantedOf(criteria, audience_size)) },
    ])[0]!.total!
  const ranked = input.found.venues
    .filter(({ available }) => available)
    .sort((a, b) => totalOf(b) - totalOf(a) || (a.name < b.name ? -1 : 1))
  const halls = ranked.filter(({ fits }) => fits === 'any')
  const inside = halls.filter((venue) => !problemOf(venue, criteria) && venue.capacity <= criteria.max_capacity)
  const others = halls.filter((venue) => problemOf(venue, criteria)).sort((a, b) => a.price - b.price)
  const mains = isAtLeast(input.level, 'Intermediate') ? 4 : 3
  const chosen = [...inside, ...others].slice(0, mains)
  const picks: Pick[] = chosen.map((venue, index) => {
    const problem = problemOf(venue, criteria)
    return {
      venue,
      role: input.level === 'Advanced' && index >= 2 ? 'backup' : 'main',
      ref: `venue-${index + 1}`,
      ...(problem ? { exception: `Nothing closer fits the criteria: ${problem}` } : {}),
    }
  })
  if (input.level === 'Advanced')
    for (const role of ['breakout', 'expo'] as const) {
      const venue = ranked.find(({ fits, price }) => fits === role && price <= criteria.budget_range_max)
      if (venue) picks.push({ venue, role, ref: role })
    }
  return picks
}

function leadsOf(input: TurnInput, picks: readonly Pick[]): Draft[] {
  const named = new Set(picks.map(({ venue }) => venue.name))
  const rest = input.found.venues.filter(({ name }) => !named.has(name))
  return [...picks.map(({ venue }) => venue), ...rest]
    .slice(0, Math.max(LEADS[input.level], picks.length))
    .map((venue) => ({
      type: 'VenueLeads',
      ref: `lead ${venue.name}`,
      body: {
        venue_name: venue.name,
        source: 'database',
        contact_info: { website: venue.website },
        initial_notes: `${venue.location}; up to ${venue.capacity} people; from ${venue.price}${venue.available ? '' : '; not free on the dates'}`,
        citations: [venue.website],
      },
    }))
}

/** One hold before each event, or a day later than today's answer when that is past: always the day before the event starts. */
const holdUntil = (start: string) => new Date(Date.parse(start) - DAY_MS).toISOString()

function availability(input: TurnInput, picks: readonly Pick[]): Draft[] {
  const { date_range_start: start, date_range_end: end } = input.board.brief
  const held = input.level === 'Advanced' ? picks : picks.slice(0, 3)
  return held.map(({ ref, role }, index) => ({
    type: 'VenueAvailability',
    body: {
      shortlist_id: `@${ref}`,
      dates: [{ start, end, available: true }],
      hold_status: index < 2 || role !== 'main' ? 'confirmed' : 'requested',
      hold_expires_at: holdUntil(start),
    },
  }))
}

function negotiation(picks: readonly Pick[], selected: Pick): Draft[] {
  const fallback = picks.find(({ role }) => role === 'backup')
  return picks
    .filter(({ ref, role }) => ref === selected.ref || role === 'breakout' || role === 'expo')
    .map(({ venue, ref }) => ({
      type: 'VenueNegotiationNotes',
      body: {
        shortlist_id: `@${ref}`,
        terms: `${amount(venue.price)} for all event days, 30 % on signing, free reduction of 10 % of the seats until 30 days before.`,
        concessions: [
          { item: 'Hire below list price', value: money(venue.price / 0.88 - venue.price) },
          { item: 'House technician included' },
        ],
        status: 'agreed',
        playbook:
          ref === selected.ref
            ? {
                target_price: money(venue.price * 0.95),
                walk_away_price: money(venue.price * 1.05),
                levers: ['Several days in one booking', 'Catering with the house', 'Flexible set-up day'],
                opening_position: `Offer ${amount(money(venue.price * 0.9))} with a deposit of half at signing`,
                fallback_venue_id: fallback ? `@${fallback.ref}` : null,
                questions: ['Which days can be moved?', 'What does cancelling cost 60 and 30 days before?'],
              }
            : null,
      },
    }))
}

function mismatch(picks: readonly Pick[], criteria: Criteria): DecisionDraft[] {
  if (!picks.some(({ exception }) => exception)) return []
  const cheapest = Math.min(...picks.filter(({ role }) => role === 'main').map(({ venue }) => venue.price))
  const raise = money(Math.max(0, cheapest - criteria.budget_range_max))
  const option = (name: string, rank: number, pro: string, con: string) => ({
    option: name,
    rank,
    pros: [pro],
    cons: [con],
  })
  return [
    {
      decision_type: 'budget_mismatch',
      description: 'Venue criteria cannot be met within the venue budget',
      rationale: `The venue budget is ${criteria.budget_range_max}; the cheapest room for ${criteria.min_capacity} people costs ${cheapest}.`,
      alternatives_considered: [
        option(`Raise the venue budget by ${raise}`, 1, 'Keeps size and place', 'Costs more'),
        option('Look in another area', 2, 'Cheaper rooms', 'Longer ways for guests'),
        option('Take a smaller room', 3, 'Fits the budget', 'Fewer guests'),
      ],
    },
  ]
}

/** Finds, scores, holds and selects venues. A later run re-scores what is there and keeps the selection while it fits. */
export function venueCraft(input: TurnInput): TurnOutput {
  const criteria = criteriaOf(input)
  if (input.board.artifacts.VenueShortlist.some(({ status }) => status !== 'cancelled')) return rescore(input, criteria)
  const picks = picksOf(input, criteria)
  if (!picks.some(({ role }) => role === 'main'))
    throw new AppError(
      'MISSING_INPUT',
      `no venue was found for ${criteria.min_capacity} people${criteria.location_preferences.length > 0 ? ` in ${criteria.location_preferences.join(', ')}` : ''}: widen the place, raise the budget of ${amount(criteria.budget_range_max)}, or enter venues on the page, then retry`,
      { fields: ['VenueLeads', 'VenueShortlist'] },
    )
  const weights = weightsOf(input.level)
  const scored = scoreCandidates(
    weights,
    picks.map(({ ref, venue }) => ({
      venue_id: ref,
      scores: scoresOf(input.level, asVenue(venue), wantedOf(criteria, input.board.brief.audience_size)),
    })),
    new Map(picks.map(({ ref, venue }) => [ref, { cost_estimate: venue.price }])),
  )
  const byRef = new Map(scored.map((row) => [row.venue_id, row]))
  const mains = picks
    .filter(({ role }) => role === 'main')
    .sort((a, b) => byRef.get(a.ref)!.rank! - byRef.get(b.ref)!.rank!)
  const offers = mains.slice(0, input.mode === 'interactive' ? 5 : 3)
  const options = offers.map(
    ({ venue, ref }) =>
      `${venue.name} — ${venue.location}, ${venue.capacity} people, ${venue.price}, total ${byRef.get(ref)!.total}`,
  )
  const answer = answerTo(input, CHOICE)
  if (input.may_ask && answer === undefined && input.mode !== 'autonomous')
    return question(
      `Found ${picks.length} venues that fit best.`,
      `${CHOICE} do you prefer? ${options.map((one, i) => `(${i + 1}) ${one}`).join('; ')}`,
      options,
    )
  const selected = answer === undefined ? mains[0]! : offers[chosenIndex(answer, options)]!
  const best = byRef.get(selected.ref)!
  const rationale = `${selected.venue.name} has a total of ${best.total}${answer === undefined ? ', the best' : ', and was preferred'}; next: ${mains
    .filter(({ ref }) => ref !== selected.ref)
    .map(({ venue, ref }) => `${venue.name} ${byRef.get(ref)!.total}`)
    .join(', ')}. It costs ${amount(selected.venue.price)} of ${amount(criteria.budget_range_max)}.`
  const drafts: Draft[] = [
    { type: 'VenueCriteria', body: criteria },
    ...leadsOf(input, picks),
    ...picks.map(({ venue, role, ref, exception }) => ({
      type: 'VenueShortlist' as const,
      ref,
      body: {
        venue_name: venue.name,
        capacity: venue.capacity,
        location: venue.location,
        cost_estimate: venue.price,
        initial_score: byRef.get(ref)!.total,
        lead_id: `@lead ${venue.name}`,
        venue_role: role,
        amenities: [...venue.amenities, ...venue.accessibility],
        exception_rationale: exception ?? null,
        trade_offs: {
          pro: [`Total ${byRef.get(ref)!.total}`],
          con: [
            `Uses ${Math.round((venue.price / Math.max(1, criteria.budget_range_max)) * 100)} % of the venue budget`,
          ],
        },
      },
    })),
    {
      type: 'VenueScorecard',
      body: {
        criteria_weights: weights,
        candidate_scores: scored.map(({ venue_id, scores }) => ({ venue_id: `@${venue_id}`, scores })),
        selected_venue_id: `@${selected.ref}`,
        selection_rationale: rationale,
      },
    },
    ...(isAtLeast(input.level, 'Intermediate') ? availability(input, picks) : []),
    ...(input.level === 'Advanced' ? negotiation(picks, selected) : []),
  ]
  const decision: DecisionDraft = {
    decision_type: 'venue_selection',
    description: `Venue selected: ${selected.venue.name}`,
    rationale,
    alternatives_considered: mains.map(({ venue, ref }) => ({
      option: venue.name,
      score: byRef.get(ref)!.total,
      rank: byRef.get(ref)!.rank,
      pros: [`${venue.location}, ${venue.capacity} people`],
      cons: [`Costs ${venue.price}`],
    })),
  }
  return turn(`Searched ${input.found.venues.length} venues, shortlisted ${picks.length}. ${rationale}`, drafts, {
    next_agent: 'budget',
    decisions: [decision, ...mismatch(picks, criteria)],
  })
}

function rescore(input: TurnInput, criteria: Criteria): TurnOutput {
  const { VenueShortlist, VenueScorecard, VenueCriteria } = input.board.artifacts
  const refused = new Set(
    input.board.approvals
      .filter(({ approval_type, status }) => approval_type === 'venue_selection' && status === 'rejected')
      .map(({ details }) => details['selected_venue_id']),
  )
  const open = VenueShortlist.filter(({ status }) => status !== 'cancelled')
  const weights = VenueScorecard?.criteria_weights ?? weightsOf(input.level)
  const known = new Map(VenueScorecard?.candidate_scores.map(({ venue_id, scores }) => [venue_id, scores]))
  const wanted = wantedOf(criteria, input.board.brief.audience_size)
  const scored = scoreCandidates(
    weights,
    open.map((venue) => {
      const fresh = scoresOf(
        input.level,
        { ...venue, cost: venue.cost_estimate, accessibility: venue.amenities },
        wanted,
      )
      return {
        venue_id: venue.id,
        scores: Object.fromEntries(
          weights.map(({ criterion }) => [criterion, fresh[criterion] ?? known.get(venue.id)?.[criterion] ?? 0]),
        ),
      }
    }),
    new Map(open.map((venue) => [venue.id, venue])),
  )
  const fits = (id: string) => {
    const venue = open.find((one) => one.id === id)
    return venue && venue.cost_estimate <= criteria.budget_range_max && venue.capacity >= criteria.min_capacity
  }
  const costOf = (id: string) => open.find((one) => one.id === id)!.cost_estimate
  const mains = scored
    .filter(({ venue_id }) => ['main', 'backup'].includes(open.find(({ id }) => id === venue_id)!.venue_role))
    .sort((a, b) => a.rank! - b.rank!)
  const free = mains.filter(({ venue_id }) => !refused.has(venue_id))
  const cheapest = free.toSorted((a, b) => costOf(a.venue_id) - costOf(b.venue_id))[0]
  const kept = free.find(({ venue_id }) => venue_id === VenueScorecard?.selected_venue_id && fits(venue_id))
  const selected = kept ?? free.find(({ venue_id }) => fits(venue_id)) ?? cheapest ?? mains[0]!
  const name = open.find(({ id }) => id === selected.venue_id)!.venue_name
  const same =
    VenueCriteria &&
    (Object.keys(criteria) as (keyof Criteria)[]).every(
      (key) => JSON.stringify(VenueCriteria[key]) === JSON.stringify(criteria[key]),
    )
  const rationale = `${name} ${kept ? 'stays' : 'is now'} selected with a total of ${selected.total} at a venue budget of ${criteria.budget_range_max}${refused.size > 0 && !kept ? `; ${refused.size} rejected before` : ''}.`
  return turn(
    `Re-scored ${scored.length} venues. ${rationale}`,
    [
      ...(same ? [] : [{ type: 'VenueCriteria' as const, body: criteria }]),
      {
        type: 'VenueScorecard',
        body: {
          criteria_weights: weights,
          candidate_scores: scored.map(({ venue_id, scores }) => ({ venue_id, scores })),
          selected_venue_id: selected.venue_id,
          selection_rationale: rationale,
        },
      },
    ],
    { next_agent: 'budget' },
  )
}

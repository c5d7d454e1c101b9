import { money, splitMoney, sumMoney } from '../formulas/round.ts'
import { amount } from '../operations/words.ts'
import { eventDays } from './calendar-days.ts'
import { allocationsFor, STRATEGIES } from './shares.ts'
import {
  answerTo,
  chosenIndex,
  type DecisionDraft,
  type Draft,
  question,
  type TurnInput,
  type TurnOutput,
  turn,
} from './turn.ts'

const DISCOUNT = 0.88
const NEGOTIABLE = new Set(['Venue', 'Catering', 'AV', 'Marketing'])
const STRATEGY = 'Which budget strategy'
const INSURANCE_SHARE = 0.005

type Line = {
  category: string
  item: string
  quantity: number
  unit_cost: number
  total: number
  list_unit_cost?: number
  is_reserve?: boolean
}

const line = (
  category: string,
  item: string,
  quantity: number,
  unit: number,
  listed: boolean,
  is_reserve?: boolean,
): Line => ({
  category,
  item,
  quantity,
  unit_cost: money(unit),
  total: money(money(unit) * quantity),
  ...(listed ? { list_unit_cost: money(unit / DISCOUNT) } : {}),
  ...(is_reserve === undefined ? {} : { is_reserve }),
})

const floorCents = (amount: number) => Math.floor(amount * 100 + 1e-6) / 100
const listed = (input: TurnInput, category: string) => input.level !== 'Beginner' && NEGOTIABLE.has(category)

/** The part of an allocation that other lines leave, as a line of its own. */
function rest(input: TurnInput, category: string, item: string, allocated: number, lines: readonly Line[]): Line[] {
  const left = money(allocated - sumMoney(lines.map(({ total }) => total)))
  return left > 0 ? [line(category, item, 1, left, listed(input, category))] : []
}

function venueLines(input: TurnInput, allocated: number, total: number): Line[] {
  const { VenueShortlist, VenueScorecard } = input.board.artifacts
  const hired = VenueShortlist.filter(
    ({ id, venue_role, status }) =>
      id === VenueScorecard?.selected_venue_id ||
      (status !== 'cancelled' && (venue_role === 'breakout' || venue_role === 'expo')),
  )
  const lines = hired.map(({ venue_name, cost_estimate }) =>
    line('Venue', `Hire of ${venue_name}`, 1, cost_estimate, listed(input, 'Venue')),
  )
  // The reserve stays whole: what insures the halls is paid from what they leave.
  const left = money(allocated - sumMoney(lines.map((one) => one.total)))
  const insurance = money(total * INSURANCE_SHARE)
  if (input.level === 'Advanced' && insurance > 0 && insurance <= left)
    lines.push(line('Venue', 'Cancellation insurance', 1, insurance, false))
  return input.level === 'Beginner'
    ? lines
    : [...lines, ...rest(input, 'Venue', 'Room set-up, cleaning and security', allocated, lines)]
}

function foodLines(input: TurnInput, category: string, allocated: number): Line[] {
  const people = input.board.brief.audience_size * eventDays(input.board.brief).length
  const unit = input.catering
    ? Math.min(input.catering.cost_per_person, floorCents(allocated / people))
    : floorCents(allocated / people)
  const lines =
    unit > 0 ? [line(category, 'Food and drink per person and day', people, unit, listed(input, category))] : []
  return input.level === 'Beginner' && lines.length > 0
    ? lines
    : [...lines, ...rest(input, category, 'Service and set-up', allocated, lines)]
}

/** How the money of a category is usually spent. */
const PARTS: Readonly<Record<string, readonly (readonly [item: string, share: number])[]>> = {
  AV: [
    ['Sound, microphones and light', 0.4],
    ['Projection and screens', 0.25],
    ['Technicians on site', 0.25],
    ['Spare set and network', 0.1],
  ],
  Marketing: [
    ['Event site and registration', 0.4],
    ['Design, badges and signs', 0.35],
    ['Photos and follow-up', 0.25],
  ],
  Staff: [
    ['Registration and room hosts', 0.55],
    ['Stage management', 0.3],
    ['Briefing, travel and crew meals', 0.15],
  ],
}

function parted(input: TurnInput, category: string, allocated: number): Line[] {
  const parts = PARTS[category]
  if (!parts) return [line(category, `${category} services`, 1, allocated, listed(input, category))]
  const amounts = splitMoney(
    allocated,
    parts.map(([, share]) => share),
  )
  return parts.flatMap(([item], index) =>
    amounts[index]! > 0 ? [line(category, item, 1, amounts[index]!, listed(input, category))] : [],
  )
}

function linesOf(
  input: TurnInput,
  allocations: readonly { category: string; allocated: number }[],
  total: number,
): Line[] {
  const lines: Line[] = []
  const { audience_size } = input.board.brief
  for (const { category, allocated } of allocations) {
    if (category === 'Venue') lines.push(...venueLines(input, allocated, total))
    else if (category === 'Catering' || category === 'Food') lines.push(...foodLines(input, category, allocated))
    else if (category === 'Materials') {
      const unit = floorCents((allocated * 0.4) / audience_size)
      lines.push(
        unit > 0
          ? line(category, 'Badges and prints per person', audience_size, unit, false)
          : line(category, 'Badges and prints', 1, money(allocated * 0.4), false),
      )
    } else if (category === 'Contingency') {
      lines.push(line(category, 'Contingency reserve', 1, allocated, false, true))
    } else lines.push(...parted(input, category, allocated))
  }
  if (input.level === 'Beginner') {
    const left = money(total - sumMoney(lines.map((one) => one.total)))
    if (left > 0) lines.push(line('Materials', 'Reserve', 1, left, false, true))
  }
  return lines
}

const hedgesOf = (input: TurnInput, total: number) =>
  input.board.artifacts.RiskRegister.filter(({ rating, status }) => rating >= 8 && status !== 'closed').map(
    ({ id, description }) => {
      const text = description.toLowerCase()
      if (text.includes('venue'))
        return {
          risk_id: id,
          instrument: 'Cancellation insurance',
          cost: money(total * INSURANCE_SHARE),
          covers: 'Extra cost of moving to the backup venue',
        }
      if (text.includes('vendor'))
        return {
          risk_id: id,
          instrument: 'Cancellation clause',
          cost: 0,
          covers: 'Penalty paid by a vendor that cancels',
        }
      if (text.includes('attendance'))
        return {
          risk_id: id,
          instrument: 'Staged deposit',
          cost: 0,
          covers: 'Catering and rooms shrink without penalty until 30 days before',
        }
      if (text.includes('stream'))
        return {
          risk_id: id,
          instrument: 'Cancellation clause',
          cost: 0,
          covers: 'Credit of the streaming fee for every hour without picture',
        }
      return {
        risk_id: id,
        instrument: 'Price lock',
        cost: 0,
        covers: 'Prices stay fixed until the event: no rush surcharges when time runs short',
      }
    },
  )

function scenariosOf(lines: readonly Line[], budget: number) {
  const cost = (factor: (one: Line) => number) => money(lines.reduce((sum, one) => sum + one.total * factor(one), 0))
  const row = (name: string, total: number) => ({
    name,
    total_cost: total,
    variance_percent: money((Math.abs(total - budget) / budget) * 100),
  })
  return [
    row(
      'base',
      cost(() => 1),
    ),
    row(
      'audience -10 %',
      cost(({ category }) => (category === 'Catering' ? 0.9 : 1)),
    ),
    row(
      'vendor loss',
      cost(({ category }) => (category === 'AV' ? 1.25 : 1)),
    ),
  ]
}

function mitigations(over: number, venueCost: number) {
  return [
    {
      kind: 'negotiation',
      description: 'Negotiate the venue hire down',
      saving: money(Math.min(over, venueCost * 0.12)),
      trade_off: 'Takes a week and may lose the hold',
      rank: 1,
    },
    {
      kind: 'reallocation',
      description: 'Move money from categories with room',
      saving: money(over),
      trade_off: 'Less for marketing and reserve',
      rank: 2,
    },
    {
      kind: 'scope_reduction',
      description: 'Invite fewer guests or drop optional items',
      saving: money(over),
      trade_off: 'A smaller event',
      rank: 3,
    },
  ]
}

function baseline(input: TurnInput): TurnOutput {
  const options = STRATEGIES.map(
    ({ name, venue, catering, other }) =>
      `${name} — venue ${venue * 100} %, catering ${catering * 100} %, other ${Math.round(other * 100)} %`,
  )
  const answer = answerTo(input, STRATEGY)
  if (input.mode === 'interactive' && input.may_ask && answer === undefined)
    return question(
      'The total is known; its split is open.',
      `${STRATEGY} do you prefer? ${options.map((one, i) => `(${i + 1}) ${one}`).join('; ')}`,
      options,
    )
  const { total, currency, allocations, assumption } = allocationsFor(
    input,
    answer === undefined ? null : STRATEGIES[chosenIndex(answer, options)]!,
  )
  return turn(
    `Set the budget to ${amount(total)} ${currency}: ${allocations.map(({ category, allocated }) => `${category} ${amount(allocated)}`).join(', ')}.`,
    [
      {
        type: 'BudgetBaseline',
        body: {
          total_budget: total,
          currency,
          category_allocations: allocations,
          assumptions: assumption ?? 'Total taken from the brief',
        },
      },
    ],
    { next_agent: 'catering' },
  )
}

function costs(input: TurnInput): TurnOutput {
  const base = input.board.artifacts.BudgetBaseline!
  const total = base.total_budget
  const lines = linesOf(input, base.category_allocations, total)
  const cost = sumMoney(lines.map((one) => one.total))
  const over = money(cost - total)
  const venueCost = sumMoney(lines.filter(({ category }) => category === 'Venue').map((one) => one.total))
  const options = over > 0.01 ? mitigations(over, venueCost) : []
  const actions =
    input.level === 'Beginner' ? [] : ['Venue, catering, AV and marketing negotiated 12 % below list price']
  const drafts: Draft[] = [
    {
      type: 'CostModel',
      body: {
        line_items: lines,
        savings_actions: actions,
        ...(input.level === 'Advanced' ? { hedges: hedgesOf(input, total), scenarios: scenariosOf(lines, total) } : {}),
        mitigation_options: options,
      },
    },
    {
      type: 'BudgetDecision',
      body: {
        approved_total: cost,
        rationale: `Cost ${cost} of ${total} ${base.currency}, variance ${money((Math.abs(over) / total) * 100)} %`,
      },
    },
  ]
  const { VenueShortlist, VenueScorecard } = input.board.artifacts
  const hired = VenueShortlist.find(({ id }) => id === VenueScorecard?.selected_venue_id)
  const cheaper = VenueShortlist.some(
    ({ id, status, cost_estimate, venue_role }) =>
      id !== hired?.id &&
      status !== 'cancelled' &&
      venue_role !== 'breakout' &&
      venue_role !== 'expo' &&
      cost_estimate < (hired?.cost_estimate ?? 0),
  )
  const breaksBudget = over > 0.01 && cheaper
  const decisions: DecisionDraft[] = options.length
    ? [
        {
          decision_type: 'mitigation',
          description: `The plan is ${over} over budget`,
          rationale: `Cost ${cost} against a budget of ${total}; ${options[0]!.description.toLowerCase()} saves ${options[0]!.saving}.`,
          alternatives_considered: options.map(({ description, saving, trade_off, rank }) => ({
            option: description,
            score: null,
            rank,
            pros: [`Saves ${saving}`],
            cons: [trade_off],
          })),
        },
      ]
    : []
  return turn(
    `The cost model comes to ${amount(cost)} of ${amount(total)} ${base.currency}${over > 0.01 ? `, ${amount(over)} over: three ways out are ranked` : ''}.`,
    drafts,
    {
      next_agent: breaksBudget ? 'venue' : over > 0.01 ? null : 'logistics',
      decisions,
    },
  )
}

/** The Budget Analyst without a model: the baseline first, the costs once the catering proposal is there. */
export const budgetCraft = (input: TurnInput): TurnOutput =>
  input.task === 'baseline' ? baseline(input) : costs(input)

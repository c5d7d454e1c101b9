import { money } from '../formulas/round.ts'
import { amount } from '../operations/words.ts'
import type { VendorContract } from '../schema.ts'
import { eventDays, leadDays } from './calendar-days.ts'
import { type Draft, type TurnInput, type TurnOutput, turn } from './turn.ts'

/** Signing comes at a quarter of the lead: the notice leaves at least as long to think again. */
const noticeOf = ({ board }: TurnInput): number => (leadDays(board.brief) * 0.25 >= 45 ? 30 : 14)

const contract = (
  vendor_name: string,
  service_type: string,
  total: number,
  input: TurnInput,
  allocated = Number.POSITIVE_INFINITY,
): Draft => {
  const { brief } = input.board
  return {
    type: 'VendorContracts',
    ref: `contract ${service_type}`,
    body: {
      vendor_name,
      service_type,
      terms: {
        start_date: brief.date_range_start.slice(0, 10),
        end_date: brief.date_range_end.slice(0, 10),
        total_cost: total,
        payment_terms: '30 % on signing, rest 14 days after the event',
      },
      sla: [
        { metric: 'Response time', target: '< 60 minutes', penalty: '5 % discount' },
        { metric: 'Ready before the event', target: '>= 60 minutes', penalty: '5 % discount' },
      ],
      cancellation_policy: {
        notice_days: noticeOf(input),
        penalty: '50 % of the total',
        text: `Free until ${noticeOf(input)} days before the event`,
      },
      exception_rationale:
        total > allocated ? `No cheaper offer fits: ${total} against the ${allocated} allocated` : null,
    },
  }
}

/** Contracts of a run from Intermediate on, each within its allocation. */
export function contracts(input: TurnInput): TurnOutput {
  const { artifacts } = input.board
  const allocated = (category: string) =>
    artifacts.BudgetBaseline?.category_allocations.find((one) => one.category === category)?.allocated ?? 0
  const advanced = input.level === 'Advanced'
  const hired = artifacts.VenueShortlist.find(({ id }) => id === artifacts.VenueScorecard?.selected_venue_id)
  const others = advanced
    ? artifacts.VenueShortlist.filter(
        ({ venue_role, status }) => (venue_role === 'breakout' || venue_role === 'expo') && status !== 'cancelled',
      )
    : []
  const part = (category: string, share: number) => Math.floor(allocated(category) * share * 100) / 100
  const drafts = [
    ...(hired ? [contract(hired.venue_name, 'venue', hired.cost_estimate, input, allocated('Venue'))] : []),
    ...others.map(({ venue_name, cost_estimate }) =>
      contract(venue_name, 'venue', cost_estimate, input, allocated('Venue')),
    ),
    contract('Bright Stage AV', 'av', part('AV', advanced ? 0.7 : 1), input),
    contract('Open Word Marketing', 'marketing', part('Marketing', 1), input),
    ...(advanced
      ? [
          contract('Clear Stream', 'streaming', part('AV', 0.3), input),
          contract('Helping Hands Staff', 'staffing', part('Staff', 1), input),
        ]
      : []),
  ]
  const total = money(drafts.reduce((sum, { body }) => sum + (body['terms'] as { total_cost: number }).total_cost, 0))
  return turn(
    `Drafted ${drafts.length} contracts for ${amount(total)}, each within its allocation, with measurable service levels and ${noticeOf(input)} days of notice.`,
    drafts,
  )
}

/** The caterer's contract, from the proposal. */
export function cateringContract(input: TurnInput): TurnOutput {
  const { brief } = input.board
  const total = money((input.catering?.cost_per_person ?? 0) * brief.audience_size * eventDays(brief).length)
  return turn(`Drafted the catering contract for ${amount(total)}.`, [
    contract('Green Table Catering', 'catering', total, input),
  ])
}

const STEP_DOWN = 0.95

/** A contract that a person rejected, proposed again: 5 % lower, paid in stages, easier to leave. */
export function reviseContract(input: TurnInput): TurnOutput {
  const mine = (one: VendorContract) =>
    one.status === 'rejected' && (one.service_type === 'catering') === (input.agent === 'catering-coordinator')
  const rejected = input.board.artifacts.VendorContracts.find(mine)
  if (!rejected?.terms) return turn('There is no rejected contract to revise.', [])
  const before = rejected.terms.total_cost
  const total = money(before * STEP_DOWN)
  const days = noticeOf(input) / 2
  const said = input.notes.findLast((note) => note.startsWith(`Rejected: ${rejected.id}`))?.split(' — ')[1]
  return turn(
    `Revised the contract with ${rejected.vendor_name}: ${amount(total)} instead of ${amount(before)}, 20 % on signing, free cancellation until ${days} days before${said ? `. You said: "${said.slice(0, 200)}"` : ''}.`,
    [
      {
        type: 'VendorContracts',
        replaces: rejected.id,
        body: {
          terms: {
            ...rejected.terms,
            total_cost: total,
            payment_terms: '20 % on signing, 30 % a week before, rest 14 days after the event',
          },
          cancellation_policy: {
            notice_days: days,
            penalty: '30 % of the total',
            text: `Free until ${days} days before the event`,
          },
        },
      },
    ],
    {
      decisions: [
        {
          decision_type: 'mitigation',
          description: `Contract with ${rejected.vendor_name} proposed again`,
          rationale: `Rejected at ${before}; ${total} with staged payment and ${days} days of notice keeps the service and lowers the risk.`,
          alternatives_considered: [
            {
              option: `Same vendor at ${total}`,
              rank: 1,
              pros: ['Service and date stay'],
              cons: ['One more approval'],
            },
            { option: 'Another vendor', rank: 2, pros: ['Fresh offer'], cons: ['Two weeks of search'] },
            { option: 'Without this service', rank: 3, pros: [`Frees ${before}`], cons: ['Guests notice it'] },
          ],
        },
      ],
    },
  )
}

/** The contract of the venue after another one was selected: the old one ends, the new one is drafted. */
export function venueContract(input: TurnInput): TurnOutput {
  const { VendorContracts, VenueShortlist, VenueScorecard, BudgetBaseline } = input.board.artifacts
  const hired = VenueShortlist.find(({ id }) => id === VenueScorecard?.selected_venue_id)
  const sets = new Set(
    VenueShortlist.filter(({ venue_role }) => venue_role === 'breakout' || venue_role === 'expo').map(
      ({ venue_name }) => venue_name,
    ),
  )
  const old = VendorContracts.filter(
    ({ service_type, status, vendor_name }) =>
      service_type === 'venue' && status !== 'cancelled' && vendor_name !== hired?.venue_name && !sets.has(vendor_name),
  )
  const there = VendorContracts.some(
    ({ vendor_name, status }) => vendor_name === hired?.venue_name && status !== 'cancelled',
  )
  const allocated = BudgetBaseline?.category_allocations.find(({ category }) => category === 'Venue')?.allocated
  return turn(`The contract moves to ${hired?.venue_name ?? 'the new venue'}; ${old.length} earlier one ends.`, [
    ...old.map(({ id }): Draft => ({ type: 'VendorContracts', replaces: id, body: { status: 'cancelled' } })),
    ...(hired && !there ? [contract(hired.venue_name, 'venue', hired.cost_estimate, input, allocated)] : []),
  ])
}

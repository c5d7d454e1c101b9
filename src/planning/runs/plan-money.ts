import { daysBefore, eventDays, leadDays } from '../agents/calendar-days.ts'
import type { Board } from '../artifacts/board.ts'
import { EMERGENCIES, payments } from '../operations/checklists.ts'
import { dailyQuantities, dietCounts } from '../operations/quantities.ts'
import { staffing } from '../operations/staffing.ts'
import { amount, list, longDate, shown, table } from '../operations/words.ts'

/** Stands where an agent could not deliver. */
export const gap = (what: string): string =>
  `_${what} is missing: the agent for it could not finish. Retry the session to fill the gap._`

/** What the second-best venue would mean, in money and score. */
function runnerUp({ VenueScorecard: card, VenueShortlist }: Board['artifacts'], currency: string): string {
  const of = (id: string | undefined) => VenueShortlist.find((one) => one.id === id)
  const chosen = card?.candidate_scores.find(({ venue_id }) => venue_id === card.selected_venue_id)
  const next = card?.candidate_scores
    .filter(
      ({ venue_id }) =>
        venue_id !== card.selected_venue_id &&
        of(venue_id)?.venue_role !== 'breakout' &&
        of(venue_id)?.venue_role !== 'expo',
    )
    .toSorted((x, y) => (x.rank ?? 99) - (y.rank ?? 99))[0]
  const [venue, other] = [of(chosen?.venue_id), of(next?.venue_id)]
  if (!venue || !other || !chosen || !next) return ''
  const more = other.cost_estimate - venue.cost_estimate
  const money =
    more === 0
      ? 'costs the same'
      : `costs ${amount(Math.abs(more))} ${currency} ${more > 0 ? 'more, which catering and AV would pay' : 'less, which catering and AV could use'}`
  return ` Trade-off: ${other.venue_name} ${money}; its total is ${(next.total ?? 0).toFixed(3)} against ${(chosen.total ?? 0).toFixed(3)}.`
}

export function venueSection({ brief, artifacts: a }: Board): string {
  const card = a.VenueScorecard
  const venue = a.VenueShortlist.find(({ id }) => id === card?.selected_venue_id)
  if (!venue || !card) return gap('The venue')
  const of = (id: string) => a.VenueShortlist.find((one) => one.id === id)
  const currency = a.BudgetBaseline?.currency ?? ''
  const criteria = card.criteria_weights.map(({ criterion }) => criterion)
  const ranking = card.candidate_scores
    .toSorted((x, y) => (x.rank ?? 99) - (y.rank ?? 99))
    .map(({ venue_id, scores, total, rank }) => [
      rank ?? '',
      `${of(venue_id)?.venue_name ?? venue_id}${venue_id === venue.id ? ' (selected)' : ''}`,
      of(venue_id)?.venue_role ?? '',
      of(venue_id)?.capacity ?? '',
      amount(of(venue_id)?.cost_estimate ?? 0),
      ...criteria.map((name) => scores[name]?.toFixed(2) ?? ''),
      total?.toFixed(3) ?? '',
    ])
  const holds = a.VenueAvailability.map(({ shortlist_id, hold_status, hold_expires_at }) => [
    of(shortlist_id)?.venue_name ?? shortlist_id,
    hold_status,
    hold_expires_at?.slice(0, 10) ?? '',
  ])
  const notes = a.VenueNegotiationNotes.map(
    ({ shortlist_id, terms, concessions, playbook }) =>
      `**${of(shortlist_id)?.venue_name ?? shortlist_id}**: ${terms} Concessions: ${concessions.map(({ item, value }) => `${item}${value ? ` (${amount(value)})` : ''}`).join(', ')}.${
        playbook
          ? ` Playbook: open with "${playbook.opening_position ?? ''}", aim at ${amount(playbook.target_price ?? 0)}, leave above ${amount(playbook.walk_away_price ?? 0)}; levers: ${(playbook.levers ?? []).join(', ')}.`
          : ''
      }`,
  )
  const sets = a.VenueShortlist.filter(
    ({ venue_role, status }) => ['breakout', 'expo'].includes(venue_role) && status !== 'cancelled',
  )
  const use = Math.round((brief.audience_size / venue.capacity) * 100)
  const layouts = a.LogisticsPlan?.layouts ?? []
  return [
    `**${venue.venue_name}**, ${venue.location}: up to ${venue.capacity} people (${use} % used), ${amount(venue.cost_estimate)} ${a.BudgetBaseline?.currency ?? ''} for all event days. It has ${venue.amenities.join(', ')}.`,
    card.selection_rationale ?? '',
    ...(sets.length > 0
      ? [
          `Further halls: ${sets.map(({ venue_name, venue_role, capacity, cost_estimate }) => `${venue_name} (${venue_role}, ${capacity} people, ${amount(cost_estimate)})`).join('; ')}. Guests move between them: see transfers under Logistics.`,
        ]
      : []),
    `### How the venues compare\n\n${table(['Rank', 'Venue', 'Role', 'People', 'Price', ...criteria, 'Total'], ranking)}\n\nWeights: ${card.criteria_weights.map(({ criterion, weight }) => `${criterion} ${weight}`).join(', ')}.${runnerUp(a, currency)}`,
    ...(layouts.length > 0
      ? [
          `### Rooms\n\n${table(
            ['Area', 'Set up as', 'People'],
            layouts.map(({ area, layout, capacity }) => [area, layout, capacity]),
          )}`,
        ]
      : []),
    ...(holds.length > 0 ? [`### Holds\n\n${table(['Venue', 'Hold', 'Until'], holds)}`] : []),
    ...(notes.length > 0 ? [`### Negotiation\n\n${list(notes)}`] : []),
    `### Walk through on site\n\n${list([
      'Entrances, step-free way, lift size, toilets, seats for those who cannot stand',
      'Capacity in the layout we use, sight lines from the last row, blackout, heating and cooling',
      'Power, network, loading bay, where the caterer works, storage, rubbish',
      'Emergency exits, assembly point, first-aid room, phone reception',
      'House rules: hours, noise, own caterer, decoration, cleaning, what overtime costs',
    ])}`,
  ]
    .filter(Boolean)
    .join('\n\n')
}

export function budgetSection(board: Board): string {
  const { artifacts: a, brief } = board
  if (!a.CostModel || !a.BudgetBaseline) return gap('The budget')
  const { CostModel: model, BudgetBaseline: base } = a
  const currency = base.currency
  const dues = payments(board, leadDays(brief))
  const signed = model.variance_amount
  return [
    `Budget ${amount(base.total_budget)} ${currency}, planned cost ${amount(model.total_cost)}, ${signed === 0 ? 'exactly on budget' : `${amount(Math.abs(signed))} ${signed > 0 ? 'over' : 'under'}`} (variance ${model.variance_percent} %).${model.savings.percent === null ? '' : ` Negotiation saves ${amount(model.savings.percent)} % of list prices.`} The venue's price sets what is left for catering and everything else.`,
    `### By category\n\n${table(
      ['Category', 'Allocated', 'Planned', 'Difference', 'Share of cost'],
      model.category_variances.map(({ category, allocated, cost, variance_amount }) => [
        category,
        amount(allocated),
        amount(cost),
        amount(variance_amount),
        `${model.total_cost === 0 ? 0 : Math.round((cost / model.total_cost) * 100)} %`,
      ]),
    )}`,
    `### Lines\n\n${table(
      ['Category', 'Item', 'Quantity', 'Unit', 'Total'],
      model.line_items.map(({ category, item, quantity, unit_cost, total }) => [
        category,
        item,
        amount(quantity),
        amount(unit_cost),
        amount(total),
      ]),
    )}`,
    ...(dues.length > 0
      ? [
          `### When money leaves\n\n${table(
            ['Due', 'To', `Amount (${currency})`, 'Why'],
            dues.map(({ due, to, amount: sum, why }) => [due, to, amount(sum), why]),
          )}`,
        ]
      : []),
    `### Reserve\n\nReserve ${amount(model.reserve.amount)} against an expected exposure of ${amount(model.reserve.exposure)}. It is spent only by the owner's word; what is left on the day pays for nothing else.`,
    ...(model.hedges.length > 0
      ? [
          `### Hedges\n\n${table(
            ['Risk', 'Instrument', 'Cost', 'Covers'],
            model.hedges.map(({ risk_id, instrument, cost, covers }) => [
              a.RiskRegister.find(({ id }) => id === risk_id)?.description ?? risk_id,
              instrument,
              amount(cost),
              covers,
            ]),
          )}`,
        ]
      : []),
    ...(model.scenarios.length > 0
      ? [
          `### What if\n\n${table(
            ['Scenario', 'Cost', 'Variance %'],
            model.scenarios.map(({ name, total_cost, variance_percent }) => [
              name,
              amount(total_cost),
              variance_percent,
            ]),
          )}`,
        ]
      : []),
    ...(model.mitigation_options.length > 0
      ? [
          `### Ways out of the overrun\n\n${table(
            ['Rank', 'Way', 'Saves', 'Price of it'],
            model.mitigation_options.map(({ rank, description, saving, trade_off }) => [
              rank,
              description,
              amount(saving),
              trade_off,
            ]),
          )}`,
        ]
      : []),
    `Approval: ${a.BudgetDecision ? a.BudgetDecision.status.replaceAll('_', ' ') : 'not asked yet'}.`,
  ].join('\n\n')
}

const USUAL = { full: 25, short: 12 } as const
/** Says so when the money per head is below what the trade takes. */
function tight({ artifacts: a, brief }: Board): string {
  const catering = a.LogisticsPlan!.catering!
  const { start, end } = eventDays(brief)[0]!
  const usual = end - start >= 6 * 3_600_000 ? USUAL.full : USUAL.short
  return catering.service_type === 'full_service' && catering.cost_per_person < usual
    ? `Note: ${amount(catering.cost_per_person)} is below the usual ${usual} and more for such a day. Ask the caterer for one warm dish and self-service coffee, or move money here before the contract is signed.`
    : ''
}

export function cateringSection(board: Board): string {
  const { artifacts: a, brief } = board
  const catering = a.LogisticsPlan?.catering
  if (!catering) return gap('The catering')
  const days = eventDays(brief)
  const service = staffing(board).find(({ role }) => role === 'Service staff')
  const menus = (catering.daily_menus ?? []) as { day: number; lunch?: string[]; drinks?: string }[]
  const allergens = (catering.allergen_matrix ?? []) as { dish: string; contains: string[] }[]
  const options = (catering.options ?? []) as {
    name: string
    note?: string
    cost_per_person: number
    total_cost: number
  }[]
  return [
    `${catering.menu_style[0]!.toUpperCase()}${catering.menu_style.slice(1)} service, ${amount(catering.cost_per_person)} ${a.BudgetBaseline?.currency ?? ''} per person${days.length > 1 ? ' and day' : ''}${catering.total_cost === undefined ? '' : `, ${amount(catering.total_cost)} in all`}. ${catering.service_type === 'full_service' ? `Full service${service ? ` with ${service.count} service staff` : ''}.` : 'Delivered and set up; the team keeps it filled.'}`,
    ...(tight(board) ? [tight(board)] : []),
    `### Menu\n\n${list(catering.sample_menu_items)}`,
    `### Diets\n\n${table(
      ['Diet', 'Plan for', 'Rule'],
      dietCounts(brief.audience_size, catering.dietary_accommodations).map(({ diet, guests }) => [
        diet,
        guests,
        'own tray, labelled, served first',
      ]),
    )}\n\nRegistration replaces these shares by what guests say. Allergies are answered by name, not by label.`,
    `### Order for ${days.length > 1 ? 'each day' : 'the day'}\n\n${table(
      ['What', 'How much', 'Reckoned as'],
      dailyQuantities(board, catering).map(({ item, quantity, basis }) => [item, quantity, basis]),
    )}`,
    `### Dates with the caterer\n\n${list([
      `${daysBefore(brief, 21)}: menu and tasting settled`,
      `${daysBefore(brief, 10)}: first number of guests, diets by kind`,
      `${daysBefore(brief, 3)}: guaranteed number; later only upwards, 5 % at most`,
      'On the day: counts at doors decide what is served first and what is held back; leftovers go to a food bank',
    ])}`,
    ...(options.length > 0
      ? [
          `### Packages\n\n${table(
            ['Package', 'A person', 'In all', 'What it is'],
            options.map(({ name, cost_per_person, total_cost, note }) => [
              name,
              amount(cost_per_person),
              amount(total_cost),
              note ?? '',
            ]),
          )}`,
        ]
      : []),
    ...(menus.length > 0
      ? [
          `### Day by day\n\n${list(menus.map(({ day, lunch, drinks }) => `Day ${day}: ${[...(lunch ?? []), drinks].filter(Boolean).join(', ')}`))}`,
        ]
      : []),
    ...(allergens.length > 0
      ? [
          `### Allergens\n\n${table(
            ['Dish', 'Contains'],
            allergens.map(({ dish, contains }) => [dish, contains.join(', ') || 'none of the fourteen']),
          )}`,
        ]
      : []),
  ].join('\n\n')
}

export function riskSection({ artifacts: a, brief }: Board): string {
  const paths = a.CommunicationsPlan?.escalation_paths ?? []
  return [
    table(
      ['Rating', 'Risk', 'Chance × effect', 'Owner', 'What we do before'],
      a.RiskRegister.toSorted((x, y) => y.rating - x.rating || (x.id < y.id ? -1 : 1)).map(
        ({ rating, description, probability, impact, owner, mitigation_strategies }) => [
          rating,
          description,
          `${probability} × ${impact}`,
          shown(owner),
          mitigation_strategies.join('; '),
        ],
      ),
    ) || 'No risks are registered.',
    `### If it happens\n\n${
      table(
        ['Scenario', 'Trigger', 'Response', 'Within', 'Who'],
        (a.ContingencyPlan?.scenarios ?? []).map(
          ({ scenario, trigger, response, target_resolution_minutes, owner, fallback_venue_id }) => [
            scenario,
            trigger,
            `${response}${fallback_venue_id ? ` (fallback: ${a.VenueShortlist.find(({ id }) => id === fallback_venue_id)?.venue_name ?? fallback_venue_id})` : ''}`,
            `${target_resolution_minutes} min`,
            shown(owner),
          ],
        ),
      ) || 'No scenario is written yet.'
    }`,
    `### Emergency card\n\n${table(['What', 'First'], EMERGENCIES)}`,
    ...(paths.length > 0
      ? [
          `### Who decides when nobody answers\n\n${table(
            ['Decision', 'First', 'Then'],
            paths.map(({ approval_type, primary, backups }) => [
              approval_type.replaceAll('_', ' '),
              primary,
              backups.join(', '),
            ]),
          )}`,
        ]
      : []),
    `Go or no-go is decided on ${longDate(daysBefore(brief, 2))}: venue, team, numbers, weather and money each with yes or no; one no from safety stops it.`,
  ].join('\n\n')
}

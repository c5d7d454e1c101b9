import type { Board } from '../artifacts/board.ts'
import { costPerAttendee } from '../formulas/others.ts'

export type FinalPlan = { plan: string; sections: Record<string, string> }

const list = (rows: readonly string[], empty = 'Nothing yet.') =>
  rows.length > 0 ? rows.map((row) => `- ${row}`).join('\n') : empty
const day = (iso: string) => iso.slice(0, 16).replace('T', ' ')
const gap = (what: string) =>
  `_${what} is missing: the agent for it could not finish. Retry the session to fill the gap._`

/** The plan people read (contract 4.10): Markdown from the artifacts alone, the same for the same board. */
export function finalPlan(board: Board): FinalPlan {
  const { brief, artifacts: a } = board
  const venue = a.VenueShortlist.find(({ id }) => id === a.VenueScorecard?.selected_venue_id)
  const currency = a.BudgetBaseline?.currency ?? ''
  const catering = a.LogisticsPlan?.catering
  const total = a.BudgetDecision?.approved_total ?? a.CostModel?.total_cost
  const others = (a.VenueScorecard?.candidate_scores ?? [])
    .filter(({ venue_id }) => venue_id !== venue?.id)
    .map(
      ({ venue_id, total: score, rank }) =>
        `${a.VenueShortlist.find(({ id }) => id === venue_id)?.venue_name}: total ${score}, rank ${rank}`,
    )
  const pending = board.approvals.filter(({ status }) => status === 'pending')
  const sections: Record<string, string> = {
    'Executive summary': `**${brief.title}**: ${brief.event_type} for ${brief.audience_size} people, ${day(brief.date_range_start)} to ${day(brief.date_range_end)} UTC.${venue ? ` At ${venue.venue_name}, ${venue.location}.` : ''}${total === undefined ? '' : ` Cost ${total} ${currency}, ${costPerAttendee(total, brief.audience_size)} per guest.`}${brief.assumptions.length ? `\n\nAssumed:\n${list(brief.assumptions)}` : ''}`,
    Venue: venue
      ? `**${venue.venue_name}**, ${venue.location}: ${venue.capacity} people, ${venue.cost_estimate} ${currency}. ${a.VenueScorecard!.selection_rationale ?? ''}\n\nAlternatives and what they trade:\n${list(others)}`
      : gap('The venue'),
    Budget: a.CostModel
      ? `Budget ${a.BudgetBaseline!.total_budget} ${currency}, cost ${a.CostModel.total_cost}, variance ${a.CostModel.variance_percent} %.${a.CostModel.savings.percent === null ? '' : ` Savings ${a.CostModel.savings.percent} % of list prices.`} The venue's price sets what is left for everything else.\n\n| Category | Allocated | Cost |\n|---|---|---|\n${a.CostModel.category_variances.map(({ category, allocated, cost }) => `| ${category} | ${allocated} | ${cost} |`).join('\n')}`
      : gap('The budget'),
    Catering: catering
      ? `${catering.menu_style}, ${catering.cost_per_person} ${currency} per person and day. Diets: ${catering.dietary_accommodations.join(', ')}.\n\n${list(catering.sample_menu_items)}`
      : gap('The catering'),
    Logistics: a.LogisticsPlan
      ? `Timeline:\n${list((a.Timeline?.milestones ?? []).map(({ name, date }) => `${date} ${name}`))}\n\nProgramme:\n${list((a.Schedule?.sessions ?? []).slice(0, 40).map(({ title, start, location }) => `${day(start)} ${title}, ${location}`))}\n\nWeather: ${String(a.LogisticsPlan.weather?.['forecast'] ?? 'not looked up')}\n\nCalendar: ${a.LogisticsPlan.calendar_name ?? 'none'}`
      : gap('The logistics'),
    'Risks and contingencies': `${list(a.RiskRegister.map(({ description, rating, mitigation_strategies }) => `${description} (${rating}): ${mitigation_strategies.join('; ')}`))}\n\n${list((a.ContingencyPlan?.scenarios ?? []).map(({ scenario, trigger, response }) => `**${scenario}** — ${trigger}: ${response}`))}`,
    'Next steps': list([
      ...pending.map(
        ({ approval_type, approval_id }) => `Decide ${approval_type.replaceAll('_', ' ')} (${approval_id})`,
      ),
      ...a.TaskRegister.filter(({ status }) => status !== 'Completed' && status !== 'Cancelled')
        .slice(0, 10)
        .map(({ title, end_date }) => `${title}, until ${end_date.slice(0, 10)}`),
    ]),
    'Invitation text for attendees': `You are invited to **${brief.title}** on ${brief.date_range_start.slice(0, 10)}${venue ? ` at ${venue.venue_name}, ${venue.location}` : ''}. ${brief.objectives}\n\nDoors open at ${brief.date_range_start.slice(11, 16)} UTC.${catering ? ` Food and drink are provided (${catering.dietary_accommodations.join(', ')}).` : ''} Please register and tell us what you need to take part.`,
  }
  const plan = [`# ${brief.title}`, ...Object.entries(sections).flatMap(([name, text]) => [`## ${name}`, text])].join(
    '\n\n',
  )
  return { plan: `${plan}\n`, sections }
}

import { eventDays, leadDays } from '../agents/calendar-days.ts'
import type { Board } from '../artifacts/board.ts'
import { costPerAttendee } from '../formulas/others.ts'
import { measures } from '../operations/checklists.ts'
import { expectedGuests } from '../operations/quantities.ts'
import { amount, clock, list, longDate, shown, table } from '../operations/words.ts'
import { SAMPLE_SITE } from '../venues/catalogue.ts'
import { budgetSection, cateringSection, riskSection, venueSection } from './plan-money.ts'
import { logisticsSection } from './plan-operations.ts'
import type { Session } from './session-store.ts'

export type FinalPlan = { plan: string; sections: Record<string, string> }

const when = ({ brief }: Board): string => {
  const days = eventDays(brief)
  const [first, last] = [days[0]!, days.at(-1)!]
  const hours = `${clock(new Date(first.start).toISOString())} to ${clock(new Date(first.end).toISOString())} UTC`
  return days.length === 1
    ? `${longDate(brief.date_range_start)}, ${hours}`
    : `${longDate(brief.date_range_start)} to ${longDate(new Date(last.start).toISOString())}, ${hours} each day`
}

const SAMPLES =
  '**Venues and vendors are samples** of the built-in catalogue, with prices made to the budget: no venue search is set up. Put real offers in their place before anyone signs.'
const isSample = ({ artifacts }: Board): boolean =>
  artifacts.VenueLeads.some(({ contact_info }) => contact_info?.website?.startsWith(SAMPLE_SITE))

function summary(board: Board, madeBy: string | null): string {
  const { brief, artifacts: a } = board
  const venue = a.VenueShortlist.find(({ id }) => id === a.VenueScorecard?.selected_venue_id)
  const total = a.BudgetDecision?.approved_total ?? a.CostModel?.total_cost
  const currency = a.BudgetBaseline?.currency ?? ''
  const tracks = new Set((a.Schedule?.sessions ?? []).map(({ track }) => track).filter(Boolean)).size
  const facts = [
    ['When', when(board)],
    ['Where', venue ? `${venue.venue_name}, ${venue.location}` : 'open'],
    ['Guests', `${amount(brief.audience_size)} invited, about ${amount(expectedGuests(brief))} expected on site`],
    ...(total === undefined
      ? []
      : [
          [
            'Cost',
            `${amount(total)} of ${amount(a.BudgetBaseline?.total_budget ?? 0)} ${currency}, ${amount(costPerAttendee(total, brief.audience_size))} a guest`,
          ],
        ]),
    ...(a.CostModel
      ? [
          [
            'Reserve',
            `${amount(a.CostModel.reserve.amount)} ${currency} against an exposure of ${amount(a.CostModel.reserve.exposure)}`,
          ],
        ]
      : []),
    ...(a.Schedule
      ? [['Programme', `${a.Schedule.sessions.length} sessions${tracks > 1 ? ` on ${tracks} tracks` : ''}`]]
      : []),
    [
      'Preparation',
      `${leadDays(brief)} days, ${a.Timeline?.milestones.length ?? 0} milestones, ${a.TaskRegister.length} tasks`,
    ],
    [
      'Risks',
      `${a.RiskRegister.length}, of which ${a.RiskRegister.filter(({ rating }) => rating >= 8).length} rated 8 or more, each with a contingency`,
    ],
  ]
  const pending = board.approvals.filter(({ status }) => status === 'pending')
  const asks =
    pending.length > 0
      ? `**Decisions needed:** ${pending.map(({ approval_type, due_at, assigned_to }) => `${approval_type.replaceAll('_', ' ')}${assigned_to ? ` by ${assigned_to}` : ''} until ${due_at.slice(0, 10)}`).join('; ')}.`
      : 'No decision is open.'
  return [
    `**${brief.title}** is a ${brief.event_type} for ${amount(brief.audience_size)} people. ${brief.objectives}`,
    table(['At a glance', ''], facts as [string, string][]),
    asks,
    `### What success means\n\n${table(['Measure', 'Target'], measures(board))}`,
    ...(a.Requirements ? [`### Must be there\n\n${list(a.Requirements.must_haves)}`] : []),
    ...(madeBy ? [`_${madeBy}_`] : []),
    ...(isSample(board) ? [SAMPLES] : []),
    ...(brief.assumptions.length > 0 ? [`### Assumed, to be confirmed\n\n${list(brief.assumptions)}`] : []),
  ].join('\n\n')
}

function nextSteps(board: Board): string {
  const { artifacts: a } = board
  const pending = board.approvals.filter(({ status }) => status === 'pending')
  const open = a.TaskRegister.filter(({ status }) => status !== 'Completed' && status !== 'Cancelled')
  return [
    ...(pending.length > 0
      ? [
          `### Decide first\n\n${list(pending.map(({ approval_type, approval_id, due_at }) => `${approval_type.replaceAll('_', ' ')} (${approval_id}), until ${due_at.slice(0, 10)}`))}`,
        ]
      : []),
    `### Tasks in order of their dates\n\n${
      table(
        ['Until', 'Task', 'Who', 'Hours', 'Slack (days)'],
        open
          .toSorted((x, y) => (x.end_date < y.end_date ? -1 : x.end_date > y.end_date ? 1 : x.id < y.id ? -1 : 1))
          .map(({ end_date, title, owner, estimated_hours, slack }) => [
            end_date.slice(0, 10),
            title,
            shown(owner),
            estimated_hours ?? '',
            slack === null || slack === undefined ? '' : Math.round(slack * 10) / 10,
          ]),
      ) || 'No task is open.'
    }`,
  ].join('\n\n')
}

function invitation(board: Board): string {
  const { brief, artifacts: a } = board
  const venue = a.VenueShortlist.find(({ id }) => id === a.VenueScorecard?.selected_venue_id)
  const diets = a.LogisticsPlan?.catering?.dietary_accommodations ?? []
  const program = (a.Schedule?.sessions ?? []).slice(0, 4).map(({ title, start }) => `${clock(start)} ${title}`)
  return [
    `You are invited to **${brief.title}**.`,
    `${when(board)}${venue ? `\\\n${venue.venue_name}, ${venue.location}` : ''}`,
    brief.objectives.endsWith('.') ? brief.objectives : `${brief.objectives}.`,
    ...(program.length > 0 ? [`How it begins: ${program.join(' · ')}`] : []),
    ...(diets.length > 0 ? [`Food and drink are provided, with ${diets.join(', ')} dishes.`] : []),
    'The venue can be reached without steps. Tell us when you register what you eat, what you need to take part, and whether you may be in photos. If your plans change, please free your place: somebody else will be glad of it.',
    'We look forward to seeing you.',
  ].join('\n\n')
}

const SECTIONS = [
  'Executive summary',
  'Venue',
  'Budget',
  'Catering',
  'Logistics',
  'Risks and contingencies',
  'Next steps',
  'Invitation text for attendees',
] as const

/** Stored sections in the order of the plan: the database keeps no order of keys. */
export const inOrder = (sections: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(SECTIONS.filter((name) => name in sections).map((name) => [name, sections[name]!]))

/** Whose work the plan is, in one sentence: people see what no model thought about. */
export function madeBy({ engine, without_model }: Pick<Session, 'engine' | 'without_model'>): string {
  if (engine === 'rules') return 'Made without a model: the rules of the planning team wrote every part of this plan.'
  if (without_model.length === 0) return 'Written by the team with a model; every figure was checked by the rules.'
  const parts = without_model.map(({ agent, task }) => `${shown(agent)} (${task})`)
  return `Made without the model, by the rules of the planning team: ${parts.join(', ')}. The model wrote the rest.`
}

/** The plan people read (contract 4.10): Markdown from the artifacts alone, the same for the same board. */
export function finalPlan(board: Board, made: string | null = null): FinalPlan {
  const sections: Record<(typeof SECTIONS)[number], string> = {
    'Executive summary': summary(board, made),
    Venue: venueSection(board),
    Budget: budgetSection(board),
    Catering: cateringSection(board),
    Logistics: logisticsSection(board),
    'Risks and contingencies': riskSection(board),
    'Next steps': nextSteps(board),
    'Invitation text for attendees': invitation(board),
  }
  const plan = [
    `# ${board.brief.title}`,
    ...Object.entries(sections).flatMap(([name, text]) => [`## ${name}`, text]),
  ].join('\n\n')
  return { plan: `${plan}\n`, sections }
}

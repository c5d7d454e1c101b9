import { riskRating } from '../formulas/risk.ts'
import { type Contradiction, contradictions } from '../inference/contradictions.ts'
import { accessibilityNeeds, locationPreferences, requiredAmenities } from '../inference/place.ts'
import type { InstructionLevel, Stakeholder } from '../schema.ts'
import { dateAt, daysAfter, daysBefore, firstDay, isoAt, lastDay, leadDays } from './calendar-days.ts'
import { MILESTONES, RISKS } from './planner-tables.ts'
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

const DAY_MS = 86_400_000
const MAIN_SHARE = 0.88
const SIDE_SHARE = 0.7

function requirements({ board: { brief } }: TurnInput): Draft {
  const text = `${brief.constraints}\n${brief.objectives}`
  const objective = brief.objectives
    .split(/[.;\n]/)[0]!
    .trim()
    .slice(0, 200)
  const must_haves = [
    `Room for ${brief.audience_size} people`,
    ...locationPreferences(text).map((place) => `Place: ${place}`),
    ...requiredAmenities(text),
    ...accessibilityNeeds(text),
  ]
  return {
    type: 'Requirements',
    body: {
      functional_requirements: [
        'Registration of guests',
        'A programme that serves the objectives',
        'Food and drink for everybody',
      ],
      nonfunctional_requirements: ['Safe and accessible for all guests', 'Within the approved budget'],
      must_haves,
      nice_to_haves: ['Photos and a summary afterwards'],
      objective_links: must_haves.map((requirement) => ({ requirement, objective })),
    },
  }
}

const CLASH = 'The brief contradicts itself'

/** What the brief says twice and differently: a conflict with its resolution each, so that nobody is surprised later. */
function clashes(found: readonly Contradiction[], answer: string | undefined): DecisionDraft[] {
  return found.flatMap(({ what, options, why }, index) => {
    const chosen = index === 0 && answer !== undefined ? chosenIndex(answer, options) : 0
    const alternatives_considered = options.map((option, n) => ({
      option,
      rank: n === chosen ? 1 : 2,
      pros: [n === 0 ? `Holds because ${why}` : 'Is said in the brief too'],
      cons: [n === 0 ? 'Gives up the other statement' : 'Is less certain'],
    }))
    return [
      {
        decision_type: 'conflict',
        description: what,
        rationale: `The brief says both: ${options.join(' / ')}`,
        alternatives_considered,
      },
      {
        decision_type: 'conflict_resolution',
        description: `${what}: ${options[chosen]}`,
        rationale:
          index === 0 && answer !== undefined
            ? `A person chose option ${chosen + 1}`
            : `Option 1 of 2 holds because ${why}`,
        alternatives_considered,
      },
    ] satisfies DecisionDraft[]
  })
}

function initiate(input: TurnInput): TurnOutput {
  const { brief } = input.board
  const found = contradictions(brief)
  const answer = answerTo(input, CLASH)
  const [first] = found
  if (first && input.may_ask && answer === undefined && input.mode !== 'autonomous')
    return {
      ...question(
        `Read the brief: it says two things about one matter.`,
        `${CLASH}. ${first.what}: what holds? ${first.options.map((one, i) => `(${i + 1}) ${one}`).join('; ')}`,
        [...first.options],
      ),
      ...(first.fact ? { fact: first.fact } : {}),
    }
  const decisions = clashes(found, answer)
  const said =
    found.length > 0
      ? ` The brief contradicts itself in ${found.length}: ${decisions
          .filter(({ decision_type }) => decision_type === 'conflict_resolution')
          .map(({ description }) => description)
          .join('; ')}.`
      : ''
  return turn(
    `Read the brief: a ${brief.event_type} for ${brief.audience_size} people. Requirements are written and linked to the objectives; the stakeholder map is kept.${said}`,
    [requirements(input)],
    { decisions },
  )
}

export type PlannedMilestone = { id: string; name: string; date: string; dependencies: string[] }

const rowsOf = (level: InstructionLevel, input: TurnInput) => {
  const { brief } = input.board
  const lead = leadDays(brief)
  return MILESTONES.filter((row) => isAtLeast(level, row.level))
    .map((row) => ({ row, date: daysBefore(brief, row.share === undefined ? row.days! : row.share * lead) }))
    .sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0))
}

function timeline(input: TurnInput): { drafts: Draft[]; milestones: PlannedMilestone[] } {
  const { brief } = input.board
  const lead = leadDays(brief)
  const rows = rowsOf(input.level, input)
  const milestones = rows.map(({ row, date }, index) => ({
    id: `milestone-${index + 1}`,
    name: row.name,
    date,
    dependencies: index === 0 ? [] : [`milestone-${index}`],
  }))
  const day = dateAt(firstDay(brief))
  const phases = [
    { name: 'Planning', start: daysBefore(brief, lead), end: daysBefore(brief, 0.6 * lead) },
    { name: 'Booking', start: daysBefore(brief, 0.6 * lead), end: daysBefore(brief, 0.3 * lead) },
    { name: 'Preparation', start: daysBefore(brief, 0.3 * lead), end: daysBefore(brief, 1) },
    { name: 'Event', start: day, end: dateAt(lastDay(brief)) },
    { name: 'Wrap-up', start: dateAt(lastDay(brief)), end: daysAfter(brief, 7) },
  ]
  return { drafts: [{ type: 'Timeline', body: { phases, milestones } }], milestones }
}

/** Main tasks form the chain; side tasks start with their main one, take less of the time and hand over to the next main one. */
function tasks(input: TurnInput, milestones: readonly PlannedMilestone[]): Draft[] {
  const { brief } = input.board
  const drafts: Draft[] = []
  const share = input.level === 'Advanced' ? MAIN_SHARE : 1
  let from = Date.parse(daysBefore(brief, leadDays(brief)))
  let before: string[] = []
  for (const [index, { row, date }] of rowsOf(input.level, input).entries()) {
    const span = Math.max(Date.parse(date) - from, DAY_MS / 4)
    const items = row.work.filter((item) => isAtLeast(input.level, item.level))
    const refs = items.map((_, n) => `task-${index}-${n}`)
    items.forEach((item, n) => {
      const length = span * (n === 0 ? share : share * SIDE_SHARE)
      drafts.push({
        type: 'TaskRegister',
        ref: refs[n]!,
        body: {
          title: item.title,
          description: `Leads to "${row.name}" on ${date}.`,
          owner: item.owner,
          start_date: isoAt(Math.round(from / 60_000) * 60_000),
          end_date: isoAt(Math.round((from + length) / 60_000) * 60_000),
          dependencies: before.map((ref) => `@${ref}`),
          milestone_id: milestones[index]!.id,
          estimated_hours: 8 * (n === 0 ? 2 : 1),
        },
      })
    })
    before = refs
    from = Math.max(Date.parse(date), from)
  }
  return drafts
}

export function risksOf(level: InstructionLevel): Draft[] {
  return RISKS.filter((row) => isAtLeast(level, row.level)).map((row) => {
    const [probability, impact] = row.later && level !== 'Beginner' ? row.later : [row.probability, row.impact]
    return {
      type: 'RiskRegister',
      body: {
        description: row.description,
        probability,
        impact,
        rating: riskRating(probability, impact),
        owner: row.owner,
        mitigation_strategies: row.mitigations,
      },
    }
  })
}

function communications({ board }: TurnInput): Draft[] {
  const people = board.artifacts.StakeholderMap?.stakeholders ?? []
  const roles = [...new Set([...people.map(({ role }) => role), 'Attendees', 'Vendors', 'Staff'])]
  /** What each audience needs to hear to do its part. */
  const MESSAGES: Readonly<Record<string, string>> = {
    Owner:
      'Milestones reached and missed, open decisions with their dates, money against the budget, the three highest risks',
    Sponsor: 'Milestones reached, what guests will see of the sponsor, open decisions',
    Finance: 'Commitments and variance by category, payments due in the next four weeks, what the reserve has paid',
    Operations: 'Tasks due and late, changes to schedule and roster, open incidents and who has them',
    Attendees: 'What is new in the programme, how to register, the way there, practical notes',
    Vendors: 'Numbers, dates, access times, contact on site, what the contract still needs',
    Staff: 'Roles and shifts, dates of briefings, changes to the run of show',
  }
  const CADENCE: Record<string, string> = {
    Attendees: 'biweekly',
    Vendors: 'weekly',
    Staff: 'weekly',
    Owner: 'milestone-based',
  }
  const withEmail = people.filter((person): person is Stakeholder & { email: string } => Boolean(person.email))
  const owners = withEmail.filter(({ role }) => role === 'Owner')
  const paths = (['budget_decision', 'venue_selection', 'vendor_contract'] as const).flatMap((approval_type) => {
    const entitled = withEmail.filter(({ decision_rights }) => decision_rights.includes(approval_type))
    const order = [
      ...new Map(
        [...entitled.filter(({ role }) => role !== 'Owner'), ...entitled, ...owners].map((one) => [one.email, one]),
      ).values(),
    ]
    const primary = order.find(({ backup_for }) => !backup_for) ?? order[0]
    if (!primary) return []
    const backups = order.filter(({ email }) => email !== primary.email).map(({ email }) => email)
    return [{ approval_type, primary: primary.email, backups }]
  })
  return [
    {
      type: 'CommunicationsPlan',
      body: {
        communications: roles.map((audience) => ({
          audience,
          channel: audience === 'Attendees' ? 'newsletter' : 'e-mail',
          cadence: CADENCE[audience] ?? 'weekly',
          message: MESSAGES[audience] ?? `Status, next milestone and what is expected of: ${audience}`,
          owner: 'event-planner',
        })),
        escalation_paths: paths,
      },
    },
  ]
}

function plan(input: TurnInput): TurnOutput {
  const { drafts, milestones } = timeline(input)
  const work = tasks(input, milestones)
  const risks = risksOf(input.level)
  const high = risks.filter(({ body }) => Number(body['rating']) >= 8).length
  const more = input.level === 'Advanced' ? communications(input) : []
  return turn(
    `Planned ${milestones.length} milestones and ${work.length} tasks over ${leadDays(input.board.brief)} days; ${risks.length} risks, ${high} of them rated 8 or more, all with mitigations.${input.level === 'Advanced' ? ' Each main task leaves 12 % of its time as a buffer.' : ''}`,
    [...drafts, ...work, ...risks, ...more],
    { next_agent: 'venue' },
  )
}

/** The Event Planner's work without a model: by phase. */
export function planCraft(input: TurnInput): TurnOutput {
  if (input.phase === 'Initiate') return initiate(input)
  if (input.phase === 'Plan') return plan(input)
  return turn('All parts are in place; the plan is put together.', [])
}

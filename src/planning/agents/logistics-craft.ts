import { money } from '../formulas/round.ts'
import { amount } from '../operations/words.ts'
import type { AgentName, Task, VendorContract } from '../schema.ts'
import { dateAt, eventDays, isoAt } from './calendar-days.ts'
import { RISKS } from './planner-tables.ts'
import { programme } from './programme.ts'
import { type Draft, isAtLeast, type TurnInput, type TurnOutput, turn } from './turn.ts'

const MINUTE = 60_000
type WorkflowRow = {
  workflow: string
  level: 'Beginner' | 'Intermediate' | 'Advanced'
  owner: AgentName
  steps: string[]
  words: RegExp
}
const WORKFLOWS: readonly WorkflowRow[] = [
  {
    workflow: 'registration',
    level: 'Beginner',
    owner: 'logistics-coordinator',
    steps: [
      'Desks, signs and badges ready an hour before doors, one desk for access needs',
      'Check guests in by name or code, count them at the door',
      'Help without a registration: list, badge by hand, capacity kept',
      'Close the desk 90 minutes after doors, one person stays',
    ],
    words: /regist|invite/i,
  },
  {
    workflow: 'programme',
    level: 'Beginner',
    owner: 'event-planner',
    steps: [
      'Speakers in, slides loaded, sound check',
      'Welcome with safety and house notes',
      'Run the sessions on time: signs at 5, 2 and 0 minutes',
      'Close with thanks, survey and the way home',
    ],
    words: /programme|tracks|rooms/i,
  },
  {
    workflow: 'networking',
    level: 'Beginner',
    owner: 'logistics-coordinator',
    steps: [
      'Tables and seats for half the guests, the rest stands',
      'Food and drinks open at once at two points, diets labelled',
      'Hosts bring people together and watch for those alone',
      'Clear up, leftovers to a food bank',
    ],
    words: /food|catering|rooms/i,
  },
  {
    workflow: 'build-up and load-out',
    level: 'Beginner',
    owner: 'logistics-coordinator',
    steps: [
      'Load in by the service entrance in the agreed slots',
      'Furniture, signs, power and technology by the floor plan',
      'Safety walk with the venue before doors',
      'Load out after the last guest, rooms handed back with a signed protocol',
    ],
    words: /rooms|equipment|halls|vendor/i,
  },
  {
    workflow: 'catering service',
    level: 'Intermediate',
    owner: 'catering-coordinator',
    steps: [
      'Guarantee the number three days before',
      'Receive the delivery: temperatures, allergen sheets, counts of diets',
      'Serve special diets first, then all; refill every 20 minutes',
      'Count what is left for the next day, clear up',
    ],
    words: /catering|food/i,
  },
  {
    workflow: 'vendor management',
    level: 'Intermediate',
    owner: 'logistics-coordinator',
    steps: [
      'Confirm arrival times, vehicles and names a week before',
      'Receive each vendor at the service entrance, show the place and the power',
      'Accept the set-up in writing an hour before doors',
      'Check service levels during the day, note deviations for the bill',
    ],
    words: /vendor/i,
  },
  {
    workflow: 'streaming',
    level: 'Advanced',
    owner: 'logistics-coordinator',
    steps: [
      'Set up encoder and two uplinks, local recording on',
      'Test with real slides and captions the day before',
      'Run: one watches picture and sound, one answers remote guests',
      'Publish the recording within three days, after consent is checked',
    ],
    words: /stream/i,
  },
  {
    workflow: 'expo',
    level: 'Advanced',
    owner: 'logistics-coordinator',
    steps: [
      'Mark the floor and the emergency ways',
      'Exhibitors build up in time slots, power and network checked by stand',
      'Open the expo in the breaks, staffed information desk',
      'Dismantle after closing only, floor handed back clean',
    ],
    words: /expo/i,
  },
  {
    workflow: 'transfers between venues',
    level: 'Advanced',
    owner: 'logistics-coordinator',
    steps: [
      'Brief drivers on stops, times and the step-free vehicle',
      'Run shuttles every ten minutes around the breaks',
      'Report delays to the event lead, sessions wait up to five minutes',
    ],
    words: /brief|halls|holds/i,
  },
]

const tasksFor = (tasks: readonly Task[], words: RegExp): string[] => {
  const found = tasks.filter(({ title }) => words.test(title)).map(({ id }) => id)
  const last = tasks.at(-1)?.id
  return found.length > 0 ? found : last ? [last] : []
}

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
        notice_days: 30,
        penalty: '50 % of the total',
        text: 'Free until 30 days before the event',
      },
      exception_rationale:
        total > allocated ? `No cheaper offer fits: ${total} against the ${allocated} allocated` : null,
    },
  }
}

/** Contracts of a run from Intermediate on, each within its allocation. */
function contracts(input: TurnInput): TurnOutput {
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
    `Drafted ${drafts.length} contracts for ${amount(total)}, each within its allocation, with measurable service levels and 30 days of notice.`,
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

function roster(input: TurnInput, tracks: readonly string[]): Draft {
  const { brief } = input.board
  const days = eventDays(brief)
  const availability = days.map(({ start, end }) => ({ start: isoAt(start), end: isoAt(end) }))
  const assignments = days.map(({ start, end }) => ({
    start: isoAt(start),
    end: isoAt(start + Math.floor(((end - start) * 0.75) / MINUTE) * MINUTE),
  }))
  const resource = (type: 'Person' | 'Equipment', name: string, quantity = 1) => ({
    type,
    name,
    quantity,
    availability,
    assignments: quantity === 1 ? assignments : assignments.map((one) => ({ ...one, units: quantity })),
  })
  const audience = brief.audience_size
  const rows = [
    ...tracks.map((track) => resource('Equipment', `AV set ${track}`)),
    resource('Equipment', 'Tables', Math.ceil(audience / 8)),
    resource('Equipment', 'Chairs', Math.ceil(audience * 1.05)),
    resource('Person', 'Host'),
    ...(isAtLeast(input.level, 'Intermediate')
      ? [resource('Person', 'Stage manager'), resource('Person', 'Registration team', Math.ceil(audience / 50))]
      : []),
    ...(input.level === 'Advanced'
      ? [
          resource('Person', 'Streaming operator'),
          resource('Equipment', 'Streaming encoder', 2),
          resource('Person', 'Transfer coordinator'),
        ]
      : []),
  ]
  return {
    type: 'ResourceRoster',
    body: { resources: rows.map((row, index) => ({ id: `res-${String(index + 1).padStart(3, '0')}`, ...row })) },
  }
}

function contingency(input: TurnInput): Draft {
  const { RiskRegister, TaskRegister, VenueShortlist, VenueScorecard } = input.board.artifacts
  const known = new Map(RISKS.map((row) => [row.description, row]))
  const rank = new Map(VenueScorecard?.candidate_scores.map(({ venue_id, rank: at }) => [venue_id, at ?? 99]))
  const fallback = VenueShortlist.filter(
    ({ id, status, venue_role }) =>
      status === 'active' &&
      id !== VenueScorecard?.selected_venue_id &&
      (venue_role === 'main' || venue_role === 'backup'),
  ).sort(
    (a, b) =>
      Number(b.venue_role === 'backup') - Number(a.venue_role === 'backup') || rank.get(a.id)! - rank.get(b.id)!,
  )[0]
  const wanted = RiskRegister.filter(
    ({ rating, status, description }) =>
      (rating >= 8 && status !== 'closed') || known.get(description)?.key === 'venue_cancellation',
  )
  const scenarios = wanted.map(({ id, description, owner }) => {
    const row = known.get(description)
    const key =
      row?.key ??
      description
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, '_')
        .slice(0, 60)
    return {
      scenario:
        key === 'venue_cancellation'
          ? 'Venue cancellation'
          : key === 'vendor_cancellation'
            ? 'Vendor cancellation'
            : description,
      trigger: row?.trigger ?? `${description} happens`,
      trigger_key: key,
      response: row?.response ?? 'The owner informs the planner, who picks the best option left',
      owner: row?.owner ?? owner,
      task_ids: tasksFor(
        TaskRegister,
        key === 'venue_cancellation' ? /venue|halls/i : key === 'vendor_cancellation' ? /vendor/i : /conting|prepare/i,
      ),
      risk_ids: [id],
      fallback_venue_id: key === 'venue_cancellation' ? (fallback?.id ?? null) : null,
    }
  })
  return { type: 'ContingencyPlan', body: { scenarios } }
}

const calendarName = (title: string): string =>
  title
    .normalize('NFKD')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 64)
    .toLowerCase() || 'event_planning'

/** What the event is about: the words after "on", "about" or "of" in its objectives, at most six. */
export function themeOf(objectives: string): string {
  const found = /\b(?:on|about)\s+([^.;,:]+)/i.exec(objectives)?.[1]?.trim() ?? ''
  return found.split(/\s+/).slice(0, 6).join(' ')
}

/** Workflows, layouts and the catering of one plan. */
function logisticsPlan(input: TurnInput): Draft {
  const { brief, artifacts } = input.board
  const days = eventDays(brief)
  const workflows = WORKFLOWS.filter(({ level }) => isAtLeast(input.level, level)).map(
    ({ workflow, owner, steps, words }) => ({
      workflow,
      owner,
      steps,
      resources: [],
      task_ids: tasksFor(artifacts.TaskRegister, words),
      start: isoAt(days[0]!.start),
      end: isoAt(days.at(-1)!.end),
    }),
  )
  const half = Math.max(1, Math.floor(brief.audience_size / 2))
  return {
    type: 'LogisticsPlan',
    body: {
      workflows,
      vendor_ids: artifacts.VendorContracts.filter(({ status }) => status !== 'cancelled').map(({ id }) => id),
      layouts: [
        {
          area: 'Main room',
          layout: brief.event_type === 'gala' ? 'banquet' : 'theater',
          capacity: brief.audience_size,
        },
        { area: 'Foyer', layout: 'reception', capacity: brief.audience_size },
        ...(isAtLeast(input.level, 'Intermediate')
          ? [{ area: 'Track rooms', layout: 'classroom', capacity: half }]
          : []),
      ],
      policies:
        'Doors close at the room’s capacity. Step-free routes and exits stay clear. Photos only with consent, marked badges for those who want none. Code of conduct for all, with two contact people. No alcohol without food and drinks without it. Waste is separated; prints only where screens do not serve.',
      catering: input.catering && {
        ...input.catering,
        total_cost: money(input.catering.cost_per_person * brief.audience_size * days.length),
      },
      calendar_name: calendarName(brief.title),
      weather:
        input.found.weather === null ? null : { forecast: input.found.weather, asked_for: dateAt(days[0]!.start) },
    },
  }
}

/** What a later run keeps of the plan, with the new catering. */
function replan(input: TurnInput): TurnOutput {
  const { LogisticsPlan: plan } = input.board.artifacts
  const { workflows, resource_ids, vendor_ids, layouts, policies, calendar_name, weather } = plan!
  const days = eventDays(input.board.brief).length
  const catering = input.catering && {
    ...input.catering,
    total_cost: money(input.catering.cost_per_person * input.board.brief.audience_size * days),
  }
  return turn(`Only the catering of the plan changes: ${catering?.cost_per_person} per person.`, [
    {
      type: 'LogisticsPlan',
      body: { workflows, resource_ids, vendor_ids, layouts, policies, calendar_name, weather, catering },
    },
  ])
}

function operations(input: TurnInput): TurnOutput {
  const venues = (role: string) =>
    input.board.artifacts.VenueShortlist.find(({ venue_role, status }) => venue_role === role && status !== 'cancelled')
      ?.venue_name
  const selected = input.board.artifacts.VenueShortlist.find(
    ({ id }) => id === input.board.artifacts.VenueScorecard?.selected_venue_id,
  )?.venue_name
  const shown = programme({
    level: input.level,
    days: eventDays(input.board.brief),
    main: selected ?? 'Main room',
    breakout: venues('breakout') ?? selected ?? 'Main room',
    expo: venues('expo') ?? null,
    theme: themeOf(input.board.brief.objectives),
  })
  const plan = logisticsPlan(input)
  const scenarios = contingency(input)
  const count = (plan.body['workflows'] as unknown[]).length
  return turn(
    `Planned ${count} workflows, ${shown.sessions.length} sessions on ${shown.tracks.length} track${shown.tracks.length > 1 ? 's' : ''} without conflicts, and ${(scenarios.body['scenarios'] as unknown[]).length} contingency scenario${(scenarios.body['scenarios'] as unknown[]).length === 1 ? '' : 's'}.${input.found.weather ? ` Weather: ${input.found.weather}.` : ''}`,
    [plan, roster(input, shown.tracks), { type: 'Schedule', body: { sessions: shown.sessions } }, scenarios],
  )
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
  const said = input.notes.findLast((note) => note.startsWith(`Rejected: ${rejected.id}`))?.split(' — ')[1]
  return turn(
    `Revised the contract with ${rejected.vendor_name}: ${amount(total)} instead of ${amount(before)}, 20 % on signing, free cancellation until 14 days before${said ? `. You said: "${said.slice(0, 200)}"` : ''}.`,
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
            notice_days: 14,
            penalty: '30 % of the total',
            text: 'Free until 14 days before the event',
          },
        },
      },
    ],
    {
      decisions: [
        {
          decision_type: 'mitigation',
          description: `Contract with ${rejected.vendor_name} proposed again`,
          rationale: `Rejected at ${before}; ${total} with staged payment and 14 days of notice keeps the service and lowers the risk.`,
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
function venueContract(input: TurnInput): TurnOutput {
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

/** The Logistics Coordinator without a model, by task. */
export function logisticsCraft(input: TurnInput): TurnOutput {
  if (input.task === 'contracts') return contracts(input)
  if (input.task === 'revise-contract') return reviseContract(input)
  if (input.task === 'venue-contract') return venueContract(input)
  return input.task === 'catering-only' ? replan(input) : operations(input)
}

import { daysAfter, daysBefore, firstDay, leadDays } from '../agents/calendar-days.ts'
import type { Board } from '../artifacts/board.ts'
import { expectedGuests } from './quantities.ts'
import { amount, shown } from './words.ts'

export type Check = { what: string; due: string; who: string }
type Rule = { what: string | ((board: Board) => string); days: number; who: string; when?: (board: Board) => boolean }

const from = (guests: number) => (board: Board) => board.brief.audience_size >= guests
const alcohol = ({ brief }: Board) =>
  brief.event_type === 'gala' ||
  brief.event_type === 'festival' ||
  /wine|beer|bar\b|cocktail|party/i.test(`${brief.objectives} ${brief.constraints}`)
const streams = ({ brief }: Board) => /stream|remote|record/i.test(`${brief.objectives} ${brief.constraints}`)
const music = ({ brief }: Board) =>
  ['gala', 'festival'].includes(brief.event_type) || /music|band|dj\b|dance/i.test(brief.objectives)

/** Wheelchair spaces for a number of seats, as in the 2010 ADA Standards, table 221.2.1.1. */
const SPACES: readonly (readonly [seats: number, spaces: number])[] = [
  [25, 1],
  [50, 2],
  [150, 4],
  [300, 5],
  [500, 6],
]
const wheelchairSpaces = (seats: number): number =>
  SPACES.find(([most]) => seats <= most)?.[1] ??
  (seats <= 5_000 ? 6 + Math.ceil((seats - 500) / 150) : 36 + Math.ceil((seats - 5_000) / 200))

const PERMITS: readonly Rule[] = [
  {
    what: 'House rules and fire-safety plan of the venue read, capacity confirmed in writing',
    days: 30,
    who: 'Logistics Coordinator',
  },
  {
    what: 'Public liability insurance covers the event; certificate sent to the venue',
    days: 30,
    who: 'Budget Analyst',
  },
  { what: 'Cancellation insurance signed', days: 90, who: 'Budget Analyst', when: from(300) },
  {
    what: 'Notice of the event to the local authority; ask police and fire service for conditions',
    days: 60,
    who: 'Event Planner',
    when: from(300),
  },
  { what: 'Medical cover agreed with a first-aid service', days: 45, who: 'Logistics Coordinator', when: from(300) },
  {
    what: 'Alcohol licence, or confirmation that the venue holds one',
    days: 30,
    who: 'Catering Coordinator',
    when: alcohol,
  },
  { what: 'Music licence for live and recorded music', days: 30, who: 'Event Planner', when: music },
  {
    what: 'Consent and rights for recording, streaming and photos; signs at the doors',
    days: 21,
    who: 'Event Planner',
    when: streams,
  },
  { what: 'Data protection: what registration collects, why, until when it is kept', days: 45, who: 'Event Planner' },
  { what: 'Food hygiene certificate and allergen sheets of the caterer', days: 14, who: 'Catering Coordinator' },
]
const ACCESS: readonly Rule[] = [
  {
    what: 'Step-free way from street to seat, stage and toilets walked and measured',
    days: 21,
    who: 'Venue Researcher',
  },
  {
    what: ({ brief }) =>
      `${wheelchairSpaces(brief.audience_size)} wheelchair space${wheelchairSpaces(brief.audience_size) > 1 ? 's' : ''} with a companion seat each, with a clear view`,
    days: 14,
    who: 'Logistics Coordinator',
  },
  {
    what: 'Hearing loop or captions on the main screen; speakers use microphones always',
    days: 14,
    who: 'Logistics Coordinator',
    when: from(40),
  },
  { what: 'Sign language on request, asked for at registration', days: 28, who: 'Event Planner', when: from(40) },
  {
    what: 'Registration asks for access needs and diets in free words; one person answers them',
    days: 45,
    who: 'Event Planner',
  },
  { what: 'Quiet room, and a room for prayer and nursing', days: 14, who: 'Logistics Coordinator', when: from(100) },
  { what: 'Large, high-contrast signs; slides readable from the last row', days: 7, who: 'Logistics Coordinator' },
]
const AV: readonly Rule[] = [
  {
    what: 'Main room: PA for the size, screen and projector with spare, clicker, timer for speakers',
    days: 14,
    who: 'Logistics Coordinator',
  },
  {
    what: ({ brief }) =>
      `Microphones: lectern, ${brief.audience_size > 100 ? '4 headsets, 4' : '1 headset, 2'} hand-held for questions, batteries for two days`,
    days: 14,
    who: 'Logistics Coordinator',
  },
  {
    what: 'Each further track: own PA, screen, two microphones, laptop with slides',
    days: 14,
    who: 'Logistics Coordinator',
    when: ({ artifacts }) => new Set(artifacts.Schedule?.sessions.map(({ track }) => track).filter(Boolean)).size > 1,
  },
  {
    what: ({ brief }) => `Wi-Fi for ${Math.ceil(brief.audience_size * 1.5)} devices, wired line for the stage`,
    days: 21,
    who: 'Logistics Coordinator',
  },
  {
    what: 'Power plan: circuits for stage, catering and AV kept apart',
    days: 14,
    who: 'Logistics Coordinator',
    when: from(40),
  },
  {
    what: 'Stream: two uplinks, 10 Mbit/s up each, local recording, test with the real slides',
    days: 7,
    who: 'Logistics Coordinator',
    when: streams,
  },
]
const MOVING: readonly Rule[] = [
  {
    what: 'Loading times and service entrance agreed with the venue, vehicles registered',
    days: 14,
    who: 'Logistics Coordinator',
  },
  {
    what: 'Floor plan with emergency routes approved by the venue',
    days: 21,
    who: 'Logistics Coordinator',
    when: from(80),
  },
  {
    what: 'How to get there: public transport, step-free route, bicycles, parking, taxi point',
    days: 28,
    who: 'Event Planner',
  },
  {
    what: 'Shuttle timetable between the venues with one step-free vehicle',
    days: 21,
    who: 'Logistics Coordinator',
    when: ({ artifacts }) =>
      artifacts.VenueShortlist.some(({ venue_role }) => venue_role === 'breakout' || venue_role === 'expo'),
  },
  {
    what: ({ brief }) =>
      `Block of about ${Math.ceil(brief.audience_size * 0.4)} rooms at two hotels within walking distance, two of them step-free, released three weeks ahead`,
    days: 90,
    who: 'Venue Researcher',
    when: (board) =>
      board.brief.audience_size >= 150 &&
      board.brief.date_range_start.slice(0, 10) !== board.brief.date_range_end.slice(0, 10),
  },
  {
    what: 'Signs: street, entrance, registration, each room with its sessions, toilets, first aid, quiet room, ways out',
    days: 10,
    who: 'Logistics Coordinator',
    when: from(40),
  },
  { what: 'Print: badges, programme, feedback code', days: 7, who: 'Event Planner' },
]
const checks =
  (rules: readonly Rule[]) =>
  (board: Board): Check[] =>
    rules
      .filter(({ when }) => when?.(board) ?? true)
      .map(({ what, days, who }) => ({
        what: typeof what === 'string' ? what : what(board),
        due: daysBefore(board.brief, Math.min(days, leadDays(board.brief) - 2)),
        who,
      }))

export const permits = checks(PERMITS)
export const accessibility = checks(ACCESS)
export const technology = checks(AV)
export const moving = checks(MOVING)

/** What to do first in an emergency, and who does it. */
export const EMERGENCIES: readonly (readonly [what: string, first: string])[] = [
  [
    'Fire or evacuation',
    'Event lead stops the programme; stewards open all exits; assembly point; nobody returns before the fire service says so',
  ],
  [
    'Medical emergency',
    'Call the emergency number, then the first-aid point; one host meets the ambulance at the main entrance; keep the aisle free',
  ],
  [
    'Power or network failure',
    'AV technicians switch to the spare set; host keeps talking; after 10 minutes the next break is brought forward',
  ],
  [
    'Severe weather',
    'Event lead watches warnings from three days ahead; start later, move indoors, open remote access',
  ],
  ['Threat or unwanted person', 'Steward and event lead together; police when in doubt; no announcement from stage'],
  [
    'Harassment reported',
    'Two named contact people listen, protect the person, and decide with the event lead under the code of conduct',
  ],
]

export type Contact = { role: string; who: string; reach: string }
/** Whom to call, in order of the chain of command. */
export function contacts({ artifacts, brief }: Board): Contact[] {
  const people = (artifacts.StakeholderMap?.stakeholders ?? []).map(({ role, name, email, contact_info }) => ({
    role,
    who: name,
    reach: [contact_info?.['phone'], email].filter(Boolean).join(', ') || 'number to be added before the briefing',
  }))
  const vendors = artifacts.VendorContracts.filter(({ status }) => status !== 'cancelled').map(
    ({ service_type, vendor_name }) => ({
      role: `${service_type} vendor`,
      who: vendor_name,
      reach: 'duty phone from the contract, on the briefing sheet',
    }),
  )
  const venue = artifacts.VenueShortlist.find(({ id }) => id === artifacts.VenueScorecard?.selected_venue_id)
  const lead = artifacts.VenueLeads.find(({ venue_name }) => venue_name === venue?.venue_name)
  return [
    {
      role: 'Event lead (holds the emergency phone)',
      who: brief.created_by,
      reach: 'number to be added before the briefing',
    },
    ...people,
    ...(venue
      ? [
          {
            role: 'Venue duty manager',
            who: venue.venue_name,
            reach:
              lead?.contact_info?.phone ??
              lead?.contact_info?.email ??
              lead?.contact_info?.website ??
              'from the contract',
          },
        ]
      : []),
    ...vendors.filter(({ who }) => who !== venue?.venue_name),
    { role: 'Emergency services', who: 'Fire, ambulance, police', reach: '112 or 911, by country' },
    { role: 'Nearest emergency room', who: 'asked for at the walk-through', reach: 'address on the briefing sheet' },
  ]
}

export type Payment = { due: string; to: string; amount: number; why: string }
/** When money leaves: deposits at signing, the rest after the event. Contracts are signed when vendors are due to be contracted. */
export function payments({ artifacts, brief }: Board, lead: number): Payment[] {
  const after = new Date(Date.parse(brief.date_range_end.slice(0, 10)) + 14 * 86_400_000).toISOString().slice(0, 10)
  return artifacts.VendorContracts.filter(({ status, terms }) => status !== 'cancelled' && terms)
    .flatMap(({ vendor_name, terms }) => {
      const total = terms!.total_cost
      const share = Number(/(\d+)\s*%\s*on signing/.exec(terms!.payment_terms)?.[1] ?? 30) / 100
      const deposit = Math.round(total * share * 100) / 100
      return [
        {
          due: daysBefore(brief, Math.round(lead * 0.25)),
          to: vendor_name,
          amount: deposit,
          why: `${Math.round(share * 100)} % on signing`,
        },
        {
          due: after,
          to: vendor_name,
          amount: Math.round((total - deposit) * 100) / 100,
          why: 'rest, 14 days after the event',
        },
      ]
    })
    .toSorted((a, b) => (a.due < b.due ? -1 : a.due > b.due ? 1 : a.to < b.to ? -1 : 1))
}

/** Who hears what when: the plan of an Advanced run, else the least any event needs. */
export function messages({ artifacts, brief }: Board): { when: string; audience: string; what: string; who: string }[] {
  const big = brief.audience_size > 50
  // Nobody is invited to a venue that is not sure yet.
  const milestone = artifacts.Timeline?.milestones.find(({ name }) => name === 'Venue confirmed')
  const confirmed = milestone
    ? Math.max(3, Math.round((firstDay(brief) - Date.parse(milestone.date)) / 86_400_000))
    : Math.round(leadDays(brief) * 0.3)
  const rows: [number, string, string][] = [
    [big ? 90 : 21, 'Guests', 'Save the date: day, city and what it is about; the venue follows'],
    [confirmed - 1, 'Guests', 'Invitation with the venue and registration: diets, access needs, consent'],
    [big ? 21 : 4, 'Guests', 'Reminder; who does not come is asked to free the place'],
    [big ? 14 : 5, 'Speakers', 'Briefing: slot, room, technology, deadline for slides'],
    [7, 'Vendors', 'Final numbers, arrival times, contact on site'],
    [big ? 3 : 2, 'Guests', 'Practical mail: way, doors, programme, weather, contact'],
    [1, 'Team', 'Briefing sheet: roles, run of show, phone numbers, emergency card'],
  ]
  const plan = artifacts.CommunicationsPlan?.communications ?? []
  return [
    ...rows.map(([days, audience, what]) => ({ when: daysBefore(brief, days), audience, what, who: 'Event Planner' })),
    {
      when: daysAfter(brief, 2),
      audience: 'Guests',
      what: 'Thanks, material, survey of five questions',
      who: 'Event Planner',
    },
    ...plan.map(({ cadence, audience, message, channel, owner }) => ({
      when: cadence,
      audience,
      what: `${message} (${channel})`,
      who: shown(owner ?? 'event-planner'),
    })),
  ]
}

/** What success is measured by, with its target. */
export const measures = ({ brief, artifacts }: Board): readonly (readonly [string, string])[] => [
  [
    'Attendance',
    `at least ${Math.round(expectedGuests(brief) * 0.9)} on site, of about ${expectedGuests(brief)} expected`,
  ],
  ['Guest satisfaction', 'mean of 4 of 5 or better, survey answered by 30 %'],
  [
    'Cost',
    `no more than ${amount(artifacts.BudgetBaseline?.total_budget ?? 0)} ${artifacts.BudgetBaseline?.currency ?? ''}, variance within 5 %`,
  ],
  ['On time', '95 % of sessions start within five minutes'],
  ['Safety', 'no unresolved incident; each one answered within 15 minutes'],
]

import { money } from '../formulas/round.ts'
import { dateAt, eventDays, isoAt } from './calendar-days.ts'
import { contingency } from './contingency-craft.ts'
import { contracts, reviseContract, venueContract } from './contract-craft.ts'
import { programme } from './programme.ts'
import { roster } from './roster.ts'
import { type Draft, isAtLeast, type TurnInput, type TurnOutput, turn } from './turn.ts'
import { tasksFor, WORKFLOWS } from './workflows.ts'

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

/** The Logistics Coordinator without a model, by task. */
export function logisticsCraft(input: TurnInput): TurnOutput {
  if (input.task === 'contracts') return contracts(input)
  if (input.task === 'revise-contract') return reviseContract(input)
  if (input.task === 'venue-contract') return venueContract(input)
  return input.task === 'catering-only' ? replan(input) : operations(input)
}

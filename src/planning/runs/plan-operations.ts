import { specialists } from '../agents/team.ts'
import type { Board } from '../artifacts/board.ts'
import { accessibility, type Check, contacts, messages, moving, permits, technology } from '../operations/checklists.ts'
import { runOfShow } from '../operations/run-of-show.ts'
import { speakersNeeded } from '../operations/speakers.ts'
import { paidHours, staffing } from '../operations/staffing.ts'
import { amount, clock, list, longDate, shown, table } from '../operations/words.ts'
import { gap } from './plan-money.ts'

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
const checks = (rows: readonly Check[]) =>
  table(
    ['Until', 'What', 'Who'],
    rows.toSorted((a, b) => (a.due < b.due ? -1 : a.due > b.due ? 1 : 0)).map(({ due, what, who }) => [due, what, who]),
  )

function timeline({ artifacts: a }: Board): string {
  if (!a.Timeline) return gap('The timeline')
  const { phases, milestones, critical_path } = a.Timeline
  const named = (id: string) =>
    milestones.find((one) => one.id === id)?.name ?? a.TaskRegister.find((one) => one.id === id)?.title ?? id
  const path = critical_path.map(named).filter((name, index, all) => all.indexOf(name) === index)
  return [
    table(
      ['Phase', 'From', 'To'],
      phases.map(({ name, start, end }) => [name, start, end]),
    ),
    table(
      ['Milestone', 'Date'],
      milestones
        .toSorted((x, y) => (x.date < y.date ? -1 : x.date > y.date ? 1 : 0))
        .map(({ name, date }) => [name, date]),
    ),
    `Nothing on this path may slip: ${path.join(' → ')}.`,
  ].join('\n\n')
}

const programme = ({ artifacts: a }: Board): string => {
  const sessions = (a.Schedule?.sessions ?? []).toSorted((x, y) =>
    x.start < y.start ? -1 : x.start > y.start ? 1 : x.id < y.id ? -1 : 1,
  )
  const days = [...new Set(sessions.map(({ start }) => start.slice(0, 10)))]
  return days
    .map((day) => {
      const rows = sessions.filter(({ start }) => start.startsWith(day))
      return `**${longDate(day)}**\n\n${table(
        ['Time', 'Session', 'Room', 'Track'],
        rows.map(({ start, end, title, location, track }) => [
          `${clock(start)}–${clock(end)}`,
          title,
          location,
          track ?? '',
        ]),
      )}`
    })
    .join('\n\n')
}

/** Who has to be found for the stage. */
function speakers(board: Board): string {
  const rows = speakersNeeded(board)
  if (rows.length === 0) return ''
  const total = rows.reduce((sum, { people }) => sum + people, 0)
  return `\n\n**Speakers to find: about ${total}, and two on stand-by.** ${rows.map(({ format, sessions, people }) => `${format}: ${people} for ${sessions}`).join('; ')}. Many of them can speak twice.`
}

/** What a specialist beside the five proposes: its decisions with their options. */
function proposals({ decisions }: Board, who: string): string[] {
  const made = decisions.filter(({ agent_name }) => agent_name === who)
  const options = made.flatMap(({ alternatives_considered: all }) =>
    all.map(({ option, pros, cons }) => [option, pros.join('; '), cons.join('; ')]),
  )
  const words = made.map(({ description, rationale }) => `${description}. ${rationale}`)
  return made.length > 0
    ? [`### ${shown(who)}\n\n${words.join('\n\n')}\n\n${table(['Option', 'For it', 'Against it'], options)}`]
    : []
}

/** Everything people need on the way to the event and on its days, from the timeline to the emergency phone. */
export function logisticsSection(board: Board): string {
  const { artifacts: a } = board
  if (!a.LogisticsPlan) return gap('The logistics')
  const plan = a.LogisticsPlan
  const paid = paidHours(board)
  const people = staffing(board)
  const vendors = a.VendorContracts.filter(({ status }) => status !== 'cancelled')
  const currency = a.BudgetBaseline?.currency ?? ''
  return [
    `### Timeline\n\n${timeline(board)}`,
    `### Programme\n\n${programme(board) || 'Not fixed yet.'}${speakers(board)}`,
    `### Run of show\n\nAll times UTC.\n\n${runOfShow(board)
      .map(
        ({ day, cues }) =>
          `**${longDate(day)}**\n\n${table(
            ['Time', 'What', 'Where', 'Who'],
            cues.map(({ at, until, what, where, who }) => [
              until ? `${clock(at)}–${clock(until)}` : clock(at),
              what,
              where,
              who,
            ]),
          )}`,
      )
      .join('\n\n')}`,
    `### Workflows\n\n${table(
      ['Workflow', 'Owner', 'Steps'],
      plan.workflows.map(({ workflow, owner, steps }) => [workflow, shown(owner), steps.join(' → ')]),
    )}`,
    `### People on site\n\n${table(
      ['Role', 'How many', 'From', 'Shift', 'Does'],
      people.map(({ role, count, source, shift, duty }) => [role, count, source, shift, duty]),
    )}\n\n${people.reduce((sum, { count }) => sum + count, 0)} people a day.${
      paid
        ? ` We pay about ${paid.hours} hours ourselves; the Staff money of ${amount(paid.allocated)} ${currency} gives ${amount(paid.perHour)} an hour${paid.perHour < 15 ? ': too little for hired staff, so fill registration and room hosts with volunteers or move money before contracts are signed' : ''}.`
        : ' No money is set aside for staff: these are the own team, volunteers, and the crews of venue and vendors.'
    }`,
    `### Resources\n\n${table(
      ['What', 'Kind', 'How many'],
      (a.ResourceRoster?.resources ?? []).map(({ name, type, quantity }) => [name, type, quantity]),
    )}`,
    ...(vendors.length > 0
      ? [
          `### Vendors\n\n${table(
            ['Vendor', 'Service', `Total (${currency})`, 'Pays when', 'Owes', 'Cancelling', 'Status'],
            vendors.map(({ vendor_name, service_type, terms, sla, cancellation_policy, status }) => [
              vendor_name,
              service_type,
              terms ? amount(terms.total_cost) : '',
              terms?.payment_terms ?? '',
              (sla ?? []).map(({ metric, target }) => `${metric} ${target}`).join('; '),
              cancellation_policy?.text ??
                `${cancellation_policy?.notice_days ?? ''} days, ${cancellation_policy?.penalty ?? ''}`,
              status.replaceAll('_', ' '),
            ]),
          )}`,
        ]
      : []),
    ...specialists().flatMap(({ display_name }) => proposals(board, display_name)),
    `### Technology\n\n${checks(technology(board))}`,
    `### Getting in, around and out\n\n${checks(moving(board))}`,
    `### Accessibility\n\n${checks(accessibility(board))}`,
    `### Permits, insurance and rules\n\n${checks(permits(board))}\n\nHouse policies: ${plan.policies || 'those of the venue'}`,
    `### Who is told what\n\n${table(
      ['When', 'Audience', 'What', 'Who'],
      messages(board).map(({ when, audience, what, who }) => [when, audience, what, who]),
    )}`,
    `### Contacts\n\n${table(
      ['Role', 'Who', 'How'],
      contacts(board).map(({ role, who, reach }) => [role, who, reach]),
    )}`,
    `### Weather\n\n${capital(String(plan.weather?.['forecast'] ?? 'not looked up'))}. Look again a week before, and each morning.`,
    `### Calendar\n\n${list([`Calendar file: ${plan.calendar_name ?? 'none'}`, 'Programme for calendars: export of the event'])}`,
  ].join('\n\n')
}

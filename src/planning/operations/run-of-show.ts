import { eventDays, isoAt } from '../agents/calendar-days.ts'
import { isOnTeam } from '../agents/team.ts'
import type { Board } from '../artifacts/board.ts'
import { shown } from './words.ts'

const MINUTE = 60_000
export type Cue = { at: string; until: string | null; what: string; where: string; who: string }
type Fixed = {
  before?: number
  after?: number
  minutes: number
  what: string
  who: string
  from?: number
  below?: number
  /** Who does it at an event of fewer than 40, where nobody has the job alone. */
  small?: string
  firstDay?: true
  lastDay?: true
}

/** What surrounds the programme, in minutes before doors or after closing. `from` and `below`: events of these sizes. */
const AROUND: readonly Fixed[] = [
  {
    before: 240,
    minutes: 120,
    what: 'Load-in: venue opens, deliveries at the service entrance, staging and furniture',
    who: 'Event lead with venue and vendors',
    from: 80,
    firstDay: true,
  },
  {
    before: 120,
    minutes: 60,
    what: 'Set-up: furniture, signs, registration desk, catering area',
    who: 'Event lead with venue and vendors',
  },
  {
    before: 90,
    minutes: 30,
    what: 'AV set-up and line check: every microphone, every screen, the spare set',
    who: 'AV technicians',
    small: 'Host with the venue',
  },
  { before: 75, minutes: 30, what: 'Speaker check-in and slide upload; sound check', who: 'Stage manager', from: 80 },
  {
    before: 60,
    minutes: 30,
    what: 'Speaker check-in and slide upload; sound check',
    who: 'Stage manager',
    from: 40,
    below: 80,
  },
  {
    before: 75,
    minutes: 15,
    what: 'Team briefing: roles, timings, emergency routes, assembly point, radio check',
    who: 'Event lead',
    from: 80,
  },
  {
    before: 45,
    minutes: 15,
    below: 80,
    what: 'Team briefing: roles, timings, emergency routes, assembly point, radio check',
    who: 'Event lead',
  },
  {
    before: 60,
    minutes: 15,
    what: 'Safety walk: exits clear, step-free route open, first-aid point staffed, capacity per room known',
    who: 'Event lead with the venue',
    from: 80,
  },
  {
    before: 45,
    minutes: 45,
    what: 'Doors and registration, welcome coffee in the foyer: go or wait, decided together with venue and stage',
    who: 'Registration team, event lead',
    from: 80,
  },
  {
    before: 30,
    minutes: 15,
    below: 80,
    what: 'Safety walk: exits clear, step-free route open, first-aid point staffed',
    who: 'Event lead',
  },
  {
    before: 15,
    minutes: 15,
    below: 80,
    what: 'Doors: go or wait, decided together with venue and stage',
    who: 'Event lead',
  },
  { after: 0, minutes: 30, what: 'Guests leave: coats, lost property, way home', who: 'Host', below: 80 },
  {
    after: 0,
    minutes: 30,
    what: 'Guests leave: cloakroom, lost property, last shuttle, rooms checked',
    who: 'Room hosts',
    from: 80,
  },
  {
    after: 0,
    minutes: 60,
    what: 'Load-out: AV and decoration out, rubbish separated, rooms handed back with a signed protocol',
    who: 'Event lead with venue and vendors',
    lastDay: true,
  },
  { after: 30, minutes: 15, what: 'Debrief: what to change tomorrow, or what we learnt', who: 'Event lead' },
]

const RUNS: readonly (readonly [title: RegExp, who: string])[] = [
  [/registration|welcome desk/i, 'Registration team'],
  [/lunch|coffee|dinner|networking|reception/i, 'Caterer and hosts'],
  [/expo/i, 'Expo desk'],
]
/** Who stands there on the day: agents plan, people run it. */
function runsIt(title: string, track: string | null, owner: string, guests: number): string {
  const row = RUNS.find(([words]) => words.test(title))
  if (row) return row[1]
  if (!isOnTeam(owner)) return shown(owner)
  if (guests < 40) return 'Host'
  return track && track !== 'A' ? `Room host ${track}` : 'Stage manager'
}

const SLOT_MIN = 25
/** A whole programme as one session is cut into welcome, talks and thanks; every other session stays as it is. */
function slotsOf(title: string, at: string, until: string): Pick<Cue, 'at' | 'until' | 'what'>[] {
  const [start, end] = [Date.parse(at), Date.parse(until)]
  const minutes = (end - start) / MINUTE
  if (!/^programme/i.test(title) || minutes < 45 || minutes > 150) return [{ at, until, what: title }]
  const talks = Math.max(1, Math.floor((minutes - 10) / SLOT_MIN))
  const talkAt = (n: number) => start + (5 + n * SLOT_MIN) * MINUTE
  return [
    { at, until: isoAt(talkAt(0)), what: `${title}: welcome, house and safety notes` },
    ...Array.from({ length: talks }, (_, n) => ({
      at: isoAt(talkAt(n)),
      until: isoAt(talkAt(n + 1)),
      what: `${title}: talk ${n + 1}, ${SLOT_MIN - 5} minutes and 5 for questions`,
    })),
    { at: isoAt(talkAt(talks)), until, what: `${title}: thanks, survey, what comes next` },
  ]
}

/** Every cue of an event day in order, from load-in to hand-over: what, where, who. */
export function runOfShow(board: Board): { day: string; cues: Cue[] }[] {
  const { brief, artifacts } = board
  const venue = artifacts.VenueShortlist.find(({ id }) => id === artifacts.VenueScorecard?.selected_venue_id)
  const days = eventDays(brief)
  return days.map(({ start, end }, index) => {
    const cue = (time: number, row: Fixed): Cue => ({
      at: isoAt(time),
      until: isoAt(time + row.minutes * MINUTE),
      what: row.what,
      where: venue?.venue_name ?? 'venue',
      who: brief.audience_size < 40 ? (row.small ?? row.who) : row.who,
    })
    const wanted = AROUND.filter(
      ({ from = 0, below = Number.POSITIVE_INFINITY, firstDay, lastDay }) =>
        brief.audience_size >= from &&
        brief.audience_size < below &&
        (!firstDay || index === 0) &&
        (!lastDay || index === days.length - 1),
    )
    const before = wanted.filter((row) => row.before !== undefined).map((row) => cue(start - row.before! * MINUTE, row))
    const after = wanted.filter((row) => row.after !== undefined).map((row) => cue(end + row.after! * MINUTE, row))
    const sessions = (artifacts.Schedule?.sessions ?? [])
      .filter((one) => Date.parse(one.start) >= start && Date.parse(one.start) < end)
      .flatMap(({ start: at, end: until, title, location, owner, track }): Cue[] => {
        const who = runsIt(title, track ?? null, owner ?? 'event-planner', brief.audience_size)
        return slotsOf(title, at, until).map((slot) => ({ ...slot, where: location, who }))
      })
    const cues = [...before, ...sessions, ...after].toSorted((a, b) =>
      a.at < b.at ? -1 : a.at > b.at ? 1 : a.what < b.what ? -1 : a.what > b.what ? 1 : 0,
    )
    return { day: isoAt(start).slice(0, 10), cues }
  })
}

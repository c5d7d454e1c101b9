import type { InstructionLevel } from '../schema.ts'
import { isoAt } from './calendar-days.ts'

const MINUTE = 60_000
const BLOCKS = [90, 60, 45, 30, 20, 15, 10] as const
const MINIMUM = { Beginner: 3, Intermediate: 12, Advanced: 20 } as const
const TRACKS = { Beginner: ['A'], Intermediate: ['A', 'B'], Advanced: ['A', 'B', 'C'] } as const

export type PlannedSession = {
  id: string
  title: string
  start: string
  end: string
  location: string
  resources: string[]
  track: string | null
  owner: string
}
type Frame = {
  level: InstructionLevel
  days: readonly { start: number; end: number }[]
  main: string
  breakout: string
  expo: string | null
  /** What the event is about, in a few words; empty when the brief does not say. */
  theme: string
}

/** Cuts a day into opening, blocks, lunch and closing, in minutes from its start. */
function dayPlan(minutes: number, block: number) {
  const edge = minutes >= 300 ? 30 : Math.max(5, Math.floor(minutes / 12))
  const lunch = minutes >= 300 ? 60 : minutes >= 180 ? 30 : 0
  const count = Math.max(1, Math.floor((minutes - 2 * edge - lunch) / block))
  const length = Math.min(block, Math.floor((minutes - 2 * edge - lunch) / count))
  const starts = Array.from(
    { length: count },
    (_, index) => edge + index * length + (index >= Math.ceil(count / 2) ? lunch : 0),
  )
  return { edge, lunch: lunch > 0 ? { at: edge + Math.ceil(count / 2) * length, length: lunch } : null, starts, length }
}

function beginner({ days, main }: Frame): PlannedSession[] {
  const [first, last] = [days[0]!, days.at(-1)!]
  const day = days.length === 1 ? { start: first.start, end: last.end } : first
  const whole = (share: number) => Math.floor(((day.end - day.start) * share) / MINUTE) * MINUTE
  const cut = [day.start, day.start + whole(1 / 6), day.start + whole(2 / 3), day.end]
  const rest = days
    .slice(1)
    .map(({ start, end }, index): [string, number, number] => [`Programme day ${index + 2}`, start, end])
  const rows: [string, number, number][] = [
    ['Registration', cut[0]!, cut[1]!],
    ['Programme', cut[1]!, cut[2]!],
    ['Networking', cut[2]!, cut[3]!],
    ...rest,
  ]
  return rows.map(([title, start, end], index) => ({
    id: `session-${String(index + 1).padStart(3, '0')}`,
    title,
    start: isoAt(start),
    end: isoAt(end),
    location: main,
    resources: ['res-001'],
    track: null,
    owner: 'event-planner',
  }))
}

const CHANGE = 15
const FORMATS: readonly (readonly string[])[] = [
  ['Keynote', 'Talks', 'Panel', 'Lightning talks'],
  ['Workshop', 'Case studies', 'Workshop', 'Round table'],
  ['Lab', 'Expert hour', 'Lab', 'Demo session'],
]
const named = (track: number, block: number, day: number, theme: string): string => {
  const rows = FORMATS[track]!
  const format = track === 0 && block === 0 && day > 0 ? 'Keynote' : rows[block % rows.length]!
  return `${format}${theme ? `: ${theme}` : ''}`
}

/** The programme of all days: tracks run beside each other in rooms and equipment of their own, so nothing collides. */
export function programme(frame: Frame): { sessions: PlannedSession[]; tracks: readonly string[] } {
  const { level, days, main, breakout, expo, theme } = frame
  const tracks = TRACKS[level]
  if (level === 'Beginner') return { sessions: beginner(frame), tracks }
  const countAt = (block: number) =>
    days.reduce((sum, { start, end }) => {
      const plan = dayPlan((end - start) / MINUTE, block)
      return sum + plan.starts.length * tracks.length + 2 + (plan.lunch ? 1 : 0)
    }, 0)
  const block = BLOCKS.find((one) => countAt(one) >= MINIMUM[level]) ?? BLOCKS.at(-1)!
  const sessions: PlannedSession[] = []
  const add = (
    title: string,
    from: number,
    minutes: number,
    location: string,
    track: string | null,
    resources: string[],
  ) =>
    sessions.push({
      id: `session-${String(sessions.length + 1).padStart(3, '0')}`,
      title,
      start: isoAt(from),
      end: isoAt(from + minutes * MINUTE),
      location,
      resources,
      track,
      owner: 'event-planner',
    })
  for (const [index, { start, end }] of days.entries()) {
    const minutes = Math.floor((end - start) / MINUTE)
    const plan = dayPlan(minutes, block)
    const day = `day ${index + 1}`
    // A block of 90 minutes leaves a quarter of an hour to change rooms; the first one of each half is the coffee break.
    const talk = plan.length >= 75 ? plan.length - CHANGE : plan.length
    add(`Opening ${day}`, start, plan.edge, `${main}: main hall`, null, ['res-001'])
    for (const [n, at] of plan.starts.entries())
      for (const [t, track] of tracks.entries())
        add(
          `${track}${index + 1}.${n + 1} ${named(t, n, index, theme)}`,
          start + at * MINUTE,
          talk,
          t === 0 ? `${main}: main hall` : `${breakout}: room ${track}`,
          track,
          [`res-00${t + 1}`],
        )
    const half = Math.ceil(plan.starts.length / 2)
    if (talk < plan.length)
      for (const [n, at] of plan.starts.entries())
        if ((n === 0 || n === half) && n !== half - 1 && n !== plan.starts.length - 1)
          add(`Coffee break ${day}`, start + (at + talk) * MINUTE, CHANGE, `${main}: foyer`, null, [])
    if (plan.lunch) add(`Lunch ${day}`, start + plan.lunch.at * MINUTE, plan.lunch.length, `${main}: foyer`, null, [])
    if (expo) add(`Expo ${day}`, start + plan.edge * MINUTE, minutes - 2 * plan.edge, `${expo}: floor`, 'Expo', [])
    add(`Closing ${day}`, end - plan.edge * MINUTE, plan.edge, `${main}: main hall`, null, ['res-001'])
  }
  return { sessions, tracks }
}

import type { EventType } from '../schema.ts'
import { bandOf } from './bands.ts'
import { budgetAmount, currencyAmount } from './budget.ts'
import { daysIn } from './dates.ts'
import { hoursIn } from './hours.ts'
import { accessibilityNeeds, namedPlace, requiredAmenities } from './place.ts'

const DAY_MS = 86_400_000
const TYPES: readonly [pattern: RegExp, type: EventType][] = [
  [/\b(festival)\b/i, 'festival'],
  [/\b(conference|summit|expo|congress)\b/i, 'conference'],
  [/\b(workshop|offsite|training)\b/i, 'workshop'],
  [/\b(gala|wedding|party|reception|dinner|cocktail)\b/i, 'gala'],
  [/\b(meet-?up|lunch|get-together)\b/i, 'meetup'],
]
const HOURS: readonly [pattern: RegExp, from: number, to: number][] = [
  [/formal dinner/i, 19, 23],
  [/cocktail/i, 17, 20],
  [/lunch/i, 11, 14],
  [/dinner|party|gala|reception|wedding/i, 18, 22],
  [/casual|get-together|picnic/i, 14, 17],
]
const DEFAULT_HEADS = 50

export type Extracted = {
  title: string | null
  event_type: EventType | null
  date_range_start: string | null
  date_range_end: string | null
  audience_size: number | null
  budget_total: number | null
  currency: string | null
  place: string | null
  constraints: string[]
}
export type IntakeFacts = {
  extracted: Extracted
  brief: {
    title: string
    event_type: EventType
    date_range_start: string
    date_range_end: string
    audience_size: number
    objectives: string
    constraints: string
    assumptions: string[]
  }
  /** What the text does not say, in the order it is asked for. */
  missing: ('place' | 'date' | 'head count')[]
}

const iso = (time: number) => new Date(time).toISOString().replace('.000Z', 'Z')
const clock = (hour: number) => `${Math.floor(hour) % 24}:${String(Math.round((hour % 1) * 60)).padStart(2, '0')}`
/** The hours a text names, else those usual for such an event, with what was assumed. */
function hoursOf(text: string): { from: number; to: number; assumed: string[] } {
  const row = HOURS.find(([pattern]) => pattern.test(text))
  const [from, to] = row ? [row[1], row[2]] : [10, 16]
  const named = hoursIn(text)
  if (!named) return { from, to, assumed: [`No hours were given: planned from ${clock(from)} to ${clock(to)} UTC`] }
  if (named.to !== null) return { from: named.from, to: named.to, assumed: [] }
  const end = named.from + (to - from)
  return { from: named.from, to: end, assumed: [`No end was given: planned until ${clock(end)} UTC`] }
}

/** The first day named in a text with its year, the next such day when the year is missing. Midnight UTC, or null. */
export const dateIn = (text: string, now: Date): number | null => daysIn(text, now)?.start ?? null

/** A head count such as "50 guests" or "around 200 people"; null without one. */
export function headCount(text: string): number | null {
  const found =
    /(?<![\d.,])(\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+|\d[\d,]*)\s*(?:-\s*)?(?:guests?|people|persons?|attendees|participants|heads|pax|visitors|developers|employees)\b/i.exec(
      text,
    )
  return found ? Number(found[1]!.replaceAll(/[^\d]/g, '')) : null
}

const QUOTED = /["“„«]([^"“”„«»\n]{3,80})["”“»]/
const ORDER = /^(?:please\s+)?(?:plan|organi[sz]e|prepare|arrange|host)\s+(?:(?:a|an|the|our|my)\s+)?/i
const TALK = /^(?:help|please|i |we |can you|could you|find|plan|show|let|in |at |on |for )/i
const CLAUSE_END = new RegExp(
  [
    String.raw`[,;:\n!?]|\.(?:\s|$)|\s[-–—]\s`,
    String.raw`\s(?:for|with|of)\s+(?:a\s+budget|about|around|up to|some|roughly)?\s*\d`,
    String.raw`\s(?:in|near|at|around)\s+(?:the\s+)?(?=\p{Lu})`,
    String.raw`\s(?:on|from|during)\s+(?:the\s+)?(?=\d|\p{Lu})`,
    String.raw`\s(?:with|within|under|on)\s+(?:a|an|our|the)?\s*(?:total\s+)?budget\b`,
    String.raw`\s(?:where|which|that|so that|because)\s`,
  ].join('|'),
  'u',
)

/** The name of the event: a quoted one, else its first clause when that is an event phrase of at most 80 characters. */
function titleOf(text: string, type: EventType, place: string | null): { title: string; named: boolean } {
  const quoted = QUOTED.exec(text)?.[1]?.trim()
  if (quoted) return { title: quoted, named: true }
  const clause = text.replace(ORDER, '').split(CLAUSE_END)[0]!.trim()
  const first = clause.slice(0, 1).toUpperCase() + clause.slice(1)
  const named =
    first.length > 0 && first.length <= 80 && !TALK.test(first) && TYPES.some(([pattern]) => pattern.test(first))
  const fallback = `${type[0]!.toUpperCase()}${type.slice(1)}${place ? ` in ${place}` : ''}`.slice(0, 80)
  return { title: named ? first : fallback, named }
}

/** Reads an event out of free text (contract 4.8, 4.9). What it does not say is inferred and said as an assumption. */
export function readIntake(request: string, now: Date): IntakeFacts {
  const text = request.trim()
  const assumptions: string[] = []
  const foundType = TYPES.find(([pattern]) => pattern.test(text))?.[1] ?? null
  const foundHeads = headCount(text)
  const foundDays = daysIn(text, now)
  const foundDate = foundDays?.start ?? null
  const place = namedPlace(text)
  const budget = budgetAmount(text) ?? currencyAmount(text)
  const type = foundType ?? 'meetup'
  const heads = foundHeads ?? DEFAULT_HEADS
  if (!foundType) assumptions.push('The kind of event was not named: it is planned as a meetup')
  if (foundHeads === null) assumptions.push(`The number of guests was not given: planned for ${DEFAULT_HEADS}`)
  if (!place) assumptions.push('No place was given: venues are searched without a limit on the place')
  const { from, to, assumed } = hoursOf(text)
  let day = foundDate
  if (day === null) {
    const earliest = Date.parse(now.toISOString().slice(0, 10)) + bandOf(heads).leadDays * DAY_MS
    day = earliest + ((6 - new Date(earliest).getUTCDay() + 7) % 7) * DAY_MS
    assumptions.push(`No date was given: planned for Saturday ${iso(day).slice(0, 10)}`)
  }
  assumptions.push(...assumed)
  if (!budget) assumptions.push('No budget was given: it is estimated per head')
  const { title, named } = titleOf(text, type, place)
  if (!named) assumptions.push(`The event had no name: it is called "${title}"`)
  const constraints = [
    ...(budget ? [`Budget ${budget.currency} ${budget.amount}`] : []),
    ...(place ? [`in ${place}`] : []),
    ...requiredAmenities(text),
    ...accessibilityNeeds(text),
    ...(/all diets|dietary|vegan|vegetarian|gluten/i.test(text) ? ['food for all diets'] : []),
    ...(/weather/i.test(text) ? ['a look at the weather'] : []),
  ]
  const start = iso(day + from * 3_600_000)
  const end = iso((foundDays?.end ?? day) + to * 3_600_000)
  return {
    extracted: {
      title: named ? title : null,
      event_type: foundType,
      date_range_start: foundDate === null ? null : start,
      date_range_end: foundDate === null ? null : end,
      audience_size: foundHeads,
      budget_total: budget?.amount ?? null,
      currency: budget?.currency ?? null,
      place,
      constraints,
    },
    brief: {
      title,
      event_type: type,
      date_range_start: start,
      date_range_end: end,
      audience_size: heads,
      objectives: text,
      constraints: constraints.join('; '),
      assumptions,
    },
    missing: [
      ...(place ? [] : (['place'] as const)),
      ...(foundDate === null ? (['date'] as const) : []),
      ...(foundHeads === null ? (['head count'] as const) : []),
    ],
  }
}

export type InteractionWish = 'autonomous' | 'collaborative' | 'interactive'

/** The mode the words ask for (contract 4.7). */
export function modeOf(text: string): InteractionWish {
  if (/show me (the )?options|let me (decide|choose)|i want to (choose|decide)/i.test(text)) return 'interactive'
  return /\b(help|suggest|not sure|ideas?)\b/i.test(text) ? 'collaborative' : 'autonomous'
}

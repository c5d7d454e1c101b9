import { eventDays } from '../agents/calendar-days.ts'
import type { Board } from '../artifacts/board.ts'
import { money } from '../formulas/round.ts'

const HOUR_MS = 3_600_000
export type StaffRow = { role: string; count: number; source: string; shift: string; duty: string }
type Ratio = {
  role: string
  /** One person for so many guests, and never fewer than. */
  per: number
  least: number
  /** From this many guests on, and up to fewer than so many. */
  from?: number
  below?: number
  source: string
  shift: string
  duty: string
}

/** Ratios common in the trade; low-risk events with seated guests. */
const ROLES: readonly Ratio[] = [
  {
    role: 'Event lead',
    per: Number.POSITIVE_INFINITY,
    least: 1,
    source: 'own team',
    shift: 'load-in to load-out',
    duty: 'Runs the day, decides, holds the emergency phone',
  },
  {
    role: 'Registration and welcome',
    per: 50,
    least: 1,
    source: 'paid or volunteers',
    shift: 'doors − 60 min to + 90 min',
    duty: 'Check-in, badges, questions; one desk kept for access needs',
  },
  {
    role: 'Room hosts and ushers',
    per: 75,
    least: 1,
    from: 40,
    source: 'volunteers',
    shift: 'whole programme',
    duty: 'Doors, head counts, microphones for questions',
  },
  {
    role: 'Stage manager',
    per: 400,
    least: 1,
    from: 40,
    source: 'paid',
    shift: 'rehearsal to closing',
    duty: 'Calls the cues, keeps speakers on time',
  },
  {
    role: 'AV technicians',
    per: 150,
    least: 1,
    from: 40,
    source: 'AV vendor',
    shift: 'load-in to load-out',
    duty: 'Sound, picture, recording, spare set',
  },
  {
    role: 'First aiders',
    per: 250,
    least: 1,
    below: 80,
    source: 'trained among the team',
    shift: 'doors to last guest',
    duty: 'First-aid box at hand, defibrillator of the house known',
  },
  {
    role: 'First aiders',
    per: 250,
    least: 2,
    from: 80,
    source: 'trained staff, or a first-aid service above 500',
    shift: 'doors to last guest',
    duty: 'First-aid point, defibrillator checked at load-in',
  },
  {
    role: 'Stewards and security',
    per: 100,
    least: 1,
    from: 80,
    source: 'venue',
    shift: 'doors to last guest',
    duty: 'Entrances, capacity, fire routes, lost people',
  },
  {
    role: 'Cloakroom',
    per: 200,
    least: 1,
    from: 80,
    source: 'venue',
    shift: 'doors to last guest',
    duty: 'Coats, luggage, lost property',
  },
]
const SERVED: Readonly<Record<string, number>> = {
  plated: 15,
  stations: 25,
  cocktail: 25,
  buffet: 30,
  family_style: 25,
}

/** Who is needed on each event day, with where they come from. */
export function staffing({ brief, artifacts }: Board): StaffRow[] {
  const guests = brief.audience_size
  const rows = ROLES.filter(({ from = 0, below = Number.POSITIVE_INFINITY }) => guests >= from && guests < below).map(
    ({ per, least, role, source, shift, duty }) => ({
      role,
      count: Math.max(least, Number.isFinite(per) ? Math.ceil(guests / per) : least),
      source,
      shift,
      duty,
    }),
  )
  const catering = artifacts.LogisticsPlan?.catering
  if (catering?.service_type === 'full_service') {
    const per = SERVED[catering.menu_style] ?? 30
    rows.push({
      role: 'Service staff',
      count: Math.ceil(guests / per),
      source: 'caterer',
      shift: 'meals and breaks, set-up 60 min before',
      duty: `One for ${per} guests (${catering.menu_style}), one of them for special diets`,
    })
  }
  if (artifacts.LogisticsPlan?.workflows.some(({ workflow }) => workflow === 'streaming'))
    rows.push({
      role: 'Stream operator and moderator',
      count: 2,
      source: 'streaming vendor',
      shift: 'programme',
      duty: 'Encoder and uplinks; questions from remote guests',
    })
  if (artifacts.LogisticsPlan?.workflows.some(({ workflow }) => workflow.startsWith('transfers')))
    rows.push({
      role: 'Transfer coordinators',
      count: Math.max(2, Math.ceil(guests / 400)),
      source: 'paid',
      shift: 'first arrivals to last shuttle',
      duty: 'Shuttles between the venues, one step-free vehicle',
    })
  return rows
}

/** Hours of the people we pay ourselves, and what the Staff money gives an hour; null without such money. */
export function paidHours(board: Board): { hours: number; allocated: number; perHour: number } | null {
  const allocated = board.artifacts.BudgetBaseline?.category_allocations.find(
    ({ category }) => category === 'Staff',
  )?.allocated
  if (!allocated) return null
  const perDay = eventDays(board.brief).map(({ start, end }) => (end - start) / HOUR_MS + 2)
  const people = staffing(board)
    .filter(({ source }) => source.startsWith('paid'))
    .reduce((sum, { count }) => sum + count, 0)
  const hours = Math.round(people * perDay.reduce((sum, one) => sum + one, 0))
  return { hours, allocated, perHour: hours === 0 ? 0 : money(allocated / hours) }
}

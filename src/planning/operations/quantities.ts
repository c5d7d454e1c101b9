import { eventDays } from '../agents/calendar-days.ts'
import type { Board } from '../artifacts/board.ts'
import type { Catering } from '../schema.ts'
import { speakersNeeded } from './speakers.ts'
import { staffing } from './staffing.ts'

const HOUR_MS = 3_600_000
export type QuantityRow = { item: string; quantity: string; basis: string }
export type DietRow = { diet: string; guests: number }

/** Share of guests to expect for a diet until registration says better. */
const EXPECTED: Readonly<Record<string, number>> = {
  vegetarian: 0.12,
  vegan: 0.06,
  'gluten-free': 0.04,
  kosher: 0.02,
  halal: 0.04,
}
/** Of those invited and registered, who comes: free events lose more. */
const SHOW_RATE = { meetup: 0.75, workshop: 0.9, conference: 0.92, gala: 0.95, festival: 0.9 } as const

export const expectedGuests = ({ audience_size, event_type }: Board['brief']): number =>
  Math.round(audience_size * SHOW_RATE[event_type])

/** Meals by diet for the caterer: at least one of each offered. */
export const dietCounts = (guests: number, diets: readonly string[]): DietRow[] =>
  diets.map((diet) => ({ diet, guests: Math.max(1, Math.round(guests * (EXPECTED[diet] ?? 0.03))) }))

/** Who eats beside the guests on a day: the people on site, and the speakers spread over the days. */
const crewOf = (board: Board): number => {
  const speakers = speakersNeeded(board).reduce((sum, { people }) => sum + people, 0)
  return (
    staffing(board).reduce((sum, { count }) => sum + count, 0) + Math.ceil(speakers / eventDays(board.brief).length)
  )
}

/** What to order for one day (contract: catering for the whole audience; numbers become firm at the guarantee date). */
export function dailyQuantities(board: Board, catering: Catering, dayIndex = 0): QuantityRow[] {
  const { brief } = board
  const guests = brief.audience_size
  const days = eventDays(brief)
  const { start, end } = days[Math.min(dayIndex, days.length - 1)]!
  const hours = (end - start) / HOUR_MS
  const breaks = hours >= 6 ? 2 : 1
  const isMeal = hours >= 3
  const standing = catering.menu_style === 'stations' || catering.menu_style === 'cocktail'
  return [
    ...(isMeal && !standing
      ? [{ item: 'Main meals', quantity: `${Math.ceil(guests * 1.03)}`, basis: 'guests plus 3 %' }]
      : []),
    ...(standing || !isMeal
      ? [
          {
            item: 'Savoury bites',
            quantity: `${guests * (hours >= 3 ? 10 : 6)}`,
            basis: `${hours >= 3 ? 10 : 6} a guest`,
          },
        ]
      : []),
    ...(catering.includes_dessert ? [{ item: 'Desserts', quantity: `${guests}`, basis: 'one a guest' }] : []),
    {
      item: 'Coffee and tea',
      quantity: `${Math.ceil(guests * 0.8 * breaks)} cups`,
      basis: `80 % of guests, ${breaks} break${breaks > 1 ? 's' : ''}`,
    },
    {
      item: 'Water',
      quantity: `${Math.ceil(guests * Math.max(0.5, hours * 0.2))} l`,
      basis: '0.2 l a guest and hour, half a litre at least',
    },
    { item: 'Soft drinks and juices', quantity: `${Math.ceil(guests * 0.3)} l`, basis: '0.3 l a guest' },
    { item: 'Crew meals', quantity: `${crewOf(board)}`, basis: 'everybody on site and the speakers of a day' },
  ]
}

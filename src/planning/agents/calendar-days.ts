import { bandOf } from '../inference/bands.ts'
import type { EventBrief } from '../schema.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
type Times = Pick<EventBrief, 'date_range_start' | 'date_range_end'>

export const isoAt = (time: number): string => new Date(time).toISOString().replace('.000Z', 'Z')
export const dateAt = (time: number): string => isoAt(time).slice(0, 10)
/** First event day, midnight UTC. */
export const firstDay = (event: Times): number => Date.parse(event.date_range_start.slice(0, 10))
export const lastDay = (event: Times): number => Date.parse(event.date_range_end.slice(0, 10))
/** Lead days before the first event day by the size of the event (contract 1.3). */
export const leadDays = (event: Pick<EventBrief, 'audience_size'>): number => bandOf(event.audience_size).leadDays
export const daysBefore = (event: Times, days: number): string => dateAt(firstDay(event) - Math.round(days) * DAY_MS)
export const daysAfter = (event: Times, days: number): string => dateAt(lastDay(event) + days * DAY_MS)

/** The hours of each event day, in milliseconds: the brief's hours every day, eight hours when they cross midnight. */
export function eventDays(event: Times): { start: number; end: number }[] {
  const start = Date.parse(event.date_range_start)
  const end = Date.parse(event.date_range_end)
  const opens = start - firstDay(event)
  const closes = end - lastDay(event)
  if (end - start <= 24 * HOUR_MS && lastDay(event) <= firstDay(event) + DAY_MS && closes <= opens)
    return [{ start, end }]
  const length = closes > opens ? closes - opens : 8 * HOUR_MS
  const days: { start: number; end: number }[] = []
  for (let day = firstDay(event); day <= lastDay(event); day += DAY_MS) {
    const from = Math.max(start, day + opens)
    const to = Math.min(end, day + opens + length)
    if (to - from >= HOUR_MS / 2) days.push({ start: from, end: to })
  }
  return days.length > 0 ? days : [{ start, end }]
}

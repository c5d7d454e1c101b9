import { createHash } from 'node:crypto'
import type { Board } from '../artifacts/board.ts'

const DAY_MS = 86_400_000
const stamp = (iso: string) =>
  new Date(iso)
    .toISOString()
    .replace(/[-:]/g, '')
    .replace(/\.\d{3}/, '')
const day = (date: string) => date.slice(0, 10).replaceAll('-', '')
const nextDay = (date: string) => day(new Date(Date.parse(date.slice(0, 10)) + DAY_MS).toISOString())
const escaped = (text: string) =>
  text.replace(/\\/g, '\\\\').replace(/;/g, '\\;').replace(/,/g, '\\,').replace(/\r?\n/g, '\\n')

/** Lines of at most 75 bytes, continued with a space (RFC 5545, 3.1). */
function folded(line: string): string {
  const parts: string[] = []
  let current = ''
  for (const character of line) {
    const limit = parts.length === 0 ? 75 : 74
    if (Buffer.byteLength(current + character) > limit) {
      parts.push(current)
      current = ''
    }
    current += character
  }
  return [...parts, current].join('\r\n ')
}

type Entry = { key: string; summary: string; start: string; end: string; location?: string; description?: string }

/** The event, its milestones and sessions as an iCalendar file (RFC 5545). The same board gives the same bytes. */
export function calendarFile(board: Board): string {
  const { brief, artifacts } = board
  const venue = artifacts.VenueShortlist.find(({ id }) => id === artifacts.VenueScorecard?.selected_venue_id)
  const entries: Entry[] = [
    {
      key: 'event',
      summary: brief.title,
      start: `DTSTART:${stamp(brief.date_range_start)}`,
      end: `DTEND:${stamp(brief.date_range_end)}`,
      description: brief.objectives,
      ...(venue ? { location: `${venue.venue_name}, ${venue.location}` } : {}),
    },
    ...(artifacts.Timeline?.milestones ?? []).map(({ id, name, date }) => ({
      key: id,
      summary: `${brief.title}: ${name}`,
      start: `DTSTART;VALUE=DATE:${day(date)}`,
      end: `DTEND;VALUE=DATE:${nextDay(date)}`,
    })),
    ...(artifacts.Schedule?.sessions ?? []).map(({ id, title, start, end, location, track }) => ({
      key: id,
      summary: title,
      start: `DTSTART:${stamp(start)}`,
      end: `DTEND:${stamp(end)}`,
      location,
      ...(track ? { description: `Track ${track}` } : {}),
    })),
  ]
  const uid = (key: string) => `${createHash('sha256').update(`${brief.id}/${key}`).digest('hex').slice(0, 32)}@troupe`
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Troupe//Planning//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    `X-WR-CALNAME:${escaped(brief.title)}`,
    'REFRESH-INTERVAL;VALUE=DURATION:PT1H',
    'X-PUBLISHED-TTL:PT1H',
    ...entries.flatMap(({ key, summary, start, end, location, description }) => [
      'BEGIN:VEVENT',
      `UID:${uid(key)}`,
      `DTSTAMP:${stamp(brief.updated_at)}`,
      `SEQUENCE:${brief.version + (artifacts.Timeline?.version ?? 0) + (artifacts.Schedule?.version ?? 0)}`,
      start,
      end,
      `SUMMARY:${escaped(summary)}`,
      ...(location ? [`LOCATION:${escaped(location)}`] : []),
      ...(description ? [`DESCRIPTION:${escaped(description)}`] : []),
      ...(brief.outcome === 'cancelled' ? ['STATUS:CANCELLED'] : []),
      'END:VEVENT',
    ]),
    'END:VCALENDAR',
  ]
  return `${lines.map(folded).join('\r\n')}\r\n`
}

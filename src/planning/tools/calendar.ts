import fs from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { writeWhole } from '../../kernel/files/write-whole.ts'
import { defineTool } from '../../kernel/tools/tool-descriptor.ts'

const NAME = /^[A-Za-z0-9_-]{1,64}$/
export type CalendarEntry = {
  uid: string
  title: string
  start: string
  end: string
  location: string
  description: string
}

const escaped = (text: string) =>
  text.replaceAll('\\', '\\\\').replaceAll(';', '\\;').replaceAll(',', '\\,').replaceAll(/\r?\n/g, '\\n')
const plain = (text: string) =>
  text.replaceAll(/\\([\\;,nN])/g, (_, char: string) => (char.toLowerCase() === 'n' ? '\n' : char))
const stamp = (iso: string) => `${iso.replaceAll(/[-:]/g, '').slice(0, 15)}Z`
const isoOf = (text: string) => text.replace(/^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/, '$1-$2-$3T$4:$5:$6Z')

/** iCalendar lines are at most 75 octets; longer ones continue with a space (RFC 5545, 3.1). */
function folded(line: string): string {
  let out = ''
  let bytes = 0
  for (const char of line) {
    const size = Buffer.byteLength(char)
    if (bytes + size > 74) {
      out += '\r\n '
      bytes = 1
    }
    out += char
    bytes += size
  }
  return out
}

/** An iCalendar 2.0 text; the same entries give the same text. */
export function icsOf(entries: readonly CalendarEntry[]): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Troupe//Planning//EN',
    ...entries.flatMap(({ uid, title, start, end, location, description }) => [
      'BEGIN:VEVENT',
      `UID:${uid}`,
      `DTSTAMP:${stamp(start)}`,
      `DTSTART:${stamp(start)}`,
      `DTEND:${stamp(end)}`,
      `SUMMARY:${escaped(title)}`,
      ...(location ? [`LOCATION:${escaped(location)}`] : []),
      ...(description ? [`DESCRIPTION:${escaped(description)}`] : []),
      'END:VEVENT',
    ]),
    'END:VCALENDAR',
  ]
  return `${lines.map(folded).join('\r\n')}\r\n`
}

export function entriesOf(ics: string): CalendarEntry[] {
  const text = ics.replaceAll(/\r?\n[ \t]/g, '')
  return text
    .split('BEGIN:VEVENT')
    .slice(1)
    .map((block) => {
      const field = (name: string) => plain(new RegExp(`^${name}(?:;[^:]*)?:(.*)$`, 'm').exec(block)?.[1]?.trim() ?? '')
      return {
        uid: field('UID'),
        title: field('SUMMARY'),
        start: isoOf(field('DTSTART')),
        end: isoOf(field('DTEND')),
        location: field('LOCATION'),
        description: field('DESCRIPTION'),
      }
    })
}

const fileOf = (folder: string, calendar: string) => {
  if (!NAME.test(calendar)) throw new Error('calendar_name must be 1 to 64 letters, digits, _ or -')
  return path.join(path.resolve(folder), `${calendar}.ics`)
}
async function read(file: string): Promise<CalendarEntry[] | null> {
  try {
    return entriesOf(await fs.readFile(file, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
const write = (file: string, entries: readonly CalendarEntry[]) => writeWhole(file, icsOf(entries))

/** Adds or replaces the entry with this uid: repeating it changes nothing. */
export async function putEntry(folder: string, calendar: string, entry: CalendarEntry): Promise<void> {
  const file = fileOf(folder, calendar)
  const others = ((await read(file)) ?? []).filter(({ uid }) => uid !== entry.uid)
  await write(
    file,
    [...others, entry].sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : a.uid < b.uid ? -1 : 1)),
  )
}

const createInput = z.object({
  event_title: z.string().min(1).max(200),
  start_date: z.string(),
  start_time: z.string(),
  duration_hours: z.number().min(1).max(24).default(1),
  location: z.string().max(500).default(''),
  description: z.string().max(10_000).default(''),
  calendar_name: z.string().default('event_planning'),
})

/** The calendar tools over one folder. Failures are texts an agent can read. */
export function calendarTools(folder: string) {
  const said = async (work: () => Promise<string>) => {
    try {
      return await work()
    } catch (error) {
      return `Error: ${(error as Error).message}`
    }
  }
  const create = defineTool({
    name: 'create_calendar_event',
    title: 'Create calendar entry',
    description: 'Adds an entry to an iCalendar file. Times are UTC.',
    input: createInput,
    output: z.string(),
    touches: ['files'],
    writes: ['calendar'],
    approval: 'never',
    run: ({ callId }, args) =>
      said(async () => {
        const start = Date.parse(`${args.start_date}T${args.start_time}:00Z`)
        if (
          !/^\d{4}-\d{2}-\d{2}$/.test(args.start_date) ||
          !/^\d{2}:\d{2}$/.test(args.start_time) ||
          Number.isNaN(start)
        )
          return 'Error: start_date must be YYYY-MM-DD and start_time HH:MM'
        const times = {
          start: new Date(start).toISOString(),
          end: new Date(start + args.duration_hours * 3_600_000).toISOString(),
        }
        await putEntry(folder, args.calendar_name, {
          uid: `${callId}@troupe`,
          title: args.event_title,
          ...times,
          location: args.location,
          description: args.description,
        })
        return `Created "${args.event_title}" on ${args.start_date} at ${args.start_time} in calendar ${args.calendar_name}`
      }),
  })
  const list = defineTool({
    name: 'list_calendar_events',
    title: 'List calendar entries',
    description: 'Entries of a calendar, between two dates inclusive.',
    input: z.object({
      calendar_name: z.string().default('event_planning'),
      start_date: z.string().optional(),
      end_date: z.string().optional(),
    }),
    output: z.string(),
    touches: ['files'],
    approval: 'never',
    run: (_ctx, { calendar_name, start_date = '0000', end_date = '9999' }) =>
      said(async () => {
        const entries = await read(fileOf(folder, calendar_name))
        if (!entries) return `Error: there is no calendar ${calendar_name}`
        const found = entries.filter(({ start }) => start.slice(0, 10) >= start_date && start.slice(0, 10) <= end_date)
        return found.length === 0
          ? 'No entries found'
          : found
              .map(
                ({ title, start, end, location }) => `${title}: ${start} to ${end}${location ? `, ${location}` : ''}`,
              )
              .join('\n')
      }),
  })
  const remove = defineTool({
    name: 'delete_calendar_event',
    title: 'Delete calendar entries',
    description: 'Deletes all entries with exactly this title.',
    input: z.object({ event_title: z.string(), calendar_name: z.string().default('event_planning') }),
    output: z.string(),
    touches: ['files'],
    writes: ['calendar'],
    approval: 'never',
    run: (_ctx, { event_title, calendar_name }) =>
      said(async () => {
        const file = fileOf(folder, calendar_name)
        const entries = await read(file)
        if (!entries) return `Error: there is no calendar ${calendar_name}`
        const kept = entries.filter(({ title }) => title !== event_title)
        if (kept.length === entries.length) return `Error: no entry called "${event_title}"`
        await write(file, kept)
        return `Deleted ${entries.length - kept.length}`
      }),
  })
  return [create, list, remove] as const
}

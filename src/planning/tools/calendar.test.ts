import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { callTool } from '../../kernel/tools/call-tool.ts'
import { createToolRegistry } from '../../kernel/tools/tool-registry.ts'
import { calendarTools } from './calendar.ts'

let folder: string
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-calendar-'))
})
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))
const call = async (name: string, args: unknown, callId = 'c1') =>
  callTool(
    name,
    args,
    { callId, signal: new AbortController().signal },
    { registry: createToolRegistry([...calendarTools(folder)]) },
  )
const text = async (name: string, args: unknown, callId?: string) =>
  ((await call(name, args, callId)) as { value: string }).value
const EVENT = {
  event_title: 'Talks; evening',
  start_date: '2027-01-02',
  start_time: '18:00',
  duration_hours: 3,
  location: 'Oslo, hall 1',
}

it('writes, lists and deletes entries of an iCalendar file; the same call writes once', async () => {
  expect(await text('create_calendar_event', EVENT)).toBe(
    'Created "Talks; evening" on 2027-01-02 at 18:00 in calendar event_planning',
  )
  await text('create_calendar_event', EVENT)
  const ics = fs.readFileSync(path.join(folder, 'event_planning.ics'), 'utf8')
  expect(ics.match(/BEGIN:VEVENT/g)).toHaveLength(1)
  expect(ics).toContain('DTSTART:20270102T180000Z\r\nDTEND:20270102T210000Z')
  expect(ics).toContain('SUMMARY:Talks\\; evening')
  await text('create_calendar_event', { ...EVENT, start_date: '2027-01-03' }, 'c2')
  expect(await text('list_calendar_events', { start_date: '2027-01-02', end_date: '2027-01-02' })).toMatch(
    /^Talks; evening: 2027-01-02.*Oslo, hall 1$/,
  )
  expect(await text('list_calendar_events', { start_date: '2028-01-01' })).toBe('No entries found')
  expect(await text('delete_calendar_event', { event_title: 'Talks; evening' })).toBe('Deleted 2')
})

it('says what is wrong as text', async () => {
  expect(await text('create_calendar_event', { ...EVENT, start_date: '2.1.27' })).toContain(
    'YYYY-MM-DD and start_time HH:MM',
  )
  expect(await text('create_calendar_event', { ...EVENT, calendar_name: '../x' })).toContain('calendar_name must be')
  expect(await text('list_calendar_events', { calendar_name: 'none' })).toContain('there is no calendar none')
  expect(await text('delete_calendar_event', { event_title: 'x' })).toContain('no entry called "x"')
  expect(await call('create_calendar_event', { ...EVENT, duration_hours: 25 })).toMatchObject({
    ok: false,
    code: 'INVALID_INPUT',
  })
})

import { expect, it } from 'vitest'
import type { EventBrief, Session } from '../types.ts'
import { scheduleIcs, toCsv } from './exports.ts'

it('quotes what CSV needs quoted and disarms formulas, but not negative numbers', () => {
  expect(toCsv([['a,b', 'say "hi"', '=1+1', -3]])).toBe(`"a,b","say ""hi""",'=1+1,-3\r\n`)
})
it('writes a calendar with escaped text and folded lines', () => {
  const brief = { id: 'evt-1', title: 'Summit', date_range_start: '2025-11-14T09:00:00Z' } as EventBrief
  const session = {
    id: 's1',
    title: `Opening; ${'ä'.repeat(60)}`,
    location: 'Hall, 2',
    start: '2025-11-14T09:00:00Z',
    end: '2025-11-14T10:00:00Z',
  } as Session
  const ics = scheduleIcs(brief, [session])
  expect(ics).toContain('DTSTART:20251114T090000Z\r\n')
  expect(ics).toContain('LOCATION:Hall\\, 2')
  expect(ics.split('\r\n').every((line) => new TextEncoder().encode(line).length <= 75)).toBe(true)
  expect(ics.replace(/\r\n /g, '')).toContain(`SUMMARY:Opening\\; ${'ä'.repeat(60)}`)
})

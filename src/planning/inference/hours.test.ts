import { expect, it } from 'vitest'
import { hoursIn } from './hours.ts'
import { readIntake } from './intake.ts'

it.each([
  ['on 12 May 2027 from 18:00 to 21:00', 18, 21],
  ['doors 18:30–23:15', 18.5, 23.25],
  ['6-9 pm', 18, 21],
  ['11 am to 2 pm', 11, 14],
  ['11-2 pm', 11, 14],
  ['9am until 5:30pm', 9, 17.5],
  ['from 9:00 to 17:30, 40 people', 9, 17.5],
  ['party from 8 pm till 2 am', 20, 26],
  ['from 12 am to 6 am', 0, 6],
  ['lunch at 12:30', 12.5, null],
  ['starting at 7pm in Oslo', 19, null],
])('reads the hours of "%s"', (text, from, to) => {
  expect(hoursIn(text)).toEqual({ from, to })
})

it.each([
  '14 and 15 November 2026',
  '14–15 November',
  '50-60 people, $5,000 to $6,000',
  '200 people for 2 days',
  'budget 1.250 to 2.500 EUR',
  'from 25:00 to 29:00',
  'at 10 Downing Street',
  'between 20 and 30 guests',
])('finds no hours in "%s"', (text) => {
  expect(hoursIn(text)).toBeUndefined()
})

it('plans an event for the hours its request names, and says when it assumed some', () => {
  const now = new Date('2026-11-21T00:00:00Z')
  const named = readIntake('Meetup for 20 people in Berlin on 12 May 2027 from 18:00 to 21:00', now)
  expect(named.brief).toMatchObject({
    date_range_start: '2027-05-12T18:00:00Z',
    date_range_end: '2027-05-12T21:00:00Z',
  })
  expect(named.brief.assumptions.join()).not.toContain('hours')
  const started = readIntake('Meetup for 20 people in Berlin on 12 May 2027 at 18:30', now)
  expect(started.brief).toMatchObject({
    date_range_start: '2027-05-12T18:30:00Z',
    date_range_end: '2027-05-13T00:30:00Z',
  })
  expect(started.brief.assumptions).toContain('No end was given: planned until 0:30 UTC')
  const late = readIntake('Party for 20 people in Berlin on 12 May 2027 from 8 pm to 2 am', now)
  expect(late.brief.date_range_end).toBe('2027-05-13T02:00:00Z')
  expect(readIntake('Meetup for 20 people in Berlin on 12 May 2027', now).brief.assumptions).toContain(
    'No hours were given: planned from 10:00 to 16:00 UTC',
  )
})

import { expect, it } from 'vitest'
import { briefProblems, EMPTY_FORM, toBriefInput } from './brief-form.ts'

const good = {
  ...EMPTY_FORM,
  title: 'Meetup',
  date_range_start: '2025-11-15T18:00',
  date_range_end: '2025-11-15T21:00',
  audience_size: '30',
  objectives: 'Meet',
}

it('finds nothing wrong with a whole form and sends it in UTC', () => {
  expect(briefProblems(good)).toEqual({})
  expect(toBriefInput(good)).toMatchObject({ audience_size: 30, title: 'Meetup' })
  expect(toBriefInput(good).date_range_start).toBe(new Date('2025-11-15T18:00').toISOString().replace('.000Z', 'Z'))
})
it('names the end when it is not after the start', () => {
  expect(briefProblems({ ...good, date_range_end: good.date_range_start }).date_range_end).toMatch(/after/)
})
it('asks for a whole number of people', () => {
  expect(briefProblems({ ...good, audience_size: '2.5' }).audience_size).toBeTruthy()
  expect(briefProblems({ ...good, audience_size: '0' }).audience_size).toBeTruthy()
})

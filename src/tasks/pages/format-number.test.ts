import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formatNumber } from './format-number.ts'

it.each([
  [0, 6, '0'],
  [999, 0, '999'],
  [1000, 0, '1,000'],
  [3628800, 6, '3,628,800'],
  [-1234567.5, 2, '-1,234,567.5'],
  [771.3624310270756, 6, '771.362431'],
  [1.005, 2, '1.01'],
  [0.5, 0, '1'],
  [-0.001, 2, '0'],
  [1e-7, 6, '0'],
  [1e-7, 8, '0.0000001'],
  [1e21, 2, '1,000,000,000,000,000,000,000'],
  [Number.NaN, 2, 'NaN'],
])('%d with %d places is %s', (value, places, text) => {
  expect(formatNumber(value, places)).toBe(text)
})

it('agrees with the locale formatter', () => {
  const locale = (value: number, places: number) => value.toLocaleString('en-US', { maximumFractionDigits: places })
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 0, max: 6 }), (cents, places) => {
      const text = locale(cents / 100, places)
      expect(formatNumber(cents / 100, places)).toBe(text === '-0' ? '0' : text)
    }),
  )
})

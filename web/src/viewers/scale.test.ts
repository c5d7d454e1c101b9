import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { niceTicks, paddedRange, scaleLinear, timeStep } from './scale.ts'

describe('axes', () => {
  it('divides a range at round numbers', () => {
    expect(niceTicks(0, 100, 5)).toEqual([0, 20, 40, 60, 80, 100])
    expect(niceTicks(0.12, 0.49, 4)).toEqual([0.2, 0.3, 0.4])
  })
  it('never puts a tick outside the range, whatever the range', () => {
    const number = fc.double({ min: -1e6, max: 1e6, noNaN: true })
    fc.assert(
      fc.property(number, fc.double({ min: 1e-3, max: 1e6, noNaN: true }), (min, span) => {
        const ticks = niceTicks(min, min + span)
        for (const tick of ticks) {
          expect(tick).toBeGreaterThanOrEqual(min - span * 1e-3)
          expect(tick).toBeLessThanOrEqual(min + span + span * 1e-3)
        }
      }),
    )
  })
  it('keeps room above and below, and does not invent negative amounts', () => {
    expect(paddedRange([10, 110])).toEqual([2, 118])
    expect(paddedRange([0, 100])).toEqual([0, 108])
    expect(paddedRange([5, 5])).toEqual([4, 6])
    expect(paddedRange([])).toEqual([0, 1])
  })
  it('maps linearly, and a single value to the middle', () => {
    expect(scaleLinear([0, 10], [0, 200])(2.5)).toBe(50)
    expect(scaleLinear([3, 3], [0, 200])(3)).toBe(100)
  })
  it('picks customary steps of time', () => {
    expect(timeStep(60_000, 6)).toBe(10_000)
    expect(timeStep(7 * 86_400_000, 8)).toBe(86_400_000)
  })
})

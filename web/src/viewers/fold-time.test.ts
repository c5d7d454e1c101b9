import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { busySpans, foldTime, timeToX, xToTime } from './fold-time.ts'

const span = (start: number, end: number) => ({ start, end })

describe('a time axis with idle gaps folded', () => {
  it('joins what overlaps', () => {
    expect(busySpans([span(5, 9), span(0, 3), span(2, 6)])).toEqual([span(0, 9)])
    expect(busySpans([span(0, 3), span(4, 6)])).toEqual([span(0, 3), span(4, 6)])
  })
  it('folds an hour of waiting to a fixed width and keeps one scale elsewhere', () => {
    const axis = foldTime([span(0, 10_000), span(3_610_000, 3_620_000)], { width: 236, foldWidth: 36 })
    expect(axis.pieces.map((piece) => [piece.folded, piece.x0, piece.x1])).toEqual([
      [false, 0, 100],
      [true, 100, 136],
      [false, 136, 236],
    ])
    expect(timeToX(axis, 5000)).toBe(50)
    expect(timeToX(axis, 3_615_000)).toBe(186)
  })
  it('does not fold short gaps', () => {
    const axis = foldTime([span(0, 10_000), span(11_000, 20_000)], { width: 200 })
    expect(axis.pieces).toHaveLength(1)
    expect(timeToX(axis, 10_000)).toBe(100)
  })
  it('keeps order: a later time never lies further left, and back again it is the same time', () => {
    const spans = fc.array(
      fc.tuple(fc.nat(1e6), fc.integer({ min: 1, max: 1e5 })).map(([start, ms]) => span(start, start + ms)),
      { minLength: 1, maxLength: 12 },
    )
    fc.assert(
      fc.property(spans, fc.nat(1100), fc.nat(1100), (list, a, b) => {
        const axis = foldTime(list, { width: 1100 })
        const [left, right] = a < b ? [a, b] : [b, a]
        expect(xToTime(axis, left)).toBeLessThanOrEqual(xToTime(axis, right))
        expect(timeToX(axis, xToTime(axis, left))).toBeCloseTo(Math.min(left, axis.pieces.at(-1)!.x1), 3)
      }),
    )
  })
  it('has nothing to show for nothing', () => {
    expect(foldTime([], { width: 100 }).pieces).toEqual([])
  })
})

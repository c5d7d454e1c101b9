import { expect, it } from 'vitest'
import { linePath, thinPoints, valueAt } from './line-path.ts'

const id = (v: number) => v

it('keeps the peaks of 100,000 points in a few thousand', () => {
  const points = Array.from({ length: 100_000 }, (_, i) => ({ x: i, y: i === 54_321 ? 1000 : Math.sin(i / 100) }))
  const thin = thinPoints(points, 500)
  expect(thin.length).toBeLessThanOrEqual(2000)
  expect(thin.some((point) => point.y === 1000)).toBe(true)
  expect(thin.map((point) => point.x)).toEqual([...thin.map((point) => point.x)].sort((a, b) => a - b))
})

it('holds values between steps when asked', () => {
  const points = [
    { x: 0, y: 1 },
    { x: 2, y: 3 },
  ]
  expect(linePath(points, id, id)).toBe('M0.0 1.0L2.0 3.0')
  expect(linePath(points, id, id, true)).toBe('M0.0 1.0H2.0V3.0')
})

it('tells the value that held at a time', () => {
  const points = [
    { x: 1, y: 10 },
    { x: 4, y: 20 },
  ]
  expect([0, 1, 3.9, 4, 9].map((x) => valueAt(points, x)?.y)).toEqual([undefined, 10, 10, 20, 20])
})

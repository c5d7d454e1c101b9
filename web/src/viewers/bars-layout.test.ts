import { expect, it } from 'vitest'
import { barsLayout } from './bars-layout.ts'

it('draws amounts as shares of the greatest and tells the variance', () => {
  const { rows, total } = barsLayout([
    { id: 'venue', label: 'Venue', plan: 10_000, committed: 11_000, actual: 4000 },
    { id: 'food', label: 'Food', plan: 8000, actual: 6000 },
    { id: 'other', label: 'Other', plan: 0, actual: 100 },
  ])
  expect(rows[0]).toMatchObject({ variance: 1000, variancePercent: 10, share: { committed: 1 } })
  expect(rows[1]).toMatchObject({ variance: -2000, variancePercent: -25 })
  expect(rows[2]!.variancePercent).toBeUndefined()
  expect(total).toEqual({ plan: 18_000, committed: 11_000, actual: 10_100 })
})

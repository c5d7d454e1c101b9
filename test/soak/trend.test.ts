import { expect, it } from 'vitest'
import { seeded } from '../trust/_values.ts'
import { trendOf } from './trend.ts'

const minutes = (count: number, value: (i: number) => number) =>
  Array.from({ length: count }, (_, i) => ({ at: i * 60_000, value: value(i) }))

it('calls noise around a level flat, whatever the seed', () => {
  for (let seed = 1; seed <= 50; seed++) {
    const random = seeded(seed)
    expect(
      trendOf(
        minutes(60, () => 100 + 20 * random()),
        0.05,
        1,
      ).grows,
    ).toBe(false)
  }
})

it('finds a leak of a tenth an hour below noise of the same size', () => {
  const random = seeded(7)
  const trend = trendOf(
    minutes(60, (i) => 100 + i / 6 + 10 * random()),
    0.05,
    1,
  )
  expect(trend.grows).toBe(true)
  expect(trend.perHour).toBeGreaterThan(7)
  expect(trend.perHour).toBeLessThan(13)
})

it('does not fail on a trend that is sure but too small to matter, nor on a falling one', () => {
  expect(
    trendOf(
      minutes(60, (i) => 100 + i / 100),
      0.05,
      1,
    ).grows,
  ).toBe(false)
  expect(
    trendOf(
      minutes(60, (i) => 100 - i),
      0.05,
      1,
    ).grows,
  ).toBe(false)
})

it('one step up that stays is a trend only when it is large', () => {
  expect(
    trendOf(
      minutes(60, (i) => (i < 30 ? 10 : 11)),
      0.05,
      2,
    ).grows,
  ).toBe(false)
  expect(
    trendOf(
      minutes(60, () => 5),
      0.05,
      1,
    ),
  ).toMatchObject({ z: 0, grows: false })
})

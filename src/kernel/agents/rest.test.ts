import { expect, test } from 'vitest'
import { restMs } from './rest.ts'

test('a rest is as long as the work, and ends 20 ms after the work began', () => {
  expect([0, 4, 10, 15, 20, 300].map((took) => restMs(1_000, 1_000 + took))).toEqual([0, 4, 10, 5, 0, 0])
})

import { expect, it } from 'vitest'
import { watchSilence } from './watch-silence.ts'

it('believes silence, but for a while after this process could not reach the store itself', () => {
  let now = 0
  const silence = watchSilence(() => now)
  const at = (ms: number) => {
    now = ms
    silence.heard()
    return silence.counts
  }
  expect([at(0), at(1_000), at(3_500)]).toEqual([true, true, true])
  expect([at(64_000), at(65_000), at(68_900)]).toEqual([false, false, false])
  expect([at(69_000), at(70_000)]).toEqual([true, true])
})

it('believes silence, but for a while after the clock of the store was set', () => {
  let now = 0
  const silence = watchSilence(() => now)
  const at = (ms: number, clock: number) => {
    now = ms
    silence.heard(clock)
    return silence.counts
  }
  expect([at(0, 1e12), at(1_000, 1e12 + 1_200)]).toEqual([true, true])
  expect([at(2_000, 1e12 + 7_200_000), at(3_000, 1e12 + 7_201_000)]).toEqual([false, false])
  expect([at(7_000, 1e12 + 7_205_000), at(8_000, 1e12 - 1)]).toEqual([true, false])
})

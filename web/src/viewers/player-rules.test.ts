import { expect, it } from 'vitest'
import { playStep, startFrom, stepMs } from './player-rules.ts'

it('plays on to the end and stops there', () => {
  expect(playStep(3, 5)).toEqual({ position: 4, playing: true })
  expect(playStep(4, 5)).toEqual({ position: 5, playing: false })
  expect(playStep(5, 5)).toEqual({ position: 5, playing: false })
})

it('starts again when it stands at the end', () => {
  expect([startFrom(5, 1, 5), startFrom(2, 1, 5)]).toEqual([1, 2])
})

it('shows each position shorter at a higher speed', () => {
  expect([stepMs(2, 1), stepMs(2, 4)]).toEqual([500, 125])
})

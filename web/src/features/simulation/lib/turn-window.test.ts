import { expect, it } from 'vitest'
import { turnWindow } from './turn-window.ts'

const turns = { min: 0, max: 99 }

it('keeps the turn in the middle and the window inside the run', () => {
  expect(turnWindow(50, turns, '20')).toEqual([40, 59])
  expect(turnWindow(2, turns, '20')).toEqual([0, 19])
  expect(turnWindow(98, turns, '20')).toEqual([80, 99])
})

it('shows all turns of a short run, and when asked', () => {
  expect(turnWindow(5, { min: 0, max: 30 }, undefined)).toEqual([0, 30])
  expect(turnWindow(50, turns, 'all')).toEqual([0, 99])
  expect(turnWindow(50, turns, undefined)).toEqual([25, 74])
})

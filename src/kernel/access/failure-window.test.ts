import { expect, it } from 'vitest'
import { createFailureWindow, FAILURE_WINDOW_MS, MAX_FAILURES } from './failure-window.ts'

it('shuts an address after its failures, opens it after the minute, and leaves the others alone', () => {
  let now = 0
  const window = createFailureWindow(() => now)
  for (let n = 0; n < MAX_FAILURES; n++) {
    expect(window.isShut('a')).toBe(false)
    window.failed('a')
  }
  expect([window.isShut('a'), window.isShut('b')]).toEqual([true, false])
  now = FAILURE_WINDOW_MS
  expect(window.isShut('a')).toBe(false)
})

it('keeps its size however many addresses guess', () => {
  const window = createFailureWindow(() => 0)
  for (let n = 0; n < 25_000; n++) window.failed(`address-${n}`)
  for (let n = 0; n < MAX_FAILURES; n++) window.failed('a')
  expect(window.isShut('a')).toBe(true)
})

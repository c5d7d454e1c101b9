import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { startHeartbeat } from './session-heartbeat.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const socket = () => {
  let pong = (): void => undefined
  return {
    ping: vi.fn(),
    close: vi.fn(),
    on: (_event: 'pong', listener: () => void) => {
      pong = listener
    },
    pong: () => pong(),
  }
}

it('beats every 30 seconds and closes after two that nobody answered', () => {
  const one = socket()
  const beat = vi.fn()
  startHeartbeat(one, beat)
  vi.advanceTimersByTime(60_000)
  expect(beat).toHaveBeenCalledTimes(2)
  expect(one.close).not.toHaveBeenCalled()
  vi.advanceTimersByTime(30_000)
  expect(one.close).toHaveBeenCalledWith(4408, 'two heartbeats were missed')
  vi.advanceTimersByTime(120_000)
  expect(beat).toHaveBeenCalledTimes(2)
})

it('keeps a socket that answers, by a pong or by anything it says', () => {
  const one = socket()
  const { alive, stop } = startHeartbeat(one, () => undefined)
  for (let i = 0; i < 10; i++) {
    vi.advanceTimersByTime(30_000)
    if (i % 2) one.pong()
    else alive()
  }
  expect(one.close).not.toHaveBeenCalled()
  stop()
})

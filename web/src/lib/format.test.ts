import { describe, expect, it } from 'vitest'
import { formatBytes, formatDuration, formatRelative, plural, toMs } from './format.ts'

describe('formats', () => {
  it('writes bytes in decimal units', () => {
    expect([0, 999, 1234, 250_000, 52_428_800].map(formatBytes)).toEqual([
      '0 B',
      '999 B',
      '1.2 kB',
      '250 kB',
      '52.4 MB',
    ])
  })
  it('writes a span with two units at most', () => {
    expect([12, 1500, 42_000, 95_000, 3_600_000, 90_061_000].map(formatDuration)).toEqual([
      '12 ms',
      '1.5 s',
      '42 s',
      '1 min 35 s',
      '1 h',
      '1 d 1 h',
    ])
    expect(formatDuration(-1500)).toBe('−1.5 s')
  })
  it('tells how far away a time is, in both directions', () => {
    const now = Date.UTC(2026, 0, 1)
    expect(formatRelative(now - 1000, now)).toBe('just now')
    expect(formatRelative(now - 300_000, now)).toBe('5 min ago')
    expect(formatRelative(now + 2 * 86_400_000, now)).toBe('in 2 d')
  })
  it('counts in words', () => {
    expect([plural(1, 'task'), plural(3, 'task'), plural(2, 'reply', 'replies')]).toEqual([
      '1 task',
      '3 tasks',
      '2 replies',
    ])
  })
  it('refuses what is no time', () => {
    expect([toMs(''), toMs(null), toMs('soon')]).toEqual([undefined, undefined, undefined])
    expect(toMs('2026-01-01T00:00:00Z')).toBe(Date.UTC(2026, 0, 1))
  })
})

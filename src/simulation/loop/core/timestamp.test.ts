import { describe, expect, it } from 'vitest'
import { fileStamp, formatMicros, parseMicros } from './timestamp.ts'

const T = Date.UTC(2025, 9, 8, 10, 30, 45) * 1000

describe('timestamps', () => {
  it('are written with six digits and +00:00', () => {
    expect(formatMicros(T + 120)).toBe('2025-10-08T10:30:45.000120+00:00')
    expect(formatMicros(T)).toBe('2025-10-08T10:30:45.000000+00:00')
    expect(fileStamp(T + 123456)).toBe('2025-10-08_10-30-45-123456')
  })

  it.each([
    ['2025-10-08T10:30:45.000120+00:00', T + 120],
    ['2025-10-08T10:30:45Z', T],
    ['2025-10-08T10:30:45.1Z', T + 100_000],
    ['2025-10-08T10:30:45.1234569Z', T + 123_456],
    ['2025-10-08T12:30:45+02:00', T],
    ['2025-10-08T12:30:45+0200', T],
    ['2025-10-08T05:00:45-05:30', T],
    ['2025-10-08T10:30Z', T - 45_000_000],
  ])('reads %s', (text, micros) => {
    expect(parseMicros(text)).toBe(micros)
    expect(parseMicros(text)).toBe(micros) // the second time through the cached day
  })

  it.each([
    '2025-10-08T10:30:45',
    '2025-13-08T10:30:45Z',
    '2025-02-30T10:30:45Z',
    '2025-10-08T25:30:45Z',
    '2025-10-08',
    'yesterday',
    '2025-10-08T10:30:61.000000+00:00',
    5,
    null,
  ])('refuses %s', (text) => {
    parseMicros('2025-10-08T10:30:45.000000+00:00')
    expect(parseMicros(text)).toBeNaN()
  })

  it('reads a missing offset as UTC only where it may be missing', () => {
    expect(parseMicros('2025-10-08T10:30:45', true)).toBe(T)
  })

  it('come back as they were written', () => {
    for (const micros of [0, T + 1, T + 999_999, 1_899_999_999_999_999])
      expect(parseMicros(formatMicros(micros))).toBe(micros)
  })
})

import { describe, expect, it } from 'vitest'
import { EventClock } from './clock.ts'
import { ULID_PATTERN, UlidSource, ulidMs } from './ulid.ts'

const allOnes = (bytes: Uint8Array) => void bytes.fill(31)

describe('ids', () => {
  it('are 26 characters, parseable, unique and strictly increasing', () => {
    const source = new UlidSource()
    const ids = Array.from({ length: 5000 }, (_, i) => source.next(1_760_000_000_000 + Math.floor(i / 700)))
    expect(ids.every((id) => ULID_PATTERN.test(id))).toBe(true)
    expect(new Set(ids).size).toBe(ids.length)
    expect([...ids].sort()).toEqual(ids)
    expect(ulidMs(ids[0]!)).toBe(1_760_000_000_000)
  })

  it('keep growing when the clock steps back', () => {
    const source = new UlidSource()
    const before = source.next(2000)
    const after = source.next(1000)
    expect(after > before).toBe(true)
    expect(ulidMs(after)).toBe(2000)
  })

  it('carry into higher digits and, when the random part is full, into the millisecond', () => {
    const source = new UlidSource(allOnes)
    expect(source.next(5000).slice(10)).toBe('ZZZZZZZZZZZZZZZZ')
    expect(ulidMs(source.next(5000))).toBe(5001)
    const carrying = new UlidSource((bytes) => void bytes.fill(0))
    carrying.advancePast(`${carrying.next(7000).slice(0, 10)}000000000000ZZZZ`)
    expect(carrying.next(7000).slice(10)).toBe('0000000000010000')
  })

  it('are later than an id they were told to pass', () => {
    const source = new UlidSource()
    const own = source.next(1000)
    const foreign = '7ZZZZZZZZZ0000000000000005'
    source.advancePast(foreign)
    expect(source.next(1000) > foreign).toBe(true)
    source.advancePast(own)
    expect(source.next(1000) > foreign).toBe(true)
  })
})

describe('stamps', () => {
  it('are at least a microsecond apart, also when time stands still or steps back', () => {
    let [wall, counter] = [1000, 0]
    const clock = new EventClock({ wallMs: () => wall, monotonicMs: () => counter })
    const stamps = [clock.nextMicros(), clock.nextMicros()]
    wall = 10
    stamps.push(clock.nextMicros())
    counter = 5
    stamps.push(clock.nextMicros())
    expect(stamps).toEqual([1_000_000, 1_000_001, 1_000_002, 1_005_000])
  })
})

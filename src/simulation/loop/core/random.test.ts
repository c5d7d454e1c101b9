import { describe, expect, it } from 'vitest'
import { SeededRandom } from './random.ts'

const take = (random: SeededRandom, n: number) => Array.from({ length: n }, () => random.next())

describe('the seeded generator', () => {
  it('gives the same numbers for the same seed, others for another', () => {
    expect(take(new SeededRandom(7), 20)).toEqual(take(new SeededRandom(7), 20))
    expect(take(new SeededRandom(7), 20)).not.toEqual(take(new SeededRandom(8), 20))
    expect(take(new SeededRandom(-3), 5)).not.toEqual(take(new SeededRandom(3), 5))
  })

  it('stays in [0, 1) and spreads', () => {
    const numbers = take(new SeededRandom(0), 10_000)
    expect(numbers.every((x) => x >= 0 && x < 1)).toBe(true)
    const mean = numbers.reduce((a, b) => a + b) / numbers.length
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.02)
  })

  it('goes on from a stored state', () => {
    const random = new SeededRandom(42)
    take(random, 13)
    const copy = new SeededRandom(random.state)
    expect(take(copy, 10)).toEqual(take(random, 10))
    expect(() => new SeededRandom('xyz')).toThrow('32 hex digits')
  })
})

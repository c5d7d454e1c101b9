import { describe, expect, it } from 'vitest'
import { sparklinePath } from './sparkline-path.ts'

describe('the path of a sparkline', () => {
  it('runs from the first to the last value within its box', () => {
    const { line, last } = sparklinePath([0, 5, 10], 100, 24)
    expect(line).toBe('M2.0,22.0L50.0,12.0L98.0,2.0')
    expect(last).toEqual({ x: 98, y: 2 })
  })
  it('draws equal values in the middle and nothing for no values', () => {
    expect(sparklinePath([3, 3], 100, 24).line).toBe('M2.0,12.0L98.0,12.0')
    expect(sparklinePath([Number.NaN], 100, 24)).toEqual({ line: '', area: '', last: undefined })
  })
})

import { describe, expect, it } from 'vitest'
import { listedValues, runsOf } from './sweep-input.ts'

describe('the values of a sweep', () => {
  it.each<[string, unknown[] | undefined]>([
    ['1, 2.5, grow', [1, 2.5, 'grow']],
    ['1..3', [1, 2, 3]],
    ['0.1..0.5/0.2, 1', [0.1, 0.3, 0.5, 1]],
    ['[[1,2],[3]]', [[1, 2], [3]]],
    ['5..1', undefined],
    [' ', undefined],
    ['[1', undefined],
  ])('%s', (text, values) => {
    expect(listedValues(text)).toEqual(values)
  })

  it('make so many runs', () => {
    const rows = [
      { path: 'a', values: '1..4' },
      { path: 'b', values: 'x, y' },
    ]
    expect([runsOf(rows, ''), runsOf(rows, '1..5'), runsOf([], '1, 2')]).toEqual([8, 40, 2])
    expect(runsOf(rows, 'many')).toBeUndefined()
    expect(runsOf([{ path: 'a', values: '' }], '')).toBeUndefined()
  })
})

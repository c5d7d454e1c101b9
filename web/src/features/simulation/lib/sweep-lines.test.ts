import { expect, it } from 'vitest'
import { sweepLines } from './sweep-lines.ts'

const group = (rate: number, strategy: string, mean: number | null) => ({
  parameters: { 'engine.rate': rate, strategy },
  runs: 1,
  done: 1,
  measures: { total: { n: 1, mean, sd: null, min: mean, max: mean } },
})

it('draws a measure over the first number, a line for each combination of the rest', () => {
  const parameters = [
    { path: 'strategy', values: ['grow', 'hold'] },
    { path: 'engine.rate', values: [1, 2] },
  ]
  const groups = [group(2, 'grow', 5), group(1, 'grow', 3), group(1, 'hold', 2), group(2, 'hold', null)]
  expect(sweepLines({ parameters, groups }, 'total')).toEqual({
    path: 'rate',
    lines: [
      {
        id: 'strategy grow',
        label: 'strategy grow',
        points: [
          { x: 1, y: 3 },
          { x: 2, y: 5 },
        ],
      },
      { id: 'strategy hold', label: 'strategy hold', points: [{ x: 1, y: 2 }] },
    ],
  })
  expect(sweepLines({ parameters: parameters.slice(0, 1), groups }, 'total')).toBeUndefined()
  expect(sweepLines({ parameters, groups: [] }, 'total')).toBeUndefined()
})

import { expect, it } from 'vitest'
import { chartLines } from './chart-lines.ts'

it('holds every line to the end of the range', () => {
  const reply = {
    from_turn: 0,
    to_turn: 9,
    turns_per_point: 1,
    variables: [],
    series_total: 2,
    series: [
      { name: 'w', agent_id: null, variable: 'w', points: [[0, 1] as [number, number], [4, 2] as [number, number]] },
      { name: 'v', agent_id: null, variable: 'v', points: [[9, 5] as [number, number]] },
    ],
  }
  expect(chartLines(reply).map(({ points }) => points.map(({ x, y }) => [x, y]))).toEqual([
    [
      [0, 1],
      [4, 2],
      [9, 2],
    ],
    [[9, 5]],
  ])
})

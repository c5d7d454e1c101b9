import { expect, it } from 'vitest'
import { glyphsPerCell, laneCells } from './turn-lanes-layout.ts'

const event = (id: string, kind: string, turn = 1, lane = 'ada') => ({ id, kind, turn, lane, title: id })
const ORDER = ['MILESTONE', 'DECISION', 'ACTION', 'STATE', 'DETAIL']

it('gathers events by lane and turn and keeps the rarer kinds when there is no room', () => {
  const cells = laneCells(
    [event('s1', 'STATE'), event('d', 'DECISION'), event('s2', 'STATE'), event('a', 'ACTION'), event('x', 'STATE', 2)],
    ORDER,
    2,
  )
  expect(cells.map((cell) => [cell.turn, cell.total, cell.shown.map((one) => one.id)])).toEqual([
    [1, 4, ['d', 'a']],
    [2, 1, ['x']],
  ])
  expect(cells[0]!.kinds).toEqual({ STATE: 2, DECISION: 1, ACTION: 1 })
})

it('draws glyphs only where a column has room for one', () => {
  expect([glyphsPerCell(8, 12), glyphsPerCell(30, 12), glyphsPerCell(60, 12)]).toEqual([0, 2, 4])
})

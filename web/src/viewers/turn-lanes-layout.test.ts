import { expect, it } from 'vitest'
import { cellSlots, glyphsPerCell, laneCells } from './turn-lanes-layout.ts'

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
  expect([glyphsPerCell(8, 11, 2), glyphsPerCell(13, 11, 2), glyphsPerCell(30, 11, 2)]).toEqual([
    { across: 0, fit: 0 },
    { across: 1, fit: 2 },
    { across: 2, fit: 4 },
  ])
})

it('counts what has no room in the last place', () => {
  expect([cellSlots(3, 4), cellSlots(4, 4), cellSlots(9, 4), cellSlots(5, 1)]).toEqual([
    { glyphs: 3, rest: 0 },
    { glyphs: 4, rest: 0 },
    { glyphs: 3, rest: 6 },
    { glyphs: 0, rest: 5 },
  ])
})

import { expect, it } from 'vitest'
import { busyTimes, timelineRows } from './timeline-rows.ts'

const bar = (id: string, lane: string, start: number, end?: number) => ({
  id,
  lane,
  start,
  end,
  title: id,
  tone: 'done' as const,
})

it('gives overlapping work of one lane a row of its own and reuses free rows', () => {
  const lanes = [
    { id: 'a', label: 'A' },
    { id: 'b', label: 'B' },
  ]
  const { rows, count } = timelineRows(
    lanes,
    [bar('1', 'a', 0, 10), bar('2', 'a', 5, 8), bar('3', 'a', 10, 12), bar('4', 'b', 0)],
    20,
  )
  expect(rows[0]!.bars.map((one) => [one.id, one.row])).toEqual([
    ['1', 0],
    ['2', 1],
    ['3', 0],
  ])
  expect(rows[1]!.row).toBe(2)
  expect(count).toBe(3)
})

it('keeps a row for a lane without work', () => {
  expect(timelineRows([{ id: 'x', label: 'X' }], [], 0).count).toBe(1)
})

it('lets a long wait be folded, but not work', () => {
  const wait = { ...bar('w', 'a', 10, 900), waiting: true }
  expect(busyTimes([bar('1', 'a', 0, 10), wait], [], 1000)).toEqual([
    { start: 0, end: 10 },
    { start: 10, end: 10 },
    { start: 900, end: 900 },
  ])
})

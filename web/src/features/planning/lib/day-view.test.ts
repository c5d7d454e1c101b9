import { expect, it } from 'vitest'
import type { PlanTask, Session } from '../types.ts'
import { dayItems, lateTasks } from './day-view.ts'

const now = Date.parse('2025-11-14T10:00:00Z')
const session = (id: string, start: string, end: string) =>
  ({ id, title: id, location: 'Hall', start: `2025-11-14T${start}:00Z`, end: `2025-11-14T${end}:00Z` }) as Session
const task = (id: string, end: string, dependencies: string[] = [], status = 'In Progress') =>
  ({ id, title: id, status, end_date: end, dependencies }) as PlanTask

it('knows what runs, what is next and what is over', () => {
  const rows = dayItems(
    [
      session('c', '11:00', '12:00'),
      session('a', '08:00', '09:00'),
      session('b', '09:30', '10:20'),
      session('d', '13:00', '14:00'),
    ],
    now,
  )
  expect(rows.map((row) => [row.id, row.state, row.minutes])).toEqual([
    ['a', 'over', -120],
    ['b', 'now', 20],
    ['c', 'next', 60],
    ['d', 'later', 180],
  ])
})
it('lists late tasks with all that wait for them, and leaves finished ones out', () => {
  const rows = lateTasks(
    [
      task('a', '2025-11-14T09:00:00Z'),
      task('b', '2025-11-15T09:00:00Z', ['a']),
      task('c', '2025-11-16T09:00:00Z', ['b']),
      task('d', '2025-11-01T09:00:00Z', [], 'Completed'),
    ],
    now,
  )
  expect(rows).toHaveLength(1)
  expect(rows[0]).toMatchObject({ lateMs: 3_600_000 })
  expect(rows[0]?.blocks.map((one) => one.id)).toEqual(['b', 'c'])
})
it('does not run forever on tasks that wait for each other', () => {
  expect(
    lateTasks([task('a', '2025-11-14T09:00:00Z', ['b']), task('b', '2025-11-15T09:00:00Z', ['a'])], now)[0]?.blocks.map(
      (one) => one.id,
    ),
  ).toEqual(['b'])
})

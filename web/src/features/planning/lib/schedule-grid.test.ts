import { expect, it } from 'vitest'
import type { Session } from '../types.ts'
import { conflicts, scheduleGrid } from './schedule-grid.ts'

const at = (id: string, from: string, to: string, location = 'Hall', resources: string[] = []): Session => ({
  id,
  title: id,
  start: `2025-11-14T${from}:00Z`,
  end: `2025-11-14T${to}:00Z`,
  location,
  resources,
})

it('calls an overlap in one room a conflict, but not touching ends', () => {
  expect([...conflicts([at('a', '09:00', '10:00'), at('b', '10:00', '11:00')]).keys()]).toEqual([])
  expect([...conflicts([at('a', '09:00', '10:30'), at('b', '10:00', '11:00')]).keys()]).toEqual(['a', 'b'])
})
it('calls a resource used twice a conflict unless there are two', () => {
  const rows = [at('a', '09:00', '10:00', 'Hall', ['mic']), at('b', '09:30', '11:00', 'Room 2', ['mic'])]
  expect(conflicts(rows).get('a')).toMatch(/mic is needed 2 times/)
  expect(conflicts(rows, () => 2).size).toBe(0)
})
it('puts overlapping sessions of one room into lanes and rounds the day to hours', () => {
  const [day] = scheduleGrid([at('a', '09:15', '10:30'), at('b', '10:00', '11:10')], new Map(), 0)
  expect(day?.rooms[0]).toMatchObject({ name: 'Hall', lanes: 2 })
  expect(new Date(day!.fromMs).toISOString()).toBe('2025-11-14T09:00:00.000Z')
  expect(new Date(day!.toMs).toISOString()).toBe('2025-11-14T12:00:00.000Z')
})

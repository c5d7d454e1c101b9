import { expect, it } from 'vitest'
import { criticalPath } from './critical-path.ts'

const DAY = 86_400_000
const task = (id: string, from: number, to: number, dependsOn: string[] = []) => ({
  id,
  title: id,
  start: from * DAY,
  end: to * DAY,
  dependsOn,
  status: 'planned',
})

it('finds the chain that fixes the end, and how long the others may slip', () => {
  const rows = criticalPath([
    task('plan', 0, 2),
    task('venue', 2, 7, ['plan']),
    task('poster', 2, 4, ['plan']),
    task('event', 7, 8, ['venue', 'poster']),
  ])
  expect(rows.map((row) => [row.id, row.slackMs / DAY, row.critical])).toEqual([
    ['plan', 0, true],
    ['venue', 0, true],
    ['poster', 3, false],
    ['event', 0, true],
  ])
})

it('survives a cycle and an unknown dependency', () => {
  const rows = criticalPath([task('a', 0, 1, ['b', 'ghost']), task('b', 1, 2, ['a'])])
  expect(rows).toHaveLength(2)
})

import { expect, it } from 'vitest'
import type * as M from '../../../../../src/movies/schema.ts'
import { groupTasks } from './board.ts'

const task = (type: string, status: string, rest = {}) =>
  ({
    task_type: type,
    status,
    agent_id: 'image_generation',
    quality_score: null,
    retry_count: 0,
    ...rest,
  }) as unknown as M.TaskResponse

it('makes one card of parallel tasks and shows what is most urgent', () => {
  const cards = groupTasks([
    task('frames', 'completed', { quality_score: 80 }),
    task('frames', 'failed', { retry_count: 2 }),
    task('frames', 'completed', { quality_score: 90 }),
    task('music', 'running'),
  ])
  expect(cards[0]).toMatchObject({
    title: 'frames',
    status: 'failed',
    done: 2,
    score: 85,
    retries: 2,
    agents: ['image_generation'],
  })
  expect(cards[1]).toMatchObject({ title: 'music', status: 'running', score: undefined })
})

import { expect, it } from 'vitest'
import { afterAnswer, sortQueue } from './queue.ts'

const decision = (
  id: string,
  created_at: string,
  deadline: string | null = null,
  escalated_at: string | null = null,
) => ({ id, created_at, deadline, escalated_at })

it('puts what is due first, then what was escalated, then the oldest', () => {
  const order = sortQueue([
    decision('old', '2026-01-01'),
    decision('escalated', '2026-01-03', null, '2026-01-04'),
    decision('later', '2026-01-02', '2026-02-02'),
    decision('due', '2026-01-05', '2026-01-06'),
  ]).map((one) => one.id)
  expect(order).toEqual(['due', 'later', 'escalated', 'old'])
})

it('goes on to the next question, or back to the last', () => {
  expect([afterAnswer(['a', 'b', 'c'], 'b'), afterAnswer(['a', 'b'], 'b'), afterAnswer(['a'], 'a')]).toEqual([
    'c',
    'a',
    undefined,
  ])
})

import { expect, it } from 'vitest'
import type { ServedRun, SimSummary } from '../types.ts'
import { listRows } from './list-rows.ts'

const found = (id: string): SimSummary => ({
  id,
  name: id,
  start_time: '2026-01-01T00:00:00Z',
  event_count: 9,
  status: 'running',
  last_turn: 3,
})
const served = (run_id: string, status: ServedRun['status']): ServedRun => ({
  ...{
    run_id,
    name: run_id,
    status,
    turn: 3,
    max_turns: 40,
    started_by: 'you',
    created_at: '2026-01-02T00:00:00Z',
    ended_at: null,
  },
  ...{ resumed_from: null, continued_as: null, termination_reason: null, error: null },
})

it("shows the platform's finer state and lists what has written nothing yet", () => {
  const rows = listRows(
    [found('a'), found('b')],
    [served('a', 'paused'), served('c', 'queued'), served('d', 'crashed')],
  )
  expect(rows.map((row) => [row.id, row.status])).toEqual([
    ['c', 'queued'],
    ['a', 'paused'],
    ['b', 'running'],
  ])
})

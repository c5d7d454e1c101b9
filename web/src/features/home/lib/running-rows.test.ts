import { expect, it } from 'vitest'
import type { RunView } from '../../../../../src/kernel/runs/schema.ts'
import { runningRows } from './running-rows.ts'

const run = {
  id: 'run_1',
  key: 'brief_1',
  domain: 'planning',
  title: 'AI summit',
  status: 'waiting',
  progress: 0.5,
  created_at: '2026-01-01T10:00:00Z',
  started_at: null,
} as unknown as RunView
const plan = (subject: string, running: number) => ({
  id: `plan_${subject}`,
  domain: 'tasks',
  subject,
  created_at: '2026-01-01T11:00:00Z',
  total: 4,
  completed: 1,
  running,
  agents: ['agent_1'],
})

it('lists runs and open plans together, newest first, each once', () => {
  const rows = runningRows({ runs: [run], plans: [plan('task_1', 1), plan('brief_1', 0)] })
  expect(rows.map((row) => [row.to, row.status, row.percent])).toEqual([
    ['/tasks/task_1', 'running', 25],
    ['/runs/run_1', 'waiting', 50],
  ])
})

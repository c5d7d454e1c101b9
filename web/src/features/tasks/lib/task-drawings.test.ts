import { expect, it } from 'vitest'
import type { SubTask, SubTaskResult } from '../types.ts'
import { latestResults, taskGraph, taskTimeline, withStepNumbers } from './task-drawings.ts'

const subtask = (id: string, status: SubTask['status'], dependencies: string[] = []): SubTask => ({
  ...{
    id,
    description: `Do ${id}`,
    required_capabilities: ['data_analysis'],
    dependencies,
    priority: 5,
    estimated_duration: 15,
    input_data: {},
  },
  ...{
    status,
    assigned_agent: status === 'pending' ? null : 'agent_1',
    attempts: 1,
    queued_at: null,
    started_at: '2026-01-01T00:00:10Z',
  },
  ...{ finished_at: null, waiting_reason: null, blocked_by: [] },
})
const result = (subtask_id: string, attempt: number, status: 'completed' | 'failed'): SubTaskResult => ({
  ...{
    task_id: 't',
    subtask_id,
    agent_id: 'agent_2',
    status,
    output: null,
    error: null,
    execution_time: 2,
    attempt,
    created_at: '2026-01-01T00:00:05Z',
  },
})

it('draws what needs what', () => {
  const { nodes, edges } = taskGraph([subtask('a', 'completed'), subtask('b', 'pending', ['a'])])
  expect(nodes.map((node) => [node.tone, node.agent ?? node.sub])).toEqual([
    ['done', 'agent_1'],
    ['paused', 'data_analysis'],
  ])
  expect(edges).toEqual([{ from: 'a', to: 'b' }])
})

it('draws each attempt in the lane of its agent, and the one that runs', () => {
  const { lanes, bars } = taskTimeline([subtask('a', 'running')], [result('a', 1, 'failed')])
  expect(lanes.map((lane) => lane.id)).toEqual(['agent_1', 'agent_2'])
  expect(bars.map((bar) => [bar.lane, bar.tone, bar.end === undefined])).toEqual([
    ['agent_2', 'failed', false],
    ['agent_1', 'running', true],
  ])
  expect(bars[0]!.end! - bars[0]!.start).toBe(2000)
})

it('shows the newest attempt as the result', () => {
  expect(latestResults([result('a', 2, 'completed'), result('a', 1, 'failed')]).get('a')?.status).toBe('completed')
})

it('names steps in an error by their numbers', () => {
  const steps = ['subtask_aaaaaaaaaaaa', 'subtask_bbbbbbbbbbbb'].map((id) => ({ id }) as never)
  const text = 'Subtask subtask_aaaaaaaaaaaa failed: X: y. Blocked: subtask_bbbbbbbbbbbb, subtask_cccccccccccc.'
  expect(withStepNumbers(text, steps)).toBe('Subtask 1 failed: X: y. Blocked: 2, subtask_cccccccccccc.')
})

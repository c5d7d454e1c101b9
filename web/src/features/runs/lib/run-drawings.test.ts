import { expect, it } from 'vitest'
import { runGraph, runTimeline } from './run-drawings.ts'

const at = (s: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, s)).toISOString()
const step = (
  stage_no: number,
  name: string,
  kind: 'stage' | 'step' | 'write' | 'perform',
  from: number,
  to: number | null,
  agent_id: string | null = null,
) => ({
  ...{
    stage_no,
    stage: `stage_${stage_no}@1`,
    step: name,
    kind,
    status: to === null ? ('running' as const) : ('completed' as const),
    attempts: 1,
    agent_id,
  },
  ...{ started_at: at(from), finished_at: to === null ? null : at(to) },
})
const steps = [
  step(1, 'stage_1@1', 'stage', 0, 9),
  step(1, 'plan', 'perform', 1, 5, 'planner'),
  step(1, 'save', 'write', 6, 7),
  step(2, 'stage_2@1', 'stage', 10, 11),
]
const run = { stage: 'ask@1', stage_no: 3, status: 'waiting' as const, waiting_since: at(12), holds: ['decision'] }

it('shows the stages in order, the turns of agents beside them, and what waits now', () => {
  const { nodes, edges } = runGraph(run, steps)
  expect(nodes.map((node) => [node.id, node.title])).toEqual([
    ['stage:1', 'stage 1'],
    ['1:plan', 'plan'],
    ['stage:2', 'stage 2'],
    ['next', 'ask'],
  ])
  expect(edges).toContainEqual({ from: 'stage:1', to: 'stage:2', main: true })
  expect(edges).toContainEqual({ from: 'stage:2', to: 'next', main: true })
})

it('draws waiting on people hatched, in a lane of their own', () => {
  const { lanes, bars } = runTimeline(run, steps)
  expect(lanes.map((lane) => lane.label)).toEqual(['planner', 'Platform', 'People'])
  expect(bars.at(-1)).toMatchObject({ lane: 'people', waiting: true })
  expect(bars.at(-1)?.end).toBeUndefined()
  expect(bars.some((bar) => bar.id === '1:stage_1@1')).toBe(false)
})

import { expect, it } from 'vitest'
import { causalGraph } from './causal-graph.ts'
import type { TroupeEvent } from './events-api.ts'

const event = (id: string, causes: string[] = []): TroupeEvent => ({
  ...{
    id,
    at: '2026-01-01T00:00:00Z',
    domain: 'tasks',
    type: 'task.created',
    level: 'ACTION',
    stream: 's',
    seq: 1,
    run_id: null,
  },
  ...{ agent_id: null, actor: 'you', correlation_id: 'c', causes, summary: id, data: {} },
})

it('links what was read, each event once, and counts causes that are gone', () => {
  const graph = causalGraph(
    event('c', ['b', 'gone']),
    [
      { event: event('b', ['a']), depth: 1 },
      { event: event('a'), depth: 2 },
    ],
    [{ event: event('d', ['c']), depth: 1 }],
  )
  expect(graph.nodes.map((node) => node.id)).toEqual(['c', 'b', 'a', 'd'])
  expect(graph.edges).toEqual([
    { from: 'b', to: 'c' },
    { from: 'a', to: 'b' },
    { from: 'c', to: 'd' },
  ])
  expect(graph.missing).toBe(1)
})

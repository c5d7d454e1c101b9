import { describe, expect, it } from 'vitest'
import { insideWorld, storyOf, type Why, whyGraph } from './why.ts'

const event = (id: string) => ({ id, domain: 'tasks', type: 't', level: 'ACTION', summary: id, causes: [] }) as never
const why: Why = {
  subject: { kind: 'task', id: 'x', title: 'X', href: null },
  anchors: ['b'],
  events: [event('a'), event('b'), event('c')],
  edges: [
    { from: 'a', to: 'b', implied: true },
    { from: 'b', to: 'c', implied: false },
  ],
  causes: [{ id: 'a', depth: 1 }],
  effects: [{ id: 'c', depth: 1 }],
  domains: ['tasks'],
}

describe('why?', () => {
  it('dashes links that no recorded cause stands behind', () => {
    expect(whyGraph(why).edges).toEqual([
      { from: 'a', to: 'b', hidden: true },
      { from: 'b', to: 'c' },
    ])
  })
  it('tells what happened in a world from what happened to its run', () => {
    expect(['simulation.state', 'simulation.queued', 'task.created'].map((type) => insideWorld({ type }))).toEqual([
      true,
      false,
      false,
    ])
  })
  it('tells the story around the row: before, itself, after', () => {
    expect(storyOf(why).map(({ distance }) => distance)).toEqual([-1, 0, 1])
  })
})

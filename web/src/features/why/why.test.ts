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
  it('counts a row’s own steps from its beginning, though they are causes of its end', () => {
    const at = (id: string) => ({ ...(event(id) as object), at: `2026-01-0${' abcd'.indexOf(id)}` }) as never
    const long: Why = {
      ...why,
      anchors: ['a', 'd'],
      events: ['a', 'b', 'c', 'd'].map(at),
      edges: ['ab', 'bc', 'cd'].map(([from, to]) => ({ from: from!, to: to!, implied: false })),
      causes: [
        { id: 'c', depth: 1 },
        { id: 'b', depth: 2 },
      ],
      effects: [],
    }
    expect(storyOf(long).map(({ distance }) => distance)).toEqual([0, 1, 2, 0])
  })
})

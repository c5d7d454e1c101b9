import { expect, it } from 'vitest'
import { causalityLayout } from './causality-layout.ts'

const nodes = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => ({ id, title: id, kind: 'STATE' }))
const edges = [
  { from: 'a', to: 'b' },
  { from: 'b', to: 'c' },
  { from: 'c', to: 'd' },
  { from: 'c', to: 'e', hidden: true },
  { from: 'e', to: 'f' },
]

it('puts causes left and effects right, a column per hop', () => {
  const { nodes: placed, columns } = causalityLayout('c', nodes, edges, 5)
  expect(Object.fromEntries(placed.map((node) => [node.id, node.column]))).toEqual({
    a: -2,
    b: -1,
    c: 0,
    d: 1,
    e: 1,
    f: 2,
  })
  expect(columns).toEqual([-2, 2])
  expect(placed.find((node) => node.id === 'a')!.x).toBe(0)
})

it('says how much lies beyond the chosen depth', () => {
  const { nodes: placed, more, edges: shown } = causalityLayout('c', nodes, edges, 1)
  expect(placed.map((node) => node.id).sort()).toEqual(['b', 'c', 'd', 'e'])
  expect(more).toEqual({ up: 1, down: 1 })
  expect(shown).toHaveLength(3)
})

it('ends on a cycle', () => {
  const { nodes: placed } = causalityLayout('a', nodes, [...edges, { from: 'f', to: 'a' }], 20)
  expect(placed).toHaveLength(6)
})

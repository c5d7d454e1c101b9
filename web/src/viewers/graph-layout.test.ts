import { expect, it } from 'vitest'
import { graphLayout, NODE } from './graph-layout.ts'

const node = (id: string) => ({ id, title: id, status: 'queued', tone: 'paused' as const })

it('puts what depends on something to its right, without overlaps', () => {
  const { nodes } = graphLayout(
    [node('a'), node('b'), node('c'), node('d')],
    [
      { from: 'a', to: 'b' },
      { from: 'a', to: 'c' },
      { from: 'b', to: 'd' },
      { from: 'c', to: 'd' },
    ],
  )
  const at = Object.fromEntries(nodes.map((one) => [one.id, one]))
  expect(at.a!.x + NODE.width).toBeLessThan(at.b!.x)
  expect(at.b!.x + NODE.width).toBeLessThan(at.d!.x)
  expect(Math.abs(at.b!.y - at.c!.y)).toBeGreaterThanOrEqual(NODE.height)
})

it('leaves out edges to nodes that are not there', () => {
  const { edges } = graphLayout([node('a')], [{ from: 'ghost', to: 'a' }])
  expect(edges).toEqual([])
})

it('goes on in the next row when there are more ranks than fit beside each other', () => {
  const ids = Array.from({ length: 20 }, (_, i) => `n${i}`)
  const { nodes, width, height } = graphLayout([...ids, 'beside'].map(node), [
    ...ids.slice(1).map((to, i) => ({ from: ids[i]!, to })),
    { from: 'n7', to: 'beside' },
  ])
  expect(width).toBeLessThan(7 * (NODE.width + 50))
  const overlapping = nodes.filter((a) =>
    nodes.some((b) => a !== b && Math.abs(a.x - b.x) < NODE.width && Math.abs(a.y - b.y) < NODE.height),
  )
  expect(overlapping).toEqual([])
  expect(height).toBeLessThan(7 * (NODE.height + 60))
})

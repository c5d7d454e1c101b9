import { describe, expect, it } from 'vitest'
import { forceLayout } from './force-layout.ts'

const chain = ['a', 'b', 'c', 'd', 'e']
const links = [
  { from: 'a', to: 'b' },
  { from: 'b', to: 'c' },
  { from: 'c', to: 'd' },
  { from: 'd', to: 'e' },
]
const distance = ([x, y]: [number, number], [u, v]: [number, number]) => Math.hypot(x - u, y - v)

describe('the layout of a network', () => {
  it('puts linked places nearer than others, inside the picture, always alike', () => {
    const at = forceLayout(chain, links)!
    for (const [x, y] of at) expect([x >= 0, x <= 1, y >= 0, y <= 1]).toEqual([true, true, true, true])
    expect(distance(at[0]!, at[1]!)).toBeLessThan(distance(at[0]!, at[4]!))
    expect(forceLayout(chain, links)).toEqual(at)
  })

  it('leaves alone what it cannot settle', () => {
    expect(forceLayout(['a'], [])).toBeUndefined()
    expect(forceLayout(chain, [])).toBeUndefined()
    expect(forceLayout(Array.from({ length: 300 }, String), [{ from: '1', to: '2' }])).toBeUndefined()
  })
})

import { expect, it } from 'vitest'
import { worldOf } from './world.ts'

it('draws a grid without links and a network with them', () => {
  const locations = { '0,0': { id: '0,0' }, '1,0': { id: '1,0', attributes: { name: 'Market' } } }
  const networks = { default: { name: 'default', edges: [['0,0', '1,0'] as [string, string]] } }
  const grid = worldOf({ topology_type: 'grid', agent_positions: { ada: '0,0' }, locations, networks })
  expect(grid).toMatchObject({ shape: 'square', links: [], tokens: [{ id: 'ada', place: '0,0' }] })
  expect(worldOf({ topology_type: 'network', agent_positions: {}, locations, networks })?.links).toEqual([
    { from: '0,0', to: '1,0' },
  ])
  expect(grid?.places[1]).toEqual({ id: '1,0', label: 'Market' })
})

it('has no map where the world has none', () => {
  expect(worldOf(null)).toBeUndefined()
})

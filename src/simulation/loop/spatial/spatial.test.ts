import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadConfigObject } from '../config/load-config.ts'
import { SpatialError } from '../core/errors.ts'
import { causesOf, checkpoint, configOf, ofType, runConfig, scripted, withRoot } from '../run/_run-helpers.ts'
import { type SpatialState, spatialToDisk, stateFromDisk, stateToDisk } from '../state/state.ts'
import { spatialMutations as map } from './mutations.ts'
import { spatial } from './queries.ts'

async function worldOf(topology: object, more: object = {}, baseDir = '.'): Promise<SpatialState> {
  const { world } = await loadConfigObject(configOf({ spatial: { topology, ...more }, agents: [] }), { baseDir })
  return world!
}
const grid = (width: number, height: number, more: object = {}) => worldOf({ type: 'grid', width, height, ...more })

describe('topologies', () => {
  it('grid: neighbours by connectivity', async () => {
    const world = await grid(10, 10)
    expect(Object.keys(world.locations)).toHaveLength(100)
    const q = spatial(world)
    expect(q.getNeighbors('5,5')).toEqual(['4,5', '5,4', '5,6', '6,5'])
    expect([q.getNeighbors('0,0').length, q.getNeighbors('0,5').length]).toEqual([2, 3])
    const eight = spatial(await grid(10, 10, { connectivity: 8 }))
    expect([eight.getNeighbors('5,5').length, eight.getNeighbors('0,0').length]).toEqual([8, 3])
  })

  it('grid: wrapping, never onto itself', async () => {
    const q = spatial(await grid(3, 3, { wrapping: true }))
    expect(q.getNeighbors('0,0')).toHaveLength(4)
    expect(q.isAdjacent('0,0', '2,0')).toBe(true)
    expect(spatial(await grid(1, 1, { wrapping: true })).getNeighbors('0,0')).toEqual([])
    expect(spatial(await grid(2, 1, { wrapping: true, connectivity: 8 })).getNeighbors('0,0')).toEqual(['1,0'])
  })

  it.each([
    [0, 1],
    [1, 7],
    [2, 19],
  ])('hex of radius %i has %i cells', async (radius, cells) => {
    const world = await worldOf({ type: 'hex_grid', radius })
    expect(Object.keys(world.locations)).toHaveLength(cells)
    if (radius > 0)
      expect(spatial(world).getNeighbors('0,0').sort()).toEqual(['-1,0', '-1,1', '0,-1', '0,1', '1,-1', '1,0'])
  })

  it('network: nodes, edges, layers and attributes', () =>
    withRoot(async (root) => {
      const file = {
        nodes: ['a', { id: '北京', type: 'city', attributes: { size: 9 } }, 'c'],
        edges: [['a', '北京'], { source: '北京', target: 'c', network: 'rail', attributes: { km: 12 } }],
        attributes: { a: { size: 1 }, since: 1990 },
      }
      fs.writeFileSync(path.join(root, 'net.json'), JSON.stringify(file))
      fs.writeFileSync(path.join(root, 'more.json'), JSON.stringify([['a', 'c']]))
      const world = await worldOf(
        { type: 'network', edges_file: 'net.json' },
        {
          additional_networks: [
            { name: 'air', edges_file: 'more.json' },
            { name: 'sea', edges: [['c', 'a']], attributes: { slow: true } },
          ],
        },
        root,
      )
      expect(Object.keys(world.networks)).toEqual(['air', 'default', 'rail', 'sea'])
      expect(world.networks['default']).toMatchObject({
        edges: [
          ['a', '北京'],
          ['c', '北京'],
        ],
        attributes: { since: 1990 },
      })
      const q = spatial(world)
      expect(q.getNeighbors('北京', 'rail')).toEqual(['c'])
      expect(q.getConnectionAttribute('c', '北京', 'km')).toBe(12)
      expect(q.getLocationAttribute('a', 'size')).toBe(1)
      expect(q.shortestPath('a', 'c')).toEqual(['a', '北京', 'c'])
      expect(q.getDistance('a', 'c', 'air')).toBe(1)
    }))

  it('geojson: regions that touch or overlap are neighbours, equal ones not', () =>
    withRoot(async (root) => {
      const square = (x: number, y: number, size = 1) => [
        [
          [x, y],
          [x + size, y],
          [x + size, y + size],
          [x, y + size],
          [x, y],
        ],
      ]
      const feature = (name: string, coordinates: unknown, id?: string, type = 'Polygon') => ({
        type: 'Feature',
        ...(id ? { id } : {}),
        properties: { name, people: 5 },
        geometry: { type, coordinates },
      })
      const features = [
        feature('West', square(0, 0), 'w'),
        feature('East', square(1, 0)),
        feature('Corner', square(2, 1)),
        feature('Far', square(9, 9)),
        feature('Inside', square(9.2, 9.2, 0.2)),
        feature('Twin', square(9, 9)),
        feature('Islands', [square(-5, 0), square(3, 3)], undefined, 'MultiPolygon'),
      ]
      fs.writeFileSync(path.join(root, 'map.json'), JSON.stringify({ type: 'FeatureCollection', features }))
      const world = await worldOf({ type: 'geojson', geojson_file: 'map.json' }, {}, root)
      expect(world.topologyType).toBe('regions')
      const q = spatial(world)
      expect(q.getNeighbors('w')).toEqual(['East'])
      expect(q.getNeighbors('East')).toEqual(['Corner', 'w'])
      expect(q.getNeighbors('Far')).toEqual(['Inside'])
      expect(q.getNeighbors('Islands')).toEqual([])
      expect(q.getLocationAttribute('w', 'people')).toBe(5)
    }))
})

describe('queries', () => {
  it('give their defaults without a map and for unknown places', async () => {
    for (const q of [spatial(null), spatial(await grid(2, 2))]) {
      expect(q.getNeighbors('9,9')).toEqual([])
      expect(q.getDistance('9,9', '0,0')).toBe(-1)
      expect(q.isAdjacent('9,9', '9,9')).toBe(false)
      expect(q.hasConnection('0,0', 'x')).toBe(false)
      expect(q.shortestPath('0,0', 'x')).toEqual([])
      expect(q.getAgentPosition('ada')).toBeNull()
      expect(q.getAgentsAt('0,0')).toEqual([])
      expect(q.getAgentsWithin('x', 5)).toEqual([])
      expect(q.getLocationAttribute('x', 'y')).toBeNull()
      expect(q.getLocationsByAttribute('y', 1)).toEqual([])
      expect(q.getConnectionAttribute('x', 'y', 'z')).toBeNull()
      expect(q.getNeighbors('0,0', 'rail')).toEqual([])
    }
  })

  it('measure, find and list', async () => {
    let world = await grid(4, 1)
    world = map.moveAgentsBatch(world, { bo: '1,0', ada: '1,0', cy: '3,0' })
    world = map.setLocationAttribute(world, '2,0', 'soil', 'good')
    const q = spatial(world)
    expect([q.getDistance('0,0', '3,0'), q.getDistance('1,0', '1,0')]).toEqual([3, 0])
    expect(q.shortestPath('0,0', '2,0')).toEqual(['0,0', '1,0', '2,0'])
    expect(q.shortestPath('0,0', '0,0')).toEqual(['0,0'])
    expect(q.isAdjacent('0,0', '0,0')).toBe(true)
    expect(q.getAgentsAt('1,0')).toEqual(['ada', 'bo'])
    expect(q.getAgentsWithin('2,0', 1)).toEqual(['ada', 'bo', 'cy'])
    expect(q.getAgentsWithin('2,0', 0)).toEqual([])
    expect(q.getLocationsByAttribute('soil', 'good')).toEqual(['2,0'])
  })

  it('walk a thousand locations without noticing', async () => {
    const q = spatial(await grid(40, 25))
    expect(q.getDistance('0,0', '39,24')).toBe(63)
    expect(q.shortestPath('0,0', '39,24')).toHaveLength(64)
  })
})

describe('mutations', () => {
  it('make new states, all or nothing', async () => {
    const world = await grid(2, 1)
    const moved = map.moveAgent(world, 'ada', '1,0')
    expect([world.agentPositions, moved.agentPositions]).toEqual([{}, { ada: '1,0' }])
    expect(() => map.moveAgentsBatch(moved, { ada: '0,0', bo: '9,9' })).toThrow(
      /Unknown location 9,9; locations are 0,0, 1,0/,
    )
    const region = map.applyToRegion(world, ['0,0', '1,0'], (attributes, id) => ({ ...attributes, id }))
    expect(spatial(region).getLocationAttribute('1,0', 'id')).toBe('1,0')
    expect(() => map.applyToRegion(world, ['0,0', 'x'], (attributes) => attributes)).toThrow(SpatialError)
    expect(map.updateLocationAttributes(region, '0,0', { b: 1 }).locations['0,0']?.attributes).toEqual({
      id: '0,0',
      b: 1,
    })
  })

  it('connect, layer and attribute', async () => {
    let world = await grid(3, 1)
    world = map.createNetwork(world, 'rail', [['0,0', '2,0']])
    expect(() => map.createNetwork(world, 'rail')).toThrow(/exists already/)
    expect(() => map.createNetwork(world, 'x', [['0,0', 'y']])).toThrow(SpatialError)
    world = map.addConnection(world, '1,0', '2,0', 'rail', { toll: 3 })
    expect(spatial(world).getNeighbors('2,0', 'rail')).toEqual(['0,0', '1,0'])
    expect(spatial(world).getConnectionAttribute('2,0', '1,0', 'toll')).toBe(3)
    expect(() => map.addConnection(world, '0,0', '2,0', 'road')).toThrow(
      /Unknown network road; networks are default, rail/,
    )
    world = map.updateConnectionAttribute(world, '0,0', '1,0', 'width', 2)
    expect(spatial(world).getConnectionAttribute('0,0', '1,0', 'width')).toBe(2)
    expect(() => map.updateConnectionAttribute(world, '0,0', '9,9', 'width', 2)).toThrow(/No connection/)
    world = map.removeConnection(world, '2,0', '1,0', 'rail')
    expect(map.removeConnection(world, '2,0', '1,0', 'rail')).toBe(world)
    expect(map.removeConnection(world, '2,0', '1,0', 'nowhere')).toBe(world)
    expect(() => map.removeNetwork(world, 'default')).toThrow(/cannot be removed/)
    const without = map.removeNetwork(world, 'rail')
    expect(map.removeNetwork(without, 'rail')).toBe(without)
    expect(() => map.moveAgent(null, 'ada', '0,0')).toThrow(/no map/)
  })
})

describe('maps in a run', () => {
  const moving = (target: string) => ({ action_name: 'move', parameters: { target } })

  it('move agents, tell it, and let agents see only their surroundings', () =>
    withRoot(async (root) => {
      const agents = [
        scripted('ada', [moving('1,0'), moving('4,4'), { action_name: 'hold' }], { initial_location: '0,0' }),
        scripted('bo', [{ action_name: 'hold' }], { initial_location: '2,2' }),
        scripted('cy', [moving('0,0')]),
      ]
      const config = configOf({
        agents,
        validator: { type: 'spatial_movement' },
        spatial: { topology: { type: 'grid', width: 5, height: 5 }, proximity_radius: 2 },
      })
      const { events, result, run } = await runConfig(root, config)
      const moves = ofType(events, 'STATE').filter(({ details }) => details.variable_name === 'location')
      expect(
        moves.map(({ turn_number, agent_id, details }) => [
          turn_number,
          agent_id,
          details.old_value,
          details.new_value,
        ]),
      ).toEqual([[1, 'ada', '0,0', '1,0']])
      expect(causesOf(events, moves[0]).map(({ event_type }) => event_type)).toEqual(['ACTION'])
      expect(ofType(events, 'SYSTEM').map(({ details }) => [details.agent_name, details.message])).toEqual([
        ['cy', 'cy has no position'],
        ['ada', '4,4 is not next to 1,0; neighbours are 0,0, 1,1, 2,0'],
        ['cy', 'cy has no position'],
        ['cy', 'cy has no position'],
      ])
      const seen = run.state
      const view = spatial(seen.spatialState).filterStateByProximity('ada', seen, 2)
      expect(Object.keys(view.agents)).toEqual(['ada'])
      expect(view.spatialState?.agentPositions).toEqual({ ada: '1,0' })
      expect(Object.keys(view.spatialState!.locations)).toHaveLength(8)
      expect(spatial(view.spatialState).getNeighbors('1,0')).toEqual(['0,0', '1,1', '2,0'])
      expect(spatial(seen.spatialState).filterStateByProximity('cy', seen, 2)).toBe(seen)
      const disk = checkpoint(root, run.runId, 'last').state
      expect(disk.spatial_state).toEqual(spatialToDisk(result.final_state!.spatialState))
      expect(stateFromDisk(JSON.parse(JSON.stringify(stateToDisk(result.final_state!))))).toEqual(result.final_state)
    }))
})

import { expect, it } from 'vitest'
import type { PlatformAgent } from '../api/agents.ts'
import { poolsOf, successOf } from './pools.ts'

const agent = (id: string, pool: string, running: number): PlatformAgent => ({
  ...{
    id,
    pool,
    transport: 'http',
    endpoint: null,
    capabilities: [],
    slots: 1,
    running,
    status: running ? 'busy' : 'available',
  },
  ...{ current_work: null, cpu_usage: null, memory_usage: null, seen_at: null },
})

it('groups the fleet by pool and counts what is taken', () => {
  const pools = poolsOf([agent('agent_10', 'tasks', 1), agent('agent_2', 'tasks', 0), agent('editor', 'movies', 0)])
  expect(pools.map((pool) => [pool.name, pool.busy, pool.slots])).toEqual([
    ['movies', 0, 1],
    ['tasks', 1, 2],
  ])
  expect(pools[1]!.agents.map((one) => one.id)).toEqual(['agent_2', 'agent_10'])
})

it('tells success only of work that ended', () => {
  expect(successOf({ completed: 3, failed: 1 })).toBe(75)
  expect(successOf({})).toBeUndefined()
})

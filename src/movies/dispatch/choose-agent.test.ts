import { describe, expect, test } from 'vitest'
import { type Candidate, type ChooseOptions, chooseAgent, coverage, scoreAgent, singleKey } from './choose-agent.ts'
import { agedPriority, orderTasks, type WaitingTask } from './order-tasks.ts'

const agent = (agent_id: string, over: Partial<Candidate> = {}): Candidate => ({
  agent_id,
  capabilities: ['story_architect'],
  specializations: [],
  transport: 'http',
  builtin: false,
  status: 'available',
  running: 0,
  max: 2,
  successRate: 100,
  averageSeconds: 10,
  lastUsed: 0,
  requirements: { cpu_cores: 1, memory_gb: 1, gpu_memory_gb: 0, storage_gb: 0 },
  ...over,
})
const task = (over: Partial<WaitingTask> = {}): WaitingTask => ({
  task_id: 't1',
  workflow_id: 'w1',
  project_id: 'p1',
  task_type: 'story_arc',
  state: 'concept_development',
  capability: 'story_architect',
  priority: 5,
  readySince: 0,
  createdAt: 0,
  remaining: 100,
  tried: {},
  specializations: ['story_arc', 'drama'],
  ...over,
})
const options = (over: Partial<ChooseOptions> = {}): ChooseOptions => ({
  agentRetries: 2,
  pool: { cpu: 8, memory: 8, gpu: 0 },
  load: { cpu: 0, memory: 0, gpu: 0 },
  busySingles: new Set(),
  ...over,
})
const chosen = (agents: Candidate[], t = task(), o = options()) => {
  const choice = chooseAgent(t, agents, o)
  return 'agent' in choice ? choice.agent.agent_id : choice.wait
}

describe('the score (lower is better)', () => {
  test('weighs load 0.4, failures 0.3, time 0.2 and a missing specialization 0.1', () => {
    expect(scoreAgent(agent('a'), 10, [])).toBeCloseTo(0.2 + 0.1)
    expect(scoreAgent(agent('a', { running: 1 }), 10, [])).toBeCloseTo(0.2 + 0.2 + 0.1)
    expect(scoreAgent(agent('a', { successRate: 50 }), 10, [])).toBeCloseTo(0.15 + 0.2 + 0.1)
    expect(scoreAgent(agent('a', { averageSeconds: 5 }), 10, [])).toBeCloseTo(0.1 + 0.1)
    expect(scoreAgent(agent('a', { averageSeconds: 0 }), 0, ['x'])).toBeCloseTo(0.1)
    expect(scoreAgent(agent('a', { averageSeconds: 0, specializations: ['Drama'] }), 0, ['drama'])).toBe(0)
  })

  test.each([
    ['the less loaded', { running: 1 }, {}],
    ['the more reliable', { successRate: 60 }, {}],
    ['the faster', { averageSeconds: 20 }, {}],
    ['the specialised', {}, { specializations: ['drama'] }],
    ['the least recently used of equals', { lastUsed: 9 }, { lastUsed: 3 }],
  ])('takes %s', (_what, worse, better) => {
    expect(chosen([agent('worse', worse), agent('better', better)])).toBe('better')
  })
})

describe('candidates', () => {
  test('cover a requirement list: all is 1, half is 0.5, aliases count', () => {
    const able = { capabilities: ['story_architect', 'dialogue_writer'] }
    expect(coverage(able, ['story_architect', 'script_generation'])).toBe(1)
    expect(coverage(able, ['story_architect', 'image_generation'])).toBe(0.5)
    expect(coverage(able, [])).toBe(1)
  })

  test('a remote agent goes before the built-in one, which is the last resort', () => {
    const builtin = agent('story_architect', { builtin: true, transport: 'builtin' })
    expect(chosen([builtin, agent('remote')])).toBe('remote')
    expect(chosen([builtin, agent('remote', { status: 'offline' })])).toBe('story_architect')
    expect(chosen([builtin, agent('remote', { status: 'maintenance' })])).toBe('story_architect')
    expect(chosen([builtin, agent('remote')], task({ tried: { remote: 3 } }))).toBe('story_architect')
    expect(chosen([builtin, agent('remote')], task({ tried: { remote: 2 } }))).toBe('remote')
  })

  test('a remote agent that is merely busy is waited for', () => {
    const builtin = agent('story_architect', { builtin: true })
    expect(chosen([builtin, agent('remote', { status: 'busy', running: 2 })])).toBe('busy')
    expect(chosen([builtin, agent('remote', { running: 2 })])).toBe('busy')
  })

  test('nobody is said when nobody could', () => {
    expect(chosen([agent('other', { capabilities: ['image_generation'] })])).toBe('nobody')
    expect(chosen([agent('gone', { status: 'offline' })])).toBe('nobody')
  })

  test('the pool of the host is never over-committed', () => {
    const big = agent('big', { requirements: { cpu_cores: 6, memory_gb: 1, gpu_memory_gb: 0, storage_gb: 0 } })
    expect(chosen([big], task(), options({ load: { cpu: 2, memory: 0, gpu: 0 } }))).toBe('big')
    expect(chosen([big], task(), options({ load: { cpu: 3, memory: 0, gpu: 0 } }))).toBe('resources')
    const gpu = agent('gpu', { requirements: { cpu_cores: 1, memory_gb: 1, gpu_memory_gb: 8, storage_gb: 0 } })
    expect(chosen([gpu])).toBe('resources')
  })

  test('a single-instance agent does one task of a project at a time', () => {
    const creator = agent('series_creator', { capabilities: ['series_creator'] })
    const busySingles = new Set([singleKey('p1', 'series_creator')])
    const t = task({ capability: 'series_creator' })
    expect(chosen([creator], t, options({ busySingles }))).toBe('single')
    expect(chosen([creator], { ...t, project_id: 'p2' }, options({ busySingles }))).toBe('series_creator')
  })
})

describe('the order', () => {
  const MINUTE = 60_000
  const ids = (tasks: WaitingTask[], now = 0) => orderTasks(tasks, now).map((t) => t.task_id)

  test('is priority, then the critical path, then age', () => {
    expect(ids([task({ task_id: 'low', priority: 2 }), task({ task_id: 'high', priority: 9 })])).toEqual([
      'high',
      'low',
    ])
    expect(ids([task({ task_id: 'short', remaining: 5 }), task({ task_id: 'long', remaining: 50 })])).toEqual([
      'long',
      'short',
    ])
    expect(ids([task({ task_id: 'young', createdAt: 9 }), task({ task_id: 'old', createdAt: 1 })])).toEqual([
      'old',
      'young',
    ])
  })

  test('gives a point for every ten minutes of waiting, ten at most', () => {
    expect([0, 9, 10, 35, 1000].map((m) => agedPriority(2, 0, m * MINUTE))).toEqual([2, 2, 3, 5, 10])
    const waits = task({ task_id: 'waits', priority: 2, readySince: 0 })
    const fresh = task({ task_id: 'fresh', priority: 6, readySince: 60 * MINUTE })
    expect(ids([fresh, waits], 60 * MINUTE)).toEqual(['waits', 'fresh'])
  })
})

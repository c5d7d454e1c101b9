import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PoolAgent, ReadyItem } from '../kernel/agents/pool.ts'
import { chooseAgent, fairOrder } from './pool-policy.ts'
import { CAPABILITIES } from './schema.ts'

const NOW = 1_000_000
const words = fc.uniqueArray(fc.constantFrom(...CAPABILITIES), { minLength: 1, maxLength: 3 })
const agents = fc
  .array(
    fc.record({
      capabilities: words,
      free: fc.integer({ min: 0, max: 1 }),
      blockedUntil: fc.constantFrom(0, NOW + 2_000),
    }),
    { maxLength: 8 },
  )
  .map((list) =>
    list.map(
      (one, at): PoolAgent => ({
        id: `agent_${at + 1}`,
        transport: 'http',
        endpoint: 'http://a',
        instance: 'i',
        slots: 1,
        meta: {},
        ...one,
      }),
    ),
  )
const item = (more: Partial<ReadyItem>): ReadyItem => ({
  id: 'asg',
  subject: 'task',
  user_id: 'user',
  capabilities: ['data_analysis'],
  priority: 5,
  front: false,
  excluded: [],
  waiting_reason: null,
  queuedAt: 0,
  waitingSince: null,
  runningInSubject: 0,
  runningOfUser: 0,
  ...more,
})
const covered = (one: ReadyItem, agent: PoolAgent) =>
  one.capabilities.filter((word) => agent.capabilities.includes(word)).length

describe('choosing an agent', () => {
  it('takes only a free, capable one that nothing excludes, and none of the free covers more', () => {
    fc.assert(
      fc.property(
        agents,
        words,
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.boolean(),
        (fleet, needs, chance, excludesFirst) => {
          const asked = item({ capabilities: needs, excluded: excludesFirst ? ['agent_1'] : [] })
          const choice = chooseAgent(asked, fleet, NOW, () => chance)
          const usable = fleet.filter(
            (agent) =>
              agent.free > 0 &&
              agent.blockedUntil <= NOW &&
              covered(asked, agent) > 0 &&
              !asked.excluded.includes(agent.id),
          )
          if ('agent' in choice) {
            expect(usable).toContain(choice.agent)
            expect(covered(asked, choice.agent)).toBe(Math.max(...usable.map((agent) => covered(asked, agent))))
          } else {
            expect(choice.wait).toBe(
              fleet.some((agent) => covered(asked, agent) > 0 && !asked.excluded.includes(agent.id))
                ? 'agents_busy'
                : 'no_capable_agent',
            )
            // Having waited long enough, a usable one is always taken.
            const patient = chooseAgent({ ...asked, waitingSince: NOW - 5_000 }, fleet, NOW, () => chance)
            expect('agent' in patient).toBe(usable.length > 0)
          }
        },
      ),
      { numRuns: 500 },
    )
  })

  it('waits for a busy agent that covers strictly more, not for one that never may do it', () => {
    const fleet: PoolAgent[] = [
      { id: 'agent_1', capabilities: ['data_analysis'], free: 1 },
      { id: 'agent_2', capabilities: ['data_analysis', 'web_scraping'], free: 0 },
    ].map((one) => ({
      transport: 'http',
      endpoint: 'http://a',
      instance: 'i',
      slots: 1,
      blockedUntil: 0,
      meta: {},
      ...one,
    }))
    const both = item({ capabilities: ['data_analysis', 'web_scraping'] })
    expect(chooseAgent(both, fleet, NOW, () => 0)).toMatchObject({ wait: 'agents_busy', retryMs: 5_000 })
    expect(chooseAgent({ ...both, excluded: ['agent_2'] }, fleet, NOW, () => 0)).toMatchObject({
      agent: { id: 'agent_1' },
    })
  })

  it('spreads work evenly over equal agents', () => {
    const fleet = Array.from(
      { length: 4 },
      (_, at): PoolAgent => ({
        id: `agent_${at}`,
        transport: 'http',
        endpoint: 'http://a',
        instance: 'i',
        capabilities: ['data_analysis'],
        free: 1,
        slots: 1,
        blockedUntil: 0,
        meta: {},
      }),
    )
    const seen = new Map<string, number>()
    for (let i = 0; i < 400; i++) {
      const choice = chooseAgent(item({}), fleet, NOW, () => (i % 400) / 400)
      if ('agent' in choice) seen.set(choice.agent.id, (seen.get(choice.agent.id) ?? 0) + 1)
    }
    expect([...seen.values()]).toEqual([100, 100, 100, 100])
  })
})

describe('the order of work', () => {
  it('is a permutation in which nobody goes before one with more right', () => {
    const list = fc.array(
      fc.record({
        priority: fc.integer({ min: 0, max: 10 }),
        front: fc.boolean(),
        runningInSubject: fc.integer({ min: 0, max: 3 }),
        runningOfUser: fc.integer({ min: 0, max: 3 }),
        queuedAt: fc.integer({ min: 0, max: 100 }),
      }),
      { maxLength: 30 },
    )
    fc.assert(
      fc.property(list, (given) => {
        const items = given.map((one, at) => item({ id: `a${at}`, ...one }))
        const order = fairOrder(items)
        expect(order.map(({ id }) => id).sort()).toEqual(items.map(({ id }) => id).sort())
        const right = (one: ReadyItem) => [
          -one.priority,
          -Number(one.front),
          one.runningInSubject,
          one.runningOfUser,
          one.queuedAt,
        ]
        for (const [at, one] of order.entries()) {
          const before = order[at - 1]
          if (!before) continue
          const [a, b] = [right(before), right(one)]
          const first = a.findIndex((value, i) => value !== b[i])
          expect(first === -1 || a[first]! < b[first]!).toBe(true)
        }
      }),
    )
  })
})

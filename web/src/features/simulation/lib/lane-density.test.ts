import { describe, expect, it } from 'vitest'
import type { SimTurn } from '../types.ts'
import { laneDensity } from './lane-density.ts'

const turn = (n: number, agents: string[], counts: Partial<SimTurn['counts']> = {}) =>
  ({
    turn: n,
    agents,
    counts: { MILESTONE: 6, DECISION: 2, ACTION: 2, STATE: 4, DETAIL: 0, SYSTEM: 0, ...counts },
  }) as unknown as SimTurn

describe('lanes too full to draw', () => {
  it('become blocks of a turn each while those fit', () => {
    expect(laneDensity([turn(1, ['ada', 'bo']), turn(2, ['ada'])], [1, 2], 'world', () => true, undefined)).toEqual([
      { lane: 'world', turn: 1, span: 1, total: 6 },
      { lane: 'ada', turn: 1, span: 1, total: 4 },
      { lane: 'bo', turn: 1, span: 1, total: 4 },
      { lane: 'world', turn: 2, span: 1, total: 6 },
      { lane: 'ada', turn: 2, span: 1, total: 8 },
    ])
  })

  it('gather turns into at most 200 blocks a lane that together hold every event', () => {
    const turns = Array.from({ length: 21_740 }, (_, i) => turn(i + 1, ['ada']))
    const blocks = laneDensity(turns, [1, 21_740], 'world', () => true, undefined)
    const ofAda = blocks.filter(({ lane }) => lane === 'ada')
    expect(ofAda.length).toBeLessThanOrEqual(200)
    expect(ofAda.reduce((sum, { total }) => sum + total, 0)).toBe(21_740 * 8)
  })

  it('count only the types, the agent and the turns on show', () => {
    const turns = [turn(1, ['ada', 'bo']), turn(9, ['ada'])]
    expect(laneDensity(turns, [1, 2], 'world', (type) => type === 'ACTION', 'bo')).toEqual([
      { lane: 'bo', turn: 1, span: 1, total: 1 },
    ])
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { criticalPath, findCycle, type PathNode } from './critical-path.ts'
import { contingencyEffectiveness, incidentResolutionTime, onTimeRate } from './on-time.ts'
import { agentProgress, stakeholderSatisfaction } from './others.ts'
import { exposure, reserveAdequacy } from './reserves.ts'
import { type RiskLevel, riskBand, riskCoverage, riskRating } from './risk.ts'
import { round, splitMoney, sumMoney } from './round.ts'
import { savings } from './savings.ts'
import { budgetFit, scoreCandidates, shortlistQuality, weightsSumValid } from './scorecard.ts'
import { forecastEnd, timelineSlippage } from './slippage.ts'
import { balanceOf } from './utilisation.ts'
import { actualVariance, categoryVariances, isOverBudget, variance } from './variance.ts'

const day = (n: number) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString()
const task = (id: string, start: number, days: number, dependencies: string[] = []): PathNode => ({
  id,
  kind: 'task',
  start: day(start),
  end: day(start + days),
  dependencies,
})
const WEIGHTS = [
  { criterion: 'Location', weight: 0.25 },
  { criterion: 'Capacity', weight: 0.2 },
  { criterion: 'AV', weight: 0.15 },
  { criterion: 'Cost', weight: 0.25 },
  { criterion: 'Accessibility', weight: 0.15 },
]
const scores = (...values: number[]) => Object.fromEntries(WEIGHTS.map(({ criterion }, i) => [criterion, values[i]!]))

describe('critical path', () => {
  it('finds A, B, D of the example with 19 days and 4 days slack of C', () => {
    const found = criticalPath([
      task('A', 0, 5),
      task('B', 5, 10, ['A']),
      task('C', 5, 6, ['A']),
      task('D', 15, 4, ['B', 'C']),
    ])
    expect(found.path).toEqual(['A', 'B', 'D'])
    expect(found.length).toBe(19)
    expect(found.slack).toEqual({ A: 0, B: 0, C: 4, D: 0 })
  })
  it('counts the days between two milestones as a lag', () => {
    const stone = (id: string, at: number, dependencies: string[] = []): PathNode => ({
      ...task(id, at, 0, dependencies),
      kind: 'milestone',
    })
    expect(criticalPath([stone('m1', 0), stone('m2', 12, ['m1'])])).toMatchObject({ path: ['m1', 'm2'], length: 12 })
  })
  it('is empty without any dependency and names the cycle when there is one', () => {
    expect(criticalPath([task('A', 0, 5), task('B', 0, 3)]).path).toEqual([])
    const ring = [task('A', 0, 1, ['C']), task('B', 1, 1, ['A']), task('C', 2, 1, ['B'])]
    expect(findCycle(ring)?.toSorted()).toEqual(['A', 'B', 'C'])
    expect(() => criticalPath(ring)).toThrow(expect.objectContaining({ code: 'CIRCULAR_DEPENDENCY' }))
  })
  it('gives a path whose durations add up to the length, on any network without cycles', () => {
    const network = fc
      .array(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.array(fc.nat({ max: 30 }), { maxLength: 3 })), {
        minLength: 2,
        maxLength: 25,
      })
      .map((rows) =>
        rows.map(([days, befores], i) =>
          task(`t${i}`, 0, days, i === 0 ? [] : [...new Set(befores.map((b) => `t${b % i}`))]),
        ),
      )
    fc.assert(
      fc.property(network, (nodes) => {
        const { path, length, slack } = criticalPath(nodes)
        for (const value of Object.values(slack)) expect(value).toBeGreaterThanOrEqual(0)
        if (!nodes.some(({ dependencies }) => dependencies.length > 0)) return
        const byId = new Map(nodes.map((node) => [node.id, node]))
        const days = path.map((id) => (Date.parse(byId.get(id)!.end) - Date.parse(byId.get(id)!.start)) / 86_400_000)
        expect(days.reduce((a, b) => a + b, 0)).toBeCloseTo(length, 6)
        for (let i = 1; i < path.length; i++) expect(byId.get(path[i]!)!.dependencies).toContain(path[i - 1])
        for (const id of path) expect(slack[id]).toBeLessThan(0.01)
      }),
    )
  })
})

describe('scorecard', () => {
  const rows = scoreCandidates(WEIGHTS, [
    { venue_id: 'A', scores: scores(0.9, 0.95, 1, 0.8, 1) },
    { venue_id: 'B', scores: scores(0.85, 0.8, 0.8, 0.9, 0.6) },
    { venue_id: 'C', scores: scores(0.7, 0.9, 0.6, 1, 0.8) },
  ])
  it('totals and ranks the example', () => {
    expect(rows.map(({ total, rank }) => [total, rank])).toEqual([
      [0.915, 1],
      [0.8075, 3],
      [0.815, 2],
    ])
    expect(shortlistQuality(rows.map(({ total }) => total))).toBe(0.8458)
  })
  it('breaks ties by accessibility, then cost, then id', () => {
    const even = [
      { criterion: 'Location', weight: 0.5 },
      { criterion: 'Accessibility', weight: 0.5 },
    ]
    const tied = scoreCandidates(
      even,
      [
        { venue_id: 'd', scores: { Location: 1, Accessibility: 0.5 } },
        { venue_id: 'c', scores: { Location: 0.5, Accessibility: 1 } },
        { venue_id: 'b', scores: { Location: 1, Accessibility: 0.5 } },
      ],
      new Map([
        ['d', { cost_estimate: 10 }],
        ['b', { cost_estimate: 20 }],
      ]),
    )
    expect(Object.fromEntries(tied.map(({ venue_id, rank }) => [venue_id, rank]))).toEqual({ c: 1, d: 2, b: 3 })
  })
  it('leaves a candidate with a missing score without total and rank', () => {
    const [row] = scoreCandidates(WEIGHTS, [{ venue_id: 'A', scores: { Location: 1 } }])
    expect(row).toMatchObject({ total: null, rank: null })
  })
  it('accepts weights within 0.001 of 1 only', () => {
    const sum = (weight: number) => weightsSumValid([{ criterion: 'x', weight }])
    expect([sum(1), sum(1.001), sum(0.999), sum(1.1), sum(0.9)]).toEqual([true, true, true, false, false])
  })
  it('counts entries within the range and leaves cancelled ones out', () => {
    expect(budgetFit([{ cost_estimate: 1 }, { cost_estimate: 9 }, { cost_estimate: 99, status: 'cancelled' }], 5)).toBe(
      50,
    )
    expect(budgetFit([], 5)).toBeNull()
  })
})

describe('money', () => {
  it('gives 4.2 % for 479 of 500, and 5.00 % exactly is still within', () => {
    expect(variance([{ total: 479 }], 500)).toEqual({
      total_cost: 479,
      variance_amount: -21,
      variance_percent: 4.2,
      within_variance: true,
    })
    expect(variance([{ total: 525 }], 500).within_variance).toBe(true)
    expect(variance([{ total: 475 }], 500).within_variance).toBe(true)
    expect(variance([{ total: 525.01 }], 500).within_variance).toBe(false)
  })
  it('compares each category with its allocation', () => {
    expect(
      categoryVariances(
        [{ category: 'Venue', total: 90 }],
        [
          { category: 'Venue', allocated: 100 },
          { category: 'Food', allocated: 50 },
        ],
      ),
    ).toEqual([
      { category: 'Venue', allocated: 100, cost: 90, variance_amount: -10, variance_percent: 10 },
      { category: 'Food', allocated: 50, cost: 0, variance_amount: -50, variance_percent: 100 },
    ])
  })
  it('takes actual costs from Execute on and knows when it is over', () => {
    expect(actualVariance([{ total: 100 }], 100)).toBeNull()
    expect(actualVariance([{ total: 100, actual_total: 104 }, { total: 100 }], 200)).toBe(2)
    expect([isOverBudget(0.01, 100, 100), isOverBudget(0.02, 100, 100), isOverBudget(0, 101, 100)]).toEqual([
      false,
      true,
      true,
    ])
  })
  it('finds 11.40 % savings at the default split of 50 000', () => {
    const line = (category: string, unit: number, negotiable: boolean) => ({
      category,
      quantity: 1,
      unit_cost: unit,
      total: unit,
      ...(negotiable ? { list_unit_cost: round(unit / 0.88, 2) } : {}),
    })
    const found = savings([
      line('Venue', 25_000, true),
      line('Catering', 10_000, true),
      line('AV', 4_000, true),
      line('Marketing', 2_500, true),
      line('Staff', 2_500, false),
      line('Contingency', 6_000, false),
    ])
    expect(found).toEqual({ list: 49_659.09, amount: 5_659.09, percent: 11.3959 })
    expect(savings([line('Venue', 1, false)])).toBeNull()
  })
  it('splits money to the cent whatever the shares', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e9 }),
        fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 9 }),
        (amount, shares) => {
          expect(sumMoney(splitMoney(amount / 100, shares))).toBe(amount / 100)
        },
      ),
    )
  })
})

describe('risks and reserves', () => {
  const risk = (probability: RiskLevel, impact: RiskLevel) => ({ probability, impact, status: 'open' })
  const intermediate = [
    risk('low', 'high'),
    risk('medium', 'medium'),
    risk('medium', 'medium'),
    risk('low', 'medium'),
    risk('medium', 'low'),
    risk('low', 'medium'),
  ]
  const advanced = [
    ...intermediate,
    risk('medium', 'medium'),
    risk('medium', 'low'),
    risk('low', 'medium'),
    risk('medium', 'medium'),
  ]
  it('exposes 7.2 % at the Intermediate risks and 12 % at the Advanced ones', () => {
    expect(exposure(intermediate, 50_000)).toBe(3_600)
    expect(exposure(advanced, 500_000)).toBe(60_000)
    expect([
      reserveAdequacy(6_000, 3_600, 6),
      reserveAdequacy(60_000, 60_000, 10),
      reserveAdequacy(0, 0, 1),
      reserveAdequacy(1, 1, 0),
    ]).toEqual([100, 100, 100, null])
  })
  it('rates low × high 8 and bands it high', () => {
    expect(riskRating('low', 'high')).toBe(8)
    expect([1, 4, 5, 7, 8, 14, 15, 25].map(riskBand)).toEqual([
      'low',
      'low',
      'medium',
      'medium',
      'high',
      'high',
      'critical',
      'critical',
    ])
  })
  it('covers a high risk by owner, mitigation and, when asked, a scenario', () => {
    const one = { id: 'r', rating: 9, owner: 'x', mitigation_strategies: ['y'] }
    expect([
      riskCoverage([]),
      riskCoverage([{ ...one, rating: 6 }]),
      riskCoverage([one]),
      riskCoverage([one], new Set()),
    ]).toEqual([null, 100, 100, 0])
  })
})

describe('operations', () => {
  it('balances the examples', () => {
    expect(balanceOf([0.75, 0.8, 0.7, 0.75])).toBe(95.286)
    expect(balanceOf([0.9, 0.3, 0.6])).toBe(59.1752)
    expect([balanceOf([0.5, 0.5]), balanceOf([])]).toEqual([100, null])
  })
  it('counts tasks in time, leaves retrospective ones out', () => {
    const base = {
      end_date: day(5),
      planned_end_date: day(5),
      created_at: day(0),
      status: 'Completed',
      completed_at: day(4),
    }
    expect(onTimeRate([base, { ...base, completed_at: day(6) }], new Date(day(9)))).toBe(50)
    expect(onTimeRate([{ ...base, created_at: day(8), completed_at: day(9) }], new Date(day(9)))).toBe(100)
    expect(onTimeRate([{ ...base, status: 'In Progress', completed_at: null }], new Date(day(9)))).toBe(0)
    expect(onTimeRate([], new Date())).toBeNull()
  })
  it('takes the longest resolution and the share of resolved executions', () => {
    expect(
      incidentResolutionTime([
        { status: 'resolved', resolution_minutes: 4 },
        { status: 'resolved', resolution_minutes: 9 },
      ]),
    ).toBe(9)
    expect([
      contingencyEffectiveness([]),
      contingencyEffectiveness([{ status: 'resolved' }, { status: 'failed' }]),
    ]).toEqual([null, 50])
  })
  it('forecasts 4.10 % for five days in 122, and counts one delay once', () => {
    expect(round(timelineSlippage(day(0), day(122), day(127))!, 2)).toBe(4.1)
    const node = (id: string, start: number, days: number, late: number, dependencies: string[] = []) => ({
      ...task(id, start, days + late, dependencies),
      planned_end: day(start + days),
      planned_duration_days: days,
      finished: true,
    })
    const nodes = [node('a', 0, 10, 5), { ...node('b', 15, 10, 0, ['a']), planned_end: day(20) }]
    expect(forecastEnd(nodes, new Date(day(0)), 'b')).toBe(day(25))
  })
  it('falls back from the survey to approvals', () => {
    expect(stakeholderSatisfaction([4, 5], [])).toEqual({ value: 90, basis: 'survey' })
    expect(stakeholderSatisfaction([], [{ status: 'approved' }, { status: 'rejected' }])).toEqual({
      value: 50,
      basis: 'proxy',
    })
    expect(stakeholderSatisfaction([], []).value).toBe(100)
    expect([agentProgress(0, 3), agentProgress(2, 3), agentProgress(3, 3)]).toEqual([0, 66, 100])
  })
})

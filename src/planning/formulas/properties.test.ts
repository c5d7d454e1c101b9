import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exposure, type PricedRisk, reserveAdequacy } from './reserves.ts'
import { RISK_LEVELS, riskBand, riskCoverage, riskRating } from './risk.ts'
import { savings } from './savings.ts'
import { scoreCandidates, weightsSumValid } from './scorecard.ts'
import { type ForecastNode, forecastFinishes, timelineSlippage } from './slippage.ts'
import { balanceOf, utilisation } from './utilisation.ts'
import { categoryVariances, isOverBudget, variance } from './variance.ts'

const cents = fc.integer({ min: 0, max: 50_000_000 }).map((value) => value / 100)
const line = fc.record({
  category: fc.constantFrom('Venue', 'Catering', 'AV', 'Contingency'),
  quantity: fc.integer({ min: 1, max: 500 }),
  unit_cost: fc.integer({ min: 0, max: 100_000 }).map((value) => value / 100),
})
const lines = fc
  .array(line, { minLength: 1, maxLength: 30 })
  .map((rows) => rows.map((row) => ({ ...row, total: Math.round(row.quantity * row.unit_cost * 100) / 100 })))
const level = fc.constantFrom(...RISK_LEVELS)
const risk: fc.Arbitrary<PricedRisk> = fc.record({
  probability: level,
  impact: level,
  status: fc.constantFrom('open', 'mitigated', 'accepted', 'occurred', 'closed'),
})

describe('variance (planned against actual)', () => {
  it('is the exact sum of the categories, to the cent', () => {
    fc.assert(
      fc.property(lines, cents, (rows, budget) => {
        const whole = variance(rows, budget)
        const parts = categoryVariances(rows, [{ category: 'Venue', allocated: budget }])
        expect(Math.round(parts.reduce((sum, { cost }) => sum + Math.round(cost * 100), 0))).toBe(
          Math.round(whole.total_cost * 100),
        )
        expect(parts.reduce((sum, one) => sum + Math.round(one.variance_amount * 100), 0)).toBe(
          Math.round(whole.variance_amount * 100),
        )
      }),
    )
  })
  it('does not depend on the order of lines, and more cost is never less over', () => {
    fc.assert(
      fc.property(lines, cents, cents, (rows, budget, more) => {
        expect(variance([...rows].reverse(), budget)).toEqual(variance(rows, budget))
        const dearer = variance([...rows, { total: more }], budget)
        expect(dearer.variance_amount).toBeGreaterThanOrEqual(variance(rows, budget).variance_amount)
        if (isOverBudget(variance(rows, budget).variance_amount, undefined, budget))
          expect(isOverBudget(dearer.variance_amount, undefined, budget)).toBe(true)
      }),
    )
  })
})

describe('scorecard (simple additive weighting)', () => {
  const share = fc.integer({ min: 0, max: 100 }).map((value) => value / 100)
  const card = fc.tuple(
    fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 6 }),
    fc.array(fc.array(share, { minLength: 6, maxLength: 6 }), { minLength: 1, maxLength: 8 }),
  )
  it('keeps totals between the worst and the best score, ranks them dense and in order, and prefers who is nowhere worse', () => {
    fc.assert(
      fc.property(card, ([raw, rows]) => {
        const sum = raw.reduce((a, b) => a + b, 0)
        const weights = raw.map((weight, i) => ({ criterion: `c${i}`, weight: weight / sum }))
        expect(weightsSumValid(weights)).toBe(true)
        const given = rows.map((scores, i) => ({
          venue_id: `v${i}`,
          scores: Object.fromEntries(weights.map(({ criterion }, n) => [criterion, scores[n]!])),
        }))
        const scored = scoreCandidates(weights, given, new Map() as never)
        for (const { total, scores } of scored) {
          expect(total).toBeGreaterThanOrEqual(Math.min(...Object.values(scores)) - 1e-4)
          expect(total).toBeLessThanOrEqual(Math.max(...Object.values(scores)) + 1e-4)
        }
        expect(scored.map(({ rank }) => rank!).sort((a, b) => a - b)).toEqual(given.map((_, i) => i + 1))
        for (const a of scored)
          for (const b of scored) {
            if (a.total! > b.total!) expect(a.rank!).toBeLessThan(b.rank!)
            const better = Object.keys(a.scores).every((name) => a.scores[name]! >= b.scores[name]!)
            if (better) expect(a.total!).toBeGreaterThanOrEqual(b.total!)
          }
      }),
    )
  })
})

describe('savings, reserves and exposure', () => {
  it('saves nothing at list price and everything when it is free', () => {
    fc.assert(
      fc.property(lines, (rows) => {
        const listed = rows.map((row) => ({ ...row, list_unit_cost: row.unit_cost }))
        const open = rows.some(({ category }) => category !== 'Contingency')
        const same = savings(listed)
        expect(same?.amount).toBe(open ? 0 : undefined)
        if (!open) return
        const free = savings(listed.map((row) => ({ ...row, unit_cost: 0, total: 0 })))!
        expect(free.percent).toBe(free.list === 0 ? 0 : 100)
      }),
    )
  })
  it('never falls with another risk, grows with the budget, and is covered by itself', () => {
    fc.assert(
      fc.property(fc.array(risk, { maxLength: 15 }), risk, cents, (risks, one, budget) => {
        const before = exposure(risks, budget)
        expect(exposure([...risks, one], budget)).toBeGreaterThanOrEqual(before)
        expect(exposure(risks, budget * 2)).toBeGreaterThanOrEqual(before)
        expect(exposure(risks, budget)).toBeLessThanOrEqual(risks.length * 0.128 * budget + 0.01)
        if (risks.length > 0) expect(reserveAdequacy(before, before, risks.length)).toBe(100)
      }),
    )
  })
})

describe('risk (5 × 5 matrix)', () => {
  it('is the same seen from either side, and its band never falls with probability or impact', () => {
    const bands = ['low', 'medium', 'high', 'critical']
    fc.assert(
      fc.property(level, level, level, (p, i, other) => {
        expect(riskRating(p, i)).toBe(riskRating(i, p))
        const [low, high] = [p, other].sort((a, b) => RISK_LEVELS.indexOf(a) - RISK_LEVELS.indexOf(b)) as [
          typeof p,
          typeof p,
        ]
        expect(bands.indexOf(riskBand(riskRating(low, i)))).toBeLessThanOrEqual(
          bands.indexOf(riskBand(riskRating(high, i))),
        )
      }),
    )
  })
  it('covers everything or nothing at the ends', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), (n) => {
        const all = Array.from({ length: n }, (_, i) => ({
          id: `r${i}`,
          rating: 9,
          owner: 'a',
          mitigation_strategies: ['x'],
        }))
        expect(riskCoverage(all as never)).toBe(100)
        expect(riskCoverage(all.map((one) => ({ ...one, mitigation_strategies: [] })) as never)).toBe(0)
      }),
    )
  })
})

describe('utilisation (coefficient of variation)', () => {
  it('is 100 for even use, never below 0 or above 100, and blind to scale', () => {
    const use = fc.integer({ min: 1, max: 100 }).map((value) => value / 100)
    fc.assert(
      fc.property(fc.array(use, { minLength: 1, maxLength: 12 }), use, (values, one) => {
        const balance = balanceOf(values)!
        expect(balance).toBeGreaterThanOrEqual(0)
        expect(balance).toBeLessThanOrEqual(100)
        expect(balanceOf(values.map((value) => value * 3))!).toBeCloseTo(balance, 3)
        expect(balanceOf(values.map(() => one))).toBe(100)
      }),
    )
  })
  it('is the share of the available hours', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 24 }), fc.integer({ min: 1, max: 9 }), (hours, quantity) => {
        const span = (h: number) => ({
          start: '2025-01-01T00:00:00Z',
          end: new Date(Date.UTC(2025, 0, 1, h)).toISOString(),
        })
        const used = utilisation({ type: 'Equipment', quantity, availability: [span(24)], assignments: [span(hours)] })
        expect(used).toBeCloseTo(hours / (24 * quantity), 9)
      }),
    )
  })
})

describe('slippage (critical path with actuals)', () => {
  const day = (n: number) => new Date(Date.UTC(2025, 0, 1 + n)).toISOString()
  const chain = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 })
  it('is nothing when nothing is late, moves the end by a delay once, and never forecasts before the plan', () => {
    fc.assert(
      fc.property(chain, fc.nat({ max: 7 }), fc.integer({ min: 0, max: 20 }), (durations, at, late) => {
        let start = 0
        const nodes: ForecastNode[] = durations.map((days, i) => {
          const node = {
            id: `t${i}`,
            kind: 'task' as const,
            start: day(start),
            end: day(start + days),
            dependencies: i === 0 ? [] : [`t${i - 1}`],
            planned_end: day(start + days),
            planned_duration_days: days,
            finished: false,
          }
          start += days
          return node
        })
        const now = new Date(day(-1))
        const end = `t${durations.length - 1}`
        expect(forecastFinishes(nodes, now).get(end)).toBe(Date.parse(day(start)))
        const slow = at % nodes.length
        const moved = nodes.map((node, i) =>
          i === slow ? { ...node, end: new Date(Date.parse(node.end) + late * 86_400_000).toISOString() } : node,
        )
        expect(forecastFinishes(moved, now).get(end)).toBe(Date.parse(day(start + late)))
        expect(timelineSlippage(day(0), day(start), day(start + late))!).toBeCloseTo((late / start) * 100, 3)
      }),
    )
  })
})

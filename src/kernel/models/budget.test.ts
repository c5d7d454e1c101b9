import { describe, expect, it } from 'vitest'
import { createBudget, shareOf, smallerLimits } from './budget.ts'
import { InvalidAnswerError, ModelError, RateLimitError } from './errors.ts'
import { costOf, createPriceTable } from './prices.ts'
import { pauseBefore, retryAfterMs } from './retry.ts'

const price = { input: 1, cachedInput: 0.1, output: 10 }
const usage = (inputTokens: number, outputTokens: number, costUsd?: number) => ({
  inputTokens,
  outputTokens,
  cachedInputTokens: 0,
  costUsd,
})

describe('budget', () => {
  it('caps the answer by what is left and refuses when nothing useful fits', () => {
    const budget = createBudget({ tokens: 1000 })
    const first = budget.reserve({ inputTokens: 100, maxTokens: 500, price: undefined })
    expect(first.maxTokens).toBe(500)
    const second = budget.reserve({ inputTokens: 100, maxTokens: 500, price: undefined }) // while the first still runs
    expect(second.maxTokens).toBe(300)
    expect(() => budget.reserve({ inputTokens: 1, maxTokens: 500, price: undefined })).toThrow(/used up/)
    first.settle(usage(90, 10))
    second.settle()
    expect(budget.spent()).toEqual({ tokens: 100, usd: 0, turns: 1 })
    expect(budget.reserve({ inputTokens: 100, maxTokens: 900, price: undefined }).maxTokens).toBe(800)
  })

  it('keeps a limit in money, and refuses when the price is unknown', () => {
    const budget = createBudget({ usd: 0.01 })
    expect(budget.reserve({ inputTokens: 1000, maxTokens: 5000, price }).maxTokens).toBe(900)
    expect(() => createBudget({ usd: 1 }).reserve({ inputTokens: 1, maxTokens: 1, price: undefined })).toThrow(/price/)
  })

  it('counts turns, and goes on from what was spent before a restart', () => {
    const budget = createBudget({ turns: 3 }, { tokens: 50, usd: 1, turns: 2 })
    budget.reserve({ inputTokens: 1, maxTokens: 1, price }).settle(usage(1, 1, 0.5))
    expect(budget.spent()).toEqual({ tokens: 52, usd: 1.5, turns: 3 })
    expect(() => budget.reserve({ inputTokens: 1, maxTokens: 1, price })).toThrow(/turns/)
  })
})

describe('prices', () => {
  it('knows models by prefix and vendor, takes configured prices, and admits ignorance', () => {
    const table = createPriceTable({ input: undefined, output: undefined })
    expect(table('anthropic/claude-sonnet-4-5-20250929')).toEqual({ input: 3, cachedInput: 0.3, output: 15 })
    expect(table('llama-99')).toBeUndefined()
    expect(createPriceTable({ input: 2, output: 4 })('llama-99')).toEqual({ input: 2, cachedInput: 2, output: 4 })
    expect(costOf(price, { inputTokens: 1_000_000, cachedInputTokens: 500_000, outputTokens: 100_000 })).toBeCloseTo(
      1.55,
    )
    expect(costOf(undefined, { inputTokens: 1, cachedInputTokens: 0, outputTokens: 1 })).toBeUndefined()
  })
})

describe('retry', () => {
  const profile = { retries: 3, backoff: { firstMs: 1000, maxMs: 5000 }, onInvalid: 'repair' as const }
  const server = new ModelError('X', 'server_error', 'x')
  const middle = () => 0.5

  it('pauses exponentially, with jitter and a cap, then ends', () => {
    expect([1, 2, 3, 4].map((n) => pauseBefore(server, n, profile, middle))).toEqual([1000, 2000, 4000, undefined])
    expect(pauseBefore(server, 1, profile, () => 0)).toBe(800)
    expect(pauseBefore(server, 9, { ...profile, retries: 20 }, () => 0.999)).toBe(5000)
  })

  it('never repeats what cannot succeed', () => {
    for (const type of ['authentication', 'client_error', 'refused', 'budget_exceeded'] as const)
      expect(pauseBefore(new ModelError('X', type, 'x'), 1, profile, middle)).toBeUndefined()
    const invalid = new InvalidAnswerError(['x'], '')
    expect(pauseBefore(invalid, 1, profile, middle)).toBeUndefined()
    expect(pauseBefore(invalid, 1, { ...profile, onInvalid: 'retry' }, middle)).toBe(1000)
  })

  it('waits as long as the provider asks, and gives up when that is too long', () => {
    expect(pauseBefore(new RateLimitError('x', { retryAfterMs: 7000 }), 1, profile, middle)).toBe(7000)
    expect(pauseBefore(new RateLimitError('x', { retryAfterMs: 600_000 }), 1, profile, middle)).toBeUndefined()
  })

  it.each([
    [{ 'retry-after': '3' }, 3000],
    [{ 'retry-after-ms': '250', 'retry-after': '3' }, 250],
    [{ 'retry-after': 'Thu, 01 Jan 1970 00:00:10 GMT' }, 9000],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('reads %j', (headers, expected) => {
    expect(retryAfterMs(headers as Record<string, string>, 1000)).toBe(expected)
  })
})

describe('shares of a budget', () => {
  it('together keep the limit, whatever the steps use and in whatever order they end', () => {
    let state = 7
    const random = () => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
      return state / 2_147_483_648
    }
    for (let round = 0; round < 200; round++) {
      const spent = { tokens: 0, usd: 0, turns: 0 }
      let waiting = 1 + Math.floor(random() * 8)
      const running: number[] = []
      while (waiting + running.length > 0) {
        if (waiting > 0 && random() < 0.5) {
          running.push(shareOf({ usd: 1 }, spent, waiting + running.length).usd!)
          waiting--
        } else if (running.length > 0) {
          const [share] = running.splice(Math.floor(random() * running.length), 1)
          spent.usd += share! * (random() < 0.5 ? 1 : random())
        }
      }
      expect(spent.usd).toBeLessThanOrEqual(1 + 1e-9)
    }
  })

  it.each([
    [{ usd: 1 }, { tokens: 0, usd: 0.4, turns: 0 }, 3, { usd: expect.closeTo(0.2, 9) }],
    [{ tokens: 100 }, { tokens: 30, usd: 0, turns: 0 }, 4, { tokens: 17 }],
    [{ turns: 3 }, { tokens: 0, usd: 0, turns: 1 }, 5, { turns: 1 }],
    [{ turns: 3, usd: 1 }, { tokens: 0, usd: 2, turns: 3 }, 1, { turns: 0, usd: 0 }],
    [{}, { tokens: 1, usd: 1, turns: 1 }, 1, {}],
  ])('of %j after %j between %i: %j', (limits, spent, sharers, share) => {
    expect(shareOf(limits, spent, sharers)).toEqual(share)
  })

  it('never widens a limit', () => {
    expect(smallerLimits({ usd: 1, tokens: undefined }, { usd: 2, tokens: 5 })).toEqual({ usd: 1, tokens: 5 })
  })
})

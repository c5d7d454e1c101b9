import { BudgetExceededError } from './errors.ts'
import type { Price } from './prices.ts'
import type { Message, ToolSpec, Usage } from './types.ts'

export type BudgetLimits = { tokens?: number | undefined; usd?: number | undefined; turns?: number | undefined }
export type Spent = { tokens: number; usd: number; turns: number }
/** Shared by all calls of one run, also by parallel ones: what a call may use is set aside before it starts. */
export type Budget = {
  readonly limits: BudgetLimits
  spent(): Spent
  /**
   * Sets aside what the call may cost at most and returns the longest answer the rest allows. Throws BudgetExceededError when not even a short
   * answer fits. `settle` replaces the reservation by what was really used; call it once, also after a failure (with nothing).
   */
  reserve(estimate: { inputTokens: number; maxTokens: number; price: Price | undefined }): {
    maxTokens: number
    settle(usage?: Usage): void
  }
}

/** An answer shorter than this is not worth asking for. */
const SHORTEST_ANSWER = 16

/** `already`: what the run spent before a restart. A limit in money needs a known price: an unknown one refuses. */
export function createBudget(limits: BudgetLimits, already: Spent = { tokens: 0, usd: 0, turns: 0 }): Budget {
  const spent = { ...already }
  const reserved = { tokens: 0, usd: 0, turns: 0 }
  const refuse = (what: string, limit: number): never => {
    throw new BudgetExceededError(`The model budget of this run is used up (${what}: ${limit}).`, { ...spent, limits })
  }
  return {
    limits,
    spent: () => ({ ...spent }),
    reserve({ inputTokens, maxTokens, price }) {
      if (limits.turns !== undefined && spent.turns + reserved.turns >= limits.turns) refuse('turns', limits.turns)
      let allowed = maxTokens
      if (limits.tokens !== undefined) {
        allowed = Math.min(allowed, limits.tokens - spent.tokens - reserved.tokens - inputTokens)
        if (allowed < Math.min(SHORTEST_ANSWER, maxTokens)) refuse('tokens', limits.tokens)
      }
      if (limits.usd !== undefined) {
        if (!price)
          throw new BudgetExceededError(
            'The model has no known price, so the money limit cannot be kept: set LLM_PRICE_INPUT and LLM_PRICE_OUTPUT.',
            {},
          )
        const left = limits.usd - spent.usd - reserved.usd - (inputTokens * price.input) / 1e6
        if (price.output > 0) allowed = Math.min(allowed, Math.floor((left * 1e6) / price.output))
        if (left < 0 || allowed < Math.min(SHORTEST_ANSWER, maxTokens)) refuse('US dollars', limits.usd)
      }
      const aside = {
        tokens: inputTokens + allowed,
        usd: price ? (inputTokens * price.input + allowed * price.output) / 1e6 : 0,
        turns: 1,
      }
      for (const key of ['tokens', 'usd', 'turns'] as const) reserved[key] += aside[key]
      let open = true
      return {
        maxTokens: allowed,
        settle(usage) {
          if (!open) return
          open = false
          for (const key of ['tokens', 'usd', 'turns'] as const) reserved[key] -= aside[key]
          if (!usage) return
          spent.tokens += usage.inputTokens + usage.outputTokens
          spent.usd += usage.costUsd ?? 0
          spent.turns++
        },
      }
    },
  }
}

const KINDS = ['tokens', 'usd', 'turns'] as const

/** Of each kind the smaller limit; what only one of them limits stays limited. */
export function smallerLimits(a: BudgetLimits, b: BudgetLimits): BudgetLimits {
  return Object.fromEntries(
    KINDS.flatMap((kind) => {
      const given = [a[kind], b[kind]].filter((limit) => limit !== undefined)
      return given.length > 0 ? [[kind, Math.min(...given)]] : []
    }),
  )
}

/**
 * What one of `sharers` pieces of work may use that go on apart from each other, so that together they keep the limits: an equal part of what
 * is left. What a finished one did not use is there for those that begin later. Of turns at least one is given while any is left.
 */
export function shareOf(limits: BudgetLimits, spent: Spent, sharers: number): BudgetLimits {
  const share = (kind: (typeof KINDS)[number], limit: number) => {
    const left = Math.max(0, limit - spent[kind])
    const part = left / Math.max(1, sharers)
    return kind === 'usd' ? part : kind === 'tokens' ? Math.floor(part) : Math.min(left, Math.max(1, Math.floor(part)))
  }
  return Object.fromEntries(
    KINDS.flatMap((kind) => (limits[kind] === undefined ? [] : [[kind, share(kind, limits[kind])]])),
  )
}

/** Rough, on the safe side for English and code: three characters a token, so that a cap holds. */
export const estimateTokens = (text: string): number => Math.ceil(text.length / 3)

export function estimateInput(call: {
  system: string
  messages: readonly Message[]
  tools?: readonly ToolSpec[] | undefined
}): number {
  return estimateTokens(call.system + JSON.stringify(call.messages) + JSON.stringify(call.tools ?? []))
}

import { randomUUID } from 'node:crypto'
import type { Spent } from '../../kernel/models/budget.ts'
import type { RecordedTurn } from '../../kernel/models/record-calls.ts'
import type { ModelCallReport } from '../schema.ts'

/** What reported turns used together. */
export const spentOf = (calls: readonly ModelCallReport[]): Spent =>
  calls.reduce(
    ({ tokens, usd, turns }, call) => ({
      tokens: tokens + call.input_tokens + call.output_tokens,
      usd: usd + (call.cost_usd ?? 0),
      turns: turns + 1,
    }),
    { tokens: 0, usd: 0, turns: 0 },
  )

/** A turn as it is told to the server. */
export const reportOf = ({ provider, model, outcome, usage, estimate, durationMs }: RecordedTurn): ModelCallReport => ({
  id: randomUUID(),
  provider,
  model,
  outcome,
  input_tokens: usage.inputTokens,
  output_tokens: usage.outputTokens,
  cost_usd: usage.costUsd ?? null,
  duration_ms: Math.round(durationMs),
  estimated_tokens: estimate.tokens,
  estimated_usd: estimate.usd ?? null,
})

import type { Db } from '../db/database.ts'
import { ulid } from '../events/ulid.ts'
import type { ModelProfile, Usage } from './types.ts'

/** One turn of a model: what it could have cost, what it cost. */
export type RecordedTurn = {
  runId: string | undefined
  profile: ModelProfile
  provider: string
  model: string
  outcome: string
  usage: Usage
  estimate: { tokens: number; usd: number | undefined }
  durationMs: number
}

/** Keeps each turn in `kernel.model_calls`: what was spent, on what, for which run. A failing database never fails a turn. */
export const recordTurns =
  (db: Db, onError: (error: Error) => void) =>
  async (turn: RecordedTurn): Promise<void> => {
    await db
      .query(
        `insert into kernel.model_calls (id, run_id, caller, provider, model, purpose, outcome, input_tokens, output_tokens, cost_usd, duration_ms,
           estimated_usd, estimated_tokens, domain) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
        [
          `mc_${ulid().toLowerCase()}`,
          turn.runId ?? null,
          turn.profile.domain ?? turn.profile.purpose,
          turn.provider,
          turn.model,
          turn.profile.purpose,
          turn.outcome,
          turn.usage.inputTokens,
          turn.usage.outputTokens,
          turn.usage.costUsd ?? 0,
          Math.round(turn.durationMs),
          turn.estimate.usd ?? null,
          turn.estimate.tokens,
          turn.profile.domain ?? null,
        ],
      )
      .catch((error: Error) => onError(error))
  }

import type { Db, Reader } from '../db/database.ts'
import { storableJson } from '../events/storable-json.ts'
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

/** A turn that an agent in a process of its own reports. */
export type ReportedTurn = {
  id: string
  provider: string
  model: string
  outcome: string
  input_tokens: number
  output_tokens: number
  cost_usd?: number | null | undefined
  duration_ms: number
  estimated_tokens: number
  estimated_usd?: number | null | undefined
}

/** Counts reported turns for the run of the assignment's plan. The same turn of the same assignment counts once, however often it is told. */
export async function recordReportedTurns(
  db: Reader,
  { id, plan_id }: { id: string; plan_id: string },
  work: { domain: string; purpose: string },
  turns: readonly ReportedTurn[],
): Promise<void> {
  if (turns.length === 0) return
  await db.query(
    `insert into kernel.model_calls (id, run_id, assignment_id, caller, domain, purpose, provider, model, outcome, input_tokens, output_tokens,
       cost_usd, duration_ms, estimated_usd, estimated_tokens)
     select 'mc_' || md5($1 || '/' || t.id), p.run_id, $1, $3, $3, $4, t.provider, t.model, t.outcome, t.input_tokens, t.output_tokens,
       coalesce(t.cost_usd, 0), t.duration_ms, t.estimated_usd, t.estimated_tokens
     from jsonb_to_recordset($5::jsonb) as t (id text, provider text, model text, outcome text, input_tokens int, output_tokens int,
       cost_usd numeric, duration_ms int, estimated_usd numeric, estimated_tokens int), kernel.plans p
     where p.id = $2 on conflict (id) do nothing`,
    [id, plan_id, work.domain, work.purpose, storableJson(turns)],
  )
}

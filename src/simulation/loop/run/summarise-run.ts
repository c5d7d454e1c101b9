import type { RunOutcome } from '../events/event.ts'
import type { SimulationState } from '../state/state.ts'
import type { WriterStats } from '../writer/writer-stats.ts'
import type { RunParts } from './run-parts.ts'
import type { RunError, RunResult } from './run-result.ts'
import type { TerminationReason } from './termination.ts'

export type EndedRun = {
  parts: RunParts
  status: RunOutcome
  reason: TerminationReason
  /** Undefined when the run failed before its first state. */
  state: SimulationState | undefined
  startTurn: number
  history: readonly SimulationState[]
  historyLimit: number | undefined
  elapsedMs: number
  eventStats: WriterStats
  error: RunError | undefined
}

/** What a run returns when it has ended. First and last value are told where the world has a `total_economic_value`. */
export function summariseRun(run: EndedRun): RunResult {
  const { parts, status, state, startTurn, history, error } = run
  const [first, last] = [history[0]?.globalState, state?.globalState]
  const hasValue = first !== undefined && 'total_economic_value' in first
  const limit = run.historyLimit ?? Number.POSITIVE_INFINITY
  const finalTurn = state?.turn ?? startTurn
  return {
    run_id: parts.runId,
    status,
    final_state: state ?? null,
    history: history.slice(Number.isFinite(limit) ? -limit : 0),
    stats: {
      total_turns: finalTurn - startTurn,
      final_turn: finalTurn,
      termination_reason: run.reason,
      elapsed_time_seconds: Math.round(run.elapsedMs) / 1000,
      validation: parts.validator.getStats(),
      agent_final_states: state?.agents ?? {},
      ...(hasValue
        ? { initial_value: first['total_economic_value'], final_value: last?.['total_economic_value'] }
        : {}),
    },
    event_stats: run.eventStats,
    ...(error ? { error } : {}),
  }
}

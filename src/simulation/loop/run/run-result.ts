import fs from 'node:fs'
import path from 'node:path'
import { listCheckpoints } from '../checkpoints/checkpoint-store.ts'
import type { ValidationStats } from '../components/base-validator.ts'
import type { RunOutcome } from '../events/event.ts'
import { type AgentState, type SimulationState, stateToDisk } from '../state/state.ts'
import type { WriterStats } from '../writer/writer-stats.ts'
import { type RunFs, writeAtomically } from './atomic-file.ts'
import type { TerminationReason } from './termination.ts'

export type SummaryStats = {
  total_turns: number
  final_turn: number
  termination_reason: TerminationReason
  elapsed_time_seconds: number
  validation: ValidationStats
  agent_final_states: Readonly<Record<string, AgentState>>
  initial_value?: number
  final_value?: number
}

export type RunError = { type: string; message: string }

/** What a run returns. */
export type RunResult = {
  run_id: string
  status: RunOutcome
  final_state: SimulationState | null
  /** States of the run, oldest first; limited by `historyLimit`. */
  history: readonly SimulationState[]
  stats: SummaryStats
  event_stats: WriterStats
  error?: RunError
}

export type ResultFile = {
  simulationName: string
  numAgents: number
  startTime: string
  endTime: string
  checkpointInterval: number | null
  configSnapshot: Record<string, unknown>
}

/** Writes `result.json`, making the folder again when it has gone. */
export function writeResult(runDir: string, result: RunResult, about: ResultFile, fsys: RunFs = fs): void {
  fsys.mkdirSync(runDir, { recursive: true })
  const content = {
    run_metadata: {
      run_id: result.run_id,
      simulation_name: about.simulationName,
      num_agents: about.numAgents,
      start_time: about.startTime,
      end_time: about.endTime,
      checkpoint_interval: about.checkpointInterval,
      config_snapshot: about.configSnapshot,
    },
    status: result.status,
    final_state: result.final_state && stateToDisk(result.final_state),
    checkpoints: listCheckpoints(runDir, fsys),
    summary_stats: result.stats,
    event_stats: result.event_stats,
    ...(result.error ? { error: result.error } : {}),
  }
  writeAtomically(fsys, path.join(runDir, 'result.json'), `${JSON.stringify(content, null, 2)}\n`)
}

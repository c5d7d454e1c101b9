import { AsyncLocalStorage } from 'node:async_hooks'
import type { Budget } from './budget.ts'
import type { RecordedTurn } from './record-calls.ts'

/** For whom models work just now: set around a stage of a run, read by the gateway, so that no caller has to pass it on. */
export type RunScope = {
  /** Absent where work of several runs looks alike: in an agent's own process. */
  runId?: string
  /** A model of this run's own, from a fork that tries another one. */
  model?: string
  budget?: Budget
  /** Hears of each turn that reached a model: for work that has no database to keep them in. */
  onTurn?: (turn: RecordedTurn) => void
}

export const runScope = new AsyncLocalStorage<RunScope>()

import { AsyncLocalStorage } from 'node:async_hooks'
import type { Budget } from './budget.ts'

/** For whom models work just now: set around a stage of a run, read by the gateway, so that no caller has to pass it on. */
export type RunScope = {
  runId: string
  /** A model of this run's own, from a fork that tries another one. */
  model?: string
  budget?: Budget
}

export const runScope = new AsyncLocalStorage<RunScope>()

import { cancelTasks, set, setStatus, type Work, withdrawDecisions } from './work.ts'

/** Ends a workflow for good: running work is stopped, waiting questions are withdrawn, results stay. */
export function cancelWorkflow(w: Work, reason: string) {
  cancelTasks(w)
  withdrawDecisions(w, reason)
  set(w, { paused: { user: false, decision: false, service: null }, waiting_on: [] })
  setStatus(w, 'cancelled', reason)
}

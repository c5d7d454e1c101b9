import { set, setError, setStatus, stopRunning, type Work, withdrawDecisions } from './work.ts'

/** The workflow failed: nothing of it runs any more, results stay, and it may be started again. */
export function fail(w: Work, errorType: string, message: string, taskId: string | null) {
  const task = w.s.tasks.find((t) => t.task_id === taskId)
  stopRunning(w)
  withdrawDecisions(w, 'the workflow failed')
  set(w, { paused: { user: false, decision: false, service: null } })
  setStatus(w, 'failed', message)
  setError(w, {
    error_type: errorType,
    error_message: message,
    failed_task: taskId,
    retry_count: task?.retry_count ?? 0,
    next_retry: null,
  })
}

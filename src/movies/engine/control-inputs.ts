import { AppError } from '../../kernel/errors/app-error.ts'
import type { SubmitDecision, UpdateWorkflow } from '../schema.ts'
import { type Answerer, applyChoice, retryAfresh } from './apply-choice.ts'
import { cancelWorkflow } from './cancel-workflow.ts'
import { isActive, isFinal, pendingDecision } from './engine-state.ts'
import { fail } from './fail-workflow.ts'
import { runSettings } from './run-settings.ts'
import { isDead } from './task-graph.ts'
import { ranSeconds, set, setError, setStatus, settlePause, type Work } from './work.ts'

/** What people (and the clock) do to a workflow. Each checks the present status and refuses with the contract's code. */

const refuse = (w: Work, doing: string, remedy: string): never => {
  throw new AppError('INVALID_STATE', `A workflow that is ${w.s.status} cannot be ${doing}; ${remedy}`, {
    workflow_id: w.s.workflow_id,
    status: w.s.status,
  })
}

export function pauseWorkflow(w: Work) {
  const { status, paused } = w.s
  const decisionOnly = status === 'paused' && paused.decision && !paused.user
  if (status !== 'running' && !decisionOnly) refuse(w, 'paused', 'only a running one, or one that waits for a decision')
  set(w, { paused: { ...paused, user: true } })
  settlePause(w, 'user')
}

export function resumeWorkflow(w: Work) {
  const { status, paused } = w.s
  if (status !== 'paused') refuse(w, 'resumed', 'only a paused one')
  if (paused.decision && !paused.user && paused.service === null) refusePending(w)
  set(w, { paused: { ...paused, user: false, service: null }, outage_since: null })
  settlePause(w, 'resumed')
}

const refusePending = (w: Work): never => {
  const pending = pendingDecision(w.s)
  throw new AppError('PENDING_DECISION', `The workflow waits for ${pending?.decision_id}; submit a choice instead`, {
    decision_id: pending?.decision_id,
    options: pending?.options,
  })
}

export function cancelByRequest(w: Work, reason: string) {
  if (isFinal(w.s.status)) refuse(w, 'cancelled', 'it has already ended')
  cancelWorkflow(w, reason)
}

/** From the last checkpoint: results stay, what failed is tried afresh with a new time limit. */
export function startWorkflow(w: Work) {
  const { status, paused } = w.s
  if (status === 'paused') {
    if (paused.decision && !paused.user) refusePending(w)
    return resumeWorkflow(w)
  }
  if (status !== 'failed') refuse(w, 'started', 'only a paused or failed one')
  set(w, { ran_seconds: 0, completed_at: null })
  for (const task of w.s.tasks.filter((t) => !t.superseded && isDead(t) && !t.optional)) retryAfresh(w, task.task_id)
  setError(w, null)
  setStatus(w, 'running', 'started again')
}

export function updateWorkflow(w: Work, change: UpdateWorkflow) {
  if (isFinal(w.s.status)) refuse(w, 'changed', 'it has already ended')
  const { custom_parameters, priority, ...rest } = change
  set(w, {
    ...rest,
    ...(custom_parameters ? { custom_parameters: { ...w.s.custom_parameters, ...custom_parameters } } : {}),
  })
  if (priority === undefined) return
  set(w, {
    priority,
    tasks: w.s.tasks.map((t) => (t.status === 'pending' && t.priority !== priority ? { ...t, priority } : t)),
  })
}

/** The first valid answer wins; every later one gets 409. */
export function submitDecision(w: Work, input: SubmitDecision, by: Answerer) {
  const pending = pendingDecision(w.s)
  const known = w.s.decisions.find((d) => d.decision_id === input.decision_id)
  if (!pending || (known && known !== pending))
    throw new AppError(
      'NO_PENDING_DECISION',
      known ? `Decision ${input.decision_id} is ${known.status} already` : 'No decision is pending',
      {
        decision_id: input.decision_id,
        ...(known ? { choice: known.choice, answered_by: known.actor } : {}),
      },
    )
  if (!known)
    throw new AppError('DECISION_NOT_FOUND', `No decision ${input.decision_id}; pending is ${pending.decision_id}`, {
      decision_id: input.decision_id,
      pending: pending.decision_id,
    })
  if (!pending.options.includes(input.choice))
    throw new AppError('INVALID_CHOICE', `choice must be one of ${pending.options.join(', ')}`, {
      choice: input.choice,
      options: pending.options,
    })
  applyChoice(w, pending.decision_id, input.choice, input.feedback?.trim() || null, by)
}

/** Tries a finally failed task again; answers its task_failure decision, or starts a failed workflow. */
export function retryTask(w: Work, taskId: string, input: Record<string, unknown>, by: Answerer) {
  const task = w.s.tasks.find((t) => t.task_id === taskId)
  if (!task) throw new AppError('TASK_NOT_FOUND', `No task ${taskId} in this workflow`, { task_id: taskId })
  const here = task.state === w.s.current_state && !task.superseded && !isFinal(w.s.status)
  if (task.status !== 'failed' || !here)
    throw new AppError(
      'INVALID_STATE',
      `Task ${task.name} is ${task.status}; only a failed task of the current state can be retried`,
      {
        task_id: taskId,
        status: task.status,
      },
    )
  const pending = pendingDecision(w.s)
  if (pending?.point === 'task_failure' && pending.subject === taskId) {
    applyChoice(w, pending.decision_id, 'retry', null, by)
    retryAfresh(w, taskId, input)
    return
  }
  if (w.s.status === 'failed') startWorkflow(w)
  retryAfresh(w, taskId, input)
}

/** Deadline of the pending decision and the hard time limit, checked by the clock. */
export function checkClock(w: Work, limits: { timeLimitSeconds: number }): { overdue: string | null } {
  if (!isActive(w.s.status)) return { overdue: null }
  const pending = pendingDecision(w.s)
  const overdue = pending?.timeout && pending.timeout <= w.now ? pending : null
  if (overdue && runSettings(w.s).on_decision_timeout === 'default_choice') {
    applyChoice(w, overdue.decision_id, overdue.options[0]!, null, { actor: 'system', automatic: true })
    return { overdue: null }
  }
  if (w.s.status === 'running' && ranSeconds(w.s, w.now) > limits.timeLimitSeconds)
    fail(w, 'TIME_LIMIT', `The workflow ran longer than ${Math.round(limits.timeLimitSeconds)} s`, null)
  return { overdue: overdue?.decision_id ?? null }
}

/** A service has been away too long for work to wait: the workflow stands still until it is back. */
export function serviceDown(w: Work, service: string) {
  if (w.s.status !== 'running') return
  set(w, { paused: { ...w.s.paused, service } })
  settlePause(w, 'service_unavailable')
}

export function serviceBack(w: Work, service: string) {
  const waits = w.s.waiting_on.includes(service)
  if (!waits && w.s.paused.service !== service) return
  set(w, {
    waiting_on: w.s.waiting_on.filter((name) => name !== service),
    outage_since: null,
    paused: { ...w.s.paused, service: null },
    tasks: w.s.tasks.map((t) =>
      t.status === 'pending' && t.error_category === 'outage' ? { ...t, next_retry_at: null } : t,
    ),
  })
  settlePause(w, `${service} is back`)
}

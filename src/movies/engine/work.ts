import type { ErrorDetails, MovieEventType, WorkflowStatus } from '../schema.ts'
import {
  type EngineEvent,
  type EngineState,
  type EngineTask,
  isActive,
  pauseReason,
  type Transition,
} from './engine-state.ts'

/**
 * A transition while it is being worked out: the state so far, and what has happened. The state itself is never
 * changed in place; rows that are not touched keep their identity, which is how the store knows what to write.
 */
export type Work = { s: EngineState; events: EngineEvent[]; readonly now: string }

export const begin = (s: EngineState, now: string): Work => ({ s: { ...s, updated_at: now }, events: [], now })
export const end = (w: Work): Transition => ({ state: w.s, events: w.events })

export const say = (w: Work, type: MovieEventType, data: Record<string, unknown> = {}) => {
  w.events.push({ type, data })
}

export const set = (w: Work, changes: Partial<EngineState>) => {
  w.s = { ...w.s, ...changes }
}

export const patchTask = (w: Work, taskId: string, changes: Partial<EngineTask>): EngineTask => {
  let patched: EngineTask | undefined
  set(w, {
    tasks: w.s.tasks.map((t) => {
      if (t.task_id !== taskId) return t
      patched = { ...t, ...changes }
      return patched
    }),
  })
  if (!patched) throw new Error(`workflow ${w.s.workflow_id} has no task ${taskId}`)
  return patched
}

export const patchPass = (w: Work, changes: Partial<EngineState['passes'][string]>, state = w.s.current_state) =>
  set(w, { passes: { ...w.s.passes, [state]: { ...w.s.passes[state]!, ...changes } } })

export const countLoop = (w: Work, key: string) => set(w, { loops: { ...w.s.loops, [key]: (w.s.loops[key] ?? 0) + 1 } })

const secondsBetween = (from: string, to: string) => Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000)

/** Seconds the workflow has been running, pauses left out. */
export const ranSeconds = (s: EngineState, now: string) =>
  s.ran_seconds + (s.running_since ? secondsBetween(s.running_since, now) : 0)

/** Changes the status and says so; time spent running is added up when it stops. */
export function setStatus(w: Work, status: WorkflowStatus, reason: string | null) {
  const from = w.s.status
  if (from === status) return
  set(w, {
    status,
    ran_seconds: ranSeconds(w.s, w.now),
    running_since: status === 'running' ? w.now : null,
    completed_at: status === 'completed' || status === 'cancelled' || status === 'failed' ? w.now : null,
  })
  say(w, 'workflow.status_changed', { from, to: status, reason })
}

/** Status from what holds the workflow back: nothing left means it runs. */
export function settlePause(w: Work, reason: string | null) {
  if (!isActive(w.s.status)) return
  const { user, decision, service } = w.s.paused
  const held = user || decision || service !== null
  setStatus(w, held ? 'paused' : 'running', held ? (reason ?? pauseReason({ ...w.s, status: 'paused' })) : reason)
}

export const setError = (w: Work, details: ErrorDetails | null) => {
  set(w, { error_details: details })
  if (details) say(w, 'workflow.error', { ...details })
}

/** Stops every task that has not ended. */
export function cancelTasks(w: Work, keep: (t: EngineTask) => boolean = () => false) {
  set(w, {
    tasks: w.s.tasks.map((t) =>
      (t.status === 'pending' || t.status === 'running' || (t.status === 'failed' && !t.skipped && !t.superseded)) &&
      !keep(t)
        ? { ...t, status: 'cancelled', completed_at: w.now, next_retry_at: null }
        : t,
    ),
  })
}

export const withdrawDecisions = (w: Work, reason: string) => {
  if (!w.s.decisions.some((d) => d.status === 'pending')) return
  set(w, {
    decisions: w.s.decisions.map((d) =>
      d.status === 'pending' ? { ...d, status: 'withdrawn', at: w.now, feedback: reason } : d,
    ),
    paused: { ...w.s.paused, decision: false },
  })
}

/** Running tasks go back to pending; whoever works on them is told to stop, and a late result is not taken. */
export const stopRunning = (w: Work) =>
  set(w, {
    tasks: w.s.tasks.map((t) =>
      t.status === 'running' ? { ...t, status: 'pending', agent_id: null, started_at: null } : t,
    ),
  })

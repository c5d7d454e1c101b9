import { AppError } from '../../kernel/errors/app-error.ts'
import { retryAfresh } from './apply-choice.ts'
import { type EngineState, isFinal } from './engine-state.ts'
import { isSettled } from './task-graph.ts'
import { say, set, setError, setStatus, type Work, withdrawDecisions } from './work.ts'

/** Enough to put a workflow back: the engine's own fields, and which rows were live and done. Results stay in the rows. */
export type CheckpointData = Pick<
  EngineState,
  | 'current_state'
  | 'completed_states'
  | 'visits'
  | 'passes'
  | 'loops'
  | 'notes'
  | 'budget_accepted'
  | 'quality_reduced'
  | 'progress'
> & { live: string[]; done: string[]; artifacts: string[] }

export const checkpointData = (s: EngineState): CheckpointData => ({
  current_state: s.current_state,
  completed_states: s.completed_states,
  visits: s.visits,
  passes: s.passes,
  loops: s.loops,
  notes: s.notes,
  budget_accepted: s.budget_accepted,
  quality_reduced: s.quality_reduced,
  progress: s.progress,
  live: s.tasks.filter((t) => !t.superseded).map((t) => t.task_id),
  done: s.tasks.filter((t) => !t.superseded && isSettled(t)).map((t) => t.task_id),
  artifacts: s.artifacts.filter((a) => !a.dropped).map((a) => a.artifact_id),
})

/** The last thing that happened, as the name of a checkpoint. */
export const checkpointStep = (s: EngineState): string => {
  const done = s.tasks
    .filter((t) => t.completed_at !== null)
    .sort((a, b) => (a.completed_at! < b.completed_at! ? 1 : -1))
  return done[0]?.name ?? 'start'
}

/**
 * Puts a workflow back to a checkpoint and leaves it paused by the user. Later results are dropped from the present and
 * kept as history; work that was under way then is done again after resume.
 */
export function restoreCheckpoint(w: Work, data: CheckpointData) {
  if (w.s.status === 'running' || isFinal(w.s.status))
    throw new AppError('INVALID_STATE', `A ${w.s.status} workflow cannot be restored; pause it first`, {
      status: w.s.status,
    })
  const { live, done, artifacts, ...fields } = data
  const [isLive, wasDone, wasThere] = [new Set(live), new Set(done), new Set(artifacts)]
  withdrawDecisions(w, 'a checkpoint was restored')
  const from = w.s.current_state
  set(w, {
    ...fields,
    tasks: w.s.tasks.map((t) => {
      if (isLive.has(t.task_id)) return t.superseded ? { ...t, superseded: false } : t
      const ended = t.status === 'pending' || t.status === 'running'
      return { ...t, superseded: true, ...(ended ? { status: 'cancelled' as const, completed_at: w.now } : {}) }
    }),
    artifacts: w.s.artifacts.map((a) =>
      a.dropped === !wasThere.has(a.artifact_id) ? a : { ...a, dropped: !a.dropped },
    ),
    paused: { user: true, decision: false, service: null },
  })
  for (const task of w.s.tasks)
    if (isLive.has(task.task_id) && !wasDone.has(task.task_id) && task.status !== 'pending')
      retryAfresh(w, task.task_id)
  setError(w, null)
  setStatus(w, 'paused', 'user')
  if (from !== w.s.current_state)
    say(w, 'workflow.state_changed', {
      from,
      to: w.s.current_state,
      completed_states: w.s.completed_states,
      restored: true,
    })
}

import { AppError } from '../../kernel/errors/app-error.ts'
import { stateIndex } from '../workflows/workflow-defs.ts'
import { isActive } from './engine-state.ts'
import { repeat } from './repeat.ts'
import { settlePause, type Work, withdrawDecisions } from './work.ts'

const STATE = 'media_generation'
export const FRAMES = 'frames'

const refuse = (w: Work, message: string): never => {
  throw new AppError('INVALID_STATE', message, { workflow_id: w.s.workflow_id, status: w.s.status })
}

/**
 * Makes one picture of the storyboard again, with what a person said about it, then the segment it belongs to and the film;
 * every other picture and segment stays. A decision that is pending is withdrawn and asked again about the new film.
 */
export function regenerateShot(w: Work, frameId: string, feedback: string | null) {
  if (!isActive(w.s.status))
    refuse(w, `The workflow is ${w.s.status}: a shot can be made again while it is running or paused`)
  const task = w.s.tasks.find((t) => t.task_type === FRAMES && !t.superseded && t.input['frame_id'] === frameId)
  if (!task || stateIndex(w.s.type, w.s.current_state) < stateIndex(w.s.type, STATE))
    return refuse(w, `The picture of ${frameId} has not been made yet: approve or change the storyboard instead`)
  if (task.status === 'pending' || task.status === 'running')
    refuse(w, `The picture of ${frameId} is being made: wait for it`)
  withdrawDecisions(w, `${frameId} is made again`)
  settlePause(w, `${frameId} is made again`)
  repeat(
    w,
    {
      kind: 'repeat',
      state: STATE,
      tasks: [FRAMES],
      only: { key: 'frame_id', values: [frameId] },
      loop: `shot.${frameId}`,
      issues: [],
      feedback,
      reason: `${frameId} is made again`,
    },
    (t) => t.task_type === 'segments' && !(t.input['frame_ids'] as string[]).includes(frameId),
  )
}

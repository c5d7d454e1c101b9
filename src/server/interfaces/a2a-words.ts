import * as A2A from '@a2a-js/sdk'
import type { Task } from '../../tasks/schema.ts'

const { TaskState } = A2A

/** The ends of our tasks in the words of A2A. */
export const ENDED: Readonly<Partial<Record<Task['status'], A2A.TaskState>>> = {
  completed: TaskState.TASK_STATE_COMPLETED,
  failed: TaskState.TASK_STATE_FAILED,
  cancelled: TaskState.TASK_STATE_CANCELED,
}

const OVER: readonly (A2A.TaskState | undefined)[] = [
  TaskState.TASK_STATE_COMPLETED,
  TaskState.TASK_STATE_FAILED,
  TaskState.TASK_STATE_CANCELED,
  TaskState.TASK_STATE_REJECTED,
]
export const isOver = (state: A2A.TaskState | undefined): boolean => OVER.includes(state)

export const statusOf = (state: A2A.TaskState): A2A.TaskStatus => ({
  state,
  message: undefined,
  timestamp: new Date().toISOString(),
})

const part = (content: A2A.Part['content'], mediaType: string): A2A.Part => ({
  content,
  metadata: undefined,
  filename: '',
  mediaType,
})

/** What each step made, as an artifact. */
export function artifactsOf(task: Task): A2A.Artifact[] {
  return (task.result?.subtask_results ?? []).map(({ subtask_id, output }) => ({
    artifactId: subtask_id,
    name: task.subtasks.find(({ id }) => id === subtask_id)?.description ?? subtask_id,
    description: output?.summary ?? '',
    parts: [
      part({ $case: 'data', value: output?.data ?? {} }, 'application/json'),
      part({ $case: 'text', value: output?.summary ?? '' }, 'text/plain'),
    ],
    metadata: undefined,
    extensions: [],
  }))
}

import { RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { ApiError } from '../../../api/api-error.ts'
import { Button } from '../../../components/button.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { toast, toastError } from '../../../components/toast.tsx'
import { plural } from '../../../lib/format.ts'
import { useTaskActions } from '../api/tasks.ts'
import { errorHelp } from '../lib/error-help.ts'
import type { SubTask } from '../types.ts'
import { ModelHelp } from './model-help.tsx'
import { RetryDialog } from './retry-dialog.tsx'

/** Why a step failed, what helps, and the button for it. */
export function SubtaskError({ taskId, subtask, error }: { taskId: string; subtask: SubTask; error: string }) {
  const help = errorHelp(error)
  const [editing, setEditing] = useState(false)
  const { retrySubtask } = useTaskActions(taskId)
  const retry = () =>
    retrySubtask.mutate(
      { subtaskId: subtask.id },
      {
        onSuccess: (done) =>
          toast({
            tone: 'running',
            title: 'Step queued again',
            ...(done.unblocked.length > 0 ? { detail: `${plural(done.unblocked.length, 'step')} unblocked` } : {}),
          }),
        onError: (problem) => toastError('The step was not retried', problem),
      },
    )
  return (
    <>
      <ErrorPanel error={new ApiError(0, help.code, help.message)}>
        <span className="basis-full text-ink-2">{help.advice}</span>
        {help.retry === 'none' ? null : (
          <>
            <Button size="sm" icon={RotateCcw} busy={retrySubtask.isPending} onClick={retry}>
              Retry
            </Button>
            <Button size="sm" look="quiet" onClick={() => setEditing(true)}>
              Edit and retry
            </Button>
          </>
        )}
      </ErrorPanel>
      {help.code === 'MODEL_NOT_CONFIGURED' ? <ModelHelp /> : null}
      {editing ? <RetryDialog taskId={taskId} subtask={subtask} onClose={() => setEditing(false)} /> : null}
    </>
  )
}

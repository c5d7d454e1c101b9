import { ErrorPanel } from '../../../components/error-panel.tsx'
import { Skeleton } from '../../../components/skeleton.tsx'
import { useLogs } from '../api/logs.ts'
import { LogLines } from './log-lines.tsx'

/** What was logged for one task, newest first. */
export function TaskLog({ taskId, live }: { taskId: string; live: boolean }) {
  const logs = useLogs({ task_id: taskId, limit: 200 }, live)
  if (logs.error)
    return <ErrorPanel error={logs.error} title="The log could not be read" onRetry={() => void logs.refetch()} />
  if (!logs.data) return <Skeleton rows={6} />
  return (
    <div className="panel overflow-hidden">
      <LogLines logs={logs.data.logs} />
    </div>
  )
}

import { RotateCw, Search } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../../components/button.tsx'
import { Empty } from '../../../components/empty.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { PageSkeleton } from '../../../components/skeleton.tsx'
import { Switch } from '../../../components/switch.tsx'
import { isFinal } from '../../../lib/states.ts'
import { readStored } from '../../../lib/storage.ts'
import { usePhone } from '../../../lib/use-media.ts'
import { useTask, useTaskList } from '../api/tasks.ts'
import { TaskList } from './task-list.tsx'
import { TaskView } from './task-view.tsx'

/** One task followed live, with the recent ones beside it. */
export default function MonitorTab({ taskId, onOpen }: { taskId: string; onOpen: (id: string) => void }) {
  const phone = usePhone()
  const [auto, setAuto] = useState(true)
  const list = useTaskList()
  const task = useTask(taskId, auto)
  const running = task.data ? !isFinal(task.data.task.status) : true
  return (
    <div className="flex min-h-0 flex-1">
      {phone && taskId ? null : (
        <aside
          aria-label="Recent tasks"
          className="flex w-full shrink-0 flex-col border-r border-line bg-surface md:w-72"
        >
          <IdForm taskId={taskId} onOpen={onOpen} />
          <div
            role="region"
            aria-label="Recent tasks: list"
            tabIndex={0}
            className="min-h-0 flex-1 overflow-y-auto -outline-offset-2"
          >
            {list.error ? <ErrorPanel error={list.error} /> : null}
            {list.data ? <TaskList narrow tasks={list.data.tasks} selected={taskId} onOpen={onOpen} /> : null}
          </div>
        </aside>
      )}
      {phone && !taskId ? null : (
        <div className="flex min-w-0 flex-1 flex-col">
          <div className="flex h-10 shrink-0 items-center gap-3 border-b border-line bg-surface px-4">
            <Switch label="Auto-refresh" checked={auto && running} disabled={!running} onChange={setAuto} />
            <span className="text-xs text-ink-3 max-md:hidden">
              {running ? 'every 2 s until it is done' : 'the task is final'}
            </span>
            <Button
              size="sm"
              look="quiet"
              icon={RotateCw}
              className="ml-auto"
              busy={task.isFetching && !task.isPending}
              onClick={() => void task.refetch()}
            >
              Refresh
            </Button>
          </div>
          <div
            role="region"
            aria-label="Task"
            tabIndex={0}
            className="min-h-0 flex-1 overflow-y-auto p-4 -outline-offset-2 md:p-5"
          >
            {taskId === '' ? (
              <Empty icon={Search} title="Which task?">
                Pick one from the list, or enter its id.
              </Empty>
            ) : task.error && !task.data ? (
              <ErrorPanel error={task.error} title="The task could not be read" onRetry={() => void task.refetch()} />
            ) : task.data ? (
              <TaskView reply={task.data} onGone={() => onOpen('')} />
            ) : (
              <PageSkeleton />
            )}
          </div>
        </div>
      )}
    </div>
  )
}

function IdForm({ taskId, onOpen }: { taskId: string; onOpen: (id: string) => void }) {
  const [typed, setTyped] = useState<string | undefined>()
  const value = typed ?? (taskId || readStored('lastTask'))
  return (
    <form
      className="flex gap-2 border-b border-line p-2"
      onSubmit={(event) => {
        event.preventDefault()
        if (value.trim()) onOpen(value.trim())
        setTyped(undefined)
      }}
    >
      <input
        aria-label="Task id"
        placeholder="task_…"
        value={value}
        onChange={(event) => setTyped(event.target.value)}
        className="h-8 min-w-0 flex-1 rounded-md border border-line-strong bg-surface px-2 font-mono text-xs"
      />
      <Button type="submit" size="md">
        Open
      </Button>
    </form>
  )
}

import { ListChecks } from 'lucide-react'
import { Empty } from '../../../components/empty.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { Skeleton } from '../../../components/skeleton.tsx'
import { plural } from '../../../lib/format.ts'
import { useTaskList } from '../api/tasks.ts'
import { Composer } from './composer.tsx'
import { TaskList } from './task-list.tsx'

/** The composer with the live list of tasks below. */
export function SubmitTab({ onOpen }: { onOpen: (id: string) => void }) {
  const list = useTaskList()
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex max-w-4xl flex-col gap-6 p-4 md:p-6">
        <Composer onOpen={onOpen} />
        <section aria-label="Recent tasks">
          <header className="mb-2 flex items-baseline justify-between">
            <h2 className="font-semibold">Recent tasks</h2>
            {list.data ? <span className="text-xs text-ink-3">{plural(list.data.total_count, 'task')}</span> : null}
          </header>
          {list.error ? (
            <ErrorPanel error={list.error} title="The tasks could not be read" onRetry={() => void list.refetch()} />
          ) : null}
          {list.isPending ? <Skeleton rows={4} height={44} /> : null}
          {list.data?.tasks.length === 0 ? (
            <div className="panel">
              <Empty icon={ListChecks} title="No tasks yet">
                Describe a job above, or press one of the examples.
              </Empty>
            </div>
          ) : null}
          {list.data && list.data.tasks.length > 0 ? <TaskList tasks={list.data.tasks} onOpen={onOpen} /> : null}
        </section>
      </div>
    </div>
  )
}

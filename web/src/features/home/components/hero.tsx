import { Link } from '@tanstack/react-router'
import { ArrowRight } from 'lucide-react'
import { Logo } from '../../../app/logo.tsx'
import { Chip } from '../../../components/chip.tsx'
import { ProgressBar } from '../../../components/progress-bar.tsx'
import { stateLook } from '../../../lib/states.ts'
import { useNewestTasks } from '../api/home.ts'

/** While all is quiet: the newest piece of work, which on a first visit is the sample, or a welcome. */
export function Hero() {
  const { data } = useNewestTasks()
  const task = data?.[0]
  return (
    <section aria-label="Welcome" className="panel flex flex-wrap items-center gap-5 p-5 md:p-6">
      <Logo size={52} />
      <div className="min-w-0 flex-1 basis-72">
        <h2 className="text-xl font-semibold text-balance">
          {task ? 'The troupe is ready' : 'Agents that do real work, with you in charge'}
        </h2>
        <p className="mt-1 max-w-prose text-sm text-ink-2">
          {task
            ? 'This was the last piece of work:'
            : 'Describe a job. Agents plan it, do it in parallel, and stop where a person must decide.'}
        </p>
        {task ? (
          <Link
            to={`/tasks/${task.id}` as never}
            className="mt-3 flex flex-wrap items-center gap-3 rounded-md border border-line px-3 py-2 hover:bg-hover"
          >
            <span className="min-w-0 flex-1 basis-40 truncate text-sm font-medium">{task.description}</span>
            <span className="w-24">
              <ProgressBar
                label={`${task.progress.completed} of ${task.progress.total} done`}
                total={task.progress.total}
                parts={[{ tone: stateLook(task.status).tone, value: task.progress.completed }]}
              />
            </span>
            <Chip status={task.status} />
            <ArrowRight size={15} aria-hidden="true" className="text-ink-3" />
          </Link>
        ) : null}
      </div>
    </section>
  )
}

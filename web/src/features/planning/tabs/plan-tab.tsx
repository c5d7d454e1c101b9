import { useMemo } from 'react'
import { Chip } from '../../../components/chip.tsx'
import { toastError } from '../../../components/toast.tsx'
import { cx } from '../../../lib/cx.ts'
import { plural } from '../../../lib/format.ts'
import { useNow } from '../../../lib/use-now.ts'
import { useUrlState } from '../../../lib/use-url-state.ts'
import { Gantt } from '../../../viewers/gantt.tsx'
import { useArtifact } from '../api/artifacts.ts'
import { useEventWrite } from '../api/briefs.ts'
import { Write } from '../components/artifact-editor.tsx'
import { Loaded, NotYet, Part } from '../components/loaded.tsx'
import { shortDay } from '../lib/dates.ts'
import { ganttTasks } from '../lib/gantt-tasks.ts'
import type { EventBrief, PlanTask } from '../types.ts'

const COLUMNS = ['Not Started', 'In Progress', 'Blocked', 'Completed', 'Cancelled'] as const
const MOVES = COLUMNS

/** The plan in time with its critical path, and its tasks by state. */
export default function PlanTab({ brief }: { brief: EventBrief }) {
  const timeline = useArtifact(brief.id, 'timeline')
  const tasks = useArtifact(brief.id, 'tasks')
  const [url, setUrl] = useUrlState()
  const now = useNow()
  const bars = useMemo(() => ganttTasks(timeline.data ?? null, tasks.data ?? []), [timeline.data, tasks.data])
  const path = timeline.data?.critical_path ?? []
  return (
    <div className="flex flex-col gap-4">
      <Part
        title="Plan"
        note={path.length > 0 ? `critical path: ${plural(path.length, 'step')}, bold` : undefined}
        actions={
          timeline.data === undefined ? null : (
            <Write
              brief={brief}
              type="Timeline"
              stored={timeline.data}
              label={timeline.data ? 'Change the timeline' : 'Write the timeline'}
            />
          )
        }
      >
        <Loaded
          query={timeline}
          what="The timeline"
          empty={
            <NotYet>
              No timeline yet: phases and milestones come first, then tasks. You write it, or the planner does.
            </NotYet>
          }
        >
          {() => (
            <Gantt
              label="Plan of the event"
              tasks={bars}
              now={now}
              selected={url.task}
              onSelect={(task) => setUrl({ task: task === url.task ? '' : task })}
            />
          )}
        </Loaded>
      </Part>
      <Part
        title="Tasks"
        note={
          tasks.data
            ? `${tasks.data.filter((task) => task.status === 'Completed').length} of ${tasks.data.length} done`
            : undefined
        }
        actions={timeline.data ? <Write brief={brief} type="TaskRegister" label="Add a task" /> : null}
      >
        <Loaded query={tasks} what="The tasks" empty={<NotYet>No tasks yet.</NotYet>}>
          {(rows) => <Board brief={brief} rows={rows} selected={url.task} />}
        </Loaded>
      </Part>
    </div>
  )
}

function Board({ brief, rows, selected }: { brief: EventBrief; rows: PlanTask[]; selected: string | undefined }) {
  return (
    <div className="flex gap-3 overflow-x-auto pb-1" role="region" tabIndex={0} aria-label="Task board">
      {COLUMNS.map((status) => {
        const own = rows.filter((task) => task.status === status)
        if (own.length === 0 && (status === 'Blocked' || status === 'Cancelled')) return null
        return (
          <section
            key={status}
            aria-label={status}
            className="flex w-60 shrink-0 flex-col gap-2 rounded-md bg-sunken p-2 xl:min-w-0 xl:flex-1"
          >
            <h3 className="flex items-center justify-between px-1 text-xs font-semibold text-ink-2">
              {status}
              <span className="tabular font-normal text-ink-3">{own.length}</span>
            </h3>
            {own.map((task) => (
              <TaskCard key={task.id} brief={brief} task={task} selected={task.id === selected} />
            ))}
          </section>
        )
      })}
    </div>
  )
}

function TaskCard({ brief, task, selected }: { brief: EventBrief; task: PlanTask; selected: boolean }) {
  const write = useEventWrite(brief.id)
  const final = task.status === 'Completed' || task.status === 'Cancelled' || brief.lifecycle_state === 'Postmortem'
  return (
    <article
      className={cx(
        'rounded-md border bg-surface p-2.5 text-sm',
        selected ? 'border-accent ring-1 ring-accent' : 'border-line',
      )}
    >
      <div className="flex items-start gap-1">
        <p className="min-w-0 flex-1 pt-1 font-medium break-words">{task.title}</p>
        <Write brief={brief} type="TaskRegister" label="Change" quiet stored={task} />
      </div>
      <p className="mt-1 text-xs text-ink-3">
        {task.owner} · {shortDay(task.start_date)} – {shortDay(task.end_date)}
        {typeof task.slack === 'number' && task.slack >= 0.01
          ? ` · ${task.slack.toFixed(1)} d slack`
          : task.slack === null || task.slack === undefined
            ? ''
            : ' · critical'}
      </p>
      {task.dependency_warning ? (
        <p className="mt-1.5">
          <Chip status="waiting" word="Begun before what it depends on" />
        </p>
      ) : null}
      {final ? null : (
        <select
          aria-label={`State of ${task.title}`}
          className="mt-2 h-7 w-full rounded-md border border-line-strong bg-surface px-1.5 text-xs"
          value={task.status}
          disabled={write.isPending}
          onChange={(event) =>
            write.mutate(
              { path: `/tasks/${encodeURIComponent(task.id)}`, method: 'PATCH', body: { status: event.target.value } },
              { onError: (error) => toastError('The task was not moved', error) },
            )
          }
        >
          {MOVES.map((status) => (
            <option key={status}>{status}</option>
          ))}
        </select>
      )}
    </article>
  )
}

import { useState } from 'react'
import { Chip } from '../../../components/chip.tsx'
import { ProgressBar } from '../../../components/progress-bar.tsx'
import { useChangedKeys } from '../../../components/use-changed-keys.ts'
import { When } from '../../../components/when.tsx'
import { cx } from '../../../lib/cx.ts'
import { useHotkeys } from '../../../lib/hotkeys.ts'
import type { Progress, TaskSummary } from '../types.ts'

/** A task's progress in the tones of its parts. */
export function TaskProgress({ progress, height }: { progress: Progress; height?: number }) {
  return (
    <ProgressBar
      label={`${progress.completed} of ${progress.total} done`}
      total={progress.total}
      {...(height ? { height } : {})}
      parts={[
        { tone: 'done', value: progress.completed },
        { tone: 'failed', value: progress.failed },
        { tone: 'blocked', value: progress.blocked },
        { tone: 'paused', value: progress.cancelled },
        { tone: 'running', value: progress.running, isOpen: true },
      ]}
    />
  )
}

const taskKey = (task: TaskSummary) => task.id
const taskVersion = (task: TaskSummary) => `${task.status}${task.progress.completed}`

/** Tasks as rows: what, how far, state. j/k move, Enter opens. */
export function TaskList({
  tasks,
  onOpen,
  selected,
  narrow = false,
}: {
  tasks: TaskSummary[]
  onOpen: (id: string) => void
  selected?: string
  narrow?: boolean
}) {
  const [cursor, setCursor] = useState(-1)
  const changed = useChangedKeys(tasks, taskKey, taskVersion)
  const move = (by: number) => setCursor((now) => Math.max(0, Math.min(tasks.length - 1, now + by)))
  useHotkeys([
    { keys: 'j', does: 'Next task', run: () => move(1) },
    { keys: 'k', does: 'Previous task', run: () => move(-1) },
    { keys: 'enter', does: 'Open the task', run: () => tasks[cursor] && onOpen(tasks[cursor].id) },
  ])
  return (
    <ul className={cx('overflow-hidden', narrow ? '' : 'panel')}>
      {tasks.map((task, i) => (
        <li key={task.id} className={cx('border-b border-line last:border-b-0', changed.has(task.id) && 'glow')}>
          <button
            type="button"
            onClick={() => onOpen(task.id)}
            aria-current={task.id === selected || undefined}
            className={cx(
              'flex w-full flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2 text-left -outline-offset-2 hover:bg-hover',
              i === cursor && 'bg-hover shadow-[inset_2px_0_0_var(--line-strong)]',
              task.id === selected && 'bg-accent-soft! shadow-[inset_2px_0_0_var(--accent)]',
            )}
          >
            <span className={cx('min-w-0 truncate text-sm', narrow ? 'w-full' : 'w-full md:w-auto md:flex-1')}>
              {task.description}
            </span>
            {narrow ? null : (
              <span className="w-20">
                <TaskProgress progress={task.progress} />
              </span>
            )}
            <span className={cx('tabular text-xs text-ink-3', narrow ? 'order-1' : 'w-8')}>
              {task.progress.completed}/{task.progress.total}
            </span>
            <span className={narrow ? '' : 'md:w-28'}>
              <Chip status={task.status} />
            </span>
            {narrow && task.status === 'in_progress' ? (
              <span className="order-3 w-full">
                <TaskProgress progress={task.progress} height={3} />
              </span>
            ) : null}
            <When
              at={task.created_at}
              className={cx('ml-auto text-xs text-ink-3', narrow ? 'order-2' : 'md:w-20 md:text-right')}
            />
          </button>
        </li>
      ))}
    </ul>
  )
}

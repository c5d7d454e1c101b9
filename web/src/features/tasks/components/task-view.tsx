import { Ban, RotateCcw, Trash2 } from 'lucide-react'
import { Button } from '../../../components/button.tsx'
import { Tag } from '../../../components/chip.tsx'
import { Confirm } from '../../../components/dialog.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { Id } from '../../../components/id.tsx'
import { RunHeader } from '../../../components/run-header.tsx'
import { Tabs } from '../../../components/tabs.tsx'
import { toast, toastError } from '../../../components/toast.tsx'
import { Elapsed, When } from '../../../components/when.tsx'
import { WhyLink } from '../../../components/why-link.tsx'
import { plural } from '../../../lib/format.ts'
import { isFinal } from '../../../lib/states.ts'
import { useUrlState } from '../../../lib/use-url-state.ts'
import { LazyGraph } from '../../../viewers/graph-lazy.tsx'
import { Timeline } from '../../../viewers/timeline.tsx'
import { useTaskActions } from '../api/tasks.ts'
import { latestResults, taskGraph, taskTimeline, withStepNumbers } from '../lib/task-drawings.ts'
import type { TaskReply } from '../types.ts'
import { SubtaskCard } from './subtask-card.tsx'
import { TaskFilesPanel } from './task-files.tsx'
import { TaskLog } from './task-log.tsx'
import { TaskResultPanel } from './task-result.tsx'

/** A task as a run: head, steps, graph, timeline, result, files, log. */
export function TaskView({ reply, onGone }: { reply: TaskReply; onGone: () => void }) {
  const { task, subtask_results: results } = reply
  const [url, setUrl] = useUrlState()
  const { progress } = task
  const latest = latestResults(results)
  const graph = taskGraph(task.subtasks)
  const timeline = taskTimeline(task.subtasks, results)
  const openStep = (id: string) => setUrl({ view: 'steps', step: id.split('#')[0] })
  const fallback = task.status === 'completed' ? 'result' : 'steps'
  return (
    <div className="mx-auto flex max-w-5xl flex-col gap-4">
      <RunHeader
        title={task.description}
        status={task.status}
        total={progress.total}
        progressLabel={`${progress.completed}/${progress.total}`}
        parts={[
          { tone: 'done', value: progress.completed },
          { tone: 'failed', value: progress.failed },
          { tone: 'blocked', value: progress.blocked },
          { tone: 'paused', value: progress.cancelled },
          { tone: 'running', value: progress.running, isOpen: true },
        ]}
        facts={[
          { label: 'Task id', value: <Id value={task.id} /> },
          {
            label: 'Subtasks',
            value: `${progress.total} · ${progress.completed} completed · ${progress.failed} failed · ${progress.blocked} blocked`,
          },
          {
            label: 'Elapsed',
            value: <Elapsed from={task.created_at} to={isFinal(task.status) ? task.updated_at : null} />,
          },
          { label: 'User', value: task.user_id },
          ...(task.attachments.length > 0
            ? [
                {
                  label: 'Attachments',
                  value: (
                    <button
                      type="button"
                      className="rounded text-accent-ink underline underline-offset-2"
                      onClick={() => setUrl({ view: 'files' }, true)}
                    >
                      {plural(task.attachments.length, 'file')}
                    </button>
                  ),
                },
              ]
            : []),
          { label: 'Created', value: <When at={task.created_at} /> },
          { label: 'Updated', value: <When at={task.updated_at} /> },
          { label: 'Because', value: <WhyLink kind="task" id={task.id} /> },
          { label: 'Split by', value: <Tag>{task.decomposition_method}</Tag> },
        ]}
        actions={<TaskActions reply={reply} onGone={onGone} />}
      />
      {task.error ? (
        <ErrorPanel title="The task failed" error={new Error(withStepNumbers(task.error, task.subtasks))} />
      ) : null}
      <Tabs
        label="Task"
        value={url.view ?? fallback}
        onChange={(view) => setUrl({ view }, true)}
        items={[
          {
            id: 'steps',
            label: 'Steps',
            count: task.subtasks.length,
            content: (
              <ul className="flex flex-col gap-2">
                {task.subtasks.map((subtask, i) => (
                  <SubtaskCard
                    key={subtask.id}
                    index={i + 1}
                    task={task}
                    subtask={subtask}
                    result={latest.get(subtask.id)}
                    results={latest}
                    open={url.step === subtask.id}
                    onOpen={(open) => setUrl({ step: open ? subtask.id : undefined }, true)}
                  />
                ))}
              </ul>
            ),
          },
          {
            id: 'graph',
            label: 'Graph',
            content: (
              <div className="panel h-[440px] overflow-hidden">
                <LazyGraph label="What needs what" {...graph} selected={url.step} onSelect={openStep} />
              </div>
            ),
          },
          {
            id: 'timeline',
            label: 'Timeline',
            content: (
              <div className="panel p-3">
                {timeline.bars.length > 0 ? (
                  <Timeline label="Who worked when" {...timeline} onSelect={openStep} />
                ) : (
                  <p className="p-4 text-sm text-ink-2">No step has started yet.</p>
                )}
              </div>
            ),
          },
          { id: 'result', label: 'Result', content: <TaskResultPanel task={task} results={latest} /> },
          { id: 'files', label: 'Files', content: <TaskFilesPanel task={task} /> },
          { id: 'log', label: 'Log', content: <TaskLog taskId={task.id} live={!isFinal(task.status)} /> },
        ]}
      />
    </div>
  )
}

function TaskActions({ reply, onGone }: { reply: TaskReply; onGone: () => void }) {
  const { task } = reply
  const { cancel, retry, remove } = useTaskActions(task.id)
  const failed = (title: string) => (error: unknown) => toastError(title, error)
  return (
    <>
      {task.status === 'failed' ? (
        <Button
          look="primary"
          icon={RotateCcw}
          busy={retry.isPending}
          onClick={() =>
            retry.mutate(undefined, {
              onSuccess: (done) =>
                toast({ tone: 'running', title: `${plural(done.requeued.length, 'step')} queued again` }),
              onError: failed('The task was not retried'),
            })
          }
        >
          Retry task
        </Button>
      ) : null}
      {isFinal(task.status) ? (
        <Confirm
          title="Delete this task?"
          action="Delete task"
          danger
          onConfirm={() => remove.mutate(undefined, { onSuccess: onGone, onError: failed('The task was not deleted') })}
          trigger={(ask) => (
            <Button look="quiet" icon={Trash2} aria-label="Delete task" busy={remove.isPending} onClick={ask} />
          )}
        >
          Its results, attachments and workspace are removed for good. The log stays.
        </Confirm>
      ) : (
        <Confirm
          title="Cancel this task?"
          action="Cancel task"
          danger
          onConfirm={() =>
            cancel.mutate(undefined, {
              onSuccess: (done) =>
                toast({ tone: 'paused', title: `Task cancelled, ${plural(done.cancelled_subtasks, 'step')} stopped` }),
              onError: failed('The task was not cancelled'),
            })
          }
          trigger={(ask) => (
            <Button look="danger" icon={Ban} busy={cancel.isPending} onClick={ask}>
              Cancel
            </Button>
          )}
        >
          Running agents are told to stop, and nothing more is started. A cancelled task cannot be continued.
        </Confirm>
      )}
    </>
  )
}

import { RotateCw } from 'lucide-react'
import type * as M from '../../../../../src/movies/schema.ts'
import { Button } from '../../../components/button.tsx'
import { Chip } from '../../../components/chip.tsx'
import { toastError } from '../../../components/toast.tsx'
import { Elapsed } from '../../../components/when.tsx'
import { WhyLink } from '../../../components/why-link.tsx'
import { cx } from '../../../lib/cx.ts'
import { useMovieWrite, workflowPath } from '../api/movies.ts'
import { groupTasks } from '../lib/board.ts'
import { STATES_OF, words } from '../lib/states.ts'

/** The work by state, a column each; parallel tasks of one kind are one card. */
export default function BoardTab({
  film,
  tasks,
  onShots,
}: {
  film: M.WorkflowResponse
  tasks: M.TaskResponse[]
  onShots: () => void
}) {
  const states = STATES_OF[film.workflow_type] ?? []
  return (
    <div className="flex gap-3 overflow-x-auto pb-2" role="region" tabIndex={0} aria-label="Production board">
      {states.map((state) => {
        const cards = groupTasks(tasks.filter((task) => task.state === state))
        const done = film.completed_states.includes(state)
        const here = film.current_state === state && film.status !== 'completed'
        return (
          <section
            key={state}
            aria-label={words(state)}
            className={cx(
              'flex w-56 shrink-0 flex-col gap-2 rounded-md p-2 xl:w-0 xl:min-w-40 xl:flex-1',
              here ? 'bg-running-soft' : 'bg-sunken',
            )}
          >
            <h3 className="flex flex-col items-start gap-1 px-1 text-xs font-semibold">
              {words(state)}
              <span className="flex h-[22px] items-center">
                {done ? (
                  <Chip status="done" />
                ) : here ? (
                  <Chip status={film.pending_decision ? 'waiting' : film.status} />
                ) : (
                  <span className="text-2xs font-normal text-ink-3">to come</span>
                )}
              </span>
            </h3>
            {cards.length === 0 ? (
              <p className="px-1 pb-2 text-xs text-ink-3">{done ? 'Skipped' : 'No task yet'}</p>
            ) : null}
            {cards.map((card) => (
              <TaskCard key={card.key} film={film} card={card} onShots={onShots} />
            ))}
          </section>
        )
      })}
    </div>
  )
}

function TaskCard({
  film,
  card,
  onShots,
}: {
  film: M.WorkflowResponse
  card: ReturnType<typeof groupTasks>[number]
  onShots: () => void
}) {
  const write = useMovieWrite()
  const failed = card.tasks.filter((task) => task.status === 'failed')
  const one = card.tasks[0]
  const retry = (task: M.TaskResponse) =>
    write.mutate(
      { path: `${workflowPath(film.workflow_id)}/tasks/${encodeURIComponent(task.task_id)}/retry`, body: {} },
      { onError: (error) => toastError('The task was not tried again', error) },
    )
  return (
    <article className="flex flex-col gap-1.5 rounded-md border border-line bg-surface p-2.5 text-sm">
      <p className="font-medium break-words">{words(card.title)}</p>
      <p className="truncate text-xs text-ink-3">{card.agents.map(words).join(', ') || 'not assigned'}</p>
      <div className="flex flex-wrap items-center gap-1.5">
        <Chip status={card.status} />
        {card.tasks.length > 1 ? (
          <span className="tabular text-xs text-ink-2">
            {card.done} of {card.tasks.length}
          </span>
        ) : null}
        {card.score !== undefined ? (
          <span className="tabular text-xs text-ink-2" title="Quality, 0 to 100">
            {Math.round(card.score)} pts
          </span>
        ) : null}
        {card.status === 'running' && one?.started_at ? (
          <Elapsed from={one.started_at} className="text-xs text-ink-3" />
        ) : null}
        {card.retries > 0 ? <span className="text-xs text-waiting-ink">tried {card.retries + 1} times</span> : null}
        {one ? <WhyLink kind="film_task" id={one.task_id} small about={words(card.title)} /> : null}
      </div>
      {failed[0] ? (
        <>
          <p className="text-xs break-words text-failed-ink">{failed[0].error_message}</p>
          <Button size="sm" icon={RotateCw} busy={write.isPending} onClick={() => retry(failed[0]!)}>
            Try again
          </Button>
        </>
      ) : null}
      {/^(frames|generated_frames|storyboard|storyboard_frames)$/.test(card.title) ? (
        <button
          type="button"
          className="text-left text-xs font-medium text-accent-ink hover:underline"
          onClick={onShots}
        >
          Look at the shots
        </button>
      ) : null}
    </article>
  )
}

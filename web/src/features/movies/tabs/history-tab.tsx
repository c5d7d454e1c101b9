import type * as M from '../../../../../src/movies/schema.ts'
import { Button } from '../../../components/button.tsx'
import { Chip, Tag } from '../../../components/chip.tsx'
import { Confirm } from '../../../components/dialog.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { Skeleton } from '../../../components/skeleton.tsx'
import { toast, toastError } from '../../../components/toast.tsx'
import { When } from '../../../components/when.tsx'
import { useMovieRead, useMovieWrite, workflowPath } from '../api/movies.ts'
import { inWords } from '../lib/readable.ts'
import { optionLabel, words } from '../lib/states.ts'

/** What happened, what people decided, and the points the production can go back to. */
export default function HistoryTab({ film }: { film: M.WorkflowResponse }) {
  const events = useMovieRead<{ events: M.MovieEvent[] }>(film.workflow_id, 'events?limit=1000')
  const decisions = useMovieRead<M.DecisionRecord[] | { decisions: M.DecisionRecord[] }>(film.workflow_id, 'decisions')
  const checkpoints = useMovieRead<M.Checkpoint[]>(film.workflow_id, 'checkpoints')
  const write = useMovieWrite()
  const answered = (Array.isArray(decisions.data) ? decisions.data : (decisions.data?.decisions ?? [])).filter(
    (one) => one.status !== 'pending',
  )
  const restore = (point: M.Checkpoint) =>
    write.mutate(
      { path: `${workflowPath(film.workflow_id)}/restore/${encodeURIComponent(point.checkpoint_id)}` },
      {
        onSuccess: () => toast({ tone: 'paused', title: 'Restored: the production is paused there' }),
        onError: (error) => toastError('The production was not restored', error),
      },
    )
  return (
    <div className="grid gap-4 xl:grid-cols-[1fr_380px]">
      <section aria-label="Events" className="panel min-w-0 p-4">
        <h2 className="mb-2 text-sm font-semibold">What happened</h2>
        {events.error ? (
          <ErrorPanel error={events.error} title="The events could not be read" onRetry={() => void events.refetch()} />
        ) : events.data === undefined ? (
          <Skeleton rows={6} />
        ) : null}
        <ol className="max-h-[560px] overflow-y-auto" tabIndex={0} aria-label="Events, newest first">
          {[...(events.data?.events ?? [])].reverse().map((event) => (
            <li
              key={event.sequence}
              className="flex items-baseline gap-3 border-b border-line py-1.5 text-sm last:border-b-0"
            >
              <span className="tabular w-8 shrink-0 text-right font-mono text-2xs text-ink-3">{event.sequence}</span>
              <span className="shrink-0 font-medium">{words(event.type.replace('.', ' '))}</span>
              <span className="min-w-0 flex-1 truncate text-xs text-ink-2" title={inWords(event.data)}>
                {inWords(event.data)}
              </span>
              <When at={event.timestamp} className="text-xs text-ink-3" />
            </li>
          ))}
        </ol>
      </section>
      <div className="flex flex-col gap-4">
        <section aria-label="Decisions" className="panel p-4">
          <h2 className="mb-2 text-sm font-semibold">Decisions</h2>
          {answered.length === 0 ? <p className="text-sm text-ink-3">Nothing is decided yet.</p> : null}
          <ul>
            {answered.map((one) => (
              <li key={one.decision_id} className="border-b border-line py-2 text-sm last:border-b-0">
                <p className="flex flex-wrap items-center gap-2">
                  <span className="font-medium">{words(one.point)}</span>
                  <Chip
                    status={one.choice === 'rejected' || one.choice === 'abort' ? 'rejected' : 'approved'}
                    word={optionLabel(one.choice ?? one.status)}
                  />
                  {one.automatic ? <Tag>automatic</Tag> : null}
                </p>
                <p className="text-xs text-ink-3">
                  {one.actor ?? 'system'}, <When at={one.at} />
                </p>
                {one.feedback ? <p className="mt-1 text-xs whitespace-pre-line text-ink-2">{one.feedback}</p> : null}
              </li>
            ))}
          </ul>
        </section>
        <section aria-label="Checkpoints" className="panel p-4">
          <h2 className="mb-2 text-sm font-semibold">Points to go back to</h2>
          {(checkpoints.data ?? []).length === 0 ? <p className="text-sm text-ink-3">None yet.</p> : null}
          <ul className="max-h-72 overflow-y-auto" tabIndex={0} aria-label="Checkpoints">
            {(checkpoints.data ?? []).map((point) => (
              <li
                key={point.checkpoint_id}
                className="flex items-center gap-2 border-b border-line py-1.5 text-sm last:border-b-0"
              >
                <span className="min-w-0 flex-1 truncate">
                  {words(point.state)} <span className="text-xs text-ink-3">{words(point.step)}</span>
                </span>
                <When at={point.created_at} className="text-xs text-ink-3" />
                <Confirm
                  title="Go back to this point?"
                  action="Restore"
                  danger
                  onConfirm={() => restore(point)}
                  trigger={(ask) => (
                    <Button
                      size="sm"
                      disabled={film.status === 'running'}
                      title={film.status === 'running' ? 'Pause the production first' : undefined}
                      onClick={ask}
                    >
                      Restore
                    </Button>
                  )}
                >
                  Later results are dropped, but stay in the history. The production is paused.
                </Confirm>
              </li>
            ))}
          </ul>
        </section>
      </div>
    </div>
  )
}

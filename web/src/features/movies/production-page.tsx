import { Link, useParams } from '@tanstack/react-router'
import { CirclePlay, Clapperboard, Pause, Square } from 'lucide-react'
import { lazy, Suspense, useMemo, useState } from 'react'
import type * as M from '../../../../src/movies/schema.ts'
import { asApiError } from '../../api/api-error.ts'
import { Crumbs } from '../../app/crumbs.tsx'
import { Button } from '../../components/button.tsx'
import { Tag } from '../../components/chip.tsx'
import { Confirm } from '../../components/dialog.tsx'
import { Empty } from '../../components/empty.tsx'
import { ErrorPanel } from '../../components/error-panel.tsx'
import { RunHeader } from '../../components/run-header.tsx'
import { PageSkeleton, Skeleton } from '../../components/skeleton.tsx'
import { Tabs } from '../../components/tabs.tsx'
import { toast, toastError } from '../../components/toast.tsx'
import { Elapsed, When } from '../../components/when.tsx'
import { WhyLink } from '../../components/why-link.tsx'
import { isFinal, stateLook } from '../../lib/states.ts'
import { readStored, writeStored } from '../../lib/storage.ts'
import { useUrlState } from '../../lib/use-url-state.ts'
import { useMovieTasks, useMovieWrite, useWorkflow, workflowPath } from './api/movies.ts'
import { useProject } from './api/projects.ts'
import { useMovieLive } from './api/use-movie-live.ts'
import { judgedMarks, useShotRows } from './api/use-shot-rows.ts'
import { useShots } from './api/use-shots.ts'
import { DecisionCard } from './components/decision-card.tsx'
import { DraftLabel } from './components/made-by.tsx'
import { Screening } from './components/screening.tsx'
import { type Marks, withMark } from './lib/shots.ts'
import { words } from './lib/states.ts'
import BoardTab from './tabs/board-tab.tsx'

const StoryboardTab = lazy(() => import('./tabs/storyboard-tab.tsx'))
const ScriptTab = lazy(() => import('./tabs/script-tab.tsx'))
const CharactersTab = lazy(() => import('./tabs/characters-tab.tsx'))
const ShotsTab = lazy(() => import('./tabs/shots-tab.tsx'))
const ArtifactsTab = lazy(() => import('./tabs/artifacts-tab.tsx'))
const GraphTab = lazy(() => import('./tabs/graph-tab.tsx'))
const DeliverablesTab = lazy(() => import('./tabs/deliverables-tab.tsx'))
const HistoryTab = lazy(() => import('./tabs/history-tab.tsx'))

/** One production: what it waits for, the finished piece, and everything on the way there. */
export default function ProductionPage() {
  const { workflowId = '' } = useParams({ strict: false }) as { workflowId?: string }
  const live = useMovieLive(workflowId)
  const { data, error, refetch } = useWorkflow(workflowId, live ? false : 5000)
  if (error && asApiError(error).status === 404)
    return (
      <>
        <Crumbs trail={[{ label: 'Movies', to: '/movies' }, { label: 'Not found' }]} />
        <Empty icon={Clapperboard} title="There is no such production">
          It may have been removed. The posters show all that exist.
        </Empty>
      </>
    )
  if (error && !data)
    return (
      <div className="p-6">
        <ErrorPanel error={error} title="The production could not be read" onRetry={() => void refetch()} />
      </div>
    )
  return data ? <Production film={data} poll={live ? false : 5000} /> : <PageSkeleton />
}

/** The marks on shots of one production, kept in this browser until they are sent with a decision. */
function useMarks(id: string): [Marks, (marks: Marks) => void] {
  const [marks, setMarks] = useState<Marks>(() => {
    try {
      return JSON.parse(readStored(`shots.${id}`, '{}')) as Marks
    } catch (error) {
      console.warn('Stored marks were not readable', error)
      return {}
    }
  })
  return [
    marks,
    (next) => {
      setMarks(next)
      writeStored(`shots.${id}`, Object.keys(next).length > 0 ? JSON.stringify(next) : '')
    },
  ]
}

function Production({ film, poll }: { film: M.WorkflowResponse; poll: number | false }) {
  const [url, setUrl] = useUrlState()
  const tasks = useMovieTasks(film.workflow_id, poll)
  const project = useProject(film.project_id)
  const { shots, blocks, edit, finalEdit } = useShots(film.workflow_id, film.updated_at, tasks.data ?? [])
  const [marks, setMarks] = useMarks(film.workflow_id)
  const rows = useShotRows(film.workflow_id)
  const judged = useMemo(() => ({ ...judgedMarks(rows), ...marks }), [rows, marks])
  const wrap = (content: React.ReactNode) => <Suspense fallback={<Skeleton rows={6} height={24} />}>{content}</Suspense>
  const tab = url.tab ?? 'board'
  return (
    <div className="h-full overflow-y-auto">
      <Crumbs trail={[{ label: 'Movies', to: '/movies' }, { label: film.title }]} />
      <div className="mx-auto flex max-w-[1400px] flex-col gap-4 p-4 md:p-6">
        <RunHeader
          title={film.title}
          status={film.pending_decision ? 'waiting' : film.status}
          progressLabel={`${Math.round(film.progress_percentage)} %`}
          total={100}
          parts={[
            {
              tone:
                film.status === 'completed' ? 'done' : stateLook(film.pending_decision ? 'waiting' : film.status).tone,
              value: film.progress_percentage,
            },
          ]}
          facts={[
            {
              label: 'Project',
              value: (
                <Link
                  to={`/movies/projects/${encodeURIComponent(film.project_id)}` as never}
                  className="text-accent-ink hover:underline"
                >
                  {project.data?.title ?? film.project_id}
                </Link>
              ),
            },
            { label: 'Kind', value: words(film.workflow_type) },
            { label: 'State', value: words(film.current_state) },
            { label: 'Length', value: `${film.target_duration} s` },
            { label: 'Running', value: <Elapsed from={film.created_at} to={film.completed_at} /> },
            ...(film.estimated_completion && !isFinal(film.status) && !film.pending_decision
              ? [{ label: 'Ready', value: <When at={film.estimated_completion} /> }]
              : []),
            ...(film.genre ? [{ label: 'Genre', value: film.genre }] : []),
            { label: 'Because', value: <WhyLink kind="workflow" id={film.workflow_id} /> },
            ...(film.waiting_on.length > 0
              ? [{ label: 'Waits for', value: film.waiting_on.map(words).join(', ') }]
              : []),
          ]}
          actions={<Controls film={film} />}
        />
        {film.draft || film.queue_position || film.pause_reason === 'service_unavailable' ? (
          <p className="flex flex-wrap items-center gap-2">
            {film.draft ? <DraftLabel /> : null}
            {film.queue_position ? <Tag>number {film.queue_position} in the queue</Tag> : null}
            {film.pause_reason === 'service_unavailable' ? (
              <Tag>an outside service is away; the production goes on when it is back</Tag>
            ) : null}
          </p>
        ) : null}
        {film.error_details ? (
          <ErrorPanel
            error={new Error(film.error_details.error_message)}
            title={`The production stopped: ${words(film.error_details.error_type)}`}
          >
            <span className="text-xs">Start it again from its last point above, or retry the task on the board.</span>
          </ErrorPanel>
        ) : null}
        <DecisionCard key={film.pending_decision?.decision_id ?? ''} film={film} marks={judged} />
        {finalEdit ? (
          <Screening film={film} edit={finalEdit} shots={shots} onShot={(shot) => setUrl({ shot }, true)} />
        ) : null}
        <Tabs
          label="Parts of the production"
          value={tab}
          onChange={(id) => setUrl({ tab: id })}
          items={[
            {
              id: 'board',
              label: 'Board',
              content: tasks.error ? (
                <ErrorPanel
                  error={tasks.error}
                  title="The tasks could not be read"
                  onRetry={() => void tasks.refetch()}
                />
              ) : (
                <BoardTab film={film} tasks={tasks.data ?? []} onShots={() => setUrl({ tab: 'storyboard' })} />
              ),
            },
            {
              id: 'storyboard',
              label: 'Storyboard',
              content: wrap(
                <StoryboardTab
                  film={film}
                  shots={shots}
                  blocks={blocks}
                  edit={edit}
                  rows={rows}
                  marks={judged}
                  onMark={(id, mark) => setMarks(withMark(marks, id, mark))}
                />,
              ),
            },
            {
              id: 'screenplay',
              label: 'Screenplay',
              content: wrap(<ScriptTab workflowId={film.workflow_id} blocks={blocks} />),
            },
            {
              id: 'characters',
              label: 'Characters',
              content: wrap(<CharactersTab workflowId={film.workflow_id} version={film.updated_at} />),
            },
            { id: 'shots', label: 'Shots', content: wrap(<ShotsTab shots={shots} />) },
            { id: 'artifacts', label: 'Artifacts', content: wrap(<ArtifactsTab film={film} />) },
            { id: 'graph', label: 'Graph', content: wrap(<GraphTab workflowId={film.workflow_id} />) },
            { id: 'deliverables', label: 'Deliverables', content: wrap(<DeliverablesTab film={film} />) },
            { id: 'history', label: 'History', content: wrap(<HistoryTab film={film} />) },
          ]}
        />
      </div>
    </div>
  )
}

function Controls({ film }: { film: M.WorkflowResponse }) {
  const write = useMovieWrite()
  const act = (verb: string, done: string) =>
    write.mutate(
      { path: `${workflowPath(film.workflow_id)}/${verb}` },
      {
        onSuccess: () => toast({ tone: verb === 'cancel' ? 'failed' : 'done', title: done }),
        onError: (error) => toastError('That was refused', error),
      },
    )
  const paused = film.status === 'paused' && film.pause_reason !== 'decision'
  const pausable = film.status === 'running' || (film.status === 'paused' && film.pause_reason === 'decision')
  const open = film.status === 'running' || film.status === 'paused' || film.status === 'failed'
  return (
    <>
      <label className="flex items-center gap-1.5 text-xs text-ink-2">
        Priority
        <select
          className="h-8 rounded-md border border-line-strong bg-surface px-1.5 text-sm"
          value={film.priority}
          disabled={!open || write.isPending}
          onChange={(event) =>
            write.mutate(
              { path: workflowPath(film.workflow_id), method: 'PUT', body: { priority: Number(event.target.value) } },
              { onError: (error) => toastError('The priority was not changed', error) },
            )
          }
        >
          {Array.from({ length: 10 }, (_, i) => (
            <option key={i + 1}>{i + 1}</option>
          ))}
        </select>
      </label>
      {pausable ? (
        <Button icon={Pause} busy={write.isPending} onClick={() => act('pause', 'Paused')}>
          Pause
        </Button>
      ) : null}
      {paused ? (
        <Button
          icon={CirclePlay}
          look="primary"
          busy={write.isPending}
          onClick={() => act('resume', 'The crew goes on')}
        >
          Resume
        </Button>
      ) : null}
      {film.status === 'failed' ? (
        <Button
          icon={CirclePlay}
          look="primary"
          busy={write.isPending}
          onClick={() => act('start', 'Started again from the last point')}
        >
          Start again
        </Button>
      ) : null}
      {open ? (
        <Confirm
          title={`Cancel ${film.title}?`}
          action="Cancel the production"
          danger
          onConfirm={() => act('cancel', 'The production was cancelled')}
          trigger={(ask) => (
            <Button icon={Square} look="danger" disabled={write.isPending} onClick={ask}>
              Cancel
            </Button>
          )}
        >
          Running work stops within seconds and cannot be taken up again. What was made stays readable.
        </Confirm>
      ) : null}
    </>
  )
}

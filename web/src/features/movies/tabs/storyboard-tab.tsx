import { Check, RotateCcw, RotateCw } from 'lucide-react'
import type * as M from '../../../../../src/movies/schema.ts'
import { Button } from '../../../components/button.tsx'
import { Chip } from '../../../components/chip.tsx'
import { INPUT } from '../../../components/field.tsx'
import { RemotePicture } from '../../../components/remote-picture.tsx'
import { toast, toastError } from '../../../components/toast.tsx'
import { When } from '../../../components/when.tsx'
import { useUrlState } from '../../../lib/use-url-state.ts'
import { Filmstrip } from '../../../viewers/filmstrip.tsx'
import { timecode } from '../../../viewers/filmstrip-layout.ts'
import { useMovieWrite, workflowPath } from '../api/movies.ts'
import { CutTimeline } from '../components/cut-timeline.tsx'
import { ScreenplayView } from '../components/screenplay-view.tsx'
import type { PlayBlock } from '../lib/screenplay.ts'
import type { Marks, Shot } from '../lib/shots.ts'
import { words } from '../lib/states.ts'

type Props = {
  film: M.WorkflowResponse
  shots: Shot[]
  blocks: PlayBlock[]
  edit: M.Edit | undefined
  marks: Marks
  onMarks: (marks: Marks) => void
}

/** The shots in a row, the chosen one large with its takes, and beside it the scene it belongs to and its place in the cut. */
export default function StoryboardTab({ film, shots, blocks, edit, marks, onMarks }: Props) {
  const [url, setUrl] = useUrlState()
  const shot = shots.find((one) => one.id === url.shot) ?? shots[0]
  if (!shot)
    return (
      <p className="py-6 text-center text-sm text-ink-3">
        The storyboard is drawn in scene planning. Nothing is there yet.
      </p>
    )
  const select = (id: string) => setUrl({ shot: id }, true)
  return (
    <div className="flex flex-col gap-4">
      <Filmstrip
        label="Storyboard"
        selected={shot.id}
        onSelect={select}
        frames={shots.map((one) => ({
          id: one.id,
          title: one.description,
          ...(one.image ? { image: one.image } : {}),
          status:
            marks[one.id]?.verdict === 'approved'
              ? 'approved'
              : marks[one.id]?.verdict === 'redo'
                ? 'review'
                : one.status,
          ...(one.seconds ? { seconds: one.seconds } : {}),
        }))}
      />
      {edit ? <CutTimeline edit={edit} shots={shots} selected={shot.id} onSelect={select} /> : null}
      <div className="grid gap-4 lg:grid-cols-2">
        <ShotPanel
          key={shot.id}
          film={film}
          shot={shot}
          mark={marks[shot.id]}
          onMark={(mark) => onMarks(withMark(marks, shot.id, mark))}
        />
        <ScreenplayView
          blocks={blocks}
          scene={shot.scene}
          height={560}
          onScene={(scene) => {
            const first = shots.find((one) => one.scene === scene)
            if (first) select(first.id)
          }}
        />
      </div>
    </div>
  )
}

function withMark(marks: Marks, id: string, mark: Marks[string] | undefined): Marks {
  const rest = Object.fromEntries(Object.entries(marks).filter(([key]) => key !== id))
  return mark ? { ...rest, [id]: mark } : rest
}

type PanelProps = {
  film: M.WorkflowResponse
  shot: Shot
  mark: Marks[string] | undefined
  onMark: (mark: Marks[string] | undefined) => void
}

function ShotPanel({ film, shot, mark, onMark }: PanelProps) {
  const write = useMovieWrite()
  const failed = shot.takes.findLast((task) => task.status === 'failed')
  const redo = () => {
    if (!failed)
      return onMark(
        mark?.verdict === 'redo' ? undefined : { verdict: 'redo', ...(mark?.note ? { note: mark.note } : {}) },
      )
    write.mutate(
      {
        path: `${workflowPath(film.workflow_id)}/tasks/${encodeURIComponent(failed.task_id)}/retry`,
        body: mark?.note ? { input_data: { feedback: mark.note } } : {},
      },
      {
        onSuccess: () => toast({ tone: 'running', title: 'This shot is made again' }),
        onError: (error) => toastError('The shot was not made again', error),
      },
    )
  }
  return (
    <section aria-label={`Shot ${shot.id}`} className="flex min-w-0 flex-col gap-3">
      <div className="relative grid aspect-video place-items-center overflow-hidden rounded-md border border-line bg-sunken">
        {shot.image ? (
          <RemotePicture src={shot.image} alt={shot.description} className="size-full object-contain" />
        ) : (
          <p className="max-w-xs p-4 text-center text-sm text-ink-3">{shot.error ?? 'No picture yet'}</p>
        )}
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <code className="font-mono text-xs text-ink-3">{shot.id}</code>
        <Chip status={shot.status} word={shot.status === 'done' ? 'Pictured' : undefined} />
        {shot.score === undefined ? null : (
          <span className="tabular text-xs text-ink-2" title="Quality of the take, 0 to 100">
            {Math.round(shot.score)} of 100
          </span>
        )}
        {shot.from === undefined ? null : <span className="tabular text-xs text-ink-3">at {timecode(shot.from)}</span>}
        {mark ? (
          <Chip
            status={mark.verdict === 'approved' ? 'approved' : 'review'}
            word={mark.verdict === 'approved' ? 'Approved by you' : 'To be redone'}
          />
        ) : null}
      </div>
      <p className="max-w-[72ch] text-sm">{shot.description}</p>
      <p className="text-xs text-ink-2">
        {[shot.camera, shot.angle, shot.lens, shot.movement].filter(Boolean).join(' · ')}
        {shot.characters.length > 0 ? ` · ${shot.characters.join(', ')}` : ''}
      </p>
      <input
        aria-label="Note for this shot"
        className={INPUT}
        placeholder="Note for this shot"
        value={mark?.note ?? ''}
        onChange={(event) => onMark({ verdict: mark?.verdict ?? 'redo', note: event.target.value })}
      />
      <div className="flex flex-wrap gap-2">
        <Button
          icon={Check}
          look={mark?.verdict === 'approved' ? 'primary' : 'secondary'}
          aria-pressed={mark?.verdict === 'approved'}
          onClick={() => onMark(mark?.verdict === 'approved' ? undefined : { verdict: 'approved' })}
        >
          Approve this shot
        </Button>
        <Button
          icon={failed ? RotateCw : RotateCcw}
          look={mark?.verdict === 'redo' ? 'primary' : 'secondary'}
          aria-pressed={mark?.verdict === 'redo'}
          busy={write.isPending}
          onClick={redo}
        >
          Redo this one
        </Button>
      </div>
      <p className="text-xs text-ink-3">
        {failed ? 'A failed shot is made again at once.' : 'Your marks go with the next decision to the crew.'}
      </p>
      {shot.takes.length > 0 ? (
        <div>
          <h3 className="mb-1 text-xs font-medium text-ink-3">Takes</h3>
          <ol className="flex flex-col">
            {shot.takes.map((take, i) => (
              <li
                key={take.task_id}
                className="flex items-center gap-3 border-b border-line py-1.5 text-sm last:border-b-0"
              >
                <span className="tabular text-ink-3">{i + 1}.</span>
                <Chip status={take.status} />
                <span className="tabular">
                  {take.quality_score === null ? '–' : `${Math.round(take.quality_score)} of 100`}
                </span>
                <span className="min-w-0 flex-1 truncate text-xs text-ink-3">
                  {take.error_message ?? words(take.agent_id ?? '')}
                </span>
                <When at={take.completed_at ?? take.created_at} className="text-xs text-ink-3" />
              </li>
            ))}
          </ol>
        </div>
      ) : null}
    </section>
  )
}

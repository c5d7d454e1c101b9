import { Check, RotateCcw, RotateCw, X } from 'lucide-react'
import { useState } from 'react'
import type * as M from '../../../../../src/movies/schema.ts'
import type { ShotRow } from '../../../../../src/movies/shots/schema.ts'
import { Button } from '../../../components/button.tsx'
import { Chip } from '../../../components/chip.tsx'
import { INPUT } from '../../../components/field.tsx'
import { RemotePicture } from '../../../components/remote-picture.tsx'
import { toast, toastError } from '../../../components/toast.tsx'
import { timecode } from '../../../viewers/filmstrip-layout.ts'
import { useMovieWrite, workflowPath } from '../api/movies.ts'
import type { Marks, Shot } from '../lib/shots.ts'
import { TakeList } from './take-list.tsx'

type Mark = Marks[string]
type PanelProps = {
  film: M.WorkflowResponse
  shot: Shot
  row: ShotRow | undefined
  mark: Mark | undefined
  onMark: (mark: Mark | undefined) => void
}

const VERBS = {
  approve: 'The take is approved',
  reject: 'The take is rejected',
  regenerate: 'This shot is made again; its segment and the film follow',
} as const

/** One shot: its picture large, its takes, and what a person says about it. Said of a picture it counts at once; of a plan, with the next decision. */
export function ShotPanel({ film, shot, row, mark, onMark }: PanelProps) {
  const write = useMovieWrite()
  const [take, setTake] = useState<number | undefined>()
  const current = row?.takes.find((one) => one.current)
  const shown = row?.takes.find((one) => one.take === take) ?? current
  const [note, setNote] = useState(mark?.note ?? '')
  const failed = shot.takes.findLast((task) => task.status === 'failed')
  const busy = row?.status === 'pending' || row?.status === 'running'
  const active = film.status === 'running' || film.status === 'paused'
  const said = note.trim()
  const send = (verb: keyof typeof VERBS) =>
    write.mutate(
      {
        path: `${workflowPath(film.workflow_id)}/shots/${encodeURIComponent(shot.id)}/${verb}`,
        body: said ? { note: said } : {},
      },
      {
        onSuccess: () => {
          onMark(undefined)
          setTake(undefined)
          toast({ tone: verb === 'regenerate' ? 'running' : 'done', title: VERBS[verb] })
        },
        onError: (error) => toastError('Nothing was changed', error),
      },
    )
  const retry = (task: M.TaskResponse) =>
    write.mutate(
      {
        path: `${workflowPath(film.workflow_id)}/tasks/${encodeURIComponent(task.task_id)}/retry`,
        body: said ? { input_data: { feedback: said } } : {},
      },
      {
        onSuccess: () => toast({ tone: 'running', title: 'This shot is made again' }),
        onError: (error) => toastError('The shot was not made again', error),
      },
    )
  const toggle = (verdict: Mark['verdict']) =>
    onMark(mark?.verdict === verdict ? undefined : { verdict, ...(said ? { note: said } : {}) })
  const verdict = current?.verdict ?? (mark?.verdict === 'redo' ? 'rejected' : mark?.verdict)
  return (
    <section aria-label={`Shot ${shot.id}`} className="flex min-w-0 flex-col gap-3">
      <div className="relative grid aspect-video place-items-center overflow-hidden rounded-md border border-line bg-sunken">
        {(shown?.image_url ?? shot.image) ? (
          <RemotePicture
            src={shown?.image_url ?? shot.image ?? ''}
            alt={shot.description}
            className="size-full object-contain"
          />
        ) : (
          <p className="max-w-xs p-4 text-center text-sm text-ink-3">{shot.error ?? 'No picture yet'}</p>
        )}
        {shown && !shown.current ? (
          <span className="absolute top-2 left-2 rounded bg-black/75 px-2 py-0.5 text-xs text-white">
            Take {shown.take}, not in the film
          </span>
        ) : null}
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <code className="font-mono text-xs text-ink-3">{shot.id}</code>
        <Chip
          status={busy ? row.status : shot.status}
          word={shot.status === 'done' && !busy ? 'Pictured' : undefined}
        />
        {shot.score === undefined ? null : (
          <span className="tabular text-xs text-ink-2" title="Quality of the take, 0 to 100">
            {Math.round(shot.score)} of 100
          </span>
        )}
        {shot.from === undefined ? null : <span className="tabular text-xs text-ink-3">at {timecode(shot.from)}</span>}
        {verdict === 'approved' ? <Chip status="approved" word="Approved" /> : null}
        {verdict === 'rejected' ? <Chip status="review" word="To be redone" /> : null}
      </div>
      <p className="max-w-[72ch] text-sm">{shot.description}</p>
      <p className="text-xs text-ink-2">
        {[shot.camera, shot.angle, shot.lens, shot.movement].filter(Boolean).join(' · ')}
        {shot.characters.length > 0 ? ` · ${shot.characters.join(', ')}` : ''}
      </p>
      <input
        aria-label="Note for this shot"
        className={INPUT}
        placeholder="Note for this shot, for example: closer, darker"
        maxLength={2000}
        value={note}
        onChange={(event) => {
          setNote(event.target.value)
          if (!current) onMark({ verdict: mark?.verdict ?? 'redo', note: event.target.value })
        }}
      />
      <div className="flex flex-wrap gap-2">
        <Button
          icon={Check}
          look={verdict === 'approved' ? 'primary' : 'secondary'}
          aria-pressed={verdict === 'approved'}
          disabled={write.isPending || busy}
          onClick={() => (current ? send('approve') : toggle('approved'))}
        >
          Approve this shot
        </Button>
        {current ? (
          <Button
            icon={X}
            look={verdict === 'rejected' ? 'primary' : 'secondary'}
            aria-pressed={verdict === 'rejected'}
            disabled={write.isPending || busy}
            onClick={() => send('reject')}
          >
            Reject
          </Button>
        ) : null}
        <Button
          icon={failed ? RotateCw : RotateCcw}
          look={!current && mark?.verdict === 'redo' ? 'primary' : 'secondary'}
          aria-pressed={current ? undefined : mark?.verdict === 'redo'}
          busy={write.isPending}
          disabled={busy || (current !== undefined && !active)}
          onClick={() => (failed ? retry(failed) : current ? send('regenerate') : toggle('redo'))}
        >
          Redo this one
        </Button>
      </div>
      <p className="text-xs text-ink-3">{hintOf(film, current !== undefined, failed !== undefined, busy)}</p>
      {row && row.takes.length > 0 ? <TakeList row={row} shown={shown?.take} onShow={setTake} /> : null}
    </section>
  )
}

function hintOf(film: M.WorkflowResponse, pictured: boolean, failed: boolean, busy: boolean): string {
  if (busy) return 'A new take is being made.'
  if (failed) return 'A failed shot is made again at once.'
  if (!pictured) return 'Your marks go with the next decision to the crew.'
  if (film.status === 'running' || film.status === 'paused')
    return 'Redo makes a new take with your note; its segment and the film follow, everything else stays.'
  return 'The production has ended: takes can be judged, a new one needs a new production.'
}

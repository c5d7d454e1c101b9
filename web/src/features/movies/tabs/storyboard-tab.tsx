import type * as M from '../../../../../src/movies/schema.ts'
import type { ShotRow } from '../../../../../src/movies/shots/schema.ts'
import { useUrlState } from '../../../lib/use-url-state.ts'
import { Filmstrip } from '../../../viewers/filmstrip.tsx'
import { CutTimeline } from '../components/cut-timeline.tsx'
import { ScreenplayView } from '../components/screenplay-view.tsx'
import { ShotPanel } from '../components/shot-panel.tsx'
import type { PlayBlock } from '../lib/screenplay.ts'
import type { Marks, Shot } from '../lib/shots.ts'

type Props = {
  film: M.WorkflowResponse
  shots: Shot[]
  blocks: PlayBlock[]
  edit: M.Edit | undefined
  /** Takes as the server keeps them; null where it keeps none. */
  rows: Map<string, ShotRow> | null
  marks: Marks
  onMark: (id: string, mark: Marks[string] | undefined) => void
}

/** The shots in a row, the chosen one large with its takes, and beside it the scene it belongs to and its place in the cut. */
export default function StoryboardTab({ film, shots, blocks, edit, rows, marks, onMark }: Props) {
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
          status: statusOf(one, rows?.get(one.id), marks[one.id]),
          ...(one.seconds ? { seconds: one.seconds } : {}),
        }))}
      />
      {edit ? <CutTimeline edit={edit} shots={shots} selected={shot.id} onSelect={select} /> : null}
      <div className="grid gap-4 lg:grid-cols-2">
        <ShotPanel
          key={shot.id}
          film={film}
          shot={shot}
          row={rows?.get(shot.id)}
          mark={marks[shot.id]}
          onMark={(mark) => onMark(shot.id, mark)}
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

/** A verdict counts while its take is the one in the film; work on a new one comes first. */
function statusOf(shot: Shot, row: ShotRow | undefined, mark: Marks[string] | undefined): string {
  if (row?.status === 'pending' || row?.status === 'running') return row.status
  if (mark?.verdict === 'approved') return 'approved'
  return mark?.verdict === 'redo' ? 'review' : shot.status
}

import { useNavigate } from '@tanstack/react-router'
import type * as M from '../../../../../src/movies/schema.ts'
import { Chip } from '../../../components/chip.tsx'
import { Table } from '../../../components/table.tsx'
import type { Column } from '../../../components/table-rows.ts'
import { useTableView } from '../../../components/use-table-view.ts'
import { When } from '../../../components/when.tsx'
import { isFinal } from '../../../lib/states.ts'
import { fittingHeight } from '../lib/fitting-height.ts'
import { words } from '../lib/states.ts'

const COLUMNS: Column<M.WorkflowResponse>[] = [
  {
    id: 'title',
    header: 'Title',
    width: 150,
    grow: 3,
    cell: (w) => <span className="font-medium">{w.title}</span>,
    sort: (w) => w.title,
    text: (w) => w.title,
    phone: 'title',
  },
  {
    id: 'project',
    header: 'Project',
    width: 104,
    grow: 1,
    cell: (w) => w.project_id,
    sort: (w) => w.project_id,
    text: (w) => w.project_id,
  },
  {
    id: 'type',
    header: 'Kind',
    width: 128,
    cell: (w) => words(w.workflow_type),
    sort: (w) => w.workflow_type,
    phone: 'sub',
  },
  {
    id: 'state',
    header: 'Where it is',
    width: 146,
    cell: (w) => words(w.current_state),
    sort: (w) => w.current_state,
    phone: 'sub',
  },
  {
    id: 'status',
    header: 'State',
    width: 112,
    cell: (w) => <Chip status={w.pending_decision ? 'waiting' : w.status} />,
    sort: (w) => w.status,
    phone: 'side',
  },
  {
    id: 'progress',
    header: 'Progress',
    width: 108,
    cell: (w) => (
      <span className="flex items-center gap-2">
        <span className="h-1.5 w-14 overflow-hidden rounded-full bg-sunken ring-1 ring-line ring-inset">
          <span className="block h-full bg-accent" style={{ width: `${w.progress_percentage}%` }} />
        </span>
        <span className="tabular text-xs">{Math.round(w.progress_percentage)} %</span>
      </span>
    ),
    sort: (w) => w.progress_percentage,
  },
  { id: 'priority', header: 'Priority', width: 64, align: 'end', cell: (w) => w.priority, sort: (w) => w.priority },
  {
    id: 'estimate',
    header: 'Ready',
    width: 92,
    align: 'end',
    cell: (w) =>
      w.completed_at ? (
        <When at={w.completed_at} />
      ) : isFinal(w.status) || w.pending_decision || !w.estimated_completion ? (
        '–'
      ) : (
        <When at={w.estimated_completion} />
      ),
    sort: (w) => w.completed_at ?? w.estimated_completion ?? undefined,
  },
]

/** Productions as a table: who is where, how far, until when. */
export function FilmTable({ films }: { films: M.WorkflowResponse[] }) {
  const [view, setView] = useTableView()
  const navigate = useNavigate()
  return (
    <div className="panel overflow-hidden" style={{ height: fittingHeight(films.length) }}>
      <Table
        label="Productions"
        rows={films}
        columns={COLUMNS}
        rowKey={(w) => w.workflow_id}
        version={(w) => `${w.status} ${w.current_state}`}
        view={view}
        onView={setView}
        onOpen={(w) => void navigate({ to: `/movies/${w.workflow_id}` } as never)}
      />
    </div>
  )
}

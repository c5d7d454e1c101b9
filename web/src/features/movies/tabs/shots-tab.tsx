import { Chip } from '../../../components/chip.tsx'
import { Table } from '../../../components/table.tsx'
import type { Column } from '../../../components/table-rows.ts'
import { TableToolbar } from '../../../components/table-toolbar.tsx'
import { useTableView } from '../../../components/use-table-view.ts'
import { useUrlState } from '../../../lib/use-url-state.ts'
import type { Shot } from '../lib/shots.ts'

const COLUMNS: Column<Shot>[] = [
  {
    id: 'shot',
    header: 'Shot',
    width: 170,
    cell: (s) => <code className="font-mono text-xs">{s.id}</code>,
    sort: (s) => s.id,
    text: (s) => s.id,
    phone: 'sub',
  },
  {
    id: 'what',
    header: 'What is seen',
    width: 240,
    grow: 3,
    cell: (s) => s.description,
    text: (s) => s.description,
    phone: 'title',
  },
  {
    id: 'camera',
    header: 'Camera',
    width: 150,
    grow: 1,
    cell: (s) => [s.angle, s.lens].filter(Boolean).join(', ') || s.camera,
    text: (s) => s.camera,
  },
  { id: 'move', header: 'Movement', width: 110, cell: (s) => s.movement ?? '–', sort: (s) => s.movement },
  {
    id: 'who',
    header: 'Characters',
    width: 130,
    grow: 1,
    cell: (s) => s.characters.join(', '),
    text: (s) => s.characters.join(' '),
  },
  {
    id: 'seconds',
    header: 'Seconds',
    width: 80,
    align: 'end',
    cell: (s) => s.seconds?.toFixed(1) ?? '–',
    sort: (s) => s.seconds,
  },
  {
    id: 'score',
    header: 'Score',
    width: 70,
    align: 'end',
    cell: (s) => (s.score === undefined ? '–' : Math.round(s.score)),
    sort: (s) => s.score,
  },
  {
    id: 'state',
    header: 'State',
    width: 110,
    cell: (s) => <Chip status={s.status} />,
    sort: (s) => s.status,
    phone: 'side',
  },
]

/** The shots as a table; opening one shows it in the storyboard. */
export default function ShotsTab({ shots }: { shots: Shot[] }) {
  const [view, setView] = useTableView()
  const [, setUrl] = useUrlState()
  return (
    <div className="flex h-[560px] flex-col gap-2">
      <TableToolbar columns={COLUMNS} view={view} onView={setView} count={shots.length} noun="shot" />
      <div className="panel min-h-0 flex-1 overflow-hidden">
        <Table
          label="Shots"
          rows={shots}
          columns={COLUMNS}
          rowKey={(shot) => shot.id}
          view={view}
          onView={setView}
          onOpen={(shot) => setUrl({ tab: 'storyboard', shot: shot.id })}
          empty={<p className="p-6 text-center text-sm text-ink-3">No shot is drawn yet.</p>}
        />
      </div>
    </div>
  )
}
